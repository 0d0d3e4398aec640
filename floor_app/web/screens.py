"""The screens, in one place: a new one is a file beside this one and a line here."""

from flask import Blueprint

SCREENS: tuple[Blueprint, ...] = ()

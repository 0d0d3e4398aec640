"""The screens, in one place: a new one is a file beside this one and a line here."""

from flask import Blueprint

from floor_app.web import control, health

SCREENS: tuple[Blueprint, ...] = (
    control.screen,
    health.screen,
)

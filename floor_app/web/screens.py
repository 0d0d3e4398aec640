"""The screens, in one place: a new one is a file beside this one and a line here."""

from flask import Blueprint

from floor_app.web import (
    api,
    board,
    bundles,
    control,
    health,
    labels,
    lays,
    orders,
    pairing,
    routings,
    sign_in,
    station,
    stations,
)

SCREENS: tuple[Blueprint, ...] = (
    sign_in.screen,
    pairing.screen,
    board.screen,
    station.screen,
    orders.screen,
    lays.screen,
    bundles.screen,
    routings.screen,
    labels.screen,
    stations.screen,
    api.screen,
    control.screen,
    health.screen,
)

"""The screens, in one place: a new one is a file beside this one and a line here."""

from flask import Blueprint

from floor_app.web import (
    api,
    board,
    bundles,
    control,
    devices,
    health,
    label_editor,
    labels,
    lays,
    orders,
    pairing,
    routings,
    scanner_test,
    sheets,
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
    label_editor.screen,
    sheets.screen,
    stations.screen,
    devices.screen,
    scanner_test.screen,
    api.screen,
    control.screen,
    health.screen,
)

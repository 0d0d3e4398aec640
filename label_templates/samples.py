"""Labels to look at and to try a template with. Their codes are nobody's: a scanner that reads one is told so."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from label_templates.cards import CommandCard, PairingCard, ScannerSheet, StationCard
from label_templates.label import BundleLabel, Label
from label_templates.notes import CartonLabel, DeliveryNote, LayLabel

ORDER, STYLE, COLOUR = "OF-2026-0117", "Blouse infirmière", "Bleu pétrole"
SENDER, CLIENT = "Atelier des Tilleuls", "Ville de Lille"
STATION, PAIRING = "http://192.168.1.20:8080/station/couture-1", "http://192.168.1.20:8080/pair/essai"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path d="M22 8h20l18 14-10 10-4-3v27H18V29l-4 3L4 22z"/></svg>'
NOTE_LINES = ((STYLE, "M", COLOUR, 60), (STYLE, "XL", COLOUR, 40))
NO_LINES: tuple[tuple[str, str, str, int], ...] = ()

SAMPLES: dict[str, Label] = {
    "bundle": BundleLabel("BCDFGHJKLNPRST", ORDER, STYLE, COLOUR, "XL", 20, 3, 24, "B3", "12", 1, 20),
    "lay": LayLabel(
        "http://192.168.1.20:8080/lays/OF-2026-0117/12",
        ORDER,
        STYLE,
        COLOUR,
        "12",
        "S1 M2 L2 XL1",
        30,
        180,
        "B3",
        1,
        10,
        "21/11/2026",
    ),
    "carton": CartonLabel(
        "BL-2026-0042/3", CLIENT, "Magasin central, quai 3", ORDER, STYLE, COLOUR, "XL", 120, 3, 8, SENDER
    ),
    "delivery_note": DeliveryNote(
        code="BL-2026-0042",
        number="BL-2026-0042",
        date="21/11/2026",
        sender=SENDER,
        sender_address="4 rue des Tilleuls, 59000 Lille",
        client=CLIENT,
        client_address="Magasin central, quai 3, 59000 Lille",
        order=ORDER,
        lines=NOTE_LINES,
        pieces=100,
        cartons=2,
    ),
    "command_card": CommandCard("XXCBBPNJ", "Bonnes pièces", "Puis scannez le paquet.", "12", DRAWING),
    "station_card": StationCard(STATION, "Couture 1", "Couture", SENDER, STATION, DRAWING),
    "pairing_card": PairingCard(PAIRING, "Couture 1", "10:42", PAIRING),
    "scanner_sheet": ScannerSheet(
        code="",
        model="Douchette",
        steps=("Branchez la douchette.", "Lisez les codes de sa notice.", "Puis lisez chaque code ci-dessous."),
        checks=(("Clavier", "SETUP:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-/"), ("Un paquet d’essai", "BCDFGHJKLNPRST")),
    ),
}
"""One of each kind, as it is on an ordinary day."""

_KEPT = frozenset({"code", "picture_svg", "picture_png", "steps", "checks", "lines"})
_LONG = "Veste de travail haute visibilité à manches longues œillets renforcés " * 2
_MOST: dict[type, Any] = {str: _LONG, int: 9_999}
_LEAST: dict[type, Any] = {str: "", int: 0}


def trials(template: str) -> tuple[Label, ...]:
    """What a template must be able to draw: an ordinary label, one with too much on it, one with almost nothing."""
    sample = SAMPLES[template]
    return sample, _filled(sample, _MOST), _emptied(sample)


def _filled(label: Label, values: dict[type, Any]) -> Label:
    given = {field.name: getattr(label, field.name) for field in fields(label) if field.name not in _KEPT}
    return replace(label, **{name: values.get(type(value), value) for name, value in given.items()})


def _emptied(label: Label) -> Label:
    bare = _filled(label, _LEAST)
    if isinstance(bare, DeliveryNote):
        return replace(bare, lines=NO_LINES)
    return replace(bare, picture_svg="") if isinstance(bare, CommandCard | StationCard) else bare

"""Which fields each template is drawn from."""

from __future__ import annotations

from label_templates.cards import CommandCard, PairingCard, ScannerSheet, StationCard
from label_templates.label import BundleLabel, Label, LabelError
from label_templates.notes import CartonLabel, DeliveryNote, LayLabel

KINDS: dict[str, type[Label]] = {
    "bundle": BundleLabel,
    "lay": LayLabel,
    "carton": CartonLabel,
    "delivery_note": DeliveryNote,
    "command_card": CommandCard,
    "station_card": StationCard,
    "pairing_card": PairingCard,
    "scanner_sheet": ScannerSheet,
}


def check_kind(template: str, label: Label) -> None:
    """Raises LabelError where a template of ours is given the fields of another. Templates of others take any."""
    kind = KINDS.get(template, Label)
    if not isinstance(label, kind):
        raise LabelError(f"{template} is drawn from a {kind.__name__}, not from a {type(label).__name__}")

"""Papers that go with cloth: of a lay, of a carton, of a delivery."""

from __future__ import annotations

from dataclasses import dataclass

from label_templates.label import Label, LabelError

MOST_NOTE_LINES = 12


@dataclass(frozen=True, slots=True)
class LayLabel(Label):
    """A lay on the cutting table. `marker`: as people write it, « S1 M2 L2 XL1 ». `cut_on`: a date in words."""

    order: str
    style: str
    colour: str
    lay: str
    marker: str
    plies: int
    pieces: int
    shade: str
    bundle_first: int
    bundle_last: int
    cut_on: str


@dataclass(frozen=True, slots=True)
class CartonLabel(Label):
    """A carton, n of N. `size`: "" where several sizes are in it."""

    client: str
    address: str
    order: str
    style: str
    colour: str
    size: str
    quantity: int
    carton_number: int
    carton_count: int
    sender: str


@dataclass(frozen=True, slots=True)
class DeliveryNote(Label):
    """One page of a delivery note. `lines`: (what, size, colour, pieces), at most 12; longer notes have several pages."""

    number: str
    date: str
    sender: str
    sender_address: str
    client: str
    client_address: str
    order: str
    lines: tuple[tuple[str, str, str, int], ...]
    pieces: int
    cartons: int
    page: int = 1
    pages: int = 1

    def __post_init__(self) -> None:
        if len(self.lines) > MOST_NOTE_LINES:
            raise LabelError(f"a page of a delivery note has at most {MOST_NOTE_LINES} lines, not {len(self.lines)}")

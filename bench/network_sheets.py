"""A night of the network: ateliers with their keys, and of each a day sheet of 100 counts. Nothing here comes by chance."""

import base64
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from itertools import count
from typing import Any

from contract import day_sheets
from contract.canonical import canonical
from contract.day_sheets import Control

DAY = date(2026, 11, 23)
ORDERS = 40  # shared ones that are open
ORDERS_A_SHEET = 2
SIZES = ("XS", "S", "M", "L", "XL")
COLOURS = ("Bleu marine", "Écru")
STEPS = (("cut", "cut"), ("sew", "sew"), ("check", "sew"), ("iron", "finish"), ("finish", "finish"))
COUNTS_A_SHEET = ORDERS_A_SHEET * len(SIZES) * len(COLOURS) * len(STEPS)
LINES_A_SHEET = COUNTS_A_SHEET // len(STEPS)
_LETTERS = "BCDFGHJKLNPRSTVWXZ"


@dataclass(frozen=True, slots=True)
class NightAtelier:
    """The `number`th of the network."""

    number: int

    @property
    def code(self) -> str:
        return f"ATL{self.number:05d}"

    @property
    def site(self) -> str:
        letters, left = "", self.number
        for _ in range(4):
            left, place = divmod(left, len(_LETTERS))
            letters += _LETTERS[place]
        return letters

    @property
    def private_key(self) -> str:
        """As `contract.keys` writes one, but the same in every run."""
        return base64.b64encode(sha256(f"bench {self.code}".encode()).digest()).decode("ascii")

    @property
    def orders(self) -> tuple[str, ...]:
        return tuple(order_code((self.number * ORDERS_A_SHEET + place) % ORDERS) for place in range(ORDERS_A_SHEET))


def ateliers(how_many: int) -> Iterator[NightAtelier]:
    return map(NightAtelier, range(how_many))


def order_code(number: int) -> str:
    return f"OF-{number:04d}"


def sheet_body(atelier: NightAtelier, day: date = DAY) -> bytes:
    """Canonical, as it is sent: its figures agree with each other."""
    sheet = _sheet(atelier, day)
    sheet["control"] |= {gap.total: gap.found for gap in day_sheets.control_gaps(sheet)}
    return canonical(sheet)


def _sheet(atelier: NightAtelier, day: date) -> dict[str, Any]:
    """One lay of each order, and pieces at every step of every line, another number in each. As JSON: a night is a million counts."""
    pieces = count(atelier.number % 89, 31)
    lines = [
        {"order": order, "allocation": f"{order}.1", "size": size, "colour": colour}
        for order in atelier.orders
        for size in SIZES
        for colour in COLOURS
    ]
    return {
        "schema": day_sheets.SCHEMA,
        "atelier": atelier.code,
        "day": day.isoformat(),
        "revision": 1,
        "timezone": "Europe/Paris",
        "clock": "ok",
        "events": {"first": 1, "last": 5_000, "count": 5_000},
        "cut": [line | {"pieces": 60} for line in lines if line["colour"] == COLOURS[0]],
        "counts": [line | step | {"good": 5 + next(pieces) % 97} for line in lines for step in _STEPS],
        "transfers": [],
        "attendance_minutes": [{"section": "sew", "minutes": 2_400, "lost": []}],
        "insertion_hours": [],
        "control": asdict(Control()),
    }


_NOTHING = ("rejected", "to_rework", "from_rework", "presumed", "declared_missing", "defects")
_STEPS = tuple(
    {
        "operation": operation,
        "section": section,
        "last": operation == STEPS[-1][0],
        "section_last": operation in ("cut", "check", "finish"),
        "second": int(operation == "check"),
        **dict.fromkeys(_NOTHING, 0),
    }
    for operation, section in STEPS
)

"""What is written above the table: « Client : Ville de Lille », « OF ; 2026-0117 », « BON DE COMMANDE N° BC-45 »."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from floor_app.domain.order_cells import Cell, cell_text
from floor_app.domain.order_titles import FIELDS, field_of
from floor_app.domain.orders import plain_text

_HEADING_FIELDS = frozenset(FIELDS) - {"size", "quantity", "total"}
_ORDER_IN_TITLE = re.compile(
    # « OF 12 » is an order, « of 12 pieces » is English: without n° only capitals count.
    r"\b(?:(?-i:OF)|ordre de fabrication|(?:OF|commande)\s*(?:n°|nº|no\b|numéro|:))\s*(?:n°|nº|no\b|numéro|:)?"
    r"\s*(?P<code>[^\s:]*\d[^\s:]*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class HeadingValue:
    """A value given once for the orders below; `row` counts from 0, `title` is the word it stood beside."""

    value: Cell
    row: int
    title: str


def read_heading(rows: Sequence[Sequence[Cell]], *, first_row: int) -> Mapping[str, HeadingValue]:
    """Field -> what the rows above a table say; the first mention counts. `first_row` = index of rows[0]."""
    found: dict[str, HeadingValue] = {}
    for index, row in enumerate(rows, start=first_row):
        for name, title, value in _pairs([cell for cell in row if cell_text(cell)]):
            found.setdefault(name, HeadingValue(value, index, title))
    if "code" not in found:
        found |= _order_in_title(rows, first_row=first_row)
    return found


def is_heading(row: Sequence[Cell]) -> bool:
    """The row starts with a title and its value, as rows above a table do."""
    filled = [cell for cell in row if cell_text(cell)]
    return bool(filled) and _field_and_rest(filled[0]) is not None and bool(_pairs(filled))


def _pairs(filled: Sequence[Cell]) -> list[tuple[str, str, Cell]]:
    """(field, title, value) of the filled cells of a row: « title : value » in one cell, or in two."""
    pairs: list[tuple[str, str, Cell]] = []
    waiting: tuple[str, str] | None = None
    for cell in filled:
        titled = _field_and_rest(cell)
        if titled is None:
            pairs += [(*waiting, cell)] if waiting else []
            waiting = None
            continue
        name, title, rest = titled
        pairs += [(name, title, rest)] if rest else []
        waiting = None if rest else (name, title)
    return [pair for pair in pairs if pair[0] in _HEADING_FIELDS]


def _field_and_rest(cell: Cell) -> tuple[str, str, str] | None:
    title, _, rest = cell_text(cell).partition(":")
    name = field_of(title)
    return (name, plain_text(title), plain_text(rest)) if name else None


def _order_in_title(rows: Sequence[Sequence[Cell]], *, first_row: int) -> dict[str, HeadingValue]:
    for index, row in enumerate(rows, start=first_row):
        for cell in row:
            match = _ORDER_IN_TITLE.search(cell) if isinstance(cell, str) else None
            if match:
                title = plain_text(match[0][: match.start("code") - match.start()]).rstrip(" :")
                return {"code": HeadingValue(match["code"].strip(",;.()"), index, title)}
    return {}

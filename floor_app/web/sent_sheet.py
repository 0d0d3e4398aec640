"""A spreadsheet sent by a form: the file itself, never what was read in it, goes back and forth with the page."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import BadRequest

from floor_app.domain.order_cells import cell_text
from floor_app.domain.order_columns import FIELDS, column_letters
from floor_app.domain.orders import clean_text
from floor_app.previewing import SheetPreview, preview_sheet
from floor_app.spreadsheets import BYTES_LIMIT, COLUMNS_LIMIT
from floor_app.web import form_fields

LONGEST_NAME = 120
SHOWN_ROWS = 12
SHOWN_COLUMNS = 30
LONGEST_EXAMPLE = 24


@dataclass(frozen=True, slots=True)
class SentSheet:
    """`columns`: chosen by hand, field → index from 0, -1 = not in this file. `sheet`: "" = the first one filled."""

    content: bytes
    filename: str
    sheet: str
    columns: Mapping[str, int]

    def preview(self) -> SheetPreview:
        return preview_sheet(self.content, filename=self.filename, sheet=self.sheet, columns=self.columns)

    @property
    def encoded(self) -> str:
        return base64.b64encode(self.content).decode("ascii")

    @property
    def choices(self) -> str:
        """What a page showed the file with: importing with other choices than those shown is looked at first."""
        return ";".join([self.sheet, *(f"{name}={index}" for name, index in sorted(self.columns.items()))])


def sent_sheet() -> SentSheet | None:
    """The file of the form, newly chosen or sent again; `None` where there is none. BadRequest for a damaged one."""
    file = request.files.get("file")
    if file and file.filename:
        content = file.read(BYTES_LIMIT + 1)
        file.close()
        return SentSheet(content, clean_text(file.filename, limit=LONGEST_NAME), "", {})
    encoded = request.form.get("content", "")
    if not encoded:
        return None
    try:
        content = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise BadRequest from error
    name = form_fields.text("filename", limit=LONGEST_NAME)
    return SentSheet(content, name, form_fields.text("sheet", limit=40), _chosen_columns())


def column_names(preview: SheetPreview) -> list[tuple[int, str]]:
    """(index, « B · Coloris ») of every column; where there is no title, the first thing that stands in it."""
    width = min(max(len(row) for row in preview.rows), COLUMNS_LIMIT)
    names = ((index, _title(preview, index) or _example(preview, index)) for index in range(width))
    return [(index, f"{column_letters(index)} · {name}" if name else column_letters(index)) for index, name in names]


def first_rows(preview: SheetPreview) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The letters of the columns, and the first rows as they were read, each with its number in the spreadsheet."""
    shown = preview.rows[:SHOWN_ROWS]
    width = min(max(len(row) for row in shown), SHOWN_COLUMNS)
    rows = [
        (number, [_short(cell_text(row[index])) if index < len(row) else "" for index in range(width)])
        for number, row in enumerate(shown, start=1)
    ]
    return [column_letters(index) for index in range(width)], rows


def _chosen_columns() -> dict[str, int]:
    chosen = dict[str, int]()
    for name in FIELDS:
        written = request.form.get(f"column-{name}", "")
        index = -1 if written == "-1" else form_fields.whole_number(written)
        if index is not None and index < COLUMNS_LIMIT:
            chosen[name] = index
    return chosen


def _title(preview: SheetPreview, index: int) -> str:
    at = preview.reading.header_row - 1
    row = preview.rows[at] if 0 <= at < len(preview.rows) else []
    return _short(cell_text(row[index])) if index < len(row) else ""


def _example(preview: SheetPreview, index: int) -> str:
    cells = (cell_text(row[index]) for row in preview.rows if index < len(row))
    return _short(next((text for text in cells if text), ""))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_EXAMPLE else text[: LONGEST_EXAMPLE - 1] + "…"

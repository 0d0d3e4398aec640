"""Looking at a spreadsheet of orders before anything is stored: what its columns are, what was found, what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass

from floor_app.domain.order_cells import Cell
from floor_app.domain.order_sheets import SheetReading, read_order_sheet
from floor_app.spreadsheets import read_rows, sheet_names


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """What a sheet says; `rows`: as read; `sheets`: the sheets of a workbook, [] for CSV."""

    reading: SheetReading
    rows: list[list[Cell]]
    sheets: list[str]


def preview_sheet(
    content: bytes, *, filename: str, sheet: str = "", columns: Mapping[str, int] | None = None
) -> SheetPreview:
    """Reads a CSV or XLSX file; UnreadableSheet when it is neither. Needs no database: a large workbook takes seconds.

    `sheet`: of a workbook, "" the first with anything in it.
    `columns`: field → index from 0, -1 = none; they go before the guess.
    """
    rows = read_rows(content, filename=filename, sheet=sheet)
    return SheetPreview(read_order_sheet(rows, columns=columns), rows, sheet_names(content))

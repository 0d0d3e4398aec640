"""Orders in a spreadsheet: rows of cells in, orders and faults out. Pure; `floor_app.spreadsheets` reads the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from floor_app.domain.order_cells import Cell, cell_text, read_pieces
from floor_app.domain.order_columns import (
    Sheet,
    SheetColumns,
    column_letters,
    columns_at,
    find_columns,
    has_numbers,
    sheet_of,
)
from floor_app.domain.order_drafts import FaultList
from floor_app.domain.order_faults import Fault, FaultCode
from floor_app.domain.order_headings import read_heading
from floor_app.domain.order_rows import RowReader
from floor_app.domain.order_table_rows import Place
from floor_app.domain.orders import TEXT_LIMIT, Order, likeness

__all__ = ["Cell", "Fault", "FaultCode", "SheetReading", "read_order_sheet"]


@dataclass(frozen=True, slots=True)
class SheetReading:
    """What a sheet says. `header_row` counts from 1, 0 = no title row.

    `columns`: field -> the title it was found under; `sizes` lists the titles of sizes in columns, « S, M, L ».
    `orders` holds what could be read beside the faults, for a preview; only an `ok` reading may be stored.
    """

    header_row: int
    columns: Mapping[str, str]
    orders: tuple[Order, ...]
    faults: tuple[Fault, ...]
    rows_read: int

    @property
    def ok(self) -> bool:
        return bool(self.orders) and not self.faults


def read_order_sheet(rows: Sequence[Sequence[Cell]], *, columns: Mapping[str, int] | None = None) -> SheetReading:
    """Read every order of a sheet. `columns` (field -> index from 0, -1 = none) goes before the guess.

    Fields: code, client, contract, style, due, colour, size, quantity, total. Never raises for any content.
    """
    sheet = sheet_of(rows, chosen=columns)
    first = find_columns(sheet)
    if first is None:
        return SheetReading(0, {}, (), (Fault(0, "", FaultCode.NO_TITLES),), 0)
    faults = FaultList()
    reader = RowReader(first, faults, heading=read_heading(rows[: max(first.top, 0)], first_row=0))
    _check_columns(first, sheet, faults)
    if first.complete:
        _read_rows(sheet, reader)
    orders = reader.finish()
    if not orders and not faults.seen:
        faults.add(Place(0), FaultCode.NO_ORDERS)
    return SheetReading(first.row + 1, _titles(first, reader), orders, faults.in_row_order(), reader.rows_read)


def _read_rows(sheet: Sheet, reader: RowReader) -> None:
    for index in range(reader.columns.row + 1, len(sheet.rows)):
        if index <= reader.columns.row:
            continue
        if _repeats_titles(sheet.rows[index], reader.columns):
            reader.columns = _columns_again(sheet, index, reader.columns)
            _check_columns(reader.columns, sheet, reader.faults)
        else:
            reader.read(index + 1, sheet.rows[index])


def _columns_again(sheet: Sheet, index: int, before: SheetColumns) -> SheetColumns:
    """The columns of the next table, which may have other sizes."""
    same = tuple(cell_text(cell) for cell in sheet.rows[index]) == before.titles
    found = before if same else columns_at(sheet, index)
    return found if found.complete and not same else replace(before, row=index, top=index)


def _repeats_titles(row: Sequence[Cell], columns: SheetColumns) -> bool:
    """The title row again, as over each table of a sheet or at each printed page."""
    titled = [index for index in columns.at.values() if columns.title(index)]
    same = [index for index in titled if index < len(row) and _same(cell_text(row[index]), columns.title(index))]
    return bool(titled) and len(same) >= min(2, len(titled)) and not _has_sum(row, columns)


def _has_sum(row: Sequence[Cell], columns: SheetColumns) -> bool:
    """A number where titles say « Quantité » or « Total »: a line, whatever its texts are."""
    indexes = [columns.at[name] for name in ("quantity", "total") if name in columns.at]
    return any(isinstance(read_pieces(row[index]), int) for index in indexes if index < len(row))


def _same(text: str, title: str) -> bool:
    return text == title or likeness(text) == likeness(title)


def _check_columns(columns: SheetColumns, sheet: Sheet, faults: FaultList) -> None:
    row = columns.row + 1
    for index in columns.twice:
        faults.add(Place(row, columns.title(index)), FaultCode.TITLE_TWICE, value=column_letters(index))
    if not columns.complete and "quantity" not in columns.at:
        faults.add(Place(row), FaultCode.QUANTITY_COLUMN_MISSING)
    if not columns.complete and "size" not in columns.at:
        faults.add(Place(row), FaultCode.SIZE_COLUMN_MISSING)
    for index in columns.sizes:
        title = columns.title(index)
        if isinstance(_title_cell(columns, sheet, index), date):
            faults.add(Place(row, title), FaultCode.TITLE_IS_DATE, value=title)
        if len(title) > TEXT_LIMIT:
            faults.add(Place(row, title), FaultCode.TITLE_TOO_LONG, value=title)
    for index in range(columns.sizes[0], columns.sizes[-1]) if columns.sizes else ():
        if not columns.title(index) and has_numbers(sheet, columns.row, index):
            faults.add(Place(row), FaultCode.TITLE_MISSING, value=column_letters(index))


def _titles(columns: SheetColumns, reader: RowReader) -> Mapping[str, str]:
    titles = {name: found.title for name, found in reader.first_heading.items()}
    titles |= {name: columns.title(index) for name, index in columns.at.items()}
    if columns.sizes:
        titles["sizes"] = ", ".join(columns.title(index) for index in columns.sizes)
    return titles


def _title_cell(columns: SheetColumns, sheet: Sheet, index: int) -> Cell:
    row = sheet.rows[columns.row]
    return row[index] if index < len(row) else None

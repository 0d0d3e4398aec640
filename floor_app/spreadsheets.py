"""The bytes of a spreadsheet as rows of cells: XLSX, or CSV of any kind French offices produce."""

from __future__ import annotations

import csv
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from floor_app.domain.order_cells import Cell
from floor_app.domain.order_titles import NOT_USED, field_of

if TYPE_CHECKING:
    from openpyxl import Workbook

BYTES_LIMIT = 2_000_000
ROWS_LIMIT = 5_000
COLUMNS_LIMIT = 200
UNZIPPED_BYTES_LIMIT = 30_000_000
# Each XML element costs some 400 bytes of memory, however short its text: 1 million marks is 500 000 elements or less.
XML_MARKS_LIMIT = 1_000_000
CELL_LENGTH_LIMIT = 1_000
UNREADABLE_CODES = (
    "empty",
    "too_large",
    "too_large_inside",
    "too_many_rows",
    "too_many_columns",
    "no_such_sheet",
    "password",
    "old_xls",
    "open_document",
    "binary_workbook",
    "bad_xlsx",
    "bad_text",
    "bad_quotes",
    "not_a_table",
)

_DELIMITERS = (";", "\t", ",", "|")
_SNIFFED_ROWS = 200
_EXCEL_LAST_ROW = 1_048_576
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2: old Excel, and XLSX under a password
_NOT_TABLES = (
    b"%PDF",
    b"<!DOCTYPE",
    b"<!doctype",
    b"<html",
    b"<HTML",
    b"<?xml",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# A formula cell without a result; with t="str" the result is the empty text (ECMA-376 part 1, 18.3.1.4).
_CELL_WITHOUT_RESULT = re.compile(
    rb"<c\b([^>]*)>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>",
)


class UnreadableSheet(Exception):
    """The file cannot be read as a table; `code` is one of `UNREADABLE_CODES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_rows(content: bytes, *, filename: str = "", sheet: str = "") -> list[list[Cell]]:
    """The rows of a CSV or XLSX file, blank cells and rows at the end left off, cells cut at 1 000 characters.

    The content decides what it is, not the name. `sheet` names a sheet of a workbook; "" is the first visible one
    with anything in it. UnreadableSheet for everything else, with a code that says what to do.
    """
    if len(content) > BYTES_LIMIT:
        raise UnreadableSheet("too_large")
    if not content.strip():
        raise UnreadableSheet("empty")
    rows = _workbook_rows(content, sheet) if content.startswith(b"PK") else _text_rows(content, filename)
    if not rows:
        raise UnreadableSheet("empty")
    return rows


def sheet_names(content: bytes) -> list[str]:
    """The visible sheets of a workbook, in order; [] for a CSV file. UnreadableSheet as `read_rows`."""
    if not content.startswith(b"PK"):
        return []
    _check_archive(content)
    return _visible_names(_opened(content, results=True))


def _workbook_rows(content: bytes, sheet: str) -> list[list[Cell]]:
    """The named sheet, or the first with anything in it."""
    uncalculated = _check_archive(content)
    workbook = _opened(content, results=True)
    formulas = _opened(content, results=False) if uncalculated else None
    names = _visible_names(workbook)
    if sheet and sheet not in names:
        raise UnreadableSheet("no_such_sheet")
    for name in [sheet] if sheet else names:
        rows = _sheet_rows(workbook, name)
        rows = _with_formulas(rows, _sheet_rows(formulas, name)) if formulas else rows
        if rows:
            return rows
    return []


def _check_archive(content: bytes) -> bool:
    """Whether formulas were saved without results; UnreadableSheet for what is no workbook, or a bomb."""
    marks = 0
    uncalculated = False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_kind(archive)
            # zipfile reads no more of a part than its directory announces, so the sum is a bound.
            if sum(part.file_size for part in archive.infolist()) > UNZIPPED_BYTES_LIMIT:
                raise UnreadableSheet("too_large_inside")
            for part in map(archive.read, archive.infolist()):
                marks += part.count(b"<")
                uncalculated |= any(b't="str"' not in cell[1] for cell in _CELL_WITHOUT_RESULT.finditer(part))
    except _damage() as error:
        raise UnreadableSheet("bad_xlsx") from error
    if marks > XML_MARKS_LIMIT:
        raise UnreadableSheet("too_large_inside")
    return uncalculated


def _check_kind(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(100):
        raise UnreadableSheet("open_document")
    if "xl/workbook.bin" in names:
        raise UnreadableSheet("binary_workbook")
    if not any(name.startswith("xl/") for name in names):
        raise UnreadableSheet("not_a_table")


@cache
def _damage() -> tuple[type[Exception], ...]:
    """openpyxl checks little of a damaged workbook: whatever its XML makes go wrong comes out as it is."""
    from openpyxl.utils import exceptions

    return (
        ArithmeticError,
        AssertionError,
        AttributeError,
        exceptions.CellCoordinatesException,
        EOFError,
        exceptions.InvalidFileException,
        LookupError,
        exceptions.NamedRangeException,
        OSError,
        RuntimeError,
        SyntaxError,
        TypeError,
        ValueError,
        lzma.LZMAError,
        struct.error,
        zipfile.BadZipFile,
        zlib.error,
    )


def _opened(content: bytes, *, results: bool) -> Workbook:
    """The workbook with results of formulas as last saved, or with the formulas themselves."""
    from openpyxl import load_workbook  # not at import: an eighth of the service's start, for one page

    try:
        return load_workbook(io.BytesIO(content), read_only=True, data_only=results)
    except _damage() as error:
        raise UnreadableSheet("bad_xlsx") from error


def _visible_names(workbook: Workbook) -> list[str]:
    return [sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible"]


def _sheet_rows(workbook: Workbook, name: str) -> list[list[Cell]]:
    try:
        worksheet = workbook[name]
        # Some programs write a wrong <dimension>, and openpyxl would stop there.
        worksheet.reset_dimensions()
        return _bounded(worksheet.iter_rows(max_col=COLUMNS_LIMIT + 1, values_only=True))
    except _damage() as error:
        raise UnreadableSheet("bad_xlsx") from error


def _with_formulas(rows: list[list[Cell]], formulas: list[list[Cell]]) -> list[list[Cell]]:
    """Where a program saved a formula without its result, the formula: a quantity must not vanish unseen."""
    for index, formula_row in enumerate(formulas):
        row = rows[index] if index < len(rows) else []
        unknown = {i: cell for i, cell in enumerate(formula_row) if _cell(row, i) is None and cell is not None}
        filled = row + [None] * (max(unknown, default=-1) + 1 - len(row))
        merged = [unknown.get(i, cell) for i, cell in enumerate(filled)]
        rows[index : index + 1] = [merged]
    return rows


def _text_rows(content: bytes, filename: str) -> list[list[Cell]]:
    if content.startswith(_OLE2):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        raise UnreadableSheet("password" if locked else "old_xls")
    if content.lstrip().startswith(_NOT_TABLES) or filename.lower().endswith((".pdf", ".doc", ".docx")):
        raise UnreadableSheet("not_a_table")
    text = _decoded(content)
    if "\0" in text:
        raise UnreadableSheet("not_a_table")
    named, text = _named_delimiter(text)
    delimiter = named or max(_DELIMITERS, key=lambda delimiter: _table_likeness(text, delimiter))
    try:
        rows = _bounded(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableSheet("bad_quotes") from error
    if rows and max(len(row) for row in rows) < 2:
        raise UnreadableSheet("not_a_table")
    return rows


def _decoded(content: bytes) -> str:
    encodings = [encoding for bom, encoding in _BOMS if content.startswith(bom)] or ["utf-8", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableSheet("bad_text")


def _named_delimiter(text: str) -> tuple[str, str]:
    """Excel's own first line « sep=; », which Excel does not show as a row."""
    first, _, rest = text.partition("\n")
    sign = first.rstrip("\r").removeprefix("sep=")
    return (sign, rest) if first.startswith("sep=") and sign in _DELIMITERS else ("", text)


def _table_likeness(text: str, delimiter: str) -> tuple[int, float, int]:
    """How much like an order table the text looks: known titles in one row, rows of equal width, width."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = [row for row in islice(reader, _SNIFFED_ROWS) if any(row)]
    except csv.Error:
        return 0, 0.0, 0
    titles = max((len({field_of(cell) for cell in row} - {None, NOT_USED}) for row in rows), default=0)
    widths = Counter(len(row) for row in rows)
    width = max(widths, key=lambda width: (widths[width], width), default=0)
    return (titles, widths[width] / len(rows), width) if width > 1 else (0, 0.0, 0)


def _bounded(rows: Iterable[Sequence[object]]) -> list[list[Cell]]:
    """The rows up to the last that says something; UnreadableSheet beyond the limits."""
    bounded: list[list[Cell]] = []
    for index, row in _filled_rows(rows):
        if index >= ROWS_LIMIT:
            raise UnreadableSheet("too_many_rows")
        cells = [_as_cell(value) for value in row]
        while cells and cells[-1] is None:
            cells.pop()
        if len(cells) > COLUMNS_LIMIT:
            raise UnreadableSheet("too_many_columns")
        if cells:
            bounded += [[] for _ in range(index - len(bounded))] + [cells]
    return bounded


def _filled_rows(rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, Sequence[object]]]:
    blank: Sequence[object] = ()
    for index, row in enumerate(rows):
        # A damaged row number makes openpyxl yield blank rows for ever.
        if index >= _EXCEL_LAST_ROW:
            raise UnreadableSheet("too_many_rows")
        # It fills a gap of a million rows with one and the same blank row.
        if row is blank:
            continue
        if row.count(None) + row.count("") < len(row):
            yield index, row
        else:
            blank = row


def _as_cell(value: object) -> Cell:
    if isinstance(value, str):
        return value.strip()[:CELL_LENGTH_LIMIT] or None
    if isinstance(value, bool):
        return str(value).upper()
    if value is None or isinstance(value, int | float | date | datetime):
        return value
    return str(value)[:CELL_LENGTH_LIMIT]


def _cell(row: Sequence[Cell], index: int) -> Cell:
    return row[index] if index < len(row) else None

"""Which column of a sheet says what, and where its table starts."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from floor_app.domain.order_cells import Cell, cell_text
from floor_app.domain.order_titles import FIELDS, NOT_USED, bare_size, field_and_rank, field_of, is_size

__all__ = ["FIELDS", "Sheet", "SheetColumns", "column_letters", "columns_at", "find_columns", "has_numbers", "sheet_of"]

TITLE_SEARCH_ROWS = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet; `chosen` = columns chosen by hand; `last_number` = column -> last row with a number."""

    rows: Sequence[Sequence[Cell]]
    chosen: Mapping[str, int]
    last_number: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class SheetColumns:
    """A table in a sheet: `row` = index of its last title row, -1 without one; `at` = field -> column index.

    `top` = index of its first title row, one less where sizes stand below « Taille ».
    `sizes` = column indexes of sizes given in columns, empty where each row names its size.
    """

    row: int
    titles: tuple[str, ...]
    at: Mapping[str, int]
    sizes: tuple[int, ...] = ()
    twice: tuple[int, ...] = ()
    top: int = -1

    @property
    def complete(self) -> bool:
        """Sizes and quantities can be read."""
        return bool(self.sizes) or {"size", "quantity"} <= self.at.keys()

    @property
    def rank(self) -> tuple[bool, int]:
        return self.complete, len(self.at) + min(len(self.sizes), 3)

    def title(self, index: int | None) -> str:
        """The title as written, "" for none."""
        return self.titles[index] if index is not None and index < len(self.titles) else ""

    def name(self, index: int | None) -> str:
        """The title, or the letter spreadsheets give a column without one."""
        return self.title(index) or ("" if index is None else column_letters(index))


def column_letters(index: int) -> str:
    """A, B, … Z, AA: the column with this index from 0."""
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sheet_of(rows: Sequence[Sequence[Cell]], *, chosen: Mapping[str, int] | None = None) -> Sheet:
    """The sheet with its columns looked through once. `chosen`: field -> index from 0, -1 = no such column."""
    known = {name: column for name, column in (chosen or {}).items() if name in FIELDS}
    last_number = {
        column: index
        for index, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell is not None and cell_text(cell)[:1].isdigit()
    }
    return Sheet(rows, known, last_number)


def find_columns(sheet: Sheet) -> SheetColumns | None:
    """The title row that explains most columns, the first of equals; None where no row looks like one.

    Columns chosen by hand go before what the titles say.
    """
    guessing = replace(sheet, chosen={})
    found = [columns_at(guessing, index) for index in range(min(len(sheet.rows), TITLE_SEARCH_ROWS))]
    titled = [columns for columns in found if len(columns.at) >= 2 or (columns.complete and columns.at)]
    if titled:
        return columns_at(sheet, max(titled, key=lambda columns: columns.rank).top)
    return _columns_as_chosen(sheet)


def columns_at(sheet: Sheet, index: int) -> SheetColumns:
    """The columns if row `index` is the title row, alone or with a row of sizes below it."""
    titles = tuple(cell_text(cell) for cell in sheet.rows[index])
    alone = _columns(sheet, index, titles)
    if alone.sizes or not alone.at or index + 1 >= len(sheet.rows):
        return alone
    over = {None, "size"} if alone.complete else {None, "size", "quantity"}
    below = _with_sizes_below(titles, sheet.rows[index + 1], over=over)
    both = _columns(sheet, index + 1, below) if below else alone
    return replace(both, top=index) if both.sizes else alone


def has_numbers(sheet: Sheet, title_row: int, column: int) -> bool:
    """Some cell of the column starts with a digit, anywhere below its title."""
    return sheet.last_number.get(column, -1) > title_row


def _columns(sheet: Sheet, index: int, titles: tuple[str, ...]) -> SheetColumns:
    at, twice = _fields_of_titles(titles)
    taken = set(sheet.chosen.values())
    at = {name: column for name, column in at.items() if name not in sheet.chosen and column not in taken}
    at |= {name: column for name, column in sheet.chosen.items() if column >= 0}
    twice = tuple(column for column in twice if field_of(titles[column]) not in sheet.chosen)
    columns = SheetColumns(index, titles, at, twice=twice, top=index)
    return columns if {"size", "quantity"} <= at.keys() else _with_size_columns(columns, sheet)


def _fields_of_titles(titles: tuple[str, ...]) -> tuple[dict[str, int], tuple[int, ...]]:
    """Field -> the column whose title fits it best, and the columns with a title already used."""
    best: dict[str, tuple[int, int]] = {}
    twice = []
    for column, title in enumerate(titles):
        name, rank = field_and_rank(title) or (NOT_USED, 0)
        if name == NOT_USED:
            continue
        if name in best and best[name][0] == rank:
            twice.append(column)
        best[name] = min(best.get(name, (rank, column)), (rank, column))
    return {name: column for name, (_, column) in best.items()}, tuple(twice)


def _with_size_columns(columns: SheetColumns, sheet: Sheet) -> SheetColumns:
    """Sizes are the columns titled like sizes, and any others with numbers between colour and total."""
    total = columns.at.get("total", columns.at.get("quantity"))
    free = [index for index in range(len(columns.titles)) if _is_free(columns, index)]
    known = {index for index in free if is_size(columns.titles[index])} | _bare_sizes(columns, free)
    first = columns.at.get("colour", min(known, default=len(columns.titles)) - 1)
    last = total if total is not None else max(known, default=-1)
    between = {index for index in free if first < index < last and has_numbers(sheet, columns.row, index)}
    if not columns.at or not known | between:
        return columns
    at = {name: index for name, index in columns.at.items() if name not in ("size", "quantity", "total")}
    if total is not None:
        at["total"] = total
    return replace(columns, at=at, sizes=tuple(sorted(known | between)))


def _is_free(columns: SheetColumns, index: int) -> bool:
    title = columns.titles[index]
    return bool(title) and index not in columns.at.values() and field_of(title) is None


def _bare_sizes(columns: SheetColumns, free: list[int]) -> set[int]:
    """34 36 38 …, 2 4 6 …: numbers alone are sizes where two or more stand side by side and rise."""
    bare = {index: size for index in free if (size := bare_size(columns.titles[index]))}
    pairs = [(index, index + 1) for index in bare if index + 1 in bare and bare[index] < bare[index + 1]]
    return {index for pair in pairs for index in pair}


def _with_sizes_below(titles: tuple[str, ...], row: Sequence[Cell], *, over: Set[str | None]) -> tuple[str, ...] | None:
    """Two title rows as one: « Taille » over S M L. None where the row below holds anything but sizes.

    Sizes stand below a blank title or that of a field in `over`.
    """
    below = {index: cell_text(cell) for index, cell in enumerate(row) if cell_text(cell)}
    over_free = all(index >= len(titles) or field_of(titles[index]) in over for index in below)
    sizes = [text for text in below.values() if is_size(text) or bare_size(text)]
    if len(below) < 2 or len(sizes) < len(below) or not over_free:
        return None
    width = max(len(titles), max(below) + 1)
    above = ("" if field_of(title) == "size" else title for title in titles + ("",) * (width - len(titles)))
    return tuple(below.get(index, title) for index, title in enumerate(above))


def _columns_as_chosen(sheet: Sheet) -> SheetColumns | None:
    """Where no title is known: the table starts at the first row with something in every chosen column."""
    used = {name: column for name, column in sheet.chosen.items() if column >= 0}
    filled = (i for i, row in enumerate(sheet.rows) if used and all(_is_filled(row, at) for at in used.values()))
    first = next(filled, None)
    if first is None:
        return None
    quantity = sheet.rows[first][used["quantity"]] if "quantity" in used else None
    return SheetColumns(-1, (), used) if cell_text(quantity)[:1].isdigit() else columns_at(sheet, first)


def _is_filled(row: Sequence[Cell], column: int) -> bool:
    return column < len(row) and bool(cell_text(row[column]))

"""The rows below the titles, one after the other: what each adds to the orders, and what is wrong with it."""

from collections.abc import Mapping, Sequence

from floor_app.domain.order_cells import Cell, cell_text, read_pieces
from floor_app.domain.order_columns import SheetColumns
from floor_app.domain.order_drafts import ORDER_FIELDS, FaultList, OrderDraft, TotalCell, order_code, text_fault
from floor_app.domain.order_faults import FaultCode
from floor_app.domain.order_headings import HeadingValue, read_heading
from floor_app.domain.order_table_rows import Place, TableRow, is_number
from floor_app.domain.order_totals import ALL, RunningTotals
from floor_app.domain.orders import CODE_LIMIT, TEXT_LIMIT, Order, clean_text

# What a new heading inside the sheet does not unsay: two orders of one sheet often share these.
_HEADINGS_KEPT = ("client", "contract")


class RowReader:
    """Reads rows one by one, from the top; `columns` changes where the sheet has another title row."""

    def __init__(self, columns: SheetColumns, faults: FaultList, *, heading: Mapping[str, HeadingValue]) -> None:
        self.columns = columns
        self.faults = faults
        self.first_heading = heading
        self.rows_read = 0
        self._heading = heading
        self._in_heading = False
        self._below_blank = False
        self._below_total = False
        self._drafts: dict[str, OrderDraft] = {}
        self._draft: OrderDraft | None = None
        self._totals = RunningTotals()
        self._total_cells: list[TotalCell] = []

    def read(self, number: int, cells: Sequence[Cell]) -> None:
        """Take in one row; `number` counts from 1."""
        row = TableRow(number, cells, self.columns)
        if not row.filled:
            self._below_blank = True
        elif row.is_heading:
            self._read_heading(row)
        elif row.is_total:
            self._read_total_row(row)
        elif row.has_pieces and not self._is_signature(row):
            self._read_line_row(row)
        else:
            self._read_bare_row(row)

    def finish(self) -> tuple[Order, ...]:
        """The orders read; the checks that need every row are made here."""
        for total in self._total_cells:
            total.check()
        title = self.columns.name(self.columns.at.get("colour"))
        orders = [draft.finish(title) for draft in self._drafts.values()]
        return tuple(order for order in orders if order)

    def _is_signature(self, row: TableRow) -> bool:
        at_foot = self._below_blank or self._below_total
        return at_foot and row.is_signature(below_total=self._below_total)

    def _read_heading(self, row: TableRow) -> None:
        if not self._in_heading:
            self._heading = {name: found for name, found in self._heading.items() if name in _HEADINGS_KEPT}
        self._in_heading = True
        found = read_heading([row.cells], first_row=row.number - 1)
        self._heading = {**self._heading, **found}
        if "code" in found:
            self._draft = None

    def _read_total_row(self, row: TableRow) -> None:
        self._below_total = True
        read = {index: self._pieces(row, index) for index in row.counted_columns()}
        written = {index: pieces for index, pieces in read.items() if pieces is not None}
        known = {*read, self.columns.at.get("code")}
        elsewhere = [index for index, cell in enumerate(row.cells) if index not in known and is_number(cell)]
        if not written and len(elsewhere) == 1:
            written = {ALL: self._pieces(row, elsewhere[0]) or 0}
        differing = self._totals.differing(written)
        for index, (pieces, counted) in differing.items() if not self.faults.seen else ():
            place = row.place_at(elsewhere[0] if index == ALL else index)
            self.faults.add(place, FaultCode.TOTAL_DIFFERS, value=f"{pieces} ≠ {counted}")

    def _read_line_row(self, row: TableRow) -> None:
        self._in_heading = self._below_blank = self._below_total = False
        self.rows_read += 1
        seen = self.faults.seen
        draft = self._draft_of(row)
        if draft is None:
            return
        _set_fields(draft, row)
        pieces = self._read_sizes(draft, row) if self.columns.sizes else self._read_size(draft, row)
        total = self._pieces(row, self.columns.at["total"]) if "total" in self.columns.at else None
        if total is not None and seen == self.faults.seen:
            self._total_cells.append(
                TotalCell(row.place("total"), total, draft, draft.colour, sum(pieces.values()), not self.columns.sizes)
            )
        self._totals.add(draft.code, self._with_sums(pieces))

    def _read_bare_row(self, row: TableRow) -> None:
        """A row without pieces: the order of the rows below, their colour, or a note such as « Signature »."""
        if row.names_order:
            draft = self._draft_of(row)
            if draft:
                _set_fields(draft, row)
        elif self._draft and len(row.filled) == 1 and row.text("colour"):
            _set_fields(self._draft, row)
        else:
            self._draft = None

    def _draft_of(self, row: TableRow) -> OrderDraft | None:
        """The order a row belongs to: the one it names, else the one above, else the one of the heading."""
        if row.text("code"):
            self._draft = self._draft_named(row.place("code"), row.cell_of("code"))
        elif self._draft is None and "code" in self._heading:
            found = self._heading["code"]
            self._draft = self._draft_named(Place(found.row + 1, found.title), found.value)
        if self._draft is None and "code" in self.columns.at:
            self.faults.add(row.place("code"), FaultCode.ORDER_MISSING)
        elif self._draft is None:
            self.faults.add(Place(self.columns.row + 1), FaultCode.ORDER_COLUMN_MISSING)
        return self._draft

    def _draft_named(self, place: Place, cell: Cell) -> OrderDraft:
        code = order_code(cell)
        if code not in self._drafts:
            self._drafts[code] = OrderDraft(code, place.row, self._heading, self.faults)
            self._drafts[code].take_heading_colour()
        fault = text_fault(cell, limit=CODE_LIMIT)
        if fault:
            self._drafts[code].fault(place, fault, value=cell_text(cell))
        return self._drafts[code]

    def _read_sizes(self, draft: OrderDraft, row: TableRow) -> Mapping[int, int]:
        """Sizes in columns: blank, dash and zero mean none of that size."""
        read: dict[int, int] = {}
        for index in self.columns.sizes:
            pieces = self._pieces(row, index, draft=draft)
            if pieces:
                read[index] = pieces
                size = clean_text(self.columns.title(index), limit=TEXT_LIMIT)
                draft.add_line(row.place_at(index), size=size, pieces=pieces)
        return read

    def _read_size(self, draft: OrderDraft, row: TableRow) -> Mapping[int, int]:
        """A size in a row: it needs its quantity, and the quantity needs its size."""
        index = self.columns.at["quantity"]
        seen = self.faults.seen
        size = draft.text(row.place("size"), row.cell_of("size"))
        pieces = self._pieces(row, index, draft=draft)
        if seen != self.faults.seen:
            return {}
        if not pieces:
            code = FaultCode.QUANTITY_MISSING if pieces is None else FaultCode.QUANTITY_ZERO
            draft.fault(row.place("quantity"), code, value=size)
            return {}
        if not size:
            draft.fault(row.place("size"), FaultCode.SIZE_MISSING, value=str(pieces))
            return {}
        draft.add_line(row.place("quantity"), size=size, pieces=pieces)
        return {index: pieces}

    def _pieces(self, row: TableRow, index: int, *, draft: OrderDraft | None = None) -> int | None:
        """The pieces in a cell; None for none, and for a fault, which is noted."""
        pieces = read_pieces(row.cell(index))
        if not isinstance(pieces, FaultCode):
            return pieces
        self.faults.add(row.place_at(index), pieces, value=cell_text(row.cell(index)))
        if draft:
            draft.faulty = True
        return None

    def _with_sums(self, pieces: Mapping[int, int]) -> Mapping[int, int]:
        count = sum(pieces.values())
        total = {self.columns.at["total"]: count} if "total" in self.columns.at else {}
        return {**pieces, **total, ALL: count}


def _set_fields(draft: OrderDraft, row: TableRow) -> None:
    for name in ORDER_FIELDS:
        draft.set_field(name, row.place(name), cell=row.cell_of(name))
    if row.text("colour"):
        draft.colour = draft.text(row.place("colour"), row.cell_of("colour"))

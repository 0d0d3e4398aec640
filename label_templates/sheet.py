"""A4 sheets of labels, cards and notes as PDF: shapes stay shapes, words stay words, modules of codes are exact squares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from label_templates.clean_text import clean
from label_templates.label import Label, LabelError, LabelSize
from label_templates.render import render_svg, sizes_drawn
from label_templates.resvg import FONTS

if TYPE_CHECKING:
    from typst import Fonts

A4_WIDTH_MM, A4_HEIGHT_MM = 210.0, 297.0
HAIR_MM = 0.01  # sums of tenths of millimetres
PREVIEW_DPI = 96.0


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """Cells of an A4 page, filled row by row: sticker sheets have margins, and a gap between columns. Lengths in mm."""

    columns: int
    rows: int
    side_mm: float = 0.0
    top_mm: float = 0.0
    gap_mm: float = 0.0

    @property
    def cells(self) -> int:
        return self.columns * self.rows

    @property
    def cell_width_mm(self) -> float:
        return (A4_WIDTH_MM - 2 * self.side_mm - (self.columns - 1) * self.gap_mm) / self.columns

    @property
    def cell_height_mm(self) -> float:
        return (A4_HEIGHT_MM - 2 * self.top_mm) / self.rows

    def corner_mm(self, cell: int) -> tuple[float, float]:
        """The upper left corner of a cell, counted from 0 along the rows."""
        row, column = divmod(cell, self.columns)
        return self.side_mm + column * (self.cell_width_mm + self.gap_mm), self.top_mm + row * self.cell_height_mm


@dataclass(frozen=True, slots=True)
class SheetItem:
    """One label of a sheet. `about`: what a screen reader says of it."""

    template: str
    label: Label
    about: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """`skipped`: cells left free at the beginning, where stickers were used before. `cut_lines`: around each cell.

    `own`: a folder whose drawings are taken instead of ours.
    """

    title: str
    items: tuple[SheetItem, ...]
    grid: SheetGrid
    skipped: int = 0
    cut_lines: bool = False
    own: Path | None = None

    @property
    def pages(self) -> int:
        return -(-(self.skipped + len(self.items)) // self.grid.cells)


def size_for(template: str, grid: SheetGrid) -> LabelSize | None:
    """The largest size the template is drawn in that fits a cell; `None` where none does. Nothing is ever scaled."""
    return next((size for size in sizes_drawn(template) if _fits(size, grid)), None)


def sheet_pdf(sheet: Sheet) -> bytes:
    """Raises LabelError for a label that cannot be drawn or is larger than a cell. The same sheet gives the same bytes."""
    return _typeset(sheet, "pdf")


def sheet_picture(sheet: Sheet) -> bytes:
    """The first page as PNG, for a screen. Raises LabelError as `sheet_pdf` does."""
    return _typeset(replace(sheet, items=sheet.items[: max(0, sheet.grid.cells - sheet.skipped)]), "png")


def _typeset(sheet: Sheet, form: Literal["pdf", "png"]) -> bytes:
    import typst

    files: Any = _project(sheet)  # typst's types know no project of several files; its manual and its code do
    made: bytes = typst.compile(files, font_paths=_fonts(), format=form, ppi=PREVIEW_DPI)
    return made


@cache
def _fonts() -> Fonts:
    from typst import Fonts

    return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _project(sheet: Sheet) -> dict[str, bytes]:
    """The files Typst is given: each label as SVG, and the pages that place them."""
    sizes = [_size(item, sheet.grid) for item in sheet.items]
    files = {
        f"{number}.svg": render_svg(item.template, item.label, size=size.name, own=sheet.own).encode()
        for number, (item, size) in enumerate(zip(sheet.items, sizes, strict=True))
    }
    return {"main.typ": "\n".join(_pages(sheet, sizes)).encode(), **files}


def _size(item: SheetItem, grid: SheetGrid) -> LabelSize:
    found = size_for(item.template, grid)
    if found is None:
        cell = f"{grid.cell_width_mm:.1f} × {grid.cell_height_mm:.1f} mm"
        raise LabelError(f"{item.template} has no drawing small enough for a cell of {cell}")
    return found


def _fits(size: LabelSize, grid: SheetGrid) -> bool:
    return size.width_mm <= grid.cell_width_mm + HAIR_MM and size.height_mm <= grid.cell_height_mm + HAIR_MM


def _pages(sheet: Sheet, sizes: Sequence[LabelSize]) -> Iterator[str]:
    yield f"#set document(title: {_quoted(sheet.title)}, date: none)"
    yield f"#set page(width: {A4_WIDTH_MM}mm, height: {A4_HEIGHT_MM}mm, margin: 0mm)"
    for page in range(sheet.pages):
        first = page * sheet.grid.cells
        yield "#page["
        if sheet.cut_lines:
            yield from (_cut_line(sheet.grid, cell) for cell in range(sheet.grid.cells))
        for cell in range(sheet.grid.cells):
            number = first + cell - sheet.skipped
            if 0 <= number < len(sheet.items):
                yield _placed(sheet, number, sizes[number], cell)
        yield "]"


def _placed(sheet: Sheet, number: int, size: LabelSize, cell: int) -> str:
    left_mm, top_mm = sheet.grid.corner_mm(cell)
    left_mm += (sheet.grid.cell_width_mm - size.width_mm) / 2
    top_mm += (sheet.grid.cell_height_mm - size.height_mm) / 2
    sides = f"width: {size.width_mm}mm, height: {size.height_mm}mm"
    picture = f'image("{number}.svg", {sides}, alt: {_quoted(sheet.items[number].about)})'
    return f"#place(top + left, dx: {left_mm:.3f}mm, dy: {top_mm:.3f}mm, {picture})"


def _cut_line(grid: SheetGrid, cell: int) -> str:
    left_mm, top_mm = grid.corner_mm(cell)
    box = f"rect(width: {grid.cell_width_mm:.3f}mm, height: {grid.cell_height_mm:.3f}mm, stroke: 0.1mm + luma(150))"
    return f"#place(top + left, dx: {left_mm:.3f}mm, dy: {top_mm:.3f}mm, {box})"


def _quoted(text: str) -> str:
    """A string of Typst: only the backslash and the quote mean something in it."""
    return '"' + clean(text).replace("\\", "\\\\").replace('"', '\\"') + '"'

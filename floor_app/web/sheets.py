"""A4 sheets: labels on sticker sheets where there is no label printer, command cards and station cards to cut out."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import resources

import sqlite_utils
from flask import Blueprint, Response, current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from floor_app.domain.orders import CODE_LIMIT, clean_text
from floor_app.sheet_drawer import SheetDrawer
from floor_app.sheets import CARD_SETS, CardKind, bundle_items, card_items, chosen_bundles, lay_labels, station_items
from floor_app.store import lays as lay_store
from floor_app.store import own_templates
from floor_app.texts import Words, words
from floor_app.web.addresses import address_for_others
from floor_app.web.form_fields import asked_text, whole_number
from floor_app.web.pictures import FOLDER, picture_names
from floor_app.web.roles import Role, atelier, open_to
from label_templates.label import LabelError
from label_templates.sheet import Sheet, SheetGrid, SheetItem, sheet_pdf, sheet_picture, size_for

screen = Blueprint("sheets", __name__)
log = logging.getLogger(__name__)
KINDS = ("lay", "bundles", "cards", "stations")
TEMPLATES = {"lay": "bundle", "bundles": "bundle", "cards": "command_card", "stations": "station_card"}
ALL_CARDS = "all"
MOST_LAYS = 60
MOST_LABELS = 600
MOST_LINES = 300
LONGEST_LINES = 8_000
LONGEST_LINE = 60
MOST_MARGIN_MM = 40.0
REFUSED = frozenset({"margin_unread", "cell_too_small", "too_many", "cannot_draw"})

# Columns × rows, with the margins of the sticker sheets that offices sell; the first that fits is offered first.
GRIDS = {
    "3x8": SheetGrid(3, 8, top_mm=0.5),
    "2x5": SheetGrid(2, 5, side_mm=15.0, top_mm=13.5, gap_mm=10.0),
    "2x4": SheetGrid(2, 4, side_mm=4.7, top_mm=13.1, gap_mm=2.5),
    "2x7": SheetGrid(2, 7, side_mm=4.7, top_mm=15.15, gap_mm=2.5),
    "3x7": SheetGrid(3, 7, side_mm=7.2, top_mm=15.15, gap_mm=2.5),
    "2x2": SheetGrid(2, 2),
    "1x1": SheetGrid(1, 1),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says. Margins: as typed, "" for those of the sticker sheet."""

    what: str
    lay: str
    bundles: str
    cards: str
    grid: str
    side: str
    top: str
    gap: str
    skip: str
    cut: str

    @property
    def template(self) -> str:
        return TEMPLATES[self.what]

    @property
    def lines(self) -> list[str]:
        found = (clean_text(line, limit=LONGEST_LINE) for line in self.bundles.splitlines())
        return [line for line in found if line][:MOST_LINES]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sheet, or why there is none yet: `fault`, a code of the words. `unknown`: lines in which no bundle was found."""

    sheet: Sheet | None = None
    fault: str = ""
    unknown: tuple[str, ...] = ()


@screen.record_once
def keep_sheet_drawer(state: BlueprintSetupState) -> None:
    state.app.extensions["sheet_drawer"] = SheetDrawer()


@screen.get("/sheets")
@open_to(Role.SUPERVISOR)
def sheets() -> ResponseReturnValue:
    asked = _asked()
    return _page(asked, _prepared(asked))


@screen.get("/sheets/sheet.pdf")
@open_to(Role.SUPERVISOR)
def pdf() -> ResponseReturnValue:
    return _drawn(sheet_pdf, "application/pdf")


@screen.get("/sheets/preview.png")
@open_to(Role.SUPERVISOR)
def preview() -> ResponseReturnValue:
    return _drawn(sheet_picture, "image/png")


def _drawn(how: Callable[[Sheet], bytes], mimetype: str) -> ResponseReturnValue:
    """422 with the page that says why, where there is nothing that can be drawn."""
    asked = _asked()
    prepared = _prepared(asked)
    if prepared.sheet is None:
        return _page(asked, prepared)[0], 422
    drawer: SheetDrawer = current_app.extensions["sheet_drawer"]
    try:
        drawn = drawer.draw(how, prepared.sheet)
    except LabelError:
        log.exception("a sheet cannot be drawn")
        return _page(asked, Prepared(fault="cannot_draw"))[0], 422
    response = Response(drawn, mimetype=mimetype, headers={"Cache-Control": "private, no-cache"})
    if mimetype == "application/pdf":
        name = _words()(f"sheets.file_{asked.what}")
        response.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    response.add_etag()
    return response.make_conditional(request)


def _page(asked: Asked, prepared: Prepared) -> tuple[str, int]:
    with atelier().reading() as db:
        found = [lay for lay in lay_store.all_lays(db, limit=MOST_LAYS) if not lay.undone]
    page = render_template(
        "sheets/sheets.html",
        asked=asked,
        kinds=KINDS,
        lays=found,
        card_sets=(ALL_CARDS, *CARD_SETS),
        grids=[(name, _grid_words(grid)) for name, grid in GRIDS.items() if size_for(asked.template, grid)],
        prepared=prepared,
        address=request.query_string.decode("ascii", "replace"),
        most_labels=MOST_LABELS,
        most_margin_mm=int(MOST_MARGIN_MM),
    )
    return page, 422 if prepared.fault in REFUSED else 200


def _grid_words(grid: SheetGrid) -> str:
    sides = (f"{mm:.1f}".replace(".", ",").removesuffix(",0") for mm in (grid.cell_width_mm, grid.cell_height_mm))
    return _words()("sheets.grid_of", columns=grid.columns, rows=grid.rows, width=next(sides), height=next(sides))


def _asked() -> Asked:
    what, grid = asked_text("what", limit=20), asked_text("grid", limit=20)
    what = what if what in KINDS else "cards"
    cards = asked_text("cards", limit=20)
    fitting = [name for name, cells in GRIDS.items() if size_for(TEMPLATES[what], cells)]
    return Asked(
        what=what,
        lay=asked_text("lay", limit=CODE_LIMIT + 8),
        bundles=request.args.get("bundles", "")[:LONGEST_LINES],
        cards=cards if cards in CARD_SETS else ALL_CARDS,
        grid=grid if grid in fitting else fitting[0],
        **{name: asked_text(name, limit=8) for name in ("side", "top", "gap", "skip", "cut")},
    )


def _prepared(asked: Asked) -> Prepared:
    grid = _grid(asked)
    if grid is None:
        return Prepared(fault="margin_unread")
    if min(grid.cell_width_mm, grid.cell_height_mm) <= 0 or size_for(asked.template, grid) is None:
        return Prepared(fault="cell_too_small")
    items, unknown = _items(asked)
    if not items:
        return Prepared(fault=f"nothing_{asked.what}", unknown=unknown)
    if len(items) > MOST_LABELS:
        return Prepared(fault="too_many", unknown=unknown)
    skipped = min(whole_number(asked.skip) or 0, grid.cells - 1)
    title = _words()(f"sheets.what_{asked.what}")
    own = own_templates.folder_in(atelier().data)
    sheet = Sheet(title, tuple(items), grid, skipped=skipped, cut_lines=bool(asked.cut), own=own)
    return Prepared(sheet, unknown=unknown)


def _grid(asked: Asked) -> SheetGrid | None:
    """The grid with the margins typed; `None` where one is no length."""
    grid = GRIDS[asked.grid]
    side_mm = _millimetres(asked.side, unless=grid.side_mm)
    top_mm = _millimetres(asked.top, unless=grid.top_mm)
    gap_mm = _millimetres(asked.gap, unless=grid.gap_mm)
    if side_mm is None or top_mm is None or gap_mm is None:
        return None
    return replace(grid, side_mm=side_mm, top_mm=top_mm, gap_mm=gap_mm)


def _millimetres(typed: str, *, unless: float) -> float | None:
    """« 4,7 » or 4.7, from 0 to 40; `unless` where nothing is typed, `None` for anything else."""
    if not typed:
        return unless
    whole, _, tenths = typed.replace(",", ".").partition(".")
    plain = f"{whole or '0'}.{tenths or '0'}"
    if not (plain.isascii() and plain.replace(".", "", 1).isdigit()):
        return None
    return float(plain) if float(plain) <= MOST_MARGIN_MM else None


def _items(asked: Asked) -> tuple[list[SheetItem], tuple[str, ...]]:
    """What goes on the sheet, and the lines in which no bundle was found."""
    t = _words()
    if asked.what == "cards":
        return card_items(_card_kinds(asked.cards), t, _picture), ()
    if asked.what == "stations":
        return _station_items(t), ()
    with atelier().reading() as db:
        return _bundle_items(db, asked, t)


def _card_kinds(name: str) -> list[CardKind]:
    chosen = [CARD_SETS[name]] if name in CARD_SETS else CARD_SETS.values()
    return [kind for kinds in chosen for kind in kinds]


def _station_items(t: Words) -> list[SheetItem]:
    config = atelier().config
    return station_items(config.stations, t, _picture, atelier=config.atelier.name, address=address_for_others())


def _bundle_items(db: sqlite_utils.Database, asked: Asked, t: Words) -> tuple[list[SheetItem], tuple[str, ...]]:
    if asked.what == "lay":
        number, _, order = asked.lay.partition(" ")
        return bundle_items(db, lay_labels(db, order, whole_number(number) or 0), t), ()
    chosen = chosen_bundles(db, asked.lines, home_site=atelier().home.site)
    return bundle_items(db, chosen.cards, t), chosen.unknown


def _picture(name: str) -> str:
    """The SVG of one of our pictures."""
    if name not in picture_names():
        raise ValueError(f"{FOLDER} has no {name}.svg")
    return resources.files("floor_app.web").joinpath(FOLDER, f"{name}.svg").read_text(encoding="utf-8")


def _words() -> Words:
    return words(atelier().config.atelier.language)

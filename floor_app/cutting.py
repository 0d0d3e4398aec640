"""Cutting a lay: its bundles get their codes, on disk before any label is printed."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.bundles import LEAST_CAP, MOST_BUNDLES, MOST_CAP, BundleDraft, make_bundles
from floor_app.domain.codes import bundle_code
from floor_app.domain.events import LayCut, LayUndone, Moment
from floor_app.domain.lays import Lay, LayFault, Roll, lay_faults, read_marker
from floor_app.store import bundles, code_reserve, events, lays, orders, print_jobs, projections
from floor_app.store.bundles import BundleCard
from floor_app.store.code_reserve import HighWaterMark


@dataclass(frozen=True, slots=True)
class CutRequest:
    """A lay as entered. `marker` as people write it: `S1 M2 L2 XL1`. `id` makes sending it twice the same as once."""

    id: str
    order: str
    colour: str
    marker: str
    rolls: tuple[Roll, ...]
    cap: int
    tolerance: int


@dataclass(frozen=True, slots=True)
class CutAnswer:
    """Faults, or the lay's number and its bundles. `over_cut`: (size, pieces beyond the order) worth a look, not an error."""

    faults: tuple[LayFault, ...] = ()
    order: str = ""
    lay_number: int = 0
    bundles: tuple[BundleCard, ...] = ()
    over_cut: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CodeMaker:
    """Where new codes come from: site letters, the numbers already given, and a die for the two random letters (0..255)."""

    site: str
    mark: HighWaterMark
    random: Callable[[], int]


def preview_lay(db: sqlite_utils.Database, request: CutRequest) -> tuple[tuple[LayFault, ...], tuple[BundleDraft, ...]]:
    """The faults or the bundles a lay would give; nothing is stored."""
    lay = _read_lay(db, request)
    if isinstance(lay, tuple):
        return lay, ()
    return _bundled(lay, request)


def cut_lay(db: sqlite_utils.Database, request: CutRequest, *, codes: CodeMaker, moment: Moment) -> CutAnswer:
    """Records the lay and its bundles with their codes. The same request again answers the same."""
    earlier = events.find(db, request.id)
    if earlier and isinstance(earlier.event, LayCut):
        return _answer(db, earlier.event.order, earlier.event.lay_number)
    lay = _read_lay(db, request)
    if isinstance(lay, tuple):
        return CutAnswer(faults=lay)
    faults, drafts = _bundled(lay, request)
    if faults:
        return CutAnswer(faults=faults)
    order = orders.by_code(db, lay.order)
    assert order is not None, "looked up by _read_lay"
    lay_number, first_number = lays.next_numbers(db, order.id)
    event = LayCut(
        lay.order,
        lay_number,
        lay.colour,
        tuple((marked.size, marked.ratio) for marked in lay.marker),
        tuple((roll.plies, roll.shade, roll.number) for roll in lay.rolls),
        tuple(_with_codes(db, drafts, first_number, codes)),
    )
    projections.record(db, event, event_id=request.id, moment=moment)
    return _answer(db, lay.order, lay_number)


def undo_lay(db: sqlite_utils.Database, order: str, number: int, *, event_id: str, reason: str, moment: Moment) -> str:
    """`undone`, or why not: `unknown_lay`, `already_undone`, `scanned`. Its codes then answer « cancelled », for ever."""
    lay = lays.by_number(db, order, number)
    if lay is None:
        return "unknown_lay"
    if lay.undone:
        return "already_undone"
    if lay.scanned:
        return "scanned"
    projections.record(db, LayUndone(order, number, reason), event_id=event_id, moment=moment)
    codes = [bundle.code for bundle in bundles.cards_of_lay(db, order, number)]
    print_jobs.cancel_of_bundles(db, codes, moment.recorded_at_ms)
    return "undone"


def _read_lay(db: sqlite_utils.Database, request: CutRequest) -> Lay | tuple[LayFault, ...]:
    order = orders.by_code(db, request.order)
    if order is None:
        return (LayFault("unknown_order", request.order[:40]),)
    sharing = orders.sharing(db, order.code)
    if sharing and sharing.cut_over:
        return (LayFault("cut_over", order.code),)
    lines = orders.lines(db, order.id)
    colour = next((line.colour for line in lines if line.colour.casefold() == request.colour.strip().casefold()), None)
    if colour is None:
        return (LayFault("unknown_colour", request.colour[:40]),)
    if not LEAST_CAP <= request.cap <= MOST_CAP or not 0 <= request.tolerance <= request.cap:
        return (LayFault("bad_cap", f"{request.cap} ± {request.tolerance}"),)
    marker = read_marker(request.marker, [line.size for line in lines if line.colour == colour])
    if isinstance(marker, LayFault):
        return (marker,)
    lay = Lay(order.code, colour, marker, request.rolls)
    return lay_faults(lay) or lay


def _bundled(lay: Lay, request: CutRequest) -> tuple[tuple[LayFault, ...], tuple[BundleDraft, ...]]:
    """The bundles; so many that nobody can mean them are a fault."""
    drafts = make_bundles(lay, cap=request.cap, tolerance=request.tolerance)
    if len(drafts) > MOST_BUNDLES:
        return (LayFault("too_many_bundles", str(len(drafts))),), ()
    return (), drafts


def _with_codes(
    db: sqlite_utils.Database, drafts: tuple[BundleDraft, ...], first_number: int, codes: CodeMaker
) -> list[tuple[str, int, str, str, str, int, int, int]]:
    sequences = code_reserve.reserve(db, codes.site, len(drafts), codes.mark)
    return [
        (
            bundle_code(codes.site, sequence, codes.random()),
            number,
            draft.size,
            draft.shade,
            draft.roll,
            draft.ply_from,
            draft.ply_to,
            draft.quantity,
        )
        for number, (sequence, draft) in enumerate(zip(sequences, drafts, strict=True), start=first_number)
    ]


def _answer(db: sqlite_utils.Database, order_code: str, lay_number: int) -> CutAnswer:
    order = orders.by_code(db, order_code)
    lines = orders.lines(db, order.id) if order else []
    lay = lays.by_number(db, order_code, lay_number)
    colour = lay.colour if lay else ""
    over = tuple(
        (line.size, line.pieces_cut - line.quantity)
        for line in lines
        if line.colour == colour and line.pieces_cut > line.quantity
    )
    return CutAnswer(
        order=order_code,
        lay_number=lay_number,
        bundles=tuple(bundles.cards_of_lay(db, order_code, lay_number)),
        over_cut=over,
    )

"""Bundles that go to another atelier and come from one: which may, with how many pieces, and what is then open. Pure.

A bundle leaves with its pieces in progress and with what was done to them; what was finished, lost or taken out of it before
stays in the books of the atelier that counted it. So each atelier counts a step where it was done, and nobody counts it twice.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from floor_app.domain.codes import BUNDLE_LETTERS, Found, is_site, read_code, site_of
from floor_app.domain.orders import CODE_LIMIT, EARLIEST_DUE, LATEST_DUE, TEXT_LIMIT, clean_text, likeness
from floor_app.domain.progress import BundleState, BundleStatus, in_progress, waiting
from floor_app.domain.routings import Routing, routing_faults

MOST_BUNDLES = 300  # of one note: a pallet
MOST_PIECES = 100_000
MOST_NUMBER = 999_999
LONGEST_NOTE = 40
LONGEST_ATELIER = 32
LONGEST_NAME = 80
LONGEST_REASON = 200

Steps = tuple[tuple[str, int], ...]
"""(operation, pieces that have passed it); steps that nothing has passed are left out."""


class TransferState(StrEnum):
    """Of one note, in the books of one atelier. `UNDONE`: taken in by mistake and taken back."""

    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    DISCREPANCY = "discrepancy"
    CANCELLED = "cancelled"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaves with a bundle: `pieces` in progress, and what they have behind them."""

    code: str
    pieces: int
    steps: Steps


@dataclass(frozen=True, slots=True)
class NoteBundle:
    """A bundle as a note says it. `quantity`: on its label; `pieces`: in it when it left; `steps`: of those pieces."""

    code: str
    number: int
    bundle_count: int
    size: str
    colour: str
    shade: str
    roll: str
    lay: int
    ply_from: int
    ply_to: int
    quantity: int
    pieces: int
    steps: Steps


@dataclass(frozen=True, slots=True)
class Note:
    """A delivery note between two ateliers. `code`: its own; `sent_on`, `due`: ISO days, `due` "" where there is none.

    `shared`: the network counts this order, at the receiver too.
    """

    code: str
    sender: str
    sender_name: str
    to: str
    to_name: str
    sent_on: str
    order: str
    client: str
    contract: str
    style: str
    due: str
    routing: Routing
    bundles: tuple[NoteBundle, ...]
    shared: bool = False

    @property
    def pieces(self) -> int:
        return sum(bundle.pieces for bundle in self.bundles)

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """(size, colour) of its bundles, each once."""
        return tuple(dict.fromkeys((bundle.size, bundle.colour) for bundle in self.bundles))


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order here that a note's bundles might belong to. `from_notes`: it is here because of notes alone."""

    code: str
    style: str
    routing: Routing
    lines: tuple[tuple[str, str], ...]  # (size, colour)
    from_notes: bool


@dataclass(frozen=True, slots=True)
class TransferFault:
    """`code` as each function says; `bundle`: which one, where it is about one; `most`: pieces there could be."""

    code: str
    bundle: str = ""
    most: int = 0


def why_it_stays(bundle: BundleState, routing: Routing) -> str:
    """ "" for a bundle that may go, else `not_open`, `in_rework` or `nothing_in_progress`.

    Pieces away for repair would stay behind with no label: they come back first, or are put aside.
    """
    if bundle.status != BundleStatus.OPEN:
        return "not_open"
    if any(step.in_rework for step in bundle.steps.values()):
        return "in_rework"
    return "" if in_progress(bundle, routing) > 0 else "nothing_in_progress"


def what_leaves(bundle: BundleState, routing: Routing) -> Leaving:
    """The pieces in progress, with the steps they have passed: fewer than passed them, where some were finished or lost later.

    In a line of steps nothing is left to guess. Of pieces lost in one of two branches nobody knows whether the other branch had
    passed them: as many as can are taken to have passed, so that nothing is done twice.
    """
    pieces = in_progress(bundle, routing)
    needed = _needed(bundle, routing)
    passed = dict[str, int]()
    for operation in routing.operations:
        reached = min((passed[before] for before in operation.after), default=pieces)
        gone = bundle.at(routing.last.code).passed + _lost_after(bundle, routing, operation.code)
        here = max(bundle.at(operation.code).passed - gone, needed[operation.code])
        passed[operation.code] = min(reached, here)
    passed[routing.last.code] = 0
    return Leaving(bundle.code, pieces, tuple((code, count) for code, count in passed.items() if count))


def steps_of(steps: Steps, pieces: int) -> Steps:
    """Of a bundle of which `pieces` arrived. Which ones are lacking nobody knows: those furthest on are taken to be there."""
    kept = ((operation, min(count, pieces)) for operation, count in steps)
    return tuple((operation, count) for operation, count in kept if count)


def note_faults(note: Note) -> tuple[str, ...]:
    """What no atelier of ours writes; empty for a note that can be read. A code for each kind of fault, not for each place."""
    checks = {
        "note": 0 < len(note.code) <= LONGEST_NOTE and note.code.startswith(f"{note.sender}-"),
        "texts": bool(note.order) and all(_is_clean(text, limit) for text, limit in _texts(note)),
        "due": not note.due or EARLIEST_DUE.isoformat() <= note.due <= LATEST_DUE.isoformat(),
        "routing": not routing_faults(note.routing.operations),
        "bundles": 1 <= len(note.bundles) <= MOST_BUNDLES
        and len({bundle.code for bundle in note.bundles}) == len(note.bundles)
        and len({bool(bundle.colour) for bundle in note.bundles}) == 1,
    }
    faults = [code for code, holds in checks.items() if not holds]
    if not faults and not all(_is_possible(bundle, note.routing) for bundle in note.bundles):
        faults.append("bundle")
    return tuple(faults)


def arrival_faults(note: Note, taken: Mapping[str, int], *, present: Collection[str]) -> tuple[TransferFault, ...]:
    """What keeps a note from being taken in: `already_here` (a bundle that is here and has not left), `too_many` (more than was
    sent), `not_on_note`, `nothing_received`. `taken`: bundle → pieces counted; `present`: codes that are here."""
    sent = {bundle.code: bundle.pieces for bundle in note.bundles}
    faults = [TransferFault("already_here", code) for code in sent if code in present]
    faults += [TransferFault("not_on_note", code) for code in taken if code not in sent]
    faults += [
        TransferFault("too_many", code, sent[code])
        for code, pieces in taken.items()
        if code in sent and not 0 <= pieces <= sent[code]
    ]
    if not faults and not any(taken.values()):
        faults.append(TransferFault("nothing_received"))
    return tuple(faults)


def joins(note: Note, order: KnownOrder) -> bool:
    """Whether the note's bundles belong to this order: the same style, the same steps, and sizes and colours it has.

    Two ateliers may well have given one number to two orders that have nothing to do with each other.
    """
    if likeness(note.style) != likeness(order.style) or not same_steps(note.routing, order.routing):
        return False
    known = {(likeness(size), likeness(colour)) for size, colour in order.lines}
    if order.from_notes:
        return {bool(colour) for _, colour in known} == {bool(colour) for _, colour in note.lines}
    return all((likeness(size), likeness(colour)) in known for size, colour in note.lines)


def same_steps(one: Routing, other: Routing) -> bool:
    """The same steps in the same order: titles, minutes and pictures may differ."""
    return [(step.code, step.section, step.after) for step in one.operations] == [
        (step.code, step.section, step.after) for step in other.operations
    ]


def order_codes(note: Note) -> Iterator[str]:
    """What its order may be called here: as there, else with the sender's code behind it, without end."""
    yield note.order
    number = 1
    while True:
        behind = f" {note.sender}" if number == 1 else f" {note.sender} {number}"
        yield f"{note.order[: CODE_LIMIT - len(behind)].rstrip()}{behind}"
        number += 1


def state_on_arrival(sent: int, received: int, *, settled: bool = False) -> TransferState:
    """Every piece sent is received, or somebody has said what became of it."""
    return TransferState.RECEIVED if settled or received >= sent else TransferState.DISCREPANCY


def settling_faults(short: Mapping[str, int], arrived: Mapping[str, int], *, reason: str) -> tuple[TransferFault, ...]:
    """`short`: bundle → pieces that did not arrive. `nothing_missing`, `reason_needed`, `too_many`, `not_on_note`."""
    if not any(short.values()):
        return (TransferFault("nothing_missing"),)
    faults = [TransferFault("reason_needed")] if not reason else []
    faults += [TransferFault("not_on_note", code) for code in arrived if code not in short]
    faults += [
        TransferFault("too_many", code, short[code])
        for code, pieces in arrived.items()
        if code in short and not 0 <= pieces <= short[code]
    ]
    return tuple(faults)


def _needed(bundle: BundleState, routing: Routing) -> dict[str, int]:
    """Per step the pieces that must have passed it, because they wait where branches join, or further on."""
    needed = dict.fromkeys((operation.code for operation in routing.operations), 0)
    for operation in reversed(routing.operations):
        joined = waiting(bundle, routing, operation) if len(operation.after) > 1 else 0
        for before in operation.after:
            needed[before] = max(needed[before], needed[operation.code] + joined)
    return needed


def _lost_after(bundle: BundleState, routing: Routing, code: str) -> int:
    return sum(
        bundle.at(operation.code).lost
        for operation in routing.operations
        if any(before.code == code for before in routing.before(operation.code))
    )


def _texts(note: Note) -> Iterator[tuple[str, int]]:
    yield from ((note.sender, LONGEST_ATELIER), (note.to, LONGEST_ATELIER), (note.order, CODE_LIMIT))
    yield from ((text, LONGEST_NAME) for text in (note.sender_name, note.to_name))
    yield from ((text, TEXT_LIMIT) for text in (note.client, note.contract, note.style))
    for operation in note.routing.operations:
        yield from ((operation.title, TEXT_LIMIT), (operation.picture, TEXT_LIMIT))
    for bundle in note.bundles:
        yield from ((text, TEXT_LIMIT) for text in (bundle.size, bundle.colour, bundle.shade, bundle.roll))


def _is_clean(text: str, limit: int) -> bool:
    return text == clean_text(text, limit=limit)


def _is_possible(bundle: NoteBundle, routing: Routing) -> bool:
    numbers = (bundle.number, bundle.bundle_count, bundle.lay, bundle.ply_from, bundle.ply_to)
    return (
        is_bundle_code(bundle.code)
        and bool(bundle.size)
        and all(0 <= number <= MOST_NUMBER for number in numbers)
        and 1 <= bundle.pieces <= bundle.quantity <= MOST_PIECES
        and _steps_possible(bundle, routing)
    )


def _steps_possible(bundle: NoteBundle, routing: Routing) -> bool:
    """No step has passed more pieces than the step before; the last one none, for then they would be finished."""
    passed = dict(bundle.steps)
    if len(passed) != len(bundle.steps) or set(passed) - {operation.code for operation in routing.operations}:
        return False
    reached = {
        operation.code: min((passed.get(before, 0) for before in operation.after), default=bundle.pieces)
        for operation in routing.operations
    }
    return passed.get(routing.last.code, 0) == 0 and all(0 < count <= reached[code] for code, count in passed.items())


def is_bundle_code(code: str) -> bool:
    return (
        len(code) == BUNDLE_LETTERS and is_site(site_of(code)) and read_code(code, home_site="").found == Found.BUNDLE
    )

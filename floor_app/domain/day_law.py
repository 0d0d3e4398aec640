"""The law for one day, event by event: what each of its events does to the fate of pieces. The second road to what a day sheet says."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from floor_app.domain.events import (
    BundlesReceived,
    BundlesSent,
    CountUndone,
    DefectFound,
    DiscrepancySettled,
    Event,
    ImportUndone,
    LayCut,
    LayUndone,
    PiecesDeclaredMissing,
    ReceiptUndone,
    ReworkDone,
    StepDone,
    StepPresumed,
    StepSkipped,
    TransferCancelled,
    TransferConfirmed,
)
from floor_app.domain.quality import Conservation, added_up


@dataclass(frozen=True, slots=True)
class DayFact:
    """An event that belongs to the day. `last_step`: of its order's routing, whose good pieces are finished.

    `corrections`: what was recorded of the event later, on whichever day, in that order.
    """

    event: Event
    last_step: str
    corrections: tuple[Event, ...] = ()


def law_of_day(facts: Iterable[DayFact]) -> Conservation:
    """How the pieces of each fate changed on the day: below 0 where more went than came. Its `gap` is 0, whatever happened."""
    return added_up(_CHANGES[type(fact.event)](fact.event, fact) for fact in facts if _stands(fact.corrections))


def _stands(corrections: Sequence[Event]) -> bool:
    """A note is cancelled and may turn out to have left after all; everything else is taken back once and for ever."""
    told = [
        isinstance(correction, TransferConfirmed) for correction in corrections if isinstance(correction, _VERDICTS)
    ]
    return told[-1] if told else True


_VERDICTS = CountUndone | LayUndone | ImportUndone | TransferCancelled | TransferConfirmed | ReceiptUndone


def _lay_cut(event: LayCut, fact: DayFact) -> Conservation:
    pieces = sum(bundle[7] for bundle in event.bundles)
    return Conservation(cut=pieces, in_progress=pieces)


def _step_done(event: StepDone, fact: DayFact) -> Conservation:
    finished = _if_last(fact, event.operation, event.good - event.replaces_presumed)
    return Conservation(
        finished_good=finished,
        second=event.second,
        rejected=event.rejected,
        in_rework=event.to_rework,
        in_progress=-finished - event.second - event.rejected - event.to_rework,
    )


def _rework_done(event: ReworkDone, fact: DayFact) -> Conservation:
    """What is repaired goes on from where it was, or is finished."""
    finished = _if_last(fact, event.operation, event.good)
    return Conservation(
        finished_good=finished,
        second=event.second,
        rejected=event.rejected,
        in_rework=-event.good - event.second - event.rejected,
        in_progress=event.good - finished,
    )


def _step_presumed(event: StepPresumed, fact: DayFact) -> Conservation:
    finished = _if_last(fact, event.operation, event.pieces)
    return Conservation(finished_good=finished, in_progress=-finished)


def _declared_missing(event: PiecesDeclaredMissing, fact: DayFact) -> Conservation:
    pieces = event.pieces
    return Conservation(missing=pieces, in_progress=-pieces)


def _sent(event: BundlesSent, fact: DayFact) -> Conservation:
    pieces = sum(pieces for _, pieces, _ in event.bundles)
    return Conservation(sent=pieces, in_progress=-pieces)


def _received(event: BundlesReceived, fact: DayFact) -> Conservation:
    """With what was found later of the pieces that lacked."""
    found = (correction for correction in fact.corrections if isinstance(correction, DiscrepancySettled))
    more = sum(pieces for settled in found for _, pieces in settled.arrived)
    pieces = sum(bundle[12] for bundle in event.bundles) + more
    return Conservation(received=pieces, in_progress=pieces)


def _nothing(event: Event, fact: DayFact) -> Conservation:
    return Conservation()


_CHANGES: dict[type[Event], Callable[[Any, DayFact], Conservation]] = {
    LayCut: _lay_cut,
    StepDone: _step_done,
    ReworkDone: _rework_done,
    StepPresumed: _step_presumed,
    StepSkipped: _nothing,
    PiecesDeclaredMissing: _declared_missing,
    DefectFound: _nothing,
    BundlesSent: _sent,
    BundlesReceived: _received,
}
DAY_EVENTS = tuple(_CHANGES)
"""The events that belong to a day of their own; all others say something of these, or nothing of pieces."""


def _if_last(fact: DayFact, operation: str, pieces: int) -> int:
    return pieces if operation == fact.last_step else 0

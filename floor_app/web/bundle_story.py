"""What happened to a bundle, told line by line: when, where, what; what was taken back keeps its line, struck through."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from floor_app.domain.events import (
    BundlesReceived,
    BundlesSent,
    CountUndone,
    DefectFound,
    DiscrepancySettled,
    Event,
    LabelReprinted,
    LayCut,
    PiecesDeclaredMissing,
    ReceiptUndone,
    ReworkDone,
    StepDone,
    StepPresumed,
    StepSkipped,
    TransferCancelled,
    TransferConfirmed,
)
from floor_app.domain.routings import Routing
from floor_app.store.events import StoredEvent
from floor_app.texts import Words, grouped_number
from floor_app.web.step_names import step_name


@dataclass(frozen=True, slots=True)
class TakenBack:
    at_ms: int
    station: str
    reason: str


@dataclass(frozen=True, slots=True)
class StoryLine:
    """`station`: "" for the office. `undo`: `count` or `loss`, what can be taken back of it; "" when nothing can.

    `read_as`: what the scanner says it read, where that is no QR as every label's is.
    """

    seq: int
    at_ms: int
    station: str
    said: str
    undo: str = ""
    taken_back: TakenBack | None = None
    read_as: str = ""


def story(history: Iterable[StoredEvent], *, code: str, routing: Routing, t: Words) -> list[StoryLine]:
    """Newest first. An undo has no line of its own: it is told with what it took back."""
    history = list(history)
    undone = {
        seq: TakenBack(stored.happened_at_ms, stored.station, stored.event.reason)
        for stored in history
        if isinstance(stored.event, CountUndone)
        for seq in stored.event.events
    }
    lines = [_line(stored, undone.get(stored.seq), code=code, routing=routing, t=t) for stored in history]
    return [line for line in reversed(lines) if line.said]


def _line(stored: StoredEvent, taken_back: TakenBack | None, *, code: str, routing: Routing, t: Words) -> StoryLine:
    event = stored.event
    step = step_name(t, getattr(event, "operation", ""), routing)
    tell = _SAID.get(type(event))
    said = tell(t, event, step, code) if tell else ""
    undo = "" if taken_back else _UNDO.get(type(event), "")
    read_as = _kind(t, getattr(event, "symbology", ""))
    return StoryLine(stored.seq, stored.happened_at_ms, stored.station, said, undo, taken_back, read_as)


def _kind(t: Words, symbology: str) -> str:
    """In words, by the letter of the AIM identifier."""
    if not symbology or symbology.startswith("Q"):
        return ""
    known = f"bundles.kind_{symbology[0]}"
    return t("bundles.read_as", kind=t(known if t.has(known) else "bundles.kind_other"), aim=f"]{symbology}")


_UNDO: dict[type[Event], str] = {StepDone: "count", ReworkDone: "count", PiecesDeclaredMissing: "loss"}


def _made(t: Words, event: LayCut, step: str, code: str) -> str:
    plies = next(((bundle[5], bundle[6]) for bundle in event.bundles if bundle[0] == code), (0, 0))
    return t("bundles.story_made", lay=event.lay_number, first=plies[0], last=plies[1])


def _done(t: Words, event: StepDone, step: str, code: str) -> str:
    late = event.replaces_presumed or event.replaces_skipped
    return t("bundles.story_real_at_last" if late else "bundles.story_done", step=step, pieces=_parts(t, event))


def _parts(t: Words, event: StepDone | ReworkDone) -> str:
    """« 18 bonnes, 1 deuxième choix, 1 à refaire »: the good first, the others only where there are any."""
    others = [(name, getattr(event, name, 0)) for name in ("second", "rejected", "to_rework")]
    parts = [("good", event.good), *(part for part in others if part[1])]
    return ", ".join(t(f"bundles.part_{name}", count=count, n=grouped_number(count)) for name, count in parts)


def _pieces(key: str) -> Callable[[Words, Any, str, str], str]:
    return lambda t, event, step, code: t(key, step=step, count=event.pieces, n=grouped_number(event.pieces))


def _missing(t: Words, event: PiecesDeclaredMissing, step: str, code: str) -> str:
    return t("bundles.story_missing", step=step, count=event.pieces, n=event.pieces, reason=event.reason)


def _sent(t: Words, event: BundlesSent, step: str, code: str) -> str:
    pieces = next((sent for bundle, sent, _ in event.bundles if bundle == code), 0)
    return t("bundles.story_sent", who=event.to_name, count=pieces, n=grouped_number(pieces), note=event.note)


def _received(t: Words, event: BundlesReceived, step: str, code: str) -> str:
    sent, pieces = next(((entry[11], entry[12]) for entry in event.bundles if entry[0] == code), (0, 0))
    said = t("bundles.story_received", who=event.sender_name, count=pieces, n=grouped_number(pieces), note=event.note)
    return said if pieces == sent else f"{said} {t('bundles.story_received_of', n=grouped_number(sent))}"


def _found(t: Words, event: DiscrepancySettled, step: str, code: str) -> str:
    pieces = next((found for bundle, found in event.arrived if bundle == code), 0)
    return t("bundles.story_found", count=pieces, n=grouped_number(pieces), reason=event.reason)


_SAID: dict[type[Event], Callable[[Words, Any, str, str], str]] = {
    LayCut: _made,
    StepDone: _done,
    ReworkDone: lambda t, event, step, code: t("bundles.story_rework", step=step, pieces=_parts(t, event)),
    StepPresumed: _pieces("bundles.story_presumed"),
    StepSkipped: _pieces("bundles.story_skipped"),
    PiecesDeclaredMissing: _missing,
    DefectFound: _pieces("bundles.story_defect"),
    LabelReprinted: lambda t, event, step, code: t("bundles.story_reprinted", n=event.duplicate),
    BundlesSent: _sent,
    TransferCancelled: lambda t, event, step, code: t("bundles.story_stayed", note=event.note, reason=event.reason),
    TransferConfirmed: lambda t, event, step, code: t("bundles.story_left_after_all", note=event.note),
    BundlesReceived: _received,
    ReceiptUndone: lambda t, event, step, code: t("bundles.story_receipt_undone", note=event.note, reason=event.reason),
    DiscrepancySettled: _found,
}

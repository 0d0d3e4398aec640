"""Asking for labels: of a lay, or one again that was lost."""

from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.events import LabelReprinted, Moment
from floor_app.domain.progress import BundleStatus
from floor_app.store import bundles, events, print_jobs, projections

_NOT_HERE = (BundleStatus.CANCELLED, BundleStatus.IN_TRANSIT)


@dataclass(frozen=True, slots=True)
class LabelPlace:
    """Which printer, and which label size is in it."""

    printer: str
    label: str


def print_lay(
    db: sqlite_utils.Database, order: str, lay_number: int, *, place: LabelPlace, moment: Moment
) -> int | None:
    """Queues the labels of every bundle of a lay; the batch number, `None` when there is nothing to print."""
    cards = [card for card in bundles.cards_of_lay(db, order, lay_number) if card.status not in _NOT_HERE]
    if not cards:
        return None
    labels = [(card.code, card.duplicates) for card in cards]
    return print_jobs.queue(db, labels, printer=place.printer, label=place.label, at_ms=moment.recorded_at_ms)


def reprint(
    db: sqlite_utils.Database, code: str, *, place: LabelPlace | None, event_id: str, moment: Moment
) -> int | None:
    """The same code once more, marked DUPLICATA n and counted. The duplicate's number; `None` for an unknown bundle.

    Without a printer the duplicate is still counted: the label then comes out as a picture or a sheet.
    """
    earlier = events.find(db, event_id)
    if earlier and isinstance(earlier.event, LabelReprinted):
        return earlier.event.duplicate
    card = bundles.card(db, code)
    if card is None or card.status in _NOT_HERE:
        return None
    duplicate = card.duplicates + 1
    projections.record(db, LabelReprinted(code, duplicate), event_id=event_id, moment=moment)
    if place:
        print_jobs.queue(db, [(code, duplicate)], printer=place.printer, label=place.label, at_ms=moment.recorded_at_ms)
    return duplicate

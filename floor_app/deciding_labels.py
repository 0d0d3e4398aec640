"""What a person decides of labels that are not known to be on paper: print them again, or « I saw them come out »."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlite_utils

from floor_app.domain.progress import BundleStatus
from floor_app.store import print_batches, print_jobs
from floor_app.store.print_batches import BatchLabel


@dataclass(frozen=True, slots=True)
class ChosenLabel:
    """A label as the person saw it: one that has changed since is left alone, so a form sent twice prints once."""

    job: int
    changed_at_ms: int


def print_again(db: sqlite_utils.Database, batch: int, chosen: Collection[ChosenLabel], *, at_ms: int) -> int:
    """How many go to the printer. Labels of a bundle that was taken back do not."""
    wanted = [label for label in _as_seen(db, batch, chosen) if label.bundle_status != BundleStatus.CANCELLED]
    return print_jobs.requeue(db, [label.job for label in wanted], at_ms)


def seen_on_paper(db: sqlite_utils.Database, batch: int, chosen: Collection[ChosenLabel], *, at_ms: int) -> int:
    """How many are taken as printed: those of which the printer had said nothing."""
    return print_jobs.confirm_by_eye(db, [label.job for label in _as_seen(db, batch, chosen)], at_ms)


def _as_seen(db: sqlite_utils.Database, batch: int, chosen: Collection[ChosenLabel]) -> list[BatchLabel]:
    as_seen = set(chosen)
    return [
        label
        for label in print_batches.labels_of_batch(db, batch)
        if ChosenLabel(label.job, label.changed_at_ms) in as_seen
    ]

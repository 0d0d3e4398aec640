"""Keeping the atelier's records: backup, restore, rebuild. The first two work on files; the last goes through the writer."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from floor_app.store import backup, rebuild
from floor_app.store.backup import BadCopy
from floor_app.store.code_reserve import HighWaterMark
from floor_app.store.database import open_writer
from floor_app.store.rebuild import Progress, TableDifference
from floor_app.store.sealed_people import SealedPeople
from groundwork.durable_file import sync, write_durably

LAST_BACKUP = "last-backup.json"
NUMBERS_SKIPPED_AFTER_RESTORE = 10_000  # more than any atelier labels between two backups
ROUNDS = 20  # a row that scans keep changing is met between two of them sooner or later
PAUSE_S = 0.01


@dataclass(frozen=True, slots=True)
class RebuildAnswer:
    """`different`: rows that were not what the events say, by table; `left`: those still different after putting right."""

    events: int
    different: dict[str, int]
    left: dict[str, int]


def back_up(live: Path, copy: Path, *, at_ms: int, people: SealedPeople | None = None) -> int:
    """A checked copy; the board shows when the last one was made. Returns its number of events. `people`: to be in it."""
    count = backup.copy_to(live, copy, people=people)
    note = live.parent / LAST_BACKUP
    write_durably(note, json.dumps({"at_ms": at_ms, "file": str(copy), "events": count, "ok": True}), mode=0o640)
    return count


def restore(copy: Path, live: Path, *, mark: HighWaterMark, at_ms: int) -> int:
    """Puts a checked copy in place of the database and keeps the one before beside it. The service must not run.

    Numbers of codes jump ahead: labels printed after the copy was made stay unique (devices that no longer know them
    answer « unknown bundle », never another bundle). BadCopy when the copy is no whole atelier: nothing was changed then.
    """
    incoming = live.with_name(f"{live.name}.incoming")
    count = backup.copy_to(copy, incoming, at_rest=True)  # with what SQLite still has in a log beside it
    try:
        given = backup.next_sequence(incoming)
        open_writer(incoming).conn.close()  # in the floor's own mode, and migrated if it is from an earlier version
    except (BadCopy, sqlite3.Error) as error:
        for beside in ("", "-wal", "-shm"):
            incoming.with_name(f"{incoming.name}{beside}").unlink(missing_ok=True)
        raise BadCopy("not_a_floor") from error
    sync(incoming)
    mark.raise_to(max(mark.read(), given) + NUMBERS_SKIPPED_AFTER_RESTORE)
    for beside in ("", "-wal", "-shm"):
        before = live.with_name(f"{live.name}{beside}")
        if before.exists():
            before.replace(live.with_name(f"{live.name}.before-{at_ms}{beside}"))
    incoming.replace(live)
    sync(live.parent)
    return count


def compare_with_events(live: Path, scratch: Path, *, progress: Progress | None = None) -> list[TableDifference]:
    """Where the tables differ from what the events say. Changes nothing."""
    with rebuild.rebuilt(live, scratch, progress=progress, pause_s=PAUSE_S) as derived:
        return rebuild.differences(derived)


def rebuild_tables(
    live: Path, scratch: Path, *, put_right: Callable[[TableDifference], int], progress: Progress | None = None
) -> RebuildAnswer:
    """Derives everything again and puts right what differs, while scans go on. `put_right` runs inside the writer."""
    with rebuild.rebuilt(live, scratch, progress=progress, pause_s=PAUSE_S) as derived:
        found = first = rebuild.differences(derived)
        for _ in range(ROUNDS):
            if not found:
                break
            for piece in rebuild.steps(derived, found):
                put_right(piece)
            # Only what differed: the shorter the look, the fewer scans come between it and the putting right.
            found = rebuild.differences(derived, tables=[difference.table for difference in found])
        found = rebuild.differences(derived) if first else []
        events = rebuild.replayed(derived)
    return RebuildAnswer(events, _counted(first), _counted(found))


def _counted(found: list[TableDifference]) -> dict[str, int]:
    return {difference.table: len(difference.lacking) + len(difference.extra) for difference in found}

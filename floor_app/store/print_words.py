"""What each printer ever said about its labels: how far its word can be believed."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlite_utils


@dataclass(frozen=True, slots=True)
class PrinterWord:
    """The highest rung of the acknowledgement ladder (devices/printers/printer.py), and whether it ever confirmed a label."""

    rung: str
    confirmed: bool


RUNGS = ("process_id", "queued_status", "realtime_status", "none")
"""Best first. What a person saw (`by_eye`) is no word of the printer."""


def words_of_printers(db: sqlite_utils.Database) -> Mapping[str, PrinterWord]:
    """By printer; those that never sent a label are left out. Of equal rungs, the one that confirmed."""
    rows = db.conn.execute(
        "SELECT DISTINCT printer, rung, state = 'confirmed' FROM print_job"
        " WHERE bytes_sent > 0 AND state IN ('confirmed', 'unknown', 'failed')"
    )
    said = [(printer, PrinterWord(rung, bool(confirmed))) for printer, rung, confirmed in rows if rung in RUNGS]
    worst_first = sorted(said, key=lambda one: (-RUNGS.index(one[1].rung), one[1].confirmed))
    return dict(worst_first)

"""Labels to print, one row each: queued → sending → sent → confirmed | unknown | failed; or cancelled before it was begun."""

from dataclasses import dataclass

import sqlite_utils

OPEN_STATES = ("queued", "sending", "sent")


@dataclass(frozen=True, slots=True)
class PrintJob:
    id: int
    batch: int
    bundle: str
    duplicate: int
    printer: str
    label: str
    state: str
    bytes_sent: int
    bytes_total: int
    rung: str
    fault: str
    queued_at_ms: int
    changed_at_ms: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Labels asked for together, counted by state."""

    batch: int
    printer: str
    queued_at_ms: int
    total: int
    confirmed: int
    unknown: int
    failed: int
    cancelled: int
    waiting: int


def queue(db: sqlite_utils.Database, labels: list[tuple[str, int]], *, printer: str, label: str, at_ms: int) -> int:
    """Adds (bundle code, duplicate) labels as one batch and returns its number."""
    batch: int = db.conn.execute("SELECT coalesce(max(batch), 0) + 1 FROM print_job").fetchone()[0]
    db.conn.executemany(
        "INSERT INTO print_job (batch, bundle, duplicate, printer, label, queued_at_ms, changed_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(batch, bundle, duplicate, printer, label, at_ms, at_ms) for bundle, duplicate in labels],
    )
    return batch


def claim_next(db: sqlite_utils.Database, printer: str, at_ms: int) -> PrintJob | None:
    """The next queued label of a printer, now `sending`: on disk before its first byte goes out."""
    row = db.conn.execute(
        "UPDATE print_job SET state = 'sending', changed_at_ms = ? WHERE id = (SELECT min(id) FROM print_job"
        f" WHERE printer = ? AND state = 'queued') AND state = 'queued' RETURNING {_COLUMNS}",
        (at_ms, printer),
    ).fetchone()
    return PrintJob(*row) if row else None


def first_queued(db: sqlite_utils.Database, printer: str) -> PrintJob | None:
    """What `claim_next` would take now."""
    row = db.conn.execute(
        f"SELECT {_COLUMNS} FROM print_job WHERE printer = ? AND state = 'queued' ORDER BY id LIMIT 1", (printer,)
    ).fetchone()
    return PrintJob(*row) if row else None


def note(
    db: sqlite_utils.Database, job_id: int, *, state: str, sent: tuple[int, int], rung: str, fault: str, at_ms: int
) -> None:
    db.conn.execute(
        "UPDATE print_job SET state = ?, bytes_sent = ?, bytes_total = ?, rung = ?, fault = ?, changed_at_ms = ? WHERE id = ?",
        (state, *sent, rung, fault, at_ms, job_id),
    )


def put_back(db: sqlite_utils.Database, job_id: int, *, fault: str, at_ms: int) -> None:
    """A label of which no byte went out waits again, with the reason."""
    db.conn.execute(
        "UPDATE print_job SET state = 'queued', fault = ?, changed_at_ms = ? WHERE id = ? AND bytes_sent = 0",
        (fault, at_ms, job_id),
    )


def distrust_interrupted(db: sqlite_utils.Database, at_ms: int) -> int:
    """After a restart: what was being sent may or may not be on paper. A person looks; the rest of its batch waits for her."""
    batches = db.conn.execute("SELECT DISTINCT batch FROM print_job WHERE state IN ('sending', 'sent')").fetchall()
    done = db.conn.execute(
        "UPDATE print_job SET state = 'unknown', fault = 'interrupted', changed_at_ms = ? WHERE state IN ('sending', 'sent')",
        (at_ms,),
    )
    return done.rowcount + sum(stop_batch(db, batch, at_ms) for (batch,) in batches)


def requeue(db: sqlite_utils.Database, job_ids: list[int], at_ms: int) -> int:
    """Prints chosen labels again: those not known to be on paper."""
    changed = [
        db.conn.execute(
            "UPDATE print_job SET state = 'queued', bytes_sent = 0, fault = '', rung = '', changed_at_ms = ?"
            " WHERE id = ? AND state IN ('unknown', 'failed', 'cancelled')",
            (at_ms, job_id),
        ).rowcount
        for job_id in job_ids
    ]
    return sum(changed)


def confirm_by_eye(db: sqlite_utils.Database, job_ids: list[int], at_ms: int) -> int:
    """A person saw these labels on paper."""
    changed = [
        db.conn.execute(
            "UPDATE print_job SET state = 'confirmed', rung = 'by_eye', fault = '', changed_at_ms = ? WHERE id = ? AND state = 'unknown'",
            (at_ms, job_id),
        ).rowcount
        for job_id in job_ids
    ]
    return sum(changed)


def cancel_batch(db: sqlite_utils.Database, batch: int, at_ms: int) -> int:
    """Takes back what is not yet begun."""
    done = db.conn.execute(
        "UPDATE print_job SET state = 'cancelled', changed_at_ms = ? WHERE batch = ? AND state = 'queued'",
        (at_ms, batch),
    )
    return done.rowcount


def stop_batch(db: sqlite_utils.Database, batch: int, at_ms: int) -> int:
    """After a fault in the middle: the rest waits for a person to choose what still has to be printed."""
    done = db.conn.execute(
        "UPDATE print_job SET state = 'cancelled', fault = 'batch_stopped', changed_at_ms = ? WHERE batch = ? AND state = 'queued'",
        (at_ms, batch),
    )
    return done.rowcount


def cancel_of_bundles(db: sqlite_utils.Database, codes: list[str], at_ms: int) -> None:
    db.conn.executemany(
        "UPDATE print_job SET state = 'cancelled', changed_at_ms = ? WHERE bundle = ? AND state = 'queued'",
        [(at_ms, code) for code in codes],
    )


def of_batch(db: sqlite_utils.Database, batch: int) -> list[PrintJob]:
    return [
        PrintJob(*row)
        for row in db.conn.execute(f"SELECT {_COLUMNS} FROM print_job WHERE batch = ? ORDER BY id", (batch,))
    ]


def of_bundle(db: sqlite_utils.Database, code: str) -> list[PrintJob]:
    return [
        PrintJob(*row)
        for row in db.conn.execute(f"SELECT {_COLUMNS} FROM print_job WHERE bundle = ? ORDER BY id", (code,))
    ]


def batches(db: sqlite_utils.Database, *, limit: int = 30) -> list[Batch]:
    """Newest first."""
    rows = db.conn.execute(
        "SELECT batch, min(printer), min(queued_at_ms), count(*), sum(state = 'confirmed'), sum(state = 'unknown'),"
        " sum(state = 'failed'), sum(state = 'cancelled'), sum(state IN ('queued', 'sending', 'sent'))"
        " FROM print_job GROUP BY batch ORDER BY batch DESC LIMIT ?",
        (limit,),
    )
    return [Batch(*row) for row in rows]


def waiting_count(db: sqlite_utils.Database, printer: str) -> int:
    row = db.conn.execute(
        "SELECT count(*) FROM print_job WHERE printer = ? AND state IN ('queued', 'sending', 'sent')", (printer,)
    )
    count: int = row.fetchone()[0]
    return count


_COLUMNS = "id, batch, bundle, duplicate, printer, label, state, bytes_sent, bytes_total, rung, fault, queued_at_ms, changed_at_ms"

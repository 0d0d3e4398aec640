"""The queue of labels: each goes to the printer once, and what may not be on paper is for a person to decide."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlite_utils

from floor_app.store import print_jobs
from floor_app.store.database import open_writer
from floor_app.store.print_jobs import PrintJob
from tests.floor import Floor

LABELS = [(f"bundle-{number}", 0) for number in range(4)]
STATES = ("queued", "sending", "sent", "confirmed", "unknown", "failed", "cancelled")


@pytest.fixture
def db(tmp_path: Path) -> sqlite_utils.Database:
    return open_writer(tmp_path / "floor.db")


def queued(db: sqlite_utils.Database, *, printer: str = "étiquettes", labels: list[tuple[str, int]] = LABELS) -> int:
    return print_jobs.queue(db, labels, printer=printer, label="50x30", at_ms=10)


def claimed(db: sqlite_utils.Database, *, printer: str = "étiquettes") -> PrintJob:
    job = print_jobs.claim_next(db, printer, 20)
    assert job
    return job


def noted(db: sqlite_utils.Database, job_id: int, state: str, *, sent: int = 900) -> None:
    print_jobs.note(db, job_id, state=state, sent=(sent, 900), rung="", fault="", at_ms=30)


def states(db: sqlite_utils.Database, batch: int = 1) -> list[str]:
    return [job.state for job in print_jobs.of_batch(db, batch)]


@pytest.fixture
def one_in_each_state(db: sqlite_utils.Database) -> sqlite_utils.Database:
    """Seven labels of one batch; label n+1 is in state n of STATES."""
    queued(db, labels=[(f"bundle-{state}", 0) for state in STATES])
    for number, state in enumerate(STATES, start=1):
        noted(db, number, state, sent=0 if state == "queued" else 900)
    return db


def test_labels_come_out_in_the_order_they_were_asked_for(db: sqlite_utils.Database) -> None:
    first, second = queued(db), queued(db, labels=[("late", 1)])
    assert (first, second) == (1, 2)
    assert [claimed(db).bundle for _ in range(5)] == ["bundle-0", "bundle-1", "bundle-2", "bundle-3", "late"]
    assert print_jobs.claim_next(db, "étiquettes", 20) is None


def test_a_claimed_label_is_being_sent(db: sqlite_utils.Database) -> None:
    queued(db, labels=[("bundle", 3)])
    job = claimed(db)
    assert job == PrintJob(1, 1, "bundle", 3, "étiquettes", "50x30", "sending", 0, 0, "", "", 10, 20)
    assert print_jobs.of_bundle(db, "bundle") == [job]


def test_each_printer_takes_its_own(db: sqlite_utils.Database) -> None:
    queued(db, printer="une")
    queued(db, printer="autre", labels=[("elsewhere", 0)])
    assert claimed(db, printer="autre").bundle == "elsewhere"
    assert print_jobs.claim_next(db, "autre", 20) is None
    assert print_jobs.waiting_count(db, "une") == 4
    assert print_jobs.waiting_count(db, "autre") == 1


def test_eight_at_once_never_claim_the_same_label(floor: Floor) -> None:
    atelier = floor.atelier
    atelier.run(queued, labels=[(f"bundle-{number}", 0) for number in range(200)])

    def claim_all(_: int) -> list[int]:
        mine = []
        while job := atelier.run(print_jobs.claim_next, "étiquettes", 20):
            mine.append(job.id)
        return mine

    with ThreadPoolExecutor(max_workers=8) as people:
        claims = [job_id for mine in people.map(claim_all, range(8)) for job_id in mine]
    assert sorted(claims) == list(range(1, 201))


def test_a_label_of_which_nothing_went_out_waits_again(db: sqlite_utils.Database) -> None:
    queued(db)
    job = claimed(db)
    print_jobs.put_back(db, job.id, fault="no_paper", at_ms=40)
    assert (claimed(db).id, claimed(db).id) == (job.id, job.id + 1)
    assert print_jobs.of_batch(db, 1)[0].fault == "no_paper"


def test_a_label_of_which_a_byte_went_out_is_not_sent_again_by_itself(db: sqlite_utils.Database) -> None:
    queued(db)
    job = claimed(db)
    noted(db, job.id, "sending", sent=1)
    print_jobs.put_back(db, job.id, fault="lost", at_ms=40)
    assert states(db)[0] == "sending"


def cancel_all_bundles(db: sqlite_utils.Database) -> int:
    before = db.conn.total_changes
    print_jobs.cancel_of_bundles(db, [f"bundle-{state}" for state in STATES], 50)
    changed: int = db.conn.total_changes - before
    return changed


CHANGES = [
    pytest.param(
        lambda db: print_jobs.distrust_interrupted(db, 50),
        {"queued": "cancelled", "sending": "unknown", "sent": "unknown"},
        id="restart",
    ),
    pytest.param(
        lambda db: print_jobs.requeue(db, list(range(1, 8)), 50),
        {"unknown": "queued", "failed": "queued", "cancelled": "queued"},
        id="print again",
    ),
    pytest.param(lambda db: print_jobs.confirm_by_eye(db, list(range(1, 8)), 50), {"unknown": "confirmed"}, id="seen"),
    pytest.param(lambda db: print_jobs.cancel_batch(db, 1, 50), {"queued": "cancelled"}, id="cancel"),
    pytest.param(lambda db: print_jobs.stop_batch(db, 1, 50), {"queued": "cancelled"}, id="fault in the middle"),
    pytest.param(cancel_all_bundles, {"queued": "cancelled"}, id="bundles cancelled"),
]


@pytest.mark.parametrize(("change", "becomes"), CHANGES)
def test_what_becomes_of_a_label_in_each_state(
    change: object, becomes: dict[str, str], one_in_each_state: sqlite_utils.Database
) -> None:
    assert callable(change)
    assert change(one_in_each_state) == len(becomes)
    assert states(one_in_each_state) == [becomes.get(state, state) for state in STATES]
    touched = [job.changed_at_ms == 50 for job in print_jobs.of_batch(one_in_each_state, 1)]
    assert touched == [state in becomes for state in STATES]


def test_another_batch_is_left_alone(one_in_each_state: sqlite_utils.Database) -> None:
    other = queued(one_in_each_state)
    print_jobs.cancel_batch(one_in_each_state, 1, 50)
    print_jobs.stop_batch(one_in_each_state, 1, 50)
    print_jobs.distrust_interrupted(one_in_each_state, 50)
    assert states(one_in_each_state, other) == ["queued"] * 4


def test_a_label_printed_again_starts_from_nothing(one_in_each_state: sqlite_utils.Database) -> None:
    print_jobs.requeue(one_in_each_state, [6], 50)
    job = print_jobs.of_bundle(one_in_each_state, "bundle-failed")[0]
    assert (job.state, job.bytes_sent, job.fault, job.rung) == ("queued", 0, "", "")


def test_a_batch_adds_up(one_in_each_state: sqlite_utils.Database) -> None:
    queued(one_in_each_state)
    newest, batch = print_jobs.batches(one_in_each_state)
    assert (newest.batch, newest.total, newest.waiting) == (2, 4, 4)
    assert (batch.total, batch.confirmed, batch.unknown, batch.failed, batch.cancelled, batch.waiting) == (
        7,
        1,
        1,
        1,
        1,
        3,
    )
    assert [found.batch for found in print_jobs.batches(one_in_each_state, limit=1)] == [2]
    assert print_jobs.waiting_count(one_in_each_state, "étiquettes") == 7

"""The law holds at both of two ateliers and between them, and a network with a planted fault is found out."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.law.network_machine import NetworkMachine
from tests.law.planting import is_noticed, planted

TestTheNetworkLaw = NetworkMachine.TestCase
TestTheNetworkLaw.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)

BOOKS = "floor_app/store/transfer_projections.py"
RULES = "floor_app/domain/transfers.py"
ELSEWHERE = """INSERT INTO bundle_step (bundle_id, operation, elsewhere) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET elsewhere = elsewhere + excluded.elsewhere"""
MUTANTS = {
    "what was sent counts as received": (
        BOOKS,
        "_take_in(db, stored, order_id, bundle, pieces, note=event.note)",
        "_take_in(db, stored, order_id, bundle, bundle.pieces, note=event.note)",
    ),
    "a note is taken in twice": (
        "floor_app/receiving.py",
        "if events.find(db, event_id) or transfers.by_note(db, note.code):",
        "if events.find(db, event_id):",
    ),
    "more may arrive than was sent": (RULES, "if code in sent and not 0 <= pieces <= sent[code]", "if False"),
    "steps done elsewhere are to be done again": (
        "floor_app/domain/progress.py",
        "return self.good + self.presumed + self.skipped + self.elsewhere",
        "return self.good + self.presumed + self.skipped",
    ),
    "steps done elsewhere count again when they are scanned": (
        BOOKS,
        ELSEWHERE,
        ELSEWHERE.replace("elsewhere", "skipped"),
    ),
    "pieces leave and stay": (
        BOOKS,
        "SET status = 'in_transit', in_progress = 0 WHERE",
        "SET status = 'in_transit' WHERE",
    ),
    "finished pieces leave too": (
        RULES,
        "    pieces = in_progress(bundle, routing)\n    needed",
        "    pieces = bundle.quantity\n    needed",
    ),
    "a cancelled bundle forgets what was done": (
        BOOKS,
        '_move(db, bundle_id, line_id, -pieces, steps, column="sent")',
        '_move(db, bundle_id, line_id, -pieces, (), column="sent")',
    ),
    "a transfer is cancelled though a bundle came back": (
        "floor_app/sending.py",
        'return "came_back"',
        "pass",
    ),
    "a receipt taken back leaves its pieces": (
        BOOKS,
        '_move(db, bundle_id, line_id, -pieces, steps_of(bundle.steps, pieces), column="received")',
        "pass",
    ),
    "pieces found again bring their steps twice": (BOOKS, "count - then.get(code, 0)) for", "count) for"),
    "what is cancelled stays on the day sheet": (
        "floor_app/store/transfers.py",
        "        sent = received = 0\n",
        "        pass\n",
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_planted_fault_is_caught(mutant: str, tmp_path: Path) -> None:
    is_noticed(planted(tmp_path, *MUTANTS[mutant]), "network_machine.NetworkMachine", mutant)

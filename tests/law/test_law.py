"""The conservation law holds whatever happens, and a floor with a planted fault is found out."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.law.floor_machine import FloorMachine
from tests.law.planting import is_noticed, planted

SETTINGS = settings(max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck))

TestTheLaw = FloorMachine.TestCase
TestTheLaw.settings = SETTINGS

MUTANTS = {
    "a bundle scanned twice counts twice": (
        "floor_app/domain/progress.py",
        "return max(0, reached - bundle.at(operation.code).accounted)",
        "return max(0, reached)",
    ),
    "an undo forgets the hour": (
        "floor_app/store/projections.py",
        "*(sign * pieces for pieces in hour_counts.hour_numbers(event)),",
        "*(max(0, sign) * pieces for pieces in hour_counts.hour_numbers(event)),",
    ),
    "rejected pieces are still in progress": (
        "floor_app/domain/progress.py",
        "return self.second + self.rejected + self.in_rework + self.missing",
        "return self.second + self.in_rework + self.missing",
    ),
    "repaired pieces are new production": (
        "floor_app/domain/progress.py",
        "in_rework=-back)",
        "in_rework=0)",
    ),
    "a lay taken back stays cut": (
        "floor_app/store/projections.py",
        "SET pieces_cut = pieces_cut - ? WHERE",
        "SET pieces_cut = pieces_cut - 0 * ? WHERE",
    ),
    "a replay counts again": (
        "floor_app/scanning.py",
        "        return _as_before(db, seen.earlier)\n",
        "        scan = replace(scan, id=scan.id + '-again')\n",
    ),
    "an undo takes back what the next step has used": (
        "floor_app/domain/undoing.py",
        "if not consistent(before, routing):",
        "if False:",
    ),
    "an undo is booked on the day it was made": (
        "floor_app/store/projections.py",
        "*local_day_and_hour(stored),",
        "*(local_day_and_hour(stored) if sign > 0 else ('2026-01-01', 0)),",
    ),
    "a day sheet forgets what was presumed": (
        "floor_app/drawing_up.py",
        "presumed=figure.presumed,",
        "presumed=0,",
    ),
    "a day sheet takes any step for the last": (
        "floor_app/drawing_up.py",
        "last=step == order.routing.last,",
        "last=True,",
    ),
    "an order of the atelier's own is sent unasked": (
        "floor_app/store/day_events.py",
        "if row[5] and row[7]]",
        "if row[5]]",
    ),
    "a change of a share takes pieces that are cut": (
        "floor_app/domain/offers.py",
        "line.quantity, max(said, least), said)",
        "line.quantity, said, said)",
    ),
    "an order that was revised expects what it expected before": (
        "floor_app/store/projections.py",
        "cut_over = ?, planned = (SELECT max(0,",
        "cut_over = ?, planned = (SELECT max(planned,",
    ),
    "presumed pieces stay presumed after the real scan": (
        "floor_app/domain/progress.py",
        "presumed=-event.replaces_presumed,",
        "presumed=0,",
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_planted_fault_is_caught(mutant: str, tmp_path: Path) -> None:
    is_noticed(planted(tmp_path, *MUTANTS[mutant]), "floor_machine.FloorMachine", mutant)

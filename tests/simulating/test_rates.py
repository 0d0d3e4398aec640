"""The pace of teams: worked out of a table of team-days, kept with its source, and drawn from within what was measured."""

import csv
import importlib.util
import io
import random
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from floor_app.simulating.acts import Kind
from floor_app.simulating.rates import Spread, usual_rates

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "floor_app" / "simulating" / "rates.toml"

# Same columns as the source, figures of our own: five sewing days of 1 to 5 times ten minutes, one finishing day apart.
TEAM_DAYS = """department,smv,idle_time,no_of_workers,actual_productivity
sewing,10,0,50,0.5
sewing,20,0,52,0.6
sewing,30,30,54,0.7
sewing,40,10,56,0.8
sewing,50,0,58,0.9
finishing ,4,0,8,1.0
finishing,,0,10,0.5
finishing,6,0,12,0.5
"""


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    found = importlib.util.spec_from_file_location("make_rates", ROOT / "tools" / "make_rates.py")
    assert found and found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_quantiles_are_worked_out_by_department_and_idle_days_are_counted(tool: ModuleType) -> None:
    made = tomllib.loads(tool.rates_toml(csv.DictReader(io.StringIO(TEAM_DAYS))))
    assert made["quantiles"] == [0.05, 0.25, 0.5, 0.75, 0.95]
    assert made["sewing"] == {
        "team_days": 5,
        "minutes_a_piece": [12, 20, 30, 40, 48],
        "workers": [50.4, 52, 54, 56, 57.6],
        "productivity": [0.52, 0.6, 0.7, 0.8, 0.88],
        "stopped_share": 0.4,
        "stopped_minutes": 20.0,
    }
    assert made["finishing"]["team_days"] == 3, "with and without a space behind"
    assert made["finishing"]["minutes_a_piece"] == [4.1, 4.5, 5, 5.5, 5.9], "the empty cell is left out"
    assert made["finishing"]["stopped_share"] == 0


def test_the_table_names_its_source_and_its_licence(tool: ModuleType) -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert text.startswith(tool.HEADER)
    assert "10.24432/C51S6D" in text
    assert "CC BY 4.0" in text


def test_the_table_covers_all_team_days_and_its_quantiles_go_up() -> None:
    teams = usual_rates().teams
    assert sum(team.team_days for team in teams.values()) == 1197
    for team in teams.values():
        for spread in (team.minutes_a_piece, team.workers, team.productivity):
            assert list(spread.values) == sorted(spread.values)
            assert spread.values[0] > 0
    assert teams["sew"].minutes_a_piece.values[2] > teams["finish"].minutes_a_piece.values[2]


def test_what_is_drawn_lies_within_what_was_measured_and_follows_it() -> None:
    spread = Spread((0.05, 0.5, 0.95), (10.0, 20.0, 100.0))
    chance = random.Random(1)
    drawn = [spread.draw(chance) for _ in range(2000)]
    assert 10 <= min(drawn) < 10.5
    assert 98 < max(drawn) <= 100
    assert 0.47 < sum(value < 20 for value in drawn) / len(drawn) < 0.53


def test_habits_are_shares_that_leave_most_bundles_alone() -> None:
    shares = usual_rates().habits.incidents
    assert all(0 < share < 1 for share in shares.values())
    assert sum(shares.values()) < 0.5
    assert {kind.value for kind in Kind} >= set(shares)

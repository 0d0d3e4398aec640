"""A whole simulated day at a real `floor serve`: it ends equal to the piece, and what does not add up is found."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from floor_app.cli import floor as floor_command
from floor_app.config import parse_config
from floor_app.domain.production_days import ProductionDay
from floor_app.reports.day_export import day_csv
from floor_app.simulating.acts import Act, DayPlan, Kind
from floor_app.simulating.checking import Comparison, compare
from floor_app.simulating.day import DayDone, run_day
from floor_app.simulating.equipment import RealMachine, posts_of
from floor_app.simulating.lay_plan import Shop
from floor_app.simulating.links import FloorAddress, Link, running_floor
from floor_app.simulating.own_floor import STATIONS, own_floor
from floor_app.simulating.planning import plan_day
from floor_app.simulating.rates import usual_rates
from floor_app.simulating.telling import SimulatedFloor, floor_at, live_and_tell, plan_for
from floor_app.store import day_counts
from floor_app.store.database import open_reader
from tests.durability.floor_process import FloorProcess, running

SEED = 11
FAST = 100_000.0  # as fast as the floor answers


@dataclass(frozen=True)
class LivedDay:
    floor: SimulatedFloor
    address: FloorAddress
    plan: DayPlan
    done: DayDone

    def compared(self, acts: tuple[Act, ...] | None = None) -> Comparison:
        done = self.done if acts is None else replace(self.done, acts=acts)
        zone = self.floor.config.atelier.timezone
        return compare(self.plan, done, self.address, export=lambda day: export(self.floor.data, day), timezone=zone)


def export(data: Path, day: str) -> bytes:
    reader = open_reader(data / "floor.db")
    with contextlib.closing(reader.conn):
        return day_csv(day, day_counts.of_day(reader, ProductionDay(day)))


@contextlib.contextmanager
def lived(missing_steps: str) -> Iterator[LivedDay]:
    with own_floor(missing_steps=missing_steps) as floor:
        plan, shop = plan_for(floor, SEED)
        address = running_floor(floor.data, [name for name, _, _ in STATIONS])
        yield LivedDay(floor, address, plan, run_day(plan, address, floor.equipment, shop=shop, speed=FAST))


@pytest.fixture(scope="module", params=["warn", "fill", "allow"])
def day(request: pytest.FixtureRequest) -> Iterator[LivedDay]:
    with lived(request.param) as found:
        yield found


def test_the_day_ends_equal_to_the_piece(day: LivedDay) -> None:
    assert sorted(act.number for act in day.done.acts) == [act.number for act in day.plan.acts]
    assert day.done.surprises == ()
    found = day.compared()
    assert found.differences == ()
    assert found.compared > 100


def test_every_label_came_out_though_the_paper_ended(day: LivedDay) -> None:
    asked, on_paper = day.done.labels
    assert asked == sum(len(lay.bundles) for lay in day.plan.lays)
    assert asked <= on_paper <= asked + 1


def test_a_scan_the_simulator_does_not_know_of_is_found(day: LivedDay) -> None:
    """One count dropped from what the check is fed: the floor says more than was done."""
    dropped = next(act for act in day.done.acts if act.kind == Kind.COUNT)
    found = day.compared(tuple(act for act in day.done.acts if act is not dropped))
    pieces, step = dropped.deeds[0].pieces.good, dropped.deeds[0].step
    exported = [each for each in found.differences if each.figure[0] == "export"]
    assert [(each.figure[-2:], each.said - each.known) for each in exported] == [((step, "bonnes"), pieces)]
    assert {each.figure[0] for each in found.differences} >= {"export", "waiting"}


def test_a_count_the_floor_never_got_is_found(day: LivedDay) -> None:
    """An act the check believes was done twice: the floor says less."""
    last = next(act for act in reversed(day.done.acts) if act.deeds and act.deeds[0].step == "finish")
    found = day.compared((*day.done.acts, last))
    assert any(each.figure[0] == "law" and each.said < each.known for each in found.differences)


def test_what_others_do_at_the_same_floor_is_found() -> None:
    with lived("warn") as day:
        lay = day.plan.lays[0]
        link = Link(day.address.url, day.address.control_token)
        cut = {
            "id": "another",
            "order": lay.order,
            "colour": lay.colour,
            "marker": lay.marker,
            "plies": 5,
            "print": False,
        }
        made = link.post("/control/cut", cut)["bundles"]
        link.close()
        found = day.compared()
    pieces = sum(bundle["quantity"] for bundle in made)
    (on_board,) = [each for each in found.differences if each.figure == ("board", lay.order, "cut")]
    assert on_board.said - on_board.known == pieces


def test_the_command_lives_a_day_and_says_that_all_is_right() -> None:
    ran = CliRunner().invoke(floor_command, ["simulate", "--seed", "3", "--speed", str(FAST)])
    assert ran.exit_code == 0, ran.output
    assert "Tout est juste" in ran.output
    assert "paquets comptés" in ran.output


CONFIG = """
[atelier]
code = "ATL07"
name = "Atelier des Tilleuls"
site = "BCDF"
[[station]]
name = "cut-1"
operation = "cut"
scanner = "{scanner}"
[[station]]
name = "sew-1"
operation = "sew"
[[station]]
name = "finish-1"
operation = "finish"
"""


def test_the_command_lives_a_day_at_a_service_that_runs_and_only_once(tmp_path: Path) -> None:
    service = FloorProcess(tmp_path, config=CONFIG.format(scanner=tmp_path / "scanner"))
    command = ["simulate", "--speed", str(FAST), "--config", str(tmp_path / "floor.toml"), "--data", str(service.data)]
    with running(service):
        first = CliRunner().invoke(floor_command, command)
        assert first.exit_code == 0, first.output
        again = CliRunner().invoke(floor_command, command)
    assert again.exit_code == 1
    assert "a déjà des comptes" in again.output


def test_a_floor_that_does_not_run_is_named(tmp_path: Path) -> None:
    (tmp_path / "floor.toml").write_text(CONFIG.format(scanner=tmp_path / "scanner"), encoding="utf-8")
    ran = CliRunner().invoke(
        floor_command, ["simulate", "--config", str(tmp_path / "floor.toml"), "--data", str(tmp_path)]
    )
    assert ran.exit_code == 1
    assert "Aucune base" in ran.output


@pytest.mark.parametrize("there", ["file", "link", "dev"])
def test_a_real_scanner_is_never_replaced(tmp_path: Path, there: str) -> None:
    path = tmp_path / "scanner"
    if there == "file":
        path.write_text("a real one", encoding="utf-8")
    elif there == "link":
        path.symlink_to(tmp_path / "gone")
    else:
        path = Path("/dev/floor/scanners/by-path/usb-0:1.1")
    config = parse_config(CONFIG.format(scanner=path))
    with pytest.raises(RealMachine, match=path.name), floor_at(config, tmp_path):
        pytest.fail("it was put in the place of a real one")
    assert path.is_symlink() == (there == "link")


def test_the_verdict_names_what_differs() -> None:
    """The export handed to the check has lost a row: one figure after the other is told, and the exit code is 1."""
    said: list[str] = []
    with own_floor() as floor:

        def short(day: str) -> bytes:
            rows = export(floor.data, day).split(b"\r\n")
            return b"\r\n".join([rows[0], *rows[2:]])

        code = live_and_tell(floor, seed=5, speed=FAST, export=short, say=said.append)
    assert code == 1
    assert any("export du jour" in line and "annoncé 0" in line for line in said)
    assert "Ce n’est pas juste" in said[-1]


def test_answers_other_than_they_must_be_are_told_one_by_one() -> None:
    """The day is planned for an atelier that presumes missing steps, and lived in one that asks."""
    with own_floor(missing_steps="warn") as floor:
        plan = plan_day(SEED, posts_of(floor.config, floor.equipment), shop=Shop("fill"), rates=usual_rates())
        address = running_floor(floor.data, [name for name, _, _ in STATIONS])
        done = run_day(plan, address, floor.equipment, shop=Shop("fill"), speed=FAST)
    early = [act.number for act in plan.acts if act.kind == Kind.EARLY]
    assert early
    told = {surprise.act.number: surprise for surprise in done.surprises}
    assert min(told) == early[0]
    assert (told[early[0]].read.reason, told[early[0]].got) == ("counted", "look / step_missing")

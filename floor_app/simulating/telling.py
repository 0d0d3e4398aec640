"""A simulated day from plan to verdict, told on a terminal."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from floor_app.config import FloorConfig
from floor_app.simulating.actors import Surprise
from floor_app.simulating.acts import Act, DayPlan
from floor_app.simulating.checking import Comparison, Difference, Export, compare
from floor_app.simulating.day import DayDone, run_day
from floor_app.simulating.equipment import Equipment, equipment_for, posts_of
from floor_app.simulating.lay_plan import Shop
from floor_app.simulating.links import running_floor
from floor_app.simulating.planning import plan_day
from floor_app.simulating.rates import usual_rates
from floor_app.texts import words

MOST_TOLD = 40
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SimulatedFloor:
    """A floor that runs, and the machines put in the places its set-up names."""

    config: FloorConfig
    data: Path
    equipment: Equipment


@contextmanager
def floor_at(config: FloorConfig, data: Path) -> Iterator[SimulatedFloor]:
    """The floor that runs on `data`. RealMachine when a scanner of the set-up is a real one."""
    with equipment_for(config) as equipment:
        yield SimulatedFloor(config, data, equipment)


def plan_for(floor: SimulatedFloor, seed: int) -> tuple[DayPlan, Shop]:
    """NobodyWorks when a step has no station."""
    settings = floor.config.atelier
    shop = Shop(
        settings.missing_steps,
        settings.bundle_cap,
        min(settings.bundle_tolerance, settings.bundle_cap),
        has_printer=floor.equipment.printer is not None,
    )
    return plan_day(seed, posts_of(floor.config, floor.equipment), shop=shop, rates=usual_rates()), shop


def live_and_tell(floor: SimulatedFloor, *, seed: int, speed: float, export: Export, say: Say) -> int:
    """The exit code: 0 when the floor says what was done, to the piece; 1 when it does not. FloorGone, DayBroken."""
    t = words()
    plan, shop = plan_for(floor, seed)
    posts = posts_of(floor.config, floor.equipment)
    address = running_floor(floor.data, [post.name for post in posts])
    say(t("cli.simulate_begins", url=address.url, acts=len(plan.acts), lays=len(plan.lays), seed=seed))
    with click.progressbar(length=len(plan.acts), label=" ", file=sys.stderr) as bar:
        done = run_day(
            plan, address, floor.equipment, shop=shop, speed=speed, progress=lambda count: bar.update(count - bar.pos)
        )
    _tell_day(plan, done, say)
    settings = floor.config.atelier
    found = compare(plan, done, address, export=export, timezone=settings.timezone, day_starts=settings.day_starts)
    _tell_verdict(done, found, say)
    return 1 if done.surprises or found.differences else 0


def _tell_day(plan: DayPlan, done: DayDone, say: Say) -> None:
    t = words()
    kinds = Counter(act.kind.value for act in done.acts)
    for kind, count in kinds.most_common():
        say(f"{count:6}  {t(f'cli.simulate_kind_{kind}')}")
    say(t("cli.simulate_lasted", reads=plan.reads, labels=done.labels[1], seconds=f"{done.lasted_s:.0f}"))


def _tell_verdict(done: DayDone, found: Comparison, say: Say) -> None:
    t = words()
    for surprise in done.surprises[:MOST_TOLD]:
        say(_surprised(surprise))
    for difference in found.differences[:MOST_TOLD]:
        say(_differs(difference))
    if done.surprises or found.differences:
        say(t("cli.simulate_differs", count=len(found.differences), surprises=len(done.surprises)))
    else:
        say(t("cli.simulate_equal", count=found.compared))


def _surprised(surprise: Surprise) -> str:
    t, act, read = words(), surprise.act, surprise.read
    got = surprise.got or t("cli.simulate_no_answer")
    return t(
        "cli.simulate_surprise", act=_named(act), wanted=f"{read.answer} / {read.reason}", got=got, station=act.station
    )


def _named(act: Act) -> str:
    return f"{act.number} ({words()(f'cli.simulate_kind_{act.kind.value}')})"


def _differs(difference: Difference) -> str:
    t, (place, *names) = words(), difference.figure
    return t(
        "cli.simulate_difference",
        place=t(f"cli.simulate_in_{place}"),
        names=" · ".join(names),
        known=difference.known,
        said=difference.said,
    )

"""A working day thought through beforehand: who does what at which minute. No clock and no I/O; the seed decides everything."""

import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial

from floor_app.simulating.acts import CUTTERS, Act, DayPlan, Kind
from floor_app.simulating.lay_plan import Shop, orders_of, plan_lays
from floor_app.simulating.pieces import STEPS, BundleRef, Tally
from floor_app.simulating.rates import Habits, Rates
from floor_app.simulating.scripts import Script, ScriptWriter

QUIET_BEFORE_CLOSING = 10.0  # minutes: by then cables and Wi-Fi are back
LATE_SCAN_LASTS = 0.5  # minutes
MOST_FLAWED = 2  # pieces of a bundle
DEFECT_CARDS = 9
MOST_BY_CARD = 255  # a command card holds no larger number


class NobodyWorks(Exception):
    """No station does this step (its message): nothing would ever be finished."""


@dataclass(frozen=True, slots=True)
class Post:
    """A station and the step done there. `wired`: its scanner hangs on a cable, else it is a tablet on the Wi-Fi."""

    name: str
    step: str
    wired: bool


def plan_day(seed: int, posts: Sequence[Post], *, shop: Shop, rates: Rates) -> DayPlan:
    """NobodyWorks when a step has no post."""
    for step in STEPS:
        if not any(post.step == step for post in posts):
            raise NobodyWorks(step)
    return _Day(seed, posts, shop, rates).plan()


class _Errand(StrEnum):
    WHOLE = "whole"
    REST = "rest"
    REPAIR = "repair"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class _Job:
    bundle: BundleRef
    step: str
    errand: _Errand = _Errand.WHOLE


@dataclass(frozen=True, slots=True)
class _Held:
    """Work whose scan waits for the cable or the Wi-Fi. `kept`: scanned on the tablet, which sends it later."""

    job: _Job
    since_minute: float
    kept: bool


@dataclass(slots=True)
class _Bench:
    """A post during the day. `own`: jobs nobody else does. `stop`: minute at which work stops for a while, and how long."""

    post: Post
    pieces_a_minute: float
    stop: tuple[float, float]
    own: deque[_Job] = field(default_factory=deque)
    held: list[_Held] = field(default_factory=list)
    busy: bool = False
    cut_off: bool = False


class _Day:
    """Plays the day in the order of its minutes. `_tally` is what the floor will have counted once each act is done."""

    def __init__(self, seed: int, posts: Sequence[Post], shop: Shop, rates: Rates) -> None:
        self._seed, self._shop, self._rates = seed, shop, rates
        self._chance = random.Random(seed)  # noqa: S311 - a repeatable day, no secret
        self._tally = Tally()
        self._acts = list[Act]()
        self._last_act = dict[BundleRef, int]()
        self._waiting = {step: deque[_Job]() for step in STEPS}
        self._coming = list[tuple[float, int, Callable[[float], None]]]()
        self._count = itertools.count()
        self._benches = [self._bench(post) for post in posts]
        self._lays = plan_lays(seed, self._chance, shop, rates.habits)

    def plan(self) -> DayPlan:
        for place, lay in enumerate(self._lays):
            self._at(lay.at_minute, partial(self._cut, place))
        for bench in self._benches:
            self._plan_outage(bench)
        while self._coming:
            minute, _, happens = heapq.heappop(self._coming)
            happens(minute)
        return DayPlan(self._seed, orders_of(self._lays), self._lays, tuple(self._acts))

    @property
    def _habits(self) -> Habits:
        return self._rates.habits

    def _at(self, minute: float, happens: Callable[[float], None]) -> None:
        """What comes after closing does not come today."""
        if minute <= self._shop.minutes:
            heapq.heappush(self._coming, (minute, next(self._count), happens))

    def _bench(self, post: Post) -> _Bench:
        team = self._rates.teams.get(post.step)
        if team is None:
            return _Bench(post, 0.0, (0.0, 0.0))
        stops = self._chance.random() < team.stopped_share
        stop = (self._chance.uniform(0, self._shop.minutes), team.stopped_minutes if stops else 0.0)
        return _Bench(post, team.pieces_a_minute(self._chance), stop)

    def _plan_outage(self, bench: _Bench) -> None:
        lasts = self._chance.uniform(*self._habits.outage_lasts)
        latest = self._shop.minutes - QUIET_BEFORE_CLOSING - lasts
        if self._chance.random() < self._habits.outage_share and latest > 0:
            begins = self._chance.uniform(0, latest)
            self._at(begins, partial(self._cut_off, bench))
            self._at(begins + lasts, partial(self._come_back, bench))

    def _cut(self, place: int, minute: float) -> None:
        self._acts.append(Act(len(self._acts), minute, CUTTERS, Kind.CUT, lay=place))
        for number, planned in enumerate(self._lays[place].bundles):
            bundle = BundleRef(place, number)
            self._tally.cut(bundle, planned.quantity)
            self._last_act[bundle] = self._acts[-1].number
            self._bring(minute, _Job(bundle, STEPS[0]))

    def _bring(self, minute: float, job: _Job) -> None:
        """To whoever does the step."""
        self._waiting[job.step].append(job)
        for bench in self._benches:
            if bench.post.step == job.step:
                self._start(minute, bench)

    def _bring_back(self, bench: _Bench, job: _Job, minute: float) -> None:
        """To the one who did it."""
        bench.own.append(job)
        self._start(minute, bench)

    def _start(self, minute: float, bench: _Bench) -> None:
        job = None if bench.busy else self._next_job(bench)
        if job is None:
            return
        ends = minute + self._lasts(minute, bench, job)
        if ends > self._shop.minutes:
            return
        (bench.own if job in bench.own else self._waiting[job.step]).remove(job)
        bench.busy = True
        self._at(ends, partial(self._finish, bench, job))

    def _next_job(self, bench: _Bench) -> _Job | None:
        """A bundle at which two steps were not scanned is left lying: the floor would not know what to make of it."""
        if bench.own:
            return bench.own[0]
        waiting = self._waiting[bench.post.step]
        return next((job for job in waiting if len(self._tally.unseen(job.bundle, job.step)) < 2), None)

    def _lasts(self, minute: float, bench: _Bench, job: _Job) -> float:
        if job.errand == _Errand.LATE:
            return LATE_SCAN_LASTS
        if not bench.pieces_a_minute:
            return self._habits.cut_minutes_a_bundle
        pieces = self._tally.at(job.bundle, job.step).in_rework or self._writer(job).pieces
        lasts = max(LATE_SCAN_LASTS, pieces / bench.pieces_a_minute)
        stops_at, stops_for = bench.stop
        return lasts + stops_for if minute <= stops_at < minute + lasts else lasts

    def _finish(self, bench: _Bench, job: _Job, minute: float) -> None:
        bench.busy = False
        if not bench.cut_off:
            self._do(minute, bench, job)
        elif bench.post.wired or job.errand != _Errand.WHOLE:
            bench.held.append(_Held(job, minute, kept=False))
        else:
            bench.held.append(_Held(job, minute, kept=True))
            self._move_on(minute, job)
        self._start(minute, bench)

    def _cut_off(self, bench: _Bench, minute: float) -> None:
        bench.cut_off = True
        self._act(minute, bench.post.name, Kind.CABLE_PULLED if bench.post.wired else Kind.WIFI_GONE)

    def _come_back(self, bench: _Bench, minute: float) -> None:
        bench.cut_off = False
        self._act(minute, bench.post.name, Kind.CABLE_BACK if bench.post.wired else Kind.WIFI_BACK)
        held, bench.held = bench.held, []
        for each in held:
            if each.kept:
                self._scan(minute, bench, each.job, kept_minutes=minute - each.since_minute)
            else:
                self._do(minute, bench, each.job)
        self._start(minute, bench)

    def _do(self, minute: float, bench: _Bench, job: _Job) -> None:
        if job.errand == _Errand.WHOLE:
            self._do_whole(minute, bench, job)
            return
        self._scan(minute, bench, job)
        if job.errand == _Errand.REPAIR:
            self._read(minute, bench, job, self._writer(job).repaired())
            self._bring_rest(minute, job)
        elif job.errand == _Errand.REST:
            self._move_on(minute, job)

    def _do_whole(self, minute: float, bench: _Bench, job: _Job) -> None:
        writer = self._writer(job)
        incident = self._incident() if writer.usual else Kind.COUNT
        if incident == Kind.FORGOTTEN:
            self._forget(minute, bench, job)
        elif incident == Kind.PART and writer.pieces > 1:
            self._read(minute, bench, job, writer.part(self._chance.randint(1, min(writer.pieces - 1, MOST_BY_CARD))))
            self._bring_back(bench, _Job(job.bundle, job.step, _Errand.REST), minute)
            return
        else:
            self._read(minute, bench, job, self._script(writer, bench, job, incident))
        self._plan_repair(minute, bench, job)
        self._move_on(minute, job)

    def _script(self, writer: ScriptWriter, bench: _Bench, job: _Job, incident: Kind) -> Script:
        flawed = self._chance.randint(1, MOST_FLAWED)
        if incident in (Kind.SECOND, Kind.REJECTED, Kind.REWORK) and flawed < writer.pieces and job.step != STEPS[0]:
            return writer.flawed(incident, flawed)
        if incident == Kind.DEFECT:
            return writer.with_defect(self._chance.randint(1, DEFECT_CARDS))
        if incident == Kind.RESENT and not bench.post.wired:
            return writer.plain(Kind.RESENT)
        simple = {
            Kind.UNDONE: writer.undone,
            Kind.TWICE: writer.twice,
            Kind.NOISE: writer.with_noise,
            Kind.HELP: writer.helped,
        }
        return simple.get(incident, writer.plain)()

    def _incident(self) -> Kind:
        drawn = self._chance.random()
        for name, share in self._habits.incidents.items():
            drawn -= share
            if drawn < 0:
                return Kind(name)
        return Kind.COUNT

    def _forget(self, minute: float, bench: _Bench, job: _Job) -> None:
        self._act(minute, bench.post.name, Kind.FORGOTTEN, bundle=job.bundle)
        if self._chance.random() < self._habits.late_share:
            later = minute + self._chance.uniform(*self._habits.late_after)
            self._at(later, partial(self._bring_back, bench, _Job(job.bundle, job.step, _Errand.LATE)))

    def _plan_repair(self, minute: float, bench: _Bench, job: _Job) -> None:
        if self._tally.at(job.bundle, job.step).in_rework:
            later = minute + self._chance.uniform(*self._habits.repair_after)
            self._at(later, partial(self._bring_back, bench, _Job(job.bundle, job.step, _Errand.REPAIR)))

    def _move_on(self, minute: float, job: _Job) -> None:
        place = STEPS.index(job.step) + 1
        if place < len(STEPS):
            self._bring(minute, _Job(job.bundle, STEPS[place]))

    def _bring_rest(self, minute: float, job: _Job) -> None:
        """Repaired pieces go after their bundle; where it has not been counted yet, they are counted with it."""
        place = STEPS.index(job.step) + 1
        if place < len(STEPS) and self._tally.at(job.bundle, STEPS[place]).accounted:
            self._bring(minute, _Job(job.bundle, STEPS[place], _Errand.REST))

    def _scan(self, minute: float, bench: _Bench, job: _Job, *, kept_minutes: float = 0.0) -> None:
        """The label as it is, if there is still anything to count: meanwhile others may have done it."""
        writer = self._writer(job)
        if writer.pieces > 0:
            self._read(minute, bench, job, writer.plain(), kept_minutes=kept_minutes)

    def _read(self, minute: float, bench: _Bench, job: _Job, script: Script, *, kept_minutes: float = 0.0) -> None:
        self._act(minute, bench.post.name, script.kind, bundle=job.bundle, script=script, kept_minutes=kept_minutes)
        for deed in script.deeds:
            self._tally.add(deed)

    def _act(
        self,
        minute: float,
        station: str,
        kind: Kind,
        *,
        bundle: BundleRef | None = None,
        script: Script | None = None,
        kept_minutes: float = 0.0,
    ) -> None:
        after = (self._last_act[bundle],) if bundle and script else ()
        act = Act(len(self._acts), minute, station, kind, bundle, after=after, kept_minutes=kept_minutes)
        if bundle and script:
            act = replace(act, reads=script.reads, deeds=script.deeds)
            self._last_act[bundle] = act.number
        self._acts.append(act)

    def _writer(self, job: _Job) -> ScriptWriter:
        return ScriptWriter(self._tally, job.bundle, job.step, self._shop.missing_steps)

"""What a run says: ratios with their targets, and the times behind them."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bench.loading import Heard, percentile

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ratio:
    """One line of the table. `at_most`: the target is a ceiling, else a floor."""

    name: str
    target: float
    figure: float
    at_most: bool = True

    @property
    def reached(self) -> bool:
        return self.figure <= self.target if self.at_most else self.figure >= self.target


@dataclass(frozen=True, slots=True)
class Times:
    """What one measurement took. `syncs`: to disk, while it lasted; 0 where nobody counted."""

    name: str
    per_s: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    failed: int = 0
    answered: int = 0
    syncs: int = 0

    @property
    def tail(self) -> float:
        return self.p99_ms / self.p50_ms


@dataclass(frozen=True, slots=True)
class Outcome:
    """`ratios` are judged; `times` and `notes` say what they come from."""

    ratios: tuple[Ratio, ...]
    times: tuple[Times, ...] = ()
    notes: tuple[str, ...] = ()


def times_of(name: str, heard: Heard, *, method: str = "POST", syncs: int = 0) -> Times:
    p50_ms, p95_ms, p99_ms = (heard.ms(percent, method) for percent in (50, 95, 99))
    return Times(name, heard.per_s(method), p50_ms, p95_ms, p99_ms, heard.failed, heard.answered(method), syncs)


def times_of_work(name: str, took_ms: Sequence[float], *, per_s: float) -> Times:
    """Of work that nobody asked for over a connection."""
    p50_ms, p95_ms, p99_ms = (percentile(sorted(took_ms), percent) for percent in (50, 95, 99))
    return Times(name, per_s, p50_ms, p95_ms, p99_ms)


def over_rounds(rounds: Sequence[T], ratio: Callable[[T], float]) -> float:
    """The median: what one round says of both sides of a ratio was measured within seconds."""
    return statistics.median(ratio(each) for each in rounds)


def median_times(rounds: Sequence[Mapping[str, Times]]) -> tuple[Times, ...]:
    """Each figure's own median over the rounds; failures added up."""
    return tuple(_median([each[name] for each in rounds]) for name in rounds[0])


def _median(measured: Sequence[Times]) -> Times:
    def middle(pick: Callable[[Times], float]) -> float:
        return statistics.median(pick(times) for times in measured)

    return Times(
        measured[0].name,
        middle(lambda times: times.per_s),
        middle(lambda times: times.p50_ms),
        middle(lambda times: times.p95_ms),
        middle(lambda times: times.p99_ms),
        sum(times.failed for times in measured),
        sum(times.answered for times in measured),
        sum(times.syncs for times in measured),
    )

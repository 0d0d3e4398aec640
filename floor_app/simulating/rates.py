"""How fast teams work and what happens to them: `rates.toml` was measured, `habits.toml` are proposals of ours."""

import random
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Spread:
    """A measured distribution by its quantiles; `shares` and `values` go up together."""

    shares: tuple[float, ...]
    values: tuple[float, ...]

    def draw(self, chance: random.Random) -> float:
        """Straight between the quantiles, and never beyond the outermost: the tails of a small table are not known."""
        share = chance.uniform(self.shares[0], self.shares[-1])
        place = min(bisect_right(self.shares, share), len(self.shares) - 1)
        low, high = self.shares[place - 1], self.shares[place]
        part = (share - low) / (high - low)
        return self.values[place - 1] + part * (self.values[place] - self.values[place - 1])


@dataclass(frozen=True, slots=True)
class TeamRates:
    """Of one department. `productivity`: minutes earned by minute worked. `stopped_share`: days on which work stopped."""

    team_days: int
    minutes_a_piece: Spread
    workers: Spread
    productivity: Spread
    stopped_share: float
    stopped_minutes: float

    def pieces_a_minute(self, chance: random.Random) -> float:
        return self.workers.draw(chance) * self.productivity.draw(chance) / self.minutes_a_piece.draw(chance)


@dataclass(frozen=True, slots=True)
class Habits:
    """Shares are of the bundles scanned; pairs are (least, most) minutes."""

    cut_pieces_a_minute: float
    cut_minutes_a_bundle: float
    plies: tuple[int, int]
    opening_lays: int
    paper_ends: int
    incidents: Mapping[str, float]
    repair_after: tuple[float, float]
    late_share: float
    late_after: tuple[float, float]
    outage_share: float
    outage_lasts: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rates:
    """`teams` by step; cutting was not measured, its pace is in `habits`."""

    teams: Mapping[str, TeamRates]
    habits: Habits


@cache
def usual_rates() -> Rates:
    measured, habits = _read("rates.toml"), _read("habits.toml")
    shares = tuple(float(share) for share in measured["quantiles"])
    teams = {step: _team(measured[name], shares) for step, name in (("sew", "sewing"), ("finish", "finishing"))}
    return Rates(teams, _habits(habits))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _team(table: Mapping[str, Any], shares: tuple[float, ...]) -> TeamRates:
    return TeamRates(
        table["team_days"],
        Spread(shares, tuple(table["minutes_a_piece"])),
        Spread(shares, tuple(table["workers"])),
        Spread(shares, tuple(table["productivity"])),
        table["stopped_share"],
        table["stopped_minutes"],
    )


def _habits(table: Mapping[str, Any]) -> Habits:
    cutting, later, outages = table["cutting"], table["later"], table["outages"]
    return Habits(
        cut_pieces_a_minute=cutting["pieces_a_minute"],
        cut_minutes_a_bundle=cutting["minutes_a_bundle"],
        plies=tuple(cutting["plies"]),
        opening_lays=cutting["opening_lays"],
        paper_ends=cutting["paper_ends"],
        incidents=table["incidents"],
        repair_after=tuple(later["repair_after"]),
        late_share=later["late_share"],
        late_after=tuple(later["late_after"]),
        outage_share=outages["share"],
        outage_lasts=tuple(outages["lasts"]),
    )

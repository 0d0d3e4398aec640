"""How long and how large a run is: the full one whose figures count, a short one, and a quick one that only shows that it works."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Effort:
    """Seconds are of one measurement; a round is one of each kind, one after the other."""

    rounds: int
    burst_s: float
    steady_s: float
    short_history_events: int
    long_history_events: int
    boards: int
    starts: int
    scans_before_weighing: int
    labels: int
    job_s: float
    port_scans: int
    replugs: int
    ateliers: int
    network_days: int
    days_away: int


FULL = Effort(
    rounds=5,
    burst_s=3.0,
    steady_s=8.0,
    short_history_events=10_000,
    long_history_events=10_000_000,
    boards=120,
    starts=5,
    scans_before_weighing=100_000,
    labels=500,
    job_s=12.0,
    port_scans=10_000,
    replugs=30,
    ateliers=10_000,
    network_days=400,
    days_away=30,
)
SHORT = Effort(
    rounds=2,
    burst_s=2.0,
    steady_s=4.0,
    short_history_events=10_000,
    long_history_events=100_000,
    boards=60,
    starts=3,
    scans_before_weighing=10_000,
    labels=100,
    job_s=8.0,
    port_scans=1_000,
    replugs=10,
    ateliers=1_000,
    network_days=400,
    days_away=30,
)
QUICK = Effort(
    rounds=1,
    burst_s=0.3,
    steady_s=0.6,
    short_history_events=2_500,
    long_history_events=5_000,
    boards=10,
    starts=1,
    scans_before_weighing=300,
    labels=10,
    job_s=1.0,
    port_scans=50,
    replugs=1,
    ateliers=30,
    network_days=5,
    days_away=2,
)


@dataclass(slots=True)
class Workbench:
    """`folder`: where floors are made and thrown away; `tools`: the compiled programs.

    `memory`: the same on a disk in memory, where a sync takes only as long as `slow_disk.c` makes it: the disk of a rented
    machine now and then holds a sync for half a second, and what is measured then is that.
    """

    folder: Path
    tools: Path
    effort: Effort
    memory: Path
    _given: int = field(default=0)

    def folder_for(self, name: str, *, in_memory: bool = False) -> Path:
        """Never gives one twice."""
        self._given += 1
        made = (self.memory if in_memory else self.folder) / f"{self._given:02d}-{name}"
        made.mkdir()
        return made

"""What happens in a simulated day, act by act: who reads what, when, after what, and what ought to come of it."""

from dataclasses import dataclass
from enum import StrEnum

from floor_app.simulating.pieces import BundleRef, Deed

CUTTERS = ""
"""The « station » of those who cut lays: they have no scanner."""

LABEL = ""
"""In a Read: the bundle's own label."""


class Kind(StrEnum):
    CUT = "cut"
    COUNT = "count"
    SECOND = "second"
    REJECTED = "rejected"
    REWORK = "rework"
    REPAIR = "repair"
    PART = "part"
    REST = "rest"
    UNDONE = "undone"  # counted by mistake, taken back, counted again
    TWICE = "twice"
    FORGOTTEN = "forgotten"
    EARLY = "early"  # the step before was not scanned yet
    REAL_AT_LAST = "real_at_last"  # a scan of a step that was presumed meanwhile
    DEFECT = "defect"
    NOISE = "noise"  # a product code read by mistake first
    RESENT = "resent"  # the answer was lost: sent again with the same id
    HELP = "help"
    CABLE_PULLED = "cable_pulled"
    CABLE_BACK = "cable_back"
    WIFI_GONE = "wifi_gone"
    WIFI_BACK = "wifi_back"


@dataclass(frozen=True, slots=True)
class Read:
    """One thing read at a station, and the answer it must have."""

    text: str
    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Act:
    """`at_minute` of the working day. `after`: numbers of the acts that must be done before this one begins.

    `kept_minutes`: so long the tablet had kept it before it could be sent. `lay`: place in the plan's lays, for a CUT.
    """

    number: int
    at_minute: float
    station: str
    kind: Kind
    bundle: BundleRef | None = None
    reads: tuple[Read, ...] = ()
    deeds: tuple[Deed, ...] = ()
    after: tuple[int, ...] = ()
    kept_minutes: float = 0.0
    lay: int = -1


@dataclass(frozen=True, slots=True)
class PlannedBundle:
    size: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PlannedLay:
    """`marker` as people write it. `paper_ends`: the label printer runs out of paper in the middle of its labels."""

    order: str
    colour: str
    marker: str
    plies: int
    shade: str
    at_minute: float
    bundles: tuple[PlannedBundle, ...]
    paper_ends: bool = False


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """`lines`: (size, colour, quantity)."""

    code: str
    client: str
    style: str
    lines: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The same seed on the same shop is the same plan, act by act."""

    seed: int
    orders: tuple[PlannedOrder, ...]
    lays: tuple[PlannedLay, ...]
    acts: tuple[Act, ...]

    @property
    def reads(self) -> int:
        return sum(len(act.reads) for act in self.acts)

"""Pieces as the simulator counts them itself: on purpose with none of the app's own rules, which it is there to check."""

from dataclasses import dataclass, fields

STEPS = ("cut", "sew", "finish")


@dataclass(frozen=True, slots=True)
class BundleRef:
    """A bundle before it has a code: which lay of the day, and which bundle of that lay, both from 0."""

    lay: int
    place: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """Pieces of one bundle at one step, or what a deed changes of them."""

    good: int = 0
    second: int = 0
    rejected: int = 0
    in_rework: int = 0
    presumed: int = 0
    skipped: int = 0

    def __add__(self, other: "Pieces") -> "Pieces":
        return Pieces(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def passed(self) -> int:
        return self.good + self.presumed + self.skipped

    @property
    def lost(self) -> int:
        return self.second + self.rejected + self.in_rework

    @property
    def accounted(self) -> int:
        return self.passed + self.lost


NO_PIECES = Pieces()


@dataclass(frozen=True, slots=True)
class Deed:
    """What one person did to one bundle at one step."""

    bundle: BundleRef
    step: str
    pieces: Pieces = NO_PIECES
    defects: int = 0


class Tally:
    """Every bundle as the deeds have left it."""

    def __init__(self) -> None:
        self._pieces: dict[tuple[BundleRef, str], Pieces] = {}
        self._quantities: dict[BundleRef, int] = {}

    @property
    def bundles(self) -> dict[BundleRef, int]:
        """Pieces each bundle was cut with."""
        return self._quantities

    def cut(self, bundle: BundleRef, quantity: int) -> None:
        self._quantities[bundle] = quantity

    def add(self, deed: Deed) -> None:
        self._pieces[deed.bundle, deed.step] = self.at(deed.bundle, deed.step) + deed.pieces

    def at(self, bundle: BundleRef, step: str) -> Pieces:
        return self._pieces.get((bundle, step), NO_PIECES)

    def arrived(self, bundle: BundleRef, step: str) -> int:
        """Pieces that have reached a step."""
        place = STEPS.index(step)
        return self.at(bundle, STEPS[place - 1]).passed if place else self._quantities[bundle]

    def waiting(self, bundle: BundleRef, step: str) -> int:
        return self.arrived(bundle, step) - self.at(bundle, step).accounted

    def unseen(self, bundle: BundleRef, step: str) -> list[str]:
        """The steps before `step` at which nothing of the bundle was counted."""
        return [before for before in STEPS[: STEPS.index(step)] if not self.at(bundle, before).accounted]

    def finished(self, bundle: BundleRef) -> int:
        return self.at(bundle, STEPS[-1]).passed

    def lost(self, bundle: BundleRef) -> int:
        return sum(self.at(bundle, step).lost for step in STEPS)

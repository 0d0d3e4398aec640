"""Cards and sheets that stay at a place: what an operator scans without a screen, what names a station, what sets a scanner up."""

from __future__ import annotations

from dataclasses import dataclass

from label_templates.label import Label, LabelError

MOST_STEPS = 6
MOST_CHECKS = 4


@dataclass(frozen=True, slots=True)
class CommandCard(Label):
    """One command. `number`: large beside the picture, "" where the command has none. `picture_svg`: a square drawing."""

    title: str
    hint: str = ""
    number: str = ""
    picture_svg: str = ""


@dataclass(frozen=True, slots=True)
class StationCard(Label):
    """What hangs at a station: its name from afar; its code opens its page."""

    station: str
    step: str
    atelier: str
    address: str
    picture_svg: str = ""


@dataclass(frozen=True, slots=True)
class PairingCard(Label):
    """A tablet's link to its station. `code` holds a secret: a paper to give by hand, good for one tablet and a short time."""

    station: str
    until: str
    address: str


@dataclass(frozen=True, slots=True)
class ScannerSheet(Label):
    """Sets up and proves a scanner: `steps` to do, then `checks` to scan, each (caption, what its code says)."""

    model: str
    steps: tuple[str, ...]
    checks: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if len(self.steps) > MOST_STEPS or not 0 < len(self.checks) <= MOST_CHECKS:
            raise LabelError(f"a scanner sheet has at most {MOST_STEPS} steps, and 1 to {MOST_CHECKS} checks")

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(says for _, says in self.checks)

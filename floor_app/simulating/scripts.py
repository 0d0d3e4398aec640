"""What is read at a station for each thing that can happen there, and what must come of every read."""

from dataclasses import dataclass, field

from floor_app.domain.cards import Card, Command
from floor_app.simulating.acts import LABEL, Kind, Read
from floor_app.simulating.pieces import STEPS, BundleRef, Deed, Pieces, Tally

A_PRODUCT_CODE = "3017620422003"  # of a jar in the kitchen
YES = Card(Command.YES).code
COUNTED = Read(LABEL, "counted", "counted")
COUNTED_BY_YES = Read(YES, "counted", "counted")
_FLAWS = {
    Kind.SECOND: (Command.SECOND, "second"),
    Kind.REJECTED: (Command.REJECT, "rejected"),
    Kind.REWORK: (Command.REWORK, "in_rework"),
}


@dataclass(frozen=True, slots=True)
class Script:
    """The reads of one act and what they do."""

    kind: Kind
    reads: tuple[Read, ...]
    deeds: tuple[Deed, ...] = ()


@dataclass(slots=True)
class ScriptWriter:
    """Writes for one bundle at one step as both stand in `tally`; changes nothing. `missing_steps`: warn, allow or fill."""

    tally: Tally
    bundle: BundleRef
    step: str
    missing_steps: str
    _now: Pieces = field(init=False)

    def __post_init__(self) -> None:
        self._now = self.tally.at(self.bundle, self.step)

    @property
    def pieces(self) -> int:
        """That a plain scan would count now: those that wait, or would if the one step nobody scanned had been."""
        if self._now.presumed or self._now.skipped:
            return self._now.presumed + self._now.skipped
        unseen = self._unseen
        if unseen:
            return self.tally.arrived(self.bundle, unseen[0]) if unseen == list(self._one_before) else 0
        return self.tally.waiting(self.bundle, self.step)

    @property
    def usual(self) -> bool:
        """The step before was scanned, this one not yet: only then is anything but a plain scan written."""
        return not self._unseen and not self._now.accounted

    def plain(self, kind: Kind = Kind.COUNT) -> Script:
        """The label, once; and YES where the floor asks."""
        if self._now.presumed or self._now.skipped:
            return self._real_at_last()
        if self._unseen:
            return self._early()
        if self._now.accounted:
            return self._rest()
        return Script(kind, (COUNTED,), (self._deed(Pieces(good=self.pieces)),))

    def flawed(self, kind: Kind, bad: int) -> Script:
        """`bad` pieces by card, then the label, then YES to « old and new »."""
        command, name = _FLAWS[kind]
        change = Pieces(good=self.pieces - bad) + Pieces(**{name: bad})
        return self._by_card(kind, Card(command, bad), change)

    def part(self, good: int) -> Script:
        return self._by_card(Kind.PART, Card(Command.QUANTITY, good), Pieces(good=good))

    def undone(self) -> Script:
        undo = Read(Card(Command.UNDO).code, "counted", "undone")
        there_and_back = (Pieces(good=self.pieces), Pieces(good=-self.pieces), Pieces(good=self.pieces))
        return Script(Kind.UNDONE, (COUNTED, undo, COUNTED), tuple(self._deed(change) for change in there_and_back))

    def twice(self) -> Script:
        return self._and(Kind.TWICE, Read(LABEL, "already_done", "already_done"))

    def helped(self) -> Script:
        return self._and(Kind.HELP, Read(Card(Command.HELP).code, "counted", "help_called"))

    def with_defect(self, defect: int) -> Script:
        noted = self._and(Kind.DEFECT, Read(Card(Command.DEFECT, defect).code, "counted", "defect_noted"))
        return Script(noted.kind, noted.reads, (*noted.deeds, Deed(self.bundle, self.step, defects=1)))

    def with_noise(self) -> Script:
        plain = self.plain(Kind.NOISE)
        return Script(plain.kind, (Read(A_PRODUCT_CODE, "not_a_label", "product_code"), *plain.reads), plain.deeds)

    def repaired(self) -> Script:
        """All that is in rework comes back good."""
        back = Pieces(good=self._now.in_rework, in_rework=-self._now.in_rework)
        asked = Read(LABEL, "look", "in_rework")
        answered = Read(YES, "counted", "repaired")
        return Script(Kind.REPAIR, (asked, answered), (self._deed(back),))

    def _rest(self) -> Script:
        """Pieces that came after the others of their bundle were counted."""
        change = Pieces(good=self.pieces)
        reads = (Read(LABEL, "look", "rest"), COUNTED_BY_YES)
        return Script(Kind.REST, reads, (self._deed(change),))

    def _real_at_last(self) -> Script:
        change = Pieces(good=self.pieces, presumed=-self._now.presumed, skipped=-self._now.skipped)
        read = Read(LABEL, "counted", "real_at_last")
        return Script(Kind.REAL_AT_LAST, (read,), (self._deed(change),))

    def _early(self) -> Script:
        """The step before is presumed, or passed by where the atelier allows it."""
        before = Pieces(skipped=self.pieces) if self.missing_steps == "allow" else Pieces(presumed=self.pieces)
        deeds = (Deed(self.bundle, self._one_before[0], before), self._deed(Pieces(good=self.pieces)))
        if self.missing_steps != "warn":
            return Script(Kind.EARLY, (COUNTED,), deeds)
        return Script(Kind.EARLY, (Read(LABEL, "look", "step_missing"), COUNTED_BY_YES), deeds)

    def _by_card(self, kind: Kind, card: Card, change: Pieces) -> Script:
        reads = (
            Read(card.code, "look", "scan_the_bundle"),
            Read(LABEL, "look", "confirm_quantity"),
            COUNTED_BY_YES,
        )
        return Script(kind, reads, (self._deed(change),))

    def _and(self, kind: Kind, also: Read) -> Script:
        plain = self.plain(kind)
        return Script(kind, (*plain.reads, also), plain.deeds)

    def _deed(self, change: Pieces) -> Deed:
        return Deed(self.bundle, self.step, change)

    @property
    def _unseen(self) -> list[str]:
        return self.tally.unseen(self.bundle, self.step)

    @property
    def _one_before(self) -> tuple[str, ...]:
        place = STEPS.index(self.step)
        return STEPS[place - 1 : place] if place else ()

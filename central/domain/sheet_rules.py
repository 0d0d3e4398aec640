"""What becomes of a day sheet that arrives: the rule, pure. A table in docs/sync.md, and one in its test."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    FIRST = "first"
    NEWER = "newer"
    SAME = "same"
    REPLACED = "replaced"
    OLDER_REVISION = "older_revision"
    OTHER_DIGEST = "other_digest"
    OLDER_SEQUENCE = "older_sequence"
    NOT_ALLOWED = "not_allowed"


TAKEN = frozenset({Outcome.FIRST, Outcome.NEWER, Outcome.REPLACED})
ALARMING = frozenset({Outcome.OTHER_DIGEST, Outcome.OLDER_SEQUENCE})  # an old copy was restored, or a card was cloned


@dataclass(frozen=True, slots=True)
class Version:
    """Which sheet of a day. `digest`: of its canonical bytes; `last_event`: sequence number of the newest event in it."""

    revision: int
    digest: str
    last_event: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """`conflict`: what stands between the two sheets, `None` where nothing does; it is there too where `outcome` is beyond it."""

    outcome: Outcome
    conflict: Outcome | None = None

    @property
    def taken(self) -> bool:
        """Whether the sheet offered is to be stored."""
        return self.outcome in TAKEN

    @property
    def alarming(self) -> bool:
        return self.conflict in ALARMING and not self.taken


def judge(held: Version | None, offered: Version, *, if_match: str = "", allowed: bool = False) -> Verdict:
    """`if_match`: the digest its sender wants to put this in place of; `allowed`: whether the network lets it."""
    if held is None:
        return Verdict(Outcome.FIRST)
    conflict, replacing = _conflict(held, offered), if_match == held.digest
    if conflict is None and offered.revision == held.revision:
        return Verdict(Outcome.SAME)
    if replacing and allowed:
        return Verdict(Outcome.REPLACED, conflict)
    if conflict is None:
        return Verdict(Outcome.NEWER)
    return Verdict(Outcome.NOT_ALLOWED if replacing else conflict, conflict)


def _conflict(held: Version, offered: Version) -> Outcome | None:
    if offered.revision < held.revision:
        return Outcome.OLDER_REVISION
    if offered.revision == held.revision:
        return None if offered.digest == held.digest else Outcome.OTHER_DIGEST
    return Outcome.OLDER_SEQUENCE if offered.last_event < held.last_event else None

"""What is answered to a day sheet, as the contract spells it: over the network and in the receipt of a file alike."""

from dataclasses import dataclass, field
from typing import Any

from central.domain.sheet_rules import TAKEN, Outcome
from central.reading_sheets import Refused
from central.taking_sheets import SheetAnswer
from contract.day_sheets import SCHEMAS


@dataclass(frozen=True, slots=True)
class Refusal:
    """`said`: members of a Problem beside status, code and words."""

    status: int
    code: str
    said: dict[str, Any] = field(default_factory=dict)


def refusal(answer: SheetAnswer | Refused) -> Refusal | None:
    """`None` for a sheet that is held now."""
    if isinstance(answer, Refused):
        if answer.code == "unknown_schema":
            return Refusal(422, answer.code, {"understood": list(SCHEMAS)})
        faults = [{"pointer": one.pointer, "detail": one.detail} for one in answer.faults]
        return Refusal(422, answer.code, {"errors": faults})
    if answer.outcome in TAKEN or answer.outcome == Outcome.SAME:
        return None
    held = answer.version
    said = {"revision": held.revision, "digest": held.digest, "last_event": held.last_event}
    return Refusal(409, str(answer.outcome), {"held": said})


def status(answer: SheetAnswer) -> int:
    """Of one that is held now."""
    return 201 if answer.outcome == Outcome.FIRST else 200


def stored_sheet(answer: SheetAnswer) -> dict[str, Any]:
    """A StoredSheet of the contract."""
    version = answer.version
    day = answer.key.day.isoformat()
    return {"day": day, "revision": version.revision, "digest": version.digest, "gap": answer.gap}

"""How an order is made, as a coordinator types it: steps in order, some beside each other. Pure.

Each step comes after the one above it. Steps that are said to go beside the one above make a group: all of a group come after the
group before, and the first step below comes after them all.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MOST_STEPS = 60
LONGEST_CODE = 24
LONGEST_TITLE = 40
MOST_MINUTES = 1000
SECTIONS = ("cut", "sew", "finish")
_MINUTES = re.compile(r"\d{1,4}(?:\.\d{1,4})?")


@dataclass(frozen=True, slots=True)
class TypedStep:
    """`minutes`: allowed time a piece, decimal. `picture`: digest, "" for none."""

    title: str = ""
    section: str = "sew"
    minutes: str = ""
    beside: bool = False
    picture: str = ""

    @property
    def filled(self) -> bool:
        return bool(self.title or self.minutes or self.picture)


@dataclass(frozen=True, slots=True)
class StepFault:
    """`code`: no_title, bad_minutes, twice, too_many, two_last. `title`: of the step, or ""."""

    code: str
    title: str = ""


def routing_of(
    steps: Sequence[TypedStep], *, own_words: Mapping[str, str]
) -> tuple[list[dict[str, Any]], list[StepFault]]:
    """Operations of the contract, and what is wrong. `own_words`: a step named so is the section itself (« Coupe » → cut)."""
    filled = [step for step in steps if step.filled]
    own = {_folded(word): section for word, section in own_words.items()}
    faults = list(_faults(filled, own))
    routing = list[dict[str, Any]]()
    group, before = list[str](), list[str]()
    for step in filled:
        if not step.beside:
            group, before = [], group
        code = _code(step.title, own)
        group.append(code)
        operation: dict[str, Any] = {"code": code, "section": step.section, "after": list(before)}
        if code not in SECTIONS:
            operation["title"] = step.title
        if step.minutes:
            operation["sam_minutes"] = step.minutes.replace(",", ".")
        if step.picture:
            operation["picture"] = step.picture
        routing.append(operation)
    if len(group) > 1:
        faults.append(StepFault("two_last"))
    return ([] if faults else routing), faults


def typed_steps(routing: Sequence[Mapping[str, Any]], *, section_words: Mapping[str, str]) -> list[TypedStep]:
    """The way back; a picture as the operation names it."""
    steps = list[TypedStep]()
    above: Mapping[str, Any] | None = None
    for operation in routing:
        beside = above is not None and operation["after"] == above["after"]
        title = operation.get("title") or section_words.get(operation["code"], operation["code"])
        minutes, picture = operation.get("sam_minutes", ""), operation.get("picture", "")
        steps.append(TypedStep(title, operation["section"], minutes, beside, picture))
        above = operation
    return steps


def _faults(filled: Sequence[TypedStep], own: Mapping[str, str]) -> list[StepFault]:
    if len(filled) > MOST_STEPS:
        return [StepFault("too_many")]
    found, codes = list[StepFault](), list[str]()
    for step in filled:
        code = _code(step.title, own)
        if not code:
            found.append(StepFault("no_title", step.title))
        elif code in codes:
            found.append(StepFault("twice", step.title))
        if step.minutes and not _good_minutes(step.minutes):
            found.append(StepFault("bad_minutes", step.title))
        codes.append(code)
    return found


def _good_minutes(typed: str) -> bool:
    plain = typed.replace(",", ".")
    return _MINUTES.fullmatch(plain) is not None and 0 < Decimal(plain) <= MOST_MINUTES


def _code(title: str, own: Mapping[str, str]) -> str:
    """« Piquer les côtés » → piquer-les-cotes: what an atelier's stations and scans call the step."""
    folded = _folded(title)
    return own.get(folded) or "-".join(re.findall(r"[a-z0-9]+", folded))[:LONGEST_CODE].rstrip("-")


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).strip()

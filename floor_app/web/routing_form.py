"""The form of a routing: one row per step, kept as typed, and the steps it makes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from flask import request

from floor_app.domain.orders import clean_text, likeness
from floor_app.domain.routings import (
    LONGEST_OPERATION_CODE,
    MOST_OPERATIONS,
    Operation,
    Routing,
    RoutingFault,
    Section,
)
from floor_app.texts import Words
from floor_app.web import form_fields

SPARE_ROWS = 3
LONGEST_TITLE = 40
LONGEST_AFTER = 200
_MINUTES = re.compile(r"\d{1,4}(?:[.,]\d{1,3})?")


@dataclass(frozen=True, slots=True)
class TypedStep:
    """`after`: codes with commas; "" the row above; the word for « from the start » none. `sam`: decimal minutes. `picture`: its name."""

    code: str = ""
    title: str = ""
    section: str = Section.SEW.value
    after: str = ""
    sam: str = ""
    picture: str = ""

    @property
    def filled(self) -> bool:
        return bool(self.code or self.title or self.after or self.sam)


def typed_steps(routing: Routing, t: Words) -> tuple[TypedStep, ...]:
    """A routing as the form shows it, with some empty rows to go on."""
    above = (None, *routing.operations)
    steps = (_typed(step, before, t) for before, step in zip(above, routing.operations, strict=False))
    return (*steps, *(TypedStep() for _ in range(SPARE_ROWS)))


def sent_steps() -> tuple[TypedStep, ...]:
    """What the form sent; with more empty rows where they were asked for."""
    count = min(form_fields.whole_number(request.form.get("rows", "")) or 0, MOST_OPERATIONS + 1)
    more = SPARE_ROWS if "more" in request.form else 0
    return tuple(_sent_step(index) for index in range(min(count + more, MOST_OPERATIONS + 1)))


def read_steps(
    steps: Sequence[TypedStep], before: Routing, t: Words
) -> tuple[tuple[RoutingFault, ...], tuple[Operation, ...]]:
    """What cannot be read, and the operations. What the form does not show (picture, policy) stays as it was."""
    faults, operations = list[RoutingFault](), list[Operation]()
    for step in steps:
        if not step.filled:
            continue
        code = step.code or code_of(step.title)
        sam = _minutes(step.sam)
        if step.sam and sam is None:
            faults.append(RoutingFault("bad_sam", step.title or code, step.sam))
        known = before.operation(code) or Operation(code, Section.SEW)
        operations.append(
            replace(
                known,
                section=Section(step.section),
                after=_after(step.after, operations[-1].code if operations else "", t),
                title="" if step.title == _own_word(code, t) else step.title,
                sam_minutes=sam,
            )
        )
    return tuple(faults), tuple(operations)


def code_of(title: str) -> str:
    """« Piquer les côtés » → piquer-les-cotes: what stations and scans call the step."""
    words = re.findall(r"[a-z0-9]+", likeness(title).replace("œ", "oe").replace("æ", "ae"))
    return "-".join(words)[:LONGEST_OPERATION_CODE].rstrip("-")


def minutes_words(minutes: Decimal, t: Words) -> str:
    """1.25 → « 1 min 15 s »: decimal minutes are not minutes and seconds, and the two are mixed up."""
    seconds = round(minutes * 60)
    return t("routings.min_s", minutes=seconds // 60, seconds=seconds % 60)


def _typed(step: Operation, above: Operation | None, t: Words) -> TypedStep:
    usual = (above.code,) if above else ()
    after = "" if step.after == usual else ", ".join(step.after) or t("routings.from_the_start")
    sam = str(step.sam_minutes).replace(".", ",") if step.sam_minutes is not None else ""
    return TypedStep(step.code, step.title or _own_word(step.code, t), step.section.value, after, sam, step.picture)


def _sent_step(index: int) -> TypedStep:
    section = request.form.get(f"section-{index}", "")
    return TypedStep(
        code=form_fields.text(f"code-{index}", limit=LONGEST_OPERATION_CODE + 1),
        title=form_fields.text(f"title-{index}", limit=LONGEST_TITLE),
        section=section if section in set(Section) else Section.SEW.value,
        after=form_fields.text(f"after-{index}", limit=LONGEST_AFTER),
        sam=form_fields.text(f"sam-{index}", limit=12),
    )


def _after(typed: str, above: str, t: Words) -> tuple[str, ...]:
    if not typed:
        return (above,) if above else ()
    if likeness(typed) in (likeness(t("routings.from_the_start")), "-"):
        return ()
    names = (clean_text(name, limit=LONGEST_TITLE) for name in re.split(r"[,;+]", typed))
    return tuple(dict.fromkeys(name if _looks_like_code(name) else code_of(name) for name in names if name))


def _looks_like_code(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_-]+", name) is not None


def _own_word(code: str, t: Words) -> str:
    return t(f"operations.{code}_noun") if t.has(f"operations.{code}_noun") else ""


def _minutes(typed: str) -> Decimal | None:
    return Decimal(typed.replace(",", ".")) if _MINUTES.fullmatch(typed) else None


def places(stations: Mapping[str, str], operation: Operation) -> list[str]:
    """The titles of the stations (title → what it does) where a step can be scanned."""
    return [title for title, does in stations.items() if does in (operation.code, operation.section.value)]

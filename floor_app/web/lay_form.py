"""The form of a lay: what was typed, kept as typed, and the request it makes."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from floor_app.cutting import CutRequest
from floor_app.domain.lays import LONGEST_SHADE, MOST_ROLLS, LayFault, Roll
from floor_app.domain.orders import CODE_LIMIT, TEXT_LIMIT
from floor_app.store.orders import StandingLine
from floor_app.web import form_fields

FIRST_ROLLS = 6
LONGEST_NUMBER = 7
LONGEST_MARKER = 200
LONGEST_ROLL = 20


@dataclass(frozen=True, slots=True)
class TypedRoll:
    plies: str = ""
    shade: str = ""
    number: str = ""

    @property
    def filled(self) -> bool:
        return bool(self.plies or self.shade or self.number)


@dataclass(frozen=True, slots=True)
class LayForm:
    """`ratios`: garments of each size in a ply, by order line id. `marker`: the same as people write it, « S1 M2 L2 »."""

    order: str
    colour: str
    ratios: dict[int, str]
    marker: str
    rolls: tuple[TypedRoll, ...]
    cap: str
    tolerance: str

    @property
    def blank(self) -> bool:
        return not (any(self.ratios.values()) or self.marker or any(roll.filled for roll in self.rolls))


def sent_lay_form(lines: Sequence[StandingLine]) -> LayForm:
    """What the form sent; `lines`: those of its order and colour."""
    asked = form_fields.whole_number(request.form.get("rolls", "")) or 0
    count = min(max(asked, FIRST_ROLLS), MOST_ROLLS)
    more = FIRST_ROLLS if "more" in request.form else 0
    return LayForm(
        order=form_fields.text("order", limit=CODE_LIMIT),
        colour=form_fields.text("colour", limit=TEXT_LIMIT),
        ratios={line.id: form_fields.text(f"ratio-{line.id}", limit=LONGEST_NUMBER) for line in lines},
        marker=form_fields.text("marker", limit=LONGEST_MARKER),
        rolls=tuple(_typed_roll(index) for index in range(min(count + more, MOST_ROLLS))),
        cap=form_fields.text("cap", limit=LONGEST_NUMBER),
        tolerance=form_fields.text("tolerance", limit=LONGEST_NUMBER),
    )


def read_lay_form(
    form: LayForm, lines: Sequence[StandingLine], *, request_id: str
) -> tuple[tuple[LayFault, ...], CutRequest]:
    """What cannot be read as a number or a text of the right length, and the request without it."""
    faults = list[LayFault]()
    marker = _marker(form, lines, faults)
    rolls = tuple(_roll(place, typed, faults) for place, typed in enumerate(form.rolls, start=1) if typed.filled)
    cap = _number(form.cap, "cap_unread", faults)
    tolerance = _number(form.tolerance, "tolerance_unread", faults)
    return tuple(faults), CutRequest(request_id, form.order, form.colour, marker, rolls, cap, tolerance)


def _typed_roll(index: int) -> TypedRoll:
    return TypedRoll(
        form_fields.text(f"plies-{index}", limit=LONGEST_NUMBER),
        form_fields.text(f"shade-{index}", limit=LONGEST_SHADE + 1),
        form_fields.text(f"number-{index}", limit=LONGEST_ROLL + 1),
    )


def _marker(form: LayForm, lines: Sequence[StandingLine], faults: list[LayFault]) -> str:
    typed = [(line.size, form.ratios[line.id]) for line in lines if form.ratios[line.id] not in ("", "0")]
    if typed and form.marker:
        faults.append(LayFault("marker_twice"))
    if not typed:
        return form.marker
    faults += [LayFault("ratio_unread", size) for size, ratio in typed if form_fields.whole_number(ratio) is None]
    return ", ".join(f"{size}:{form_fields.whole_number(ratio) or 0}" for size, ratio in typed)


def _roll(place: int, typed: TypedRoll, faults: list[LayFault]) -> Roll:
    if len(typed.number) > LONGEST_ROLL:
        faults.append(LayFault("roll_too_long", typed.number))
    plies = form_fields.whole_number(typed.plies)
    if plies is None:
        faults.append(LayFault("plies_unread", str(place)))
    return Roll(plies or 0, typed.shade, typed.number)


def _number(typed: str, code: str, faults: list[LayFault]) -> int:
    found = form_fields.whole_number(typed)
    if found is None:
        faults.append(LayFault(code, typed))
    return found or 0

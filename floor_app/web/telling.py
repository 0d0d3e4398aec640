"""An answer of the floor, told: words, picture and sound for every reason the core can give. The read text is never repeated."""

from typing import Any

from flask import url_for

from floor_app.domain.codes import grouped
from floor_app.domain.scans import CALM_REASONS, Answer, Choice, Decision, Quantities
from floor_app.scanning import ScanAnswer
from floor_app.store import bundles, pictures
from floor_app.store.bundles import BundleCard
from floor_app.texts import Words, grouped_number
from floor_app.web.roles import atelier

STEP_PICTURES = ("cut", "sew", "finish")


def tell(answer: ScanAnswer, t: Words) -> dict[str, Any]:
    """What a screen, a sound or a machine needs, ready for JSON. Inside a request: times are the atelier's own.

    `message` is one plain sentence; `cure` says what to do ("" where nothing is to be done). `look` is one of
    counted, already_done, look, stop; `picture` a file of static/pictures; `sound` a look. `goes_to_line` is "" where the
    sentence already names the step. `image`, `goes_to_image`: addresses of the atelier's own pictures, "" for none.
    """
    decision, bundle = answer.decision, answer.bundle
    reason = _known_reason(decision, t)
    look = _LOOKS_BY_REASON.get(reason, _LOOKS[decision.answer]) if reason else "look"
    goes_to_name = operation_name(decision.goes_to, t, bundle)
    values, sent_on = _values(decision, goes_to_name, t), _sent_on(decision)
    style_image, step_image = _images(bundle, decision.goes_to) if bundle else ("", "")
    return {
        "answer": decision.answer.value,
        "reason": decision.reason,
        "title": t(f"answers.{reason or 'unforeseen'}_title"),
        "message": _message(reason, values, t),
        "cure": _cure(decision, reason, bundle, t),
        "look": look,
        "picture": _PICTURES.get(reason, look),
        "sound": look,
        "pieces": decision.pieces,
        "before": decision.before,
        "amount": _amount(decision, t),
        "goes_to": decision.goes_to,
        "goes_to_name": goes_to_name,
        "goes_to_line": t("answers.goes_to", **values) if sent_on and reason not in _NAMES_THE_STEP else "",
        "goes_to_picture": step_picture(decision.goes_to) if sent_on else "",
        "goes_to_image": step_image if sent_on else "",
        "operation": decision.operation,
        "at": values["at"],
        "choices": choices(answer, t),
        "event_seq": answer.event_seq,
        "event": answer.event_type,
        "bundle": _bundle(bundle, t) | {"image": style_image} if bundle else None,
    }


def sentence(answer: ScanAnswer, t: Words) -> str:
    """The `message` of `tell` alone: all that a machine shows to people."""
    goes_to_name = operation_name(answer.decision.goes_to, t, answer.bundle)
    return _message(_known_reason(answer.decision, t), _values(answer.decision, goes_to_name, t), t)


def choices(answer: ScanAnswer, t: Words) -> list[dict[str, str]]:
    """What may be answered to a question, each with its words and picture."""
    if not answer.decision.choices:
        return []
    goes_to_name = operation_name(answer.decision.goes_to, t, answer.bundle)
    reason, values = _known_reason(answer.decision, t), _values(answer.decision, goes_to_name, t)
    return [_choice(choice, reason, values, t) for choice in answer.decision.choices]


def operation_name(code: str, t: Words, bundle: BundleCard | None = None) -> str:
    """The word for a step; for a step of an atelier's own routing, its title there."""
    if not code or t.has(f"operations.{code}"):
        return t(f"operations.{code}") if code else ""
    if bundle is None:
        return code
    with atelier().reading() as db:
        standing = bundles.standing(db, bundle.code)
    operation = standing.routing.operation(code) if standing else None
    return operation.title if operation and operation.title else code


def _images(bundle: BundleCard, goes_to: str) -> tuple[str, str]:
    """Addresses of the pictures of its style and of the step it goes to, "" where there is none here."""
    with atelier().reading() as db:
        style, standing = pictures.of_style(db, bundle.style), bundles.standing(db, bundle.code)
        step = standing.routing.operation(goes_to) if standing else None
        wanted = style, step.picture if step else ""
        shown = pictures.here(db, [name for name in wanted if name])
    found = [url_for("style_pictures.picture", name=name) if name in shown else "" for name in wanted]
    return found[0], found[1]


def step_picture(operation: str) -> str:
    return operation if operation in STEP_PICTURES else "step"


_LOOKS = {
    Answer.COUNTED: "counted",
    Answer.ALREADY_DONE: "already_done",
    Answer.LOOK: "look",
    Answer.STOP: "stop",
    Answer.UNKNOWN: "stop",
    Answer.NOT_A_LABEL: "look",
}
_LOOKS_BY_REASON = dict.fromkeys(CALM_REASONS, "already_done")
# Where the picture of the look would say too little.
_PICTURES = {
    "repaired": "repaired",
    "undone": "undo",
    "help_called": "help",
    "defect_noted": "defect",
    "defect_found": "defect",
    "left_as_it_was": "nothing_changed",
    "scan_the_bundle": "scan",
    "scan_the_bundle_first": "scan",
    "card_pause": "pause",
    "card_end_of_day": "end_of_day",
    "card_language": "language",
    "wrong_check": "again",
    "empty": "again",
    "control_characters": "again",
    "half_code": "cut_label",
    "product_code": "shop_code",
    "number": "shop_code",
    "web_address": "web_address",
    "note_part": "note",
    "garbled_keyboard": "keyboard",
    "other_alphabet": "keyboard",
    "in_rework": "rework",
    "confirm_quantity": "quantity",
    "too_many": "quantity",
    "unknown_bundle": "unknown",
    "unknown_card": "unknown",
}
# The value without which `_say` would have a hole, and `_plain` is said.
_NEEDED = {"already_done": "at", "not_done_here": "goes_to", "in_rework_elsewhere": "goes_to", "undone": "count"}
_NAMES_THE_STEP = ("step_missing", "not_done_here", "in_rework_elsewhere")  # the sentence does: a picture is enough
_CHOICE_PICTURES = {Choice.NO: "nothing_changed", Choice.REPAIRED: "repaired"}


def _known_reason(decision: Decision, t: Words) -> str:
    """ "" for a reason that has no words: then the unforeseen is told."""
    return decision.reason if t.has(f"answers.{decision.reason}_title") else ""


def _values(decision: Decision, goes_to_name: str, t: Words) -> dict[str, Any]:
    return {
        "count": decision.before if decision.reason == "too_many" else decision.pieces,
        "pieces": grouped_number(decision.pieces),
        "before": grouped_number(decision.before),
        "goes_to": goes_to_name,
        "at": _at(decision.at_ms, t) if decision.at_ms else "",
    }


def _at(at_ms: int, t: Words) -> str:
    clock = atelier().clock
    local = clock.local(at_ms)
    if local.date().isoformat() == clock.today():
        return t("answers.at_today", hour=local.hour, minute=f"{local.minute:02}")
    return t("answers.at_another_day", day=f"{local.day:02}", month=f"{local.month:02}")


def _message(reason: str, values: dict[str, Any], t: Words) -> str:
    if not reason:
        return t("answers.unforeseen_say")
    if not values.get(_NEEDED.get(reason, ""), True):
        return t(f"answers.{reason}_plain")
    return t(f"answers.{reason}_say", **values)


def _cure(decision: Decision, reason: str, bundle: BundleCard | None, t: Words) -> str:
    if reason and t.has(f"answers.{reason}_cure"):
        return t(f"answers.{reason}_cure")
    parts = _parts(decision, t)
    if parts or decision.answer != Answer.COUNTED or reason not in ("counted", "real_at_last"):
        return parts
    done = not decision.goes_to and bundle is not None and decision.pieces == bundle.quantity
    return t("answers.finished_now") if done else ""


def _parts(decision: Decision, t: Words) -> str:
    """« 2 à refaire. 1 reste ici. »: what becomes of the pieces that are not good."""
    said: Quantities = decision.quantities
    if said.whole:
        return ""
    waits_for_bundle = decision.reason == "scan_the_bundle"
    pieces = {
        "good": (said.good or 0) if waits_for_bundle else 0,
        "second": said.second,
        "rejected": said.rejected,
        "to_rework": said.to_rework,
        "left": 0 if waits_for_bundle else max(0, decision.before - said.total),
    }
    return " ".join(t(f"answers.part_{part}", count=count) for part, count in pieces.items() if count)


def _amount(decision: Decision, t: Words) -> dict[str, Any] | None:
    """« 18 sur 20 » and its bar, or « 20 → 18 » while it is asked; nothing for a whole bundle."""
    if not 0 <= decision.pieces < decision.before:
        return None
    name = "change" if decision.reason == "confirm_quantity" else "amount"
    text = t(f"answers.{name}", pieces=grouped_number(decision.pieces), of=grouped_number(decision.before))
    return {"text": text, "pieces": decision.pieces, "of": decision.before}


def _sent_on(decision: Decision) -> bool:
    counted_nothing = decision.answer == Answer.COUNTED and not decision.pieces
    return bool(decision.goes_to) and decision.reason != "undone" and not counted_nothing


def _choice(choice: Choice, reason: str, values: dict[str, Any], t: Words) -> dict[str, str]:
    own = f"answers.choice_{choice.value}_{reason}"
    label = t(own if t.has(own) else f"answers.choice_{choice.value}", **values)
    return {"choice": choice.value, "label": label, "picture": _CHOICE_PICTURES.get(choice, "counted")}


def _bundle(bundle: BundleCard, t: Words) -> dict[str, Any]:
    return {
        "code": bundle.code,
        "grouped": grouped(bundle.code),
        "title": t("answers.bundle_title", number=bundle.number, bundle_count=bundle.bundle_count),
        "number": bundle.number,
        "bundle_count": bundle.bundle_count,
        "order": bundle.order,
        "style": bundle.style,
        "size": bundle.size,
        "colour": bundle.colour,
        "shade": bundle.shade,
        "quantity": bundle.quantity,
    }

"""Every answer the core can give has words, a picture and a sound; none repeats what was read."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from floor_app import correcting, recounting, scanning
from floor_app.domain import scans, undoing
from floor_app.domain.codes import Found
from floor_app.domain.progress import BundleStatus
from floor_app.domain.scans import Answer, Choice, Decision, Quantities
from floor_app.scanning import ScanAnswer
from floor_app.store.bundles import BundleCard
from floor_app.texts import words
from floor_app.web.pictures import picture_names
from floor_app.web.telling import STEP_PICTURES, tell

MODULES = (scans, undoing, scanning, correcting, recounting)
# What an expression in the place of a reason can be. A new one makes the test below fail until it is listed.
COMPUTED = {
    "reading.found.value": {found.value for found in Found if found not in (Found.BUNDLE, Found.CARD)},
    "bundle.status.value": {status.value for status in BundleStatus if status != BundleStatus.OPEN},
    "f'card_{card.command.value}'": {"card_pause", "card_end_of_day", "card_practice", "card_language"},
    "_REASONS.get(event.type, event.type)": {"counted", "repaired", "undone", "help_called", "defect_found"},
    "reason": {"in_rework_elsewhere", "nothing_left"},
}
BUNDLE = BundleCard(
    "BCDFBBBBBCGGTN", 4, 10, "2026-0117", "Tablier", "Lille", "M", "Bleu marine", "A", "1", 1, 1, 20, 20, "open", 0
)
LONGEST_SENTENCE = 8  # words


def _reasons() -> Iterator[tuple[str, str]]:
    """(answer, reason) of every decision written in the core."""
    for module in MODULES:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call):
                yield from _reasons_of(node)


def _reasons_of(call: ast.Call) -> Iterator[tuple[str, str]]:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    written = [keyword.value for keyword in call.keywords if keyword.arg == "reason" and name == "replace"]
    answer = "counted"
    if name in ("Decision", "_elsewhere") and len(call.args) >= 2:
        written.append(call.args[1])
        answer = ast.unparse(call.args[0]).removeprefix("Answer.").lower()
    for expression in written:
        for reason in _values(expression):
            if name != "Decision" or answer != "answer":  # `_elsewhere` hands its own arguments on
                yield _answer(answer, reason), reason


def _values(expression: ast.expr) -> set[str]:
    if isinstance(expression, ast.Constant):
        return {str(expression.value)}
    source = ast.unparse(expression)
    assert source in COMPUTED, f"a decision's reason is computed as {source}: list what it can be"
    return COMPUTED[source]


def _answer(written: str, reason: str) -> str:
    if reason in ("cancelled", "in_transit"):
        return "stop"
    return written if written in list(Answer) else "look"


REASONS = sorted(set(_reasons()))


@pytest.fixture(autouse=True)
def in_a_request(app: Flask) -> Iterator[None]:
    with app.test_request_context("/station/sew-1"):
        yield


def _told(answer: str, reason: str, *, full: bool) -> dict[str, object]:
    if not full:
        return tell(ScanAnswer(Decision(Answer(answer), reason)), words())
    decision = Decision(
        Answer(answer),
        reason,
        choices=(Choice.CONFIRM, Choice.NO),
        goes_to="sew",
        operation="cut",
        pieces=18,
        before=20,
        quantities=Quantities(18, to_rework=1),
        at_ms=1_760_000_000_000,
    )
    return tell(ScanAnswer(decision, 7, "step_done", BUNDLE), words())


def test_the_core_gives_the_answers_this_test_was_written_for() -> None:
    assert {answer for answer, _ in REASONS} == {answer.value for answer in Answer}
    assert len(REASONS) > 40


@pytest.mark.parametrize(("answer", "reason"), REASONS)
@pytest.mark.parametrize("full", [True, False])
def test_every_answer_has_words_a_picture_and_a_sound(answer: str, reason: str, full: bool) -> None:
    told = _told(answer, reason, full=full)
    assert words().has(f"answers.{reason}_title"), f"no words for {reason}"
    assert told["title"] and told["message"] and "{" not in f"{told['title']}{told['message']}{told['cure']}"
    assert told["look"] in ("counted", "already_done", "look", "stop") and told["sound"] == told["look"]
    assert told["picture"] in picture_names()


@pytest.mark.parametrize(("answer", "reason"), REASONS)
def test_every_sentence_is_short_and_plain(answer: str, reason: str) -> None:
    told = _told(answer, reason, full=True)
    said = [told["title"], told["message"], told["cure"], told["goes_to_line"]]
    labels = [choice["label"] for choice in told["choices"]]  # type: ignore[attr-defined]  # read back from JSON
    for sentence in re.split(r"(?<=[.?!])\s", " ".join(filter(None, [*map(str, said), *labels]))):
        plain = [word for word in sentence.replace("\u202f", " ").replace("\u00a0", " ").split() if word[0].isalnum()]
        assert len(plain) <= LONGEST_SENTENCE or "Va à" in sentence, sentence
        assert "%" not in sentence
        assert not re.search(r"\b[A-Z]{2,}\b", sentence), sentence


@pytest.mark.parametrize("choice", list(Choice))
def test_every_choice_has_a_label_and_a_picture(choice: Choice) -> None:
    told = tell(ScanAnswer(Decision(Answer.LOOK, "rest", choices=(choice,), pieces=8)), words())
    assert told["choices"][0]["label"]
    assert told["choices"][0]["picture"] in picture_names()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer.COUNTED, ("counted", "C’est bon.")),
        (Answer.ALREADY_DONE, ("already_done", "Déjà fait.")),
        (Answer.LOOK, ("look", "Regardez.")),
        (Answer.STOP, ("stop", "Stop.")),
        (Answer.UNKNOWN, ("stop", "Stop.")),
        (Answer.NOT_A_LABEL, ("look", "Regardez.")),
    ],
)
def test_the_answers_look_as_the_product_says(answer: Answer, expected: tuple[str, str]) -> None:
    reason = {
        Answer.COUNTED: "counted",
        Answer.ALREADY_DONE: "already_done",
        Answer.LOOK: "rest",
        Answer.STOP: "not_done_here",
        Answer.UNKNOWN: "unknown_bundle",
        Answer.NOT_A_LABEL: "product_code",
    }[answer]
    told = tell(ScanAnswer(Decision(answer, reason, pieces=20)), words())
    assert (told["look"], told["title"]) == expected


def test_a_reason_of_a_later_version_asks_for_help_instead_of_failing() -> None:
    told = tell(ScanAnswer(Decision(Answer.COUNTED, "weighed")), words())
    assert (told["look"], told["title"], told["message"]) == ("look", "Regardez.", "Appelez le moniteur.")


@pytest.mark.parametrize(
    ("decision", "field", "expected"),
    [
        (Decision(Answer.COUNTED, "counted", pieces=20, before=20), "message", "20 pièces comptées."),
        (Decision(Answer.COUNTED, "counted", pieces=1, before=1), "message", "1 pièce comptée."),
        (Decision(Answer.COUNTED, "counted", pieces=20, before=20), "cure", "Le paquet est fini."),
        (
            Decision(Answer.COUNTED, "counted", pieces=20, before=20, goes_to="sew"),
            "goes_to_line",
            "Va à\u00a0: Coudre",
        ),
        (Decision(Answer.COUNTED, "counted", pieces=18, before=20), "amount", "18 sur 20"),
        (Decision(Answer.LOOK, "confirm_quantity", pieces=18, before=20), "amount", "20 → 18"),
        (Decision(Answer.STOP, "not_done_here", goes_to="sew"), "message", "Ce paquet va à\u00a0: Coudre."),
        (Decision(Answer.LOOK, "too_many", pieces=25, before=20), "message", "Ce paquet n’a que 20 pièces."),
        (
            Decision(Answer.COUNTED, "counted", pieces=15, before=20, quantities=Quantities(15, 0, 1, 2)),
            "cure",
            "1 mise de côté. 2 à refaire. 2 restent ici.",
        ),
    ],
)
def test_numbers_and_places_are_said_in_words(decision: Decision, field: str, expected: str) -> None:
    told = tell(ScanAnswer(decision, 1, "step_done", BUNDLE), words())[field]
    assert (told["text"] if isinstance(told, dict) else told) == expected


def test_already_done_says_when(app: Flask) -> None:
    clock = app.extensions["atelier"].clock
    now_ms = clock.now_ms()
    today = tell(ScanAnswer(Decision(Answer.ALREADY_DONE, "already_done", at_ms=now_ms)), words())
    assert today["message"] == f"Déjà compté à {clock.local(now_ms).hour} h {clock.local(now_ms):%M}."
    long_ago = tell(ScanAnswer(Decision(Answer.ALREADY_DONE, "already_done", at_ms=1_760_000_000_000)), words())
    assert long_ago["message"] == "Déjà compté le 09/10."


def test_every_picture_a_screen_can_name_exists() -> None:
    root = Path(inspect.getfile(tell)).parent
    named = set(STEP_PICTURES) | {"step", "sound_off", "sound_low", "sound_high"}
    for source in [*root.glob("templates/station/*.html"), *root.glob("static/station*.js")]:
        text = source.read_text(encoding="utf-8")
        named |= {one or other for one, other in re.findall(r'picture\("([a-z_]+)"\)|#picture-([a-z_]+)"', text)}
    assert named <= set(picture_names())

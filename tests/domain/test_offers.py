"""Shares of the network's orders, as rules: where one stands, what a change does to a running order, what becomes an order at all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import schemas
from floor_app.domain.offers import (
    Answer,
    LineHere,
    OfferState,
    differs,
    field_changes,
    fingerprint,
    good_promise,
    order_of,
    read_offer,
    revised_lines,
    routing_of,
    standing,
    taken_back_lines,
)
from floor_app.domain.orders import OrderLine
from tests.network import a_share

STEPS = [
    {"code": "cut", "section": "cut", "after": []},
    {"code": "sew", "section": "sew", "after": ["cut"], "title": "Montage", "sam_minutes": "4.5", "picture": "x.png"},
]
pieces = st.integers(1, 400)
sizes = st.sampled_from(["S", "M", "L", "XL"])
asked = st.dictionaries(sizes, pieces, min_size=1).map(
    lambda found: [OrderLine(one, "Bleu", n) for one, n in found.items()]
)
here = st.dictionaries(sizes, st.tuples(st.integers(0, 400), st.integers(0, 500), st.booleans()), min_size=1).map(
    lambda found: [LineHere(one, "Bleu", n, cut, used or cut > 0) for one, (n, cut, used) in found.items()]
)


def test_what_the_tests_offer_is_as_the_contract_says() -> None:
    assert not schemas.field_faults("Allocation", a_share(routing=STEPS, pictures=[{"name": "a", "sha256": "0" * 64}]))


@pytest.mark.parametrize(
    ("revision", "state", "answer", "answered", "has_order", "differs", "stands"),
    [
        (1, "proposed", None, 0, False, False, OfferState.OPEN),
        (1, "accepted", None, 0, False, False, OfferState.OPEN),  # the card is new: the order has to be made here again
        (1, "refused", None, 0, False, False, OfferState.REFUSED),  # likewise, but there is nothing to make
        (1, "proposed", Answer.ACCEPTED, 1, True, False, OfferState.ACCEPTED),
        (1, "accepted", Answer.ACCEPTED, 1, True, False, OfferState.ACCEPTED),
        (1, "accepted", Answer.ACCEPTED, 1, False, False, OfferState.OPEN),  # its import was taken back
        (1, "accepted", Answer.ACCEPTED, 1, True, True, OfferState.CHANGED),  # the order's client, say
        (2, "proposed", Answer.ACCEPTED, 1, True, False, OfferState.CHANGED),
        (2, "proposed", Answer.REFUSED, 2, True, True, OfferState.CHANGE_REFUSED),
        (3, "proposed", Answer.REFUSED, 2, True, True, OfferState.CHANGED),
        (1, "proposed", Answer.REFUSED, 1, False, False, OfferState.REFUSED),
        (2, "proposed", Answer.REFUSED, 1, False, False, OfferState.OPEN),
        (2, "withdrawn", Answer.ACCEPTED, 1, True, False, OfferState.TAKEN_BACK),
        (2, "withdrawn", Answer.NOTED, 2, True, False, OfferState.GONE),
        (4, "withdrawn", Answer.NOTED, 2, True, False, OfferState.TAKEN_BACK),
        (3, "proposed", Answer.NOTED, 2, True, False, OfferState.CHANGED),  # wanted again after all
        (2, "withdrawn", Answer.REFUSED, 1, False, False, OfferState.GONE),
        (2, "withdrawn", None, 0, False, False, OfferState.GONE),
    ],
)
def test_where_an_offer_stands(
    revision: int, state: str, answer: Answer | None, answered: int, has_order: bool, differs: bool, stands: OfferState
) -> None:
    offer = read_offer(a_share(revision=revision, state=state))
    found = standing(offer, answer=answer, answered_revision=answered, has_order=has_order, differs=differs)
    assert found == stands


@pytest.mark.parametrize(
    ("line", "said", "after"),
    [
        (LineHere("S", "Bleu", 60), 80, 80),
        (LineHere("S", "Bleu", 60), 40, 40),
        (LineHere("S", "Bleu", 60), 60, 60),
        (LineHere("S", "Bleu", 60), None, None),
        (LineHere("S", "Bleu", 60, cut=30, used=True), 40, 40),
        (LineHere("S", "Bleu", 60, cut=30, used=True), 20, 30),
        (LineHere("S", "Bleu", 60, cut=30, used=True), None, 30),
        (
            LineHere("S", "Bleu", 60, cut=64, used=True),
            60,
            60,
        ),  # cut beyond the order already: the order grows no more by it
        (LineHere("S", "Bleu", 60, cut=64, used=True), 50, 60),
        (LineHere("S", "Bleu", 60, cut=64, used=True), 70, 70),
        (
            LineHere("S", "Bleu", 60, cut=0, used=True),
            None,
            0,
        ),  # its lay was taken back; its labels still name the line
        (LineHere("S", "Bleu", 0, cut=0, used=True), None, 0),  # came with a delivery note
        (LineHere("s", "BLEU", 60), 70, 70),
    ],
)
def test_what_becomes_of_a_line(line: LineHere, said: int | None, after: int | None) -> None:
    wanted = [] if said is None else [OrderLine("S", "Bleu", said)]
    (revised,) = revised_lines([line], wanted)
    assert (revised.size, revised.colour, revised.before, revised.after) == (
        line.size,
        line.colour,
        line.quantity,
        after,
    )
    assert revised.held_by_cut == (after is not None and after > (said or 0))


def test_a_line_nobody_had_is_added_at_the_end() -> None:
    lines = revised_lines([LineHere("S", "Bleu", 60)], [OrderLine("XS", "Bleu", 5), OrderLine("S", "Bleu", 60)])
    assert [(line.size, line.before, line.after) for line in lines] == [("S", 60, 60), ("XS", None, 5)]


@given(here, asked)
def test_no_change_takes_what_is_cut_and_used_lines_stay(lines: list[LineHere], said: list[OrderLine]) -> None:
    after = {line.size: line.after for line in revised_lines(lines, said)}
    wanted = {line.size: line.quantity for line in said}
    for line in lines:
        left = after[line.size]
        assert left is not None or not line.used
        assert left is None or left >= min(line.cut, line.quantity)
        assert left is None or left in (wanted.get(line.size), min(line.cut, line.quantity))
    assert wanted.keys() <= after.keys()


@given(here, asked)
def test_a_change_applied_twice_changes_nothing_more(lines: list[LineHere], said: list[OrderLine]) -> None:
    cut = {line.size: line for line in lines}
    once = [
        LineHere(
            one.size,
            one.colour,
            one.after,
            cut[one.size].cut if one.size in cut else 0,
            one.size in cut and cut[one.size].used,
        )
        for one in revised_lines(lines, said)
        if one.after is not None
    ]
    assert [line.after for line in revised_lines(once, said)] == [line.quantity for line in once]


def test_taken_back_an_order_keeps_what_is_cut_and_one_not_begun_keeps_its_lines() -> None:
    begun = [LineHere("S", "Bleu", 60, 30, True), LineHere("M", "Bleu", 60)]
    assert [line.after for line in taken_back_lines(begun)] == [30, None]
    assert taken_back_lines([LineHere("S", "Bleu", 60)]) == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"lines": []},
        {"lines": [("S", "Bleu", 5), ("s", "BLEU", 6)]},
        {"lines": [("", "Bleu", 5)]},
        {"lines": [("S", "Bleu", 5), ("M", "", 6)]},
        {"order": "X" * 41},
        {"order": "deux  blancs"},
    ],
)
def test_what_cannot_be_an_order_is_none(changed: dict[str, Any]) -> None:
    said = a_share(**changed)
    assert not schemas.field_faults("Allocation", said)
    assert order_of(read_offer(said)) is None


def test_a_share_becomes_an_order_of_its_lines() -> None:
    order = order_of(read_offer(a_share(client="  Ville \u202e de Lille " + "x" * 90)))
    assert order is not None
    assert (order.code, order.pieces, str(order.due)) == ("R-2026-7", 240, "2027-03-12")
    assert order.client.startswith("Ville de Lille") and len(order.client) == 80


@pytest.mark.parametrize(
    ("steps", "usable"),
    [
        ([], False),
        (STEPS, True),
        (STEPS[1:], False),
        ([*STEPS, {"code": "iron", "section": "finish", "after": []}], False),
    ],
)
def test_a_routing_is_used_only_where_its_steps_follow_each_other(steps: list[dict[str, Any]], usable: bool) -> None:
    assert (routing_of(read_offer(a_share(routing=steps))) is not None) == usable


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({}, []),
        ({"revision": 2, "state": "accepted", "order_pieces": 1}, []),
        ({"due": "2027-04-01"}, ["due"]),
        ({"note": "plus vite", "client": "Ville"}, ["client", "note"]),
        ({"routing": STEPS}, ["routing"]),
        ({"pictures": [{"name": "dos", "sha256": "0" * 64}]}, ["pictures"]),
    ],
)
def test_a_change_is_told_field_by_field(changed: dict[str, Any], names: list[str]) -> None:
    before, now = read_offer(a_share()), read_offer(a_share(**changed))
    assert [change.name for change in field_changes(before, now)] == names
    assert differs(before, now) == bool(names)


def test_steps_that_only_take_longer_are_a_change_too() -> None:
    longer = [STEPS[0], {**STEPS[1], "sam_minutes": "5"}]
    (change,) = field_changes(read_offer(a_share(routing=STEPS)), read_offer(a_share(routing=longer)))
    assert (change.name, change.before, change.after) == ("routing_details", "", "cut → Montage")


def test_another_picture_of_a_step_is_told_as_a_picture() -> None:
    shown = [{"name": "dos", "sha256": "0" * 64}]
    pictured = [STEPS[0], {**STEPS[1], "picture": "dos"}]
    before, now = read_offer(a_share(routing=STEPS)), read_offer(a_share(routing=pictured, pictures=shown))
    assert now.routing[1].picture == "0" * 20
    assert [change.name for change in field_changes(before, now)] == ["pictures"]


def test_the_centres_echo_of_an_answer_looks_the_same_and_a_new_revision_does_not() -> None:
    shown = fingerprint(read_offer(a_share()))
    assert shown == fingerprint(read_offer(a_share(state="accepted")))
    assert shown != fingerprint(read_offer(a_share(revision=2)))
    assert shown != fingerprint(read_offer(a_share(client="Ville")))


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("", True),
        ("2026-11-26", True),
        ("2027-01-15", True),
        ("2026-11-25", False),
        ("2100-01-01", False),
        ("20270115", False),
        ("2027-02-30", False),
        ("demain", False),
    ],
)
def test_a_day_is_promised_from_today_on(text: str, good: bool) -> None:
    assert good_promise(text, today="2026-11-26") == good

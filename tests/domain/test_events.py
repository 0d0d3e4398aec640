"""Events are kept as JSON for ever: what was written is what is read, also by a later version."""

import json
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from floor_app.domain import events
from floor_app.domain.events import EVENTS, Event, from_body, to_body

CODE = "BCDFGHJKLNPRST"
EXAMPLES: list[Event] = [
    events.OrderImported(
        "i1", "OF-7", (("S", "Marine", 30), ("6 ans", "Écru", 12)), 3, client="Ville de Lyon", due="2025-03-14"
    ),
    events.OrderImported("i1", "OF-8", (), 3),
    events.ImportUndone("i1"),
    events.RoutingSet(
        "Masque", 2, ({"code": "cut", "after": []}, {"code": "sew", "after": ["cut"], "sam_minutes": "1.25"})
    ),
    events.LayCut("OF-7", 1, "Marine", (("S", 1),), ((30, "A", "R1"),), ((CODE, 1, "S", "A", "R1", 1, 30, 30),)),
    events.LayUndone("OF-7", 1, "mauvaise laize"),
    events.StepDone(CODE, "sew", good=17, to_rework=3),
    events.StepDone(CODE, "sew", good=20, replaces_presumed=12, replaces_skipped=8),
    events.StepPresumed(CODE, "cut", 20),
    events.StepSkipped(CODE, "cut", 20),
    events.ReworkDone(CODE, "sew", good=2, rejected=1),
    events.PiecesDeclaredMissing(CODE, "sew", 1, "perdue"),
    events.CountUndone((9, 8), "mauvais paquet"),
    events.DefectFound(CODE, "sew", 4),
    events.HelpCalled(),
    events.HelpAnswered(),
    events.LabelReprinted(CODE, 2),
    events.BundlesSent("L-BCDFGH", "LYON-2", "ESAT de Lyon", "OF-7", ((CODE, 18, (("cut", 18), ("sew", 12))),)),
    events.TransferCancelled("L-BCDFGH", "camion en panne"),
    events.BundlesReceived(
        *("L-BCDFGH", "LYON-2", "ESAT de Lyon", "OF-7", "OF-7 LYON-2", ({"code": "cut", "after": []},)),
        ((CODE, 1, 10, "S", "Écru", "A", "R1", 2, 1, 20, 20, 18, 17, (("cut", 18),)),),
        style="Masque",
    ),
    events.ReceiptUndone("L-BCDFGH", "mauvais bon"),
    events.DiscrepancySettled("L-BCDFGH", "sous la bâche", ((CODE, 1),)),
    events.TransferConfirmed("L-BCDFGH", 17, "receipt", ((CODE, 17),), 77),
]


def stored(event: Event) -> Event:
    return from_body(event.type, json.loads(json.dumps(to_body(event))))


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.type)
def test_what_is_written_in_the_log_is_read_back_unchanged(event: Event) -> None:
    assert stored(event) == event
    assert type(stored(event)) is type(event)


def filled(kind: type[Event]) -> Event:
    """An event with something in each of its fields, so far as a field is a number or a text."""
    values: dict[Any, Any] = {int: 7, str: "écru"}
    return kind(**{one.name: values.get(one.type, ()) for one in fields(kind)})


@pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS)
def test_no_field_of_any_event_is_lost_on_the_way(kind: type[Event]) -> None:
    assert stored(filled(kind)) == filled(kind)


def test_every_kind_of_event_has_a_name_of_its_own() -> None:
    assert all(kind.type == name for name, kind in EVENTS.items())
    kinds = {kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, Event)}
    assert set(EVENTS.values()) == kinds - {Event}


def test_what_is_as_usual_is_left_out_of_the_row() -> None:
    assert to_body(events.StepDone(CODE, "sew", good=20)) == {"bundle": CODE, "operation": "sew", "good": 20}
    assert to_body(events.HelpCalled()) == {}


def test_what_has_no_usual_value_is_written_even_when_it_is_nothing() -> None:
    assert to_body(events.StepPresumed(CODE, "", 0)) == {"bundle": CODE, "operation": "", "pieces": 0}


def test_a_row_of_an_older_version_takes_the_usual_values() -> None:
    assert from_body("step_done", {"bundle": CODE, "operation": "sew"}) == events.StepDone(CODE, "sew")


def test_a_row_of_a_newer_version_is_read_without_what_is_unknown() -> None:
    body = {"bundle": CODE, "operation": "sew", "good": 4, "humidity": 40}
    assert from_body("step_done", body) == events.StepDone(CODE, "sew", good=4)


def test_a_row_that_lacks_what_it_cannot_lack_is_an_error() -> None:
    with pytest.raises(TypeError):
        from_body("step_done", {"bundle": CODE})
    with pytest.raises(KeyError):
        from_body("step_dreamt", {})


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda event: event.type)
def test_nothing_in_an_event_can_be_changed_afterwards(event: Event) -> None:
    for one in fields(event):
        with pytest.raises(FrozenInstanceError):
            setattr(event, one.name, None)
    read = stored(event)
    assert not any(isinstance(getattr(read, one.name), list) for one in fields(read))


def test_no_event_names_a_person() -> None:
    names = {one.name for kind in EVENTS.values() for one in fields(kind)}
    assert names.isdisjoint({"person", "operator", "user", "badge", "name", "session", "login"})

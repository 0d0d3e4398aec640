"""The supervisor's routings: the steps of each style."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from floor_app.atelier import Atelier
from floor_app.domain.routings import MissingSteps, Operation, Policy, Routing, Section
from floor_app.setting_routings import set_routing
from floor_app.store import events, routings
from floor_app.texts import words
from floor_app.web.routing_form import code_of, minutes_words
from tests.pages import form_to, send, text_of

t = words("fr")
EDIT = "/routings/edit"


def standing(atelier: Atelier, style: str = "Tablier") -> tuple[int, Routing]:
    with atelier.reading() as db:
        routing_id, version = routings.newest_for_style(db, style)
        return version, routings.routing(db, routing_id)


def edit_page(supervisor: FlaskClient, style: str = "Tablier") -> str:
    return text_of(supervisor.get(EDIT, query_string={"style": style}))


def row(
    place: int, title: str, *, section: str = "sew", after: str = "", sam: str = "", code: str = ""
) -> dict[str, str]:
    return {
        f"title-{place}": title,
        f"section-{place}": section,
        f"after-{place}": after,
        f"sam-{place}": sam,
        f"code-{place}": code,
    }


NO_ROWS = {name: value for place in range(6) for name, value in row(place, "").items()}


@pytest.mark.parametrize("path", ["/routings", EDIT])
def test_routings_are_for_supervisors_only(
    client: FlaskClient, station_client: Callable[[str], FlaskClient], path: str
) -> None:
    assert "/sign-in" in client.get(path).headers["Location"]
    assert station_client("cut-1").get(path).status_code == 403


def test_every_style_of_an_order_is_listed_with_its_steps(supervisor: FlaskClient, order: Callable[..., str]) -> None:
    assert t("routings.none_next") in text_of(supervisor.get("/routings"))
    order()
    page = text_of(supervisor.get("/routings"))
    assert "Tablier" in page
    assert "Coupe → Couture → Finition" in page
    assert t("routings.usual") in page


def test_the_usual_routing_is_where_a_new_one_starts(supervisor: FlaskClient) -> None:
    values = form_to(edit_page(supervisor), EDIT).values
    assert [values[f"code-{place}"] for place in range(4)] == ["cut", "sew", "finish", ""]
    assert t("routings.keeps") in edit_page(supervisor)


def test_steps_saved_are_a_new_version_with_decimal_minutes(supervisor: FlaskClient, atelier: Atelier) -> None:
    typed = (
        row(0, "Coupe", section="cut", code="cut", sam="0,5")
        | row(1, "Piquer les côtés", sam="1,25")
        | row(2, "Monter l’œillet", after="cut", sam="2")
        | row(3, "Finition", section="finish", code="finish", after="Piquer les côtés, monter-l-oeillet", sam="0.75")
    )
    answer = send(supervisor, edit_page(supervisor), EDIT, **typed)
    assert t("routings.saved", style="Tablier", version=1) in text_of(answer)
    assert "4,50" in text_of(answer)
    assert t("routings.min_s", minutes=4, seconds=30) in text_of(answer)
    version, routing = standing(atelier)
    assert version == 1
    assert routing.operations == (
        Operation("cut", Section.CUT, sam_minutes=Decimal("0.5")),
        Operation("piquer-les-cotes", Section.SEW, ("cut",), title="Piquer les côtés", sam_minutes=Decimal("1.25")),
        Operation("monter-l-oeillet", Section.SEW, ("cut",), title="Monter l’œillet", sam_minutes=Decimal(2)),
        Operation("finish", Section.FINISH, ("piquer-les-cotes", "monter-l-oeillet"), sam_minutes=Decimal("0.75")),
    )


def test_a_routing_opened_and_saved_as_it_is_changes_nothing(supervisor: FlaskClient, atelier: Atelier) -> None:
    steps = (
        Operation("a", Section.CUT, title="A"),
        Operation("b", Section.SEW, (), title="B", sam_minutes=Decimal("1.25"), picture="b.svg"),
        Operation("finish", Section.FINISH, ("a", "b"), policy=Policy(MissingSteps.FILL, 2)),
    )
    atelier.run(set_routing, "Tablier", steps, event_id="routing-1", moment=atelier.clock.moment())
    answer = send(supervisor, edit_page(supervisor), EDIT)
    assert t("routings.unchanged", style="Tablier", version=1) in text_of(answer)
    assert standing(atelier)[1].operations == steps


def test_a_form_sent_twice_makes_one_version(supervisor: FlaskClient, atelier: Atelier) -> None:
    page = edit_page(supervisor)
    for _ in range(2):
        send(supervisor, page, EDIT, **row(1, "Piquer"))
    assert standing(atelier)[0] == 1


@pytest.mark.parametrize(
    ("typed", "fault", "step", "value"),
    [
        ({}, "no_operation", "", ""),
        (row(0, "!!!"), "bad_code", "–", ""),
        (row(0, "Piquer", code="à coudre"), "bad_code", "à coudre", "à coudre"),
        (row(0, "Piquer") | row(1, "Piquer"), "code_twice", "piquer", ""),
        (row(0, "Piquer", after="rien"), "unknown_step", "piquer", "rien"),
        (row(0, "Piquer", after="ourler") | row(1, "Ourler", after="début"), "loop", "piquer", "ourler"),
        (row(0, "Piquer") | row(1, "Ourler", after="début"), "two_last_steps", "", "piquer, ourler"),
        (row(0, "Piquer", sam="1 min 15"), "bad_sam", "Piquer", "1 min 15"),
        (row(0, "Piquer", sam="-1"), "bad_sam", "Piquer", "-1"),
        (row(0, "Piquer", sam="NaN"), "bad_sam", "Piquer", "NaN"),
        (row(0, "Piquer", sam="0"), "bad_sam", "piquer", "0"),
        (row(0, "Piquer", sam="1001"), "bad_sam", "piquer", "1001"),
    ],
)
def test_what_cannot_work_is_said_in_words_and_what_was_typed_stays(
    supervisor: FlaskClient, atelier: Atelier, typed: dict[str, str], fault: str, step: str, value: str
) -> None:
    answer = send(supervisor, edit_page(supervisor), EDIT, **(NO_ROWS | typed))
    assert answer.status_code == 422
    assert t(f"routings.fault_{fault}", step=step, value=value) in text_of(answer)
    kept = form_to(text_of(answer), EDIT).values
    assert all(kept[name] == text for name, text in typed.items())
    with atelier.reading() as db:
        assert events.last_seq(db) == 0


def test_every_fault_is_said_at_once(supervisor: FlaskClient) -> None:
    typed = row(0, "Piquer", sam="1 min") | row(1, "Ourler", after="rien")
    page = text_of(send(supervisor, edit_page(supervisor), EDIT, **(NO_ROWS | typed)))
    assert t("routings.fault_bad_sam", step="Piquer", value="1 min") in page
    assert t("routings.fault_unknown_step", step="ourler", value="rien") in page


def test_a_routing_needs_a_style(supervisor: FlaskClient) -> None:
    answer = send(supervisor, edit_page(supervisor, ""), EDIT, style=" ")
    assert t("routings.fault_no_style") in text_of(answer)


def test_more_rows_can_be_added_without_losing_what_was_typed(supervisor: FlaskClient) -> None:
    page = text_of(send(supervisor, edit_page(supervisor), EDIT, **row(5, "Repasser"), more="1"))
    values = form_to(page, EDIT).values
    assert values["title-5"] == "Repasser"
    assert "title-8" in values


def test_a_step_no_station_does_is_said(supervisor: FlaskClient, atelier: Atelier, order: Callable[..., str]) -> None:
    order()
    nowhere = words("fr")("routings.nowhere", steps="Finition")
    assert nowhere not in text_of(supervisor.get("/routings"))
    without = tuple(station for station in atelier.config.stations if station.operation != "finish")
    supervisor.application.extensions["atelier"] = replace(atelier, config=replace(atelier.config, stations=without))
    assert nowhere in text_of(supervisor.get("/routings"))


@pytest.mark.parametrize(
    ("minutes", "said"),
    [("1.25", "1 min 15 s"), ("0.5", "0 min 30 s"), ("10", "10 min 00 s"), ("0.999", "1 min 00 s")],
)
def test_decimal_minutes_are_also_said_in_minutes_and_seconds(minutes: str, said: str) -> None:
    assert minutes_words(Decimal(minutes), t).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Piquer les côtés", "piquer-les-cotes"),
        ("ŒILLETS (x2)", "oeillets-x2"),
        ("Surjeter l’emmanchure et le col rond", "surjeter-l-emmanchure-et"),
        ("!!!", ""),
    ],
)
def test_a_step_gets_its_code_from_its_name(title: str, code: str) -> None:
    assert code_of(title) == code

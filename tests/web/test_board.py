"""The board: its figures are those of a day counted by hand; nothing is hidden; nobody sees it who may not."""

import json
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from floor_app import access
from floor_app.atelier import Atelier, open_atelier
from floor_app.config import parse_config
from floor_app.domain.events import OrderClosed
from floor_app.domain.orders import Order, OrderLine
from floor_app.domain.scans import Answer, Choice, Quantities
from floor_app.importing import import_orders
from floor_app.scanning import Scan
from floor_app.store import network_identity, projections
from floor_app.store.bundles import BundleCard
from floor_app.web.board_figures import BoardFigures, board_now, load_figures
from floor_app.web.board_wall import MOST_ORDERS, MOST_ORDERS_BELOW_A_BAND, TURN_MS, wall
from floor_app.web.kept import Kept
from floor_app.web.pace import Pace
from floor_app.web.roles import DEVICE_COOKIE
from floor_app.web.tiles import TILES, devices
from floor_app.web.tiles.steps import Step
from tests.network import an_identity
from tests.pages import text_of
from tests.waiting import wait_until

STATIONS = {"cut": "cut-1", "sew": "sew-1", "finish": "finish-1"}
NO_BREAK = "\u00a0"
Cut = Callable[..., tuple[BundleCard, ...]]


@pytest.fixture
def wall_screen(app: Flask, atelier: Atelier) -> FlaskClient:
    """A paired television."""
    token = access.new_secret()
    atelier.run(access.give_token, token, kind="board", subject="", at_ms=atelier.clock.now_ms())
    screen = app.test_client()
    screen.set_cookie(DEVICE_COOKIE, token)
    return screen


def scan(
    atelier: Atelier, code: str, step: str, *, said: Quantities | None = None, choice: Choice | None = None
) -> Answer:
    reading = Scan(f"{code}-{step}-{choice}", code, STATIONS[step], step, said or Quantities(), choice)
    return atelier.take_scan(reading).decision.answer


def live_a_day(atelier: Atelier, made: tuple[BundleCard, ...]) -> None:
    """Ten bundles of 15, 20 and 15 pieces: five cut, one sewn with losses, one finished; one sewing presumed, one undone."""
    for bundle in made[:5]:
        assert scan(atelier, bundle.code, "cut") == Answer.COUNTED
    losses = Quantities(second=1, rejected=2, to_rework=3)
    assert scan(atelier, made[0].code, "sew", said=losses, choice=Choice.CONFIRM) == Answer.COUNTED  # 15: 9 good
    assert scan(atelier, made[0].code, "finish") == Answer.COUNTED
    assert scan(atelier, made[2].code, "finish") == Answer.LOOK
    assert scan(atelier, made[2].code, "finish", choice=Choice.COUNT_ANYWAY) == Answer.COUNTED  # 20, sewing presumed
    assert scan(atelier, made[3].code, "sew") == Answer.COUNTED
    atelier.take_undo(Scan("undo-the-sewing", "", "sew-1", "sew"))


def fragment(client: FlaskClient, query: str = "") -> str:
    page = client.get(f"/board/now{query}")
    assert page.status_code == 200
    return page.get_data(as_text=True)


def seen(html: str) -> str:
    found = re.search(r'hx-get="/board/now\?[^"]*?seen=([^"&]+)"', html)
    assert found
    return found[1]


def corrupt(atelier: Atelier, statement: str) -> None:
    """By hand, as a fault of ours or of the card would."""
    atelier.run(lambda db: db.conn.execute(statement))


def test_an_empty_floor_says_what_to_do_first(supervisor: FlaskClient) -> None:
    page = supervisor.get("/board").get_data(as_text=True)
    assert "Aucune commande pour l’instant" in page
    assert 'href="/orders/import"' in page
    assert "Aucun scan pour l’instant" in page


@pytest.mark.parametrize("tile", TILES)
def test_each_tile_loads_and_draws_on_an_empty_and_on_a_full_floor(
    tile: str, atelier: Atelier, supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    with atelier.reading() as db:
        empty = TILES[tile](db, atelier, at_ms=atelier.clock.now_ms())
    fragment(supervisor)
    live_a_day(atelier, bundles(order()))
    atelier.take_help_call(Scan("help-call-1", "", "sew-1", "sew"))
    atelier.run(network_identity.keep_identity, an_identity())
    with atelier.reading() as db:
        full = TILES[tile](db, atelier, at_ms=atelier.clock.now_ms())
    assert type(full) is type(empty)
    assert tile == "devices" or full != empty
    headings = {
        "help_calls": "Couture 1 appelle",
        "orders": "Aujourd’hui par commande",
        "steps": "Travail qui attend",
        "conservation": "Où sont les pièces",
        "hours": "Pièces finies par heure",
        "devices": "Machines",
        "network": "Réseau",
    }
    assert headings[tile] in fragment(supervisor)


def test_the_board_shows_the_figures_counted_by_hand(atelier: Atelier, order: Callable[..., str], bundles: Cut) -> None:
    live_a_day(atelier, bundles(order()))
    now = board_now(atelier)
    assert json.loads(json.dumps(now)) == now
    assert now["day"] == atelier.clock.today()
    assert [
        {key: found[key] for key in ("order", "planned", "cut", "finished", "left", "today")} for found in now["orders"]
    ] == [{"order": "2026-0117", "planned": 240, "cut": 180, "finished": 29, "left": 211, "today": 29}]
    waiting = {step["operation"]: (step["bundles"], step["pieces"]) for step in now["steps"]}
    assert waiting == {"cut": (5, 90), "sew": (3, 55), "finish": (0, 0)}
    law = {line["size"]: line for line in now["conservation"]}
    assert [law["S"][fate] for fate in ("cut", "finished_good", "second", "rejected", "in_rework", "in_progress")] == [
        30, 9, 1, 2, 3, 15,
    ]  # fmt: skip
    assert [law["M"][fate] for fate in ("cut", "finished_good", "in_progress", "gap")] == [60, 20, 40, 0]
    assert all(line["gap"] == 0 for line in now["conservation"])


def test_page_and_machines_are_told_the_same(
    atelier: Atelier, supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    live_a_day(atelier, bundles(order()))
    html = fragment(supervisor)
    (shown,) = board_now(atelier)["orders"]
    cells = dict(re.findall(r'data-label="([^"]+)"><a [^>]+><b>([^<]+)</b>', html))
    assert cells == {
        name: str(shown[key])
        for name, key in (("Fini", "finished"), ("Reste", "left"), ("Aujourd’hui", "today"), ("Coupé", "cut"))
    }
    figures = load_figures(atelier).tiles
    assert figures["hours"].total == figures["orders"].today == shown["today"]


def test_a_second_look_answers_nothing_until_something_changed(
    atelier: Atelier, supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    made = bundles(order())
    version = seen(fragment(supervisor))
    again = supervisor.get(f"/board/now?seen={version}")
    if again.status_code == 200:  # the minute went by in between
        version = seen(again.get_data(as_text=True))
        again = supervisor.get(f"/board/now?seen={version}")
    assert (again.status_code, again.data) == (204, b"")
    scan(atelier, made[0].code, "cut")
    assert supervisor.get(f"/board/now?seen={version}").status_code == 200


def test_a_busy_floor_does_not_draw_its_board_for_every_scan(
    app: Flask, atelier: Atelier, supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    made = bundles(order())
    app.extensions["board"].pace.every_s = 3600.0
    before = supervisor.get("/board").data
    scan(atelier, made[0].code, "cut")
    assert supervisor.get("/board").data == before


def test_who_changed_something_sees_it_at_once(
    app: Flask, atelier: Atelier, supervisor: FlaskClient, csrf: Callable[[FlaskClient, str], str]
) -> None:
    app.extensions["board"].pace.every_s = 3600.0
    atelier.take_help_call(Scan("help-1", "", "sew-1", "sew"))
    page = text_of(supervisor.get("/board"))
    (call,) = re.findall(r'name="call" value="([^"]+)"', page)
    supervisor.post("/board/help", data={"csrf_token": csrf(supervisor, "/board"), "call": call})
    assert 'name="call"' not in text_of(supervisor.get("/board"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["a"], ["a"]),
        (["a", "b", "c"], ["a", "a", "a"]),
        (["a", "b", "hurry", "c", "d"], ["a", "a", "c", "c"]),
        (["hurry", "a", "hurry", "a", "b"], ["a", "a", "b"]),
    ],
)
def test_a_pace_holds_a_version_until_its_time_or_in_a_hurry(asked: list[str], said: list[str]) -> None:
    pace = Pace(3600.0)
    assert [pace.version(word) for word in asked if word != "hurry" or pace.hurry()] == said


def test_a_pace_follows_once_its_time_has_come() -> None:
    pace = Pace(0.05)
    pace.version("a")
    wait_until(lambda: pace.version("b") == "b", "the new version is said")


def test_a_device_that_changes_is_news_too(atelier: Atelier, supervisor: FlaskClient) -> None:
    version = seen(fragment(supervisor))
    atelier.devices.tell("printer", "zebra", "paper_out", at_ms=atelier.clock.now_ms())
    assert supervisor.get(f"/board/now?seen={version}").status_code == 200


def test_a_version_of_an_earlier_run_of_the_service_is_never_taken_for_this_one(
    app: Flask, supervisor: FlaskClient
) -> None:
    version = seen(fragment(supervisor))
    _, rest = version.split(".", 1)
    assert supervisor.get(f"/board/now?seen=000000.{rest}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/board", "/board/now", "/board/waiting/sew", "/board/order/2026-0117", "/board/hour/10"]
)
def test_strangers_and_stations_do_not_see_it(
    path: str, client: FlaskClient, station_client: Callable[[str], FlaskClient], order: Callable[..., str]
) -> None:
    order()
    stranger = client.get(path)
    assert stranger.status_code == 302
    assert "/sign-in" in stranger.headers["Location"]
    assert station_client("sew-1").get(path).status_code == 403


@pytest.mark.parametrize(
    "path", ["/board", "/board?tv=1", "/board/waiting/sew", "/board/order/2026-0117", "/board/hour/10"]
)
def test_a_wall_screen_sees_it_and_can_change_nothing(
    path: str,
    wall_screen: FlaskClient,
    order: Callable[..., str],
    bundles: Cut,
    csrf: Callable[[FlaskClient, str], str],
) -> None:
    bundles(order())
    page = wall_screen.get(path)
    assert page.status_code == 200
    assert "/bundles/" not in page.get_data(as_text=True)
    assert "J’y vais" not in page.get_data(as_text=True)
    token = csrf(wall_screen, "/board")
    assert wall_screen.post("/board/help", data={"csrf_token": token, "call": "sew-1@1"}).status_code == 403


def test_a_call_for_help_is_answered_once_and_leaves_the_board(
    atelier: Atelier, supervisor: FlaskClient, csrf: Callable[[FlaskClient, str], str]
) -> None:
    atelier.take_help_call(Scan("help-call-1", "", "sew-1", "sew"))
    call = re.search(r'name="call" value="([^"]+)"', fragment(supervisor))
    assert call
    form = {"csrf_token": csrf(supervisor, "/board"), "call": call[1]}
    answered = supervisor.post("/board/help", data=form)
    assert (answered.status_code, answered.headers["Location"]) == (303, "/board")
    assert "vous allez au poste Couture 1" in supervisor.get("/board").get_data(as_text=True)
    assert "appelle" not in fragment(supervisor)
    supervisor.post("/board/help", data=form)
    assert "déjà pris" in supervisor.get("/board").get_data(as_text=True)


def test_an_old_page_does_not_answer_a_new_call(
    atelier: Atelier, supervisor: FlaskClient, csrf: Callable[[FlaskClient, str], str]
) -> None:
    atelier.take_help_call(Scan("help-call-1", "", "sew-1", "sew"))
    form = {"csrf_token": csrf(supervisor, "/board"), "call": "sew-1@123"}
    supervisor.post("/board/help", data=form)
    assert "Couture 1 appelle" in fragment(supervisor)


def test_help_is_not_answered_without_the_pages_token(atelier: Atelier, supervisor: FlaskClient) -> None:
    atelier.take_help_call(Scan("help-call-1", "", "sew-1", "sew"))
    assert supervisor.post("/board/help", data={"call": "sew-1@1"}).status_code == 400
    assert "Couture 1 appelle" in fragment(supervisor)


def test_a_gap_in_the_progress_is_shown_with_the_very_bundle_behind_it(
    atelier: Atelier, supervisor: FlaskClient, wall_screen: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    made = bundles(order())
    corrupt(atelier, f"UPDATE bundle SET in_progress = in_progress - 2 WHERE code = '{made[4].code}'")
    html = fragment(supervisor)
    assert "Écart de 2 pièces." in html
    behind = re.findall(r'<a href="/bundles/(\w+)">', html.split('class="gap"')[1].split("</table>")[0])
    assert behind == [made[4].code]
    assert "Le compte n’est pas juste" in html
    assert f"Écart de pièces{NO_BREAK}: 2026-0117" in fragment(wall_screen, "?tv=1")
    assert [line["gap"] for line in board_now(atelier)["conservation"] if line["gap"]] == [2]


def test_a_gap_in_a_total_is_shown_with_all_bundles_of_the_line(
    atelier: Atelier, supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    made = bundles(order())
    live_a_day(atelier, made)
    corrupt(atelier, "UPDATE line_step SET good = good + 7 WHERE operation = 'finish' AND good = 9")
    html = fragment(supervisor)
    assert "Écart de 7 pièces." in html
    assert "c’est le total de cette ligne qui est faux" in html
    small = [bundle.code for bundle in made if bundle.size == "S"]
    assert re.findall(r'<a href="/bundles/(\w+)">', html.split('class="gap"')[1].split("</table>")[0]) == small
    assert "Écart de 7 pièces." in supervisor.get("/board/order/2026-0117").get_data(as_text=True)


def test_two_opposite_gaps_do_not_hide_each_other(
    atelier: Atelier, supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    bundles(order())
    corrupt(atelier, "UPDATE order_line SET pieces_cut = pieces_cut + 5 WHERE size = 'S'")
    corrupt(atelier, "UPDATE order_line SET pieces_cut = pieces_cut - 5 WHERE size = 'M'")
    assert fragment(supervisor).count("Écart de 5 pièces.") == 2


def imported(
    atelier: Atelier, code: str, *, days: int | None, client: str = "Ville de Lille", style: str = "Tablier"
) -> None:
    today = atelier.clock.local(atelier.clock.now_ms()).date()
    due = None if days is None else today + timedelta(days=days)
    found = Order(code, client, "", style, due, (OrderLine("S", "Bleu marine", 60),))
    atelier.run(import_orders, (found,), import_id=f"import-{code}", source="", moment=atelier.clock.moment())


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-1, "En retard de 1 jour<"),
        (-12, "En retard de 12 jours"),
        (0, "Pour aujourd’hui"),
        (1, "Pour demain"),
        (5, "Dans 5 jours"),
        (20, "Pour le "),
        (None, "Sans date"),
    ],
)
def test_an_order_says_how_urgent_it_is(days: int | None, said: str, atelier: Atelier, supervisor: FlaskClient) -> None:
    imported(atelier, "A", days=days)
    html = fragment(supervisor)
    assert said in html
    late = days is not None and days < 0
    assert ('<tr class="order late">' in html) == late
    assert ('<svg class="mark warn"' in html.split("Travail qui attend")[0]) == (days is not None and days <= 0)


def test_an_order_that_is_finished_or_closed_is_not_late(atelier: Atelier, supervisor: FlaskClient) -> None:
    imported(atelier, "A", days=-3)
    atelier.run(projections.record, OrderClosed("A"), event_id="close-1", moment=atelier.clock.moment())
    html = fragment(supervisor)
    assert "En retard" not in html
    assert "Toutes les commandes sont finies" in html


@pytest.mark.parametrize("query", ["", "?tv=1"])
def test_what_clients_and_styles_are_called_is_text_and_nothing_more(
    query: str, atelier: Atelier, supervisor: FlaskClient
) -> None:
    hostile = "<script>alert(1)</script>\"'&amp;{{7*7}}"
    imported(atelier, "A/../B <b>", days=3, client=hostile, style=hostile)
    html = fragment(supervisor, query)
    assert "<script>alert" not in html
    assert "<b>A" not in html.replace("<b>A/../B &lt;b&gt;", "")
    assert "{{7*7}}" in html
    link = re.search(r'id="order-1" href="([^"]+)"', html)
    if link:
        page = supervisor.get(link[1])
        assert page.status_code == 200
        assert "<script>alert" not in page.get_data(as_text=True)


def test_the_bottleneck_is_the_step_with_the_most_waiting_work(
    atelier: Atelier, supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    made = bundles(order())
    for bundle in made[:8]:
        scan(atelier, bundle.code, "cut")
    html = fragment(supervisor)
    assert html.count("Ça bloque ici") == 1
    card = html.split('class="step bottleneck"')[1].split("</li>")[0]
    assert "Couture" in card
    assert 'href="/board/waiting/sew"' in card


def test_every_waiting_figure_leads_to_its_bundles(
    atelier: Atelier, supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    made = bundles(order())
    live_a_day(atelier, made)
    page = supervisor.get("/board/waiting/sew").get_data(as_text=True)
    assert re.findall(r'href="/bundles/(\w+)"', page) == [
        made[1].code,
        made[4].code,
        made[3].code,
    ]  # undone: came back last
    assert "3 paquets, 55 pièces" in page
    assert "Rien n’attend" in supervisor.get("/board/waiting/finish").get_data(as_text=True)
    assert supervisor.get("/board/waiting/no-such-step").status_code == 404


@pytest.mark.parametrize(
    ("fate", "numbers"),
    [
        ("in_progress", [2, 4, 5, 6, 7, 8, 9, 10]),
        ("finished_good", [1, 3]),
        ("today", [1, 3]),
        ("second", [1]),
        ("rejected", [1]),
        ("in_rework", [1]),
        ("missing", []),
        ("cut", list(range(1, 11))),
        ("nonsense", [2, 4, 5, 6, 7, 8, 9, 10]),
    ],
)
def test_every_figure_of_an_order_leads_to_its_bundles(
    fate: str,
    numbers: list[int],
    atelier: Atelier,
    supervisor: FlaskClient,
    order: Callable[..., str],
    bundles: Cut,
) -> None:
    made = bundles(order())
    live_a_day(atelier, made)
    page = supervisor.get(f"/board/order/2026-0117?show={fate}").get_data(as_text=True)
    assert re.findall(r'href="/bundles/(\w+)"', page) == [made[number - 1].code for number in numbers]
    assert "dont 20 présumées" in page


def test_an_hour_leads_to_what_was_finished_in_it(
    atelier: Atelier, supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    made = bundles(order())
    live_a_day(atelier, made)
    (hour,) = [found for found in load_figures(atelier).tiles["hours"].hours if found.good]
    assert hour.good == 29
    page = supervisor.get(f"/board/hour/{hour.hour}").get_data(as_text=True)
    assert set(re.findall(r'href="/bundles/(\w+)"', page)) == {made[0].code, made[2].code}
    assert "Rien n’a été fini" in supervisor.get(f"/board/hour/{(hour.hour + 12) % 24}").get_data(as_text=True)


@pytest.mark.parametrize("path", ["/board/order/unknown", "/board/hour/24", "/board/waiting/" + "x" * 300])
def test_what_is_not_there_is_not_found(path: str, supervisor: FlaskClient) -> None:
    assert supervisor.get(path).status_code == 404


def test_the_wall_has_no_controls(
    atelier: Atelier, supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    live_a_day(atelier, bundles(order()))
    atelier.take_help_call(Scan("help-call-1", "", "sew-1", "sew"))
    page = supervisor.get("/board?tv=1").get_data(as_text=True)
    body = page.split("<body>")[1]
    assert not re.search(r"<(a|button|form|input|select|details)\b", body)
    assert "Couture 1" in body
    assert "cheffe" not in page
    assert "29" in body


def test_the_walls_orders_take_turns(atelier: Atelier) -> None:
    for number in range(12):
        imported(atelier, f"OF-{number:02d}", days=number)
    figures = load_figures(atelier)
    turns = [wall(figures, at_ms=turn * TURN_MS) for turn in range(4)]
    assert [len(turn.orders) for turn in turns] == [5, 5, 2, 5]
    assert [turn.page for turn in turns] == [1, 2, 3, 1]
    assert [order.code for turn in turns[:3] for order in turn.orders] == [f"OF-{number:02d}" for number in range(12)]
    assert wall(figures, at_ms=TURN_MS - 1) == turns[0]


def test_a_call_takes_the_room_of_an_order(atelier: Atelier) -> None:
    for number in range(12):
        imported(atelier, f"OF-{number:02d}", days=number)
    for station in ("cut-1", "sew-1", "sew-2", "finish-1"):
        atelier.take_help_call(Scan(f"help-{station}", "", station, "sew"))
    shown = wall(load_figures(atelier), at_ms=0)
    assert (len(shown.orders), len(shown.calls), shown.calls_more) == (MOST_ORDERS_BELOW_A_BAND, 3, 1)
    assert MOST_ORDERS_BELOW_A_BAND < MOST_ORDERS


def test_of_many_steps_the_wall_keeps_those_with_the_most_work_in_their_order(atelier: Atelier) -> None:
    figures = load_figures(atelier)
    pieces = {"a": 5, "b": 90, "c": 0, "d": 40, "e": 60}
    many = tuple(Step(code, "", pieces=count) for code, count in pieces.items())
    tiles = {**figures.tiles, "steps": type(figures.tiles["steps"])(many)}
    shown = wall(BoardFigures(figures.at_ms, figures.day, tiles), at_ms=0)
    assert ([step.operation for step in shown.steps], shown.steps_more) == (["b", "d", "e"], 2)


CONFIG_WITH_DEVICES = """
[atelier]
code = "ATL07"
name = "Atelier des Tilleuls"
site = "BCDF"
[[station]]
name = "sew-1"
operation = "sew"
title = "Couture 1"
scanner = "/dev/floor-sew"
[[printer]]
name = "zebra"
address = "socket://127.0.0.1:9100"
language = "escpos"
width_dots = 384
dots_per_mm = 8
"""


def devices_of(atelier: Atelier) -> devices.DevicesTile:
    tile: devices.DevicesTile = load_figures(atelier).tiles["devices"]
    return tile


def test_devices_of_the_set_up_are_listed_even_before_anybody_heard_of_them(tmp_path: Path) -> None:
    atelier = open_atelier(parse_config(CONFIG_WITH_DEVICES), tmp_path)
    unheard = [(found.kind, found.name, found.state, found.level) for found in devices_of(atelier).devices]
    assert unheard == [
        ("scanner", "/dev/floor-sew", "unknown", "unsure"),
        ("printer", "zebra", "unknown", "unsure"),
    ]
    atelier.devices.tell("scanner", "/dev/floor-sew", "lost", at_ms=5, serves="sew-1")
    atelier.devices.tell("printer", "zebra", "ready", at_ms=7)
    assert [(found.state, found.level) for found in devices_of(atelier).devices] == [
        ("lost", "stop"),
        ("ready", "good"),
    ]
    assert [(found["serves"], found["state"]) for found in board_now(atelier)["devices"]] == [
        ("sew-1", "lost"),
        ("", "ready"),
    ]
    atelier.close()


@pytest.mark.parametrize(
    ("note", "days_ago", "level"),
    [
        (None, None, "warn"),
        ("{}", None, "warn"),
        ("not json", None, "warn"),
        ('{"at_ms": %d, "ok": true}', 0, "good"),
        ('{"at_ms": %d, "ok": true}', 3, "warn"),
        ('{"at_ms": %d, "ok": true}', 9, "stop"),
        ('{"at_ms": %d, "ok": false}', 0, "stop"),
    ],
)
def test_the_last_backup_is_as_good_as_it_is_young(
    note: str | None, days_ago: int | None, level: str, atelier: Atelier
) -> None:
    if note is not None:
        made_at_ms = atelier.clock.now_ms() - (days_ago or 0) * 24 * 3_600_000
        text = note % made_at_ms if "%d" in note else note
        (atelier.data / "last-backup.json").write_text(text, encoding="utf-8")
    assert devices_of(atelier).backup.level == level


def test_without_a_note_the_newest_file_of_the_folder_is_the_last_backup(atelier: Atelier) -> None:
    folder = atelier.data / "backups"
    folder.mkdir()
    (folder / "floor-1.db").write_bytes(b"")
    assert devices_of(atelier).backup.level == "good"


def test_what_was_drawn_is_kept_for_everyone_and_forgotten_in_turn() -> None:
    made = list[str]()
    kept = Kept[str](2)

    def make(key: str) -> str:
        return kept.get(key, lambda: drawn(key))

    def drawn(key: str) -> str:
        made.append(key)
        return key.upper()

    assert [make(key) for key in ("a", "a", "b", "a", "c", "b")] == ["A", "A", "B", "A", "C", "B"]
    assert made == ["a", "b", "c", "b"]
    assert len(kept) == 2


def test_forty_screens_that_ask_at_once_have_it_drawn_once() -> None:
    made = list[int]()
    kept = Kept[int](4)
    go = threading.Barrier(40)

    def draw() -> int:
        made.append(1)
        return 1

    def ask() -> None:
        go.wait()
        kept.get("board", draw)

    screens = [threading.Thread(target=ask) for _ in range(40)]
    for screen in screens:
        screen.start()
    for screen in screens:
        screen.join()
    assert made == [1]


def test_the_page_brings_no_style_or_script_of_its_own(
    atelier: Atelier, supervisor: FlaskClient, order: Callable[..., str], bundles: Cut
) -> None:
    live_a_day(atelier, bundles(order()))
    for path in ("/board", "/board?tv=1", "/board/order/2026-0117", "/board/waiting/sew"):
        html = supervisor.get(path).get_data(as_text=True)
        assert not re.search(r'\sstyle="|\son[a-z]+="|<style|<script(?![^>]* src=)', html), path


def test_no_word_of_the_board_measures_a_person() -> None:
    folder = Path(__file__).parents[2] / "floor_app/texts"
    for language in folder.iterdir():
        words = (
            (language / "board.toml").read_text(encoding="utf-8").casefold()
            if (language / "board.toml").exists()
            else ""
        )
        assert not re.search(r"par personne|par heure et par|cadence|rendement|classement|vitesse|score|inactif", words)

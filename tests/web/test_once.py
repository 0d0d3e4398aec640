"""Each scan counts exactly once, however often it is sent, by however many at a time, and whatever happens in between."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any, Self
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from floor_app import access
from floor_app.atelier import Atelier, open_atelier
from floor_app.cutting import CutRequest, cut_lay
from floor_app.domain.events import StepDone
from floor_app.domain.lays import Roll
from floor_app.store import bundles as stored_bundles
from floor_app.store import events
from floor_app.store.bundles import BundleCard
from floor_app.web import create_app
from tests.web.serving import served

SENDERS = 8
SCANS = 300


@pytest.fixture
def many(atelier: Atelier, order: Callable[..., str]) -> tuple[BundleCard, ...]:
    """300 bundles of one piece each."""
    request = CutRequest("many", order(), "Bleu marine", "S1 M2 L2 XL1", (Roll(50, "A"),), cap=1, tolerance=0)
    cut = atelier.run(cut_lay, request, codes=atelier.codes, moment=atelier.clock.moment()).bundles
    assert len(cut) == SCANS
    return cut


@pytest.fixture
def token(atelier: Atelier) -> Callable[[str], str]:
    def given(station: str) -> str:
        secret = access.new_secret()
        atelier.run(access.give_token, secret, kind="station", subject=station, at_ms=atelier.clock.now_ms())
        return secret

    return given


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as url:
        yield url


class Machine:
    """Sends scans over one kept-open connection, as a gate or a scale would."""

    def __init__(self, address: str, token: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def send(self, scan_id: str, code: str) -> dict[str, Any]:
        self._connection.request("POST", "/api/v1/scans", json.dumps({"id": scan_id, "code": code}), self._headers)
        answer = self._connection.getresponse()
        told: dict[str, Any] = json.load(answer)
        assert answer.status == 200, told
        return told


def _step_done(atelier: Atelier, *, after: int) -> list[tuple[int, str]]:
    """(seq, bundle) of every count."""
    with atelier.reading() as db:
        found = list(events.between(db, after + 1, events.last_seq(db)))
    return [(stored.seq, stored.event.bundle) for stored in found if isinstance(stored.event, StepDone)]


def _last_seq(atelier: Atelier) -> int:
    with atelier.reading() as db:
        return events.last_seq(db)


def _together(*senders: Callable[[], None]) -> None:
    """Runs them at the same moment; the first failure of any is raised."""
    gate, failures = threading.Barrier(len(senders)), list[BaseException]()

    def run(sender: Callable[[], None]) -> None:
        gate.wait()
        try:
            sender()
        except BaseException as error:  # noqa: BLE001 - raised again below
            failures.append(error)

    threads = [threading.Thread(target=run, args=(sender,)) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_the_same_scan_sent_ten_times_counts_once_and_is_answered_the_same(
    address: str, atelier: Atelier, token: Callable[[str], str], many: tuple[BundleCard, ...]
) -> None:
    before = _last_seq(atelier)
    with Machine(address, token("cut-1")) as machine:
        answers = [machine.send("one-scan", many[0].code) for _ in range(10)]
    assert [seq for seq, _ in _step_done(atelier, after=before)] == [before + 1]
    told = ("answer", "event_seq", "event", "pieces", "goes_to", "bundle")
    assert all({name: answer[name] for name in told} == {name: answers[0][name] for name in told} for answer in answers)


def test_eight_senders_of_the_same_three_hundred_scans_make_three_hundred_events_without_a_gap(
    address: str, atelier: Atelier, token: Callable[[str], str], many: tuple[BundleCard, ...]
) -> None:
    before, secret = _last_seq(atelier), token("cut-1")
    answers: list[list[dict[str, Any]]] = [[] for _ in range(SENDERS)]

    def sender(number: int) -> Callable[[], None]:
        def send_all() -> None:
            turn = SCANS // SENDERS * number  # each begins elsewhere, so that they meet and overtake
            with Machine(address, secret) as machine:
                for at in (*range(turn, SCANS), *range(turn)):
                    answers[number].append(machine.send(f"scan-{at}", many[at].code))

        return send_all

    _together(*(sender(number) for number in range(SENDERS)))
    counted = _step_done(atelier, after=before)
    assert [seq for seq, _ in counted] == list(range(before + 1, before + 1 + SCANS))
    assert sorted(bundle for _, bundle in counted) == sorted(bundle.code for bundle in many)
    by_bundle = {bundle: seq for seq, bundle in counted}
    for told in (told for sent in answers for told in sent):
        assert (told["answer"], told["event_seq"]) == ("counted", by_bundle[told["bundle"]["code"]])


def test_the_same_bundle_read_at_two_stations_at_once_counts_once(
    address: str, atelier: Atelier, token: Callable[[str], str], many: tuple[BundleCard, ...]
) -> None:
    with Machine(address, token("cut-1")) as cut:
        for number, bundle in enumerate(many[:60]):
            cut.send(f"cut-{number}", bundle.code)
    before, secrets = _last_seq(atelier), [token("sew-1"), token("sew-2")]
    answers: list[list[str]] = [[], []]

    def at(table: int) -> Callable[[], None]:
        def scan_all() -> None:
            with Machine(address, secrets[table]) as sewing:
                for number, bundle in enumerate(many[:60]):
                    answers[table].append(sewing.send(f"sew-{table}-{number}", bundle.code)["answer"])

        return scan_all

    _together(at(0), at(1))
    assert len(_step_done(atelier, after=before)) == 60
    assert all({first, second} == {"counted", "already_done"} for first, second in zip(*answers, strict=True))


def test_a_tablet_that_reloads_and_sends_again_counts_nothing_twice(
    atelier: Atelier,
    station_client: Callable[[str], FlaskClient],
    csrf: Callable[[FlaskClient, str], str],
    many: tuple[BundleCard, ...],
) -> None:
    tablet, before = station_client("cut-1"), _last_seq(atelier)
    for _ in range(3):
        headers = {"X-CSRFToken": csrf(tablet, "/station/cut-1"), "Accept": "application/json"}
        told = tablet.post(
            "/station/cut-1/scan", json={"id": "kept-1", "code": many[0].code}, headers=headers
        ).get_json()
        assert told["answer"] == "counted"
    assert len(_step_done(atelier, after=before)) == 1


def test_a_scan_sent_again_after_a_restart_is_answered_as_before(
    atelier: Atelier, token: Callable[[str], str], many: tuple[BundleCard, ...]
) -> None:
    headers = {"Authorization": f"Bearer {token('cut-1')}"}
    body = {"id": "before-the-cut", "code": many[0].code}
    first = create_app(atelier).test_client().post("/api/v1/scans", json=body, headers=headers).get_json()
    seq = _last_seq(atelier)
    atelier.close()
    again = open_atelier(atelier.config, atelier.data)
    told = create_app(again).test_client().post("/api/v1/scans", json=body, headers=headers).get_json()
    assert (told["answer"], told["event_seq"], _last_seq(again)) == ("counted", first["event_seq"], seq)
    again.close()


def test_the_same_id_on_the_tablets_road_and_on_the_machines_is_one_scan(
    atelier: Atelier,
    client: FlaskClient,
    token: Callable[[str], str],
    station_client: Callable[[str], FlaskClient],
    csrf: Callable[[FlaskClient, str], str],
    many: tuple[BundleCard, ...],
) -> None:
    before, tablet, body = _last_seq(atelier), station_client("cut-1"), {"id": "two-roads", "code": many[0].code}
    headers = {"X-CSRFToken": csrf(tablet, "/station/cut-1"), "Accept": "application/json"}
    assert tablet.post("/station/cut-1/scan", json=body, headers=headers).get_json()["answer"] == "counted"
    told = client.post("/api/v1/scans", json=body, headers={"Authorization": f"Bearer {token('cut-1')}"}).get_json()
    assert told["answer"] == "counted" and len(_step_done(atelier, after=before)) == 1
    with atelier.reading() as db:
        standing = stored_bundles.standing(db, many[0].code)
    assert standing and standing.state.at("cut").good == 1

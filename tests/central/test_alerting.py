"""What the rules find in the network is raised once and settled when it is over; it is told once a day, to whom it should, or to nobody."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from central import alerting, sending_alerts, sharing
from central.centre import Centre
from central.domain.digest_rules import DAY_MS
from central.sending_alerts import BadRoad, MailRoad, WebRoad, road_to, signature
from central.sharing import ShareDraft
from central.store import alerts, allocations, conflicts, contracts, orders
from central.store.alerts import Alert
from central.store.conflicts import Conflict
from central.store.contracts import Contract
from central.store.orders import OrderLine, SharedOrder
from central.watching import Watch
from contract.day_sheets import InsertionHours
from tests.central.conftest import NOW_MS
from tests.central.mail_server import mail_server, web_hook
from tests.central.sheets import a_note, a_sheet, offered, with_gap
from tests.waiting import wait_until

HOUR_MS = 3_600_000
ON_SQLITE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


def reviewed(centre: Centre, *, at_ms: int = NOW_MS) -> dict[tuple[str, str, str], dict[str, object]]:
    with centre.writing() as db:
        alerting.note(db, alerting.look(db, at_ms=at_ms), at_ms=at_ms)
        assert not alerting.look(db, at_ms=at_ms), "looked at again, nothing is new"
        return {(one.atelier, one.kind, one.subject): one.said for one in alerts.open_ones(db)}


def test_each_alert_is_raised_once_and_settled_when_it_is_over(centre: Centre) -> None:
    with centre.writing() as db:
        order = SharedOrder("OF-1", due="2026-11-20")
        sharing.keep_order(db, order, [OrderLine("M", "Écru", 40)], at_ms=NOW_MS)
        draft = ShareDraft((OrderLine("M", "Écru", 41),), due="2026-11-20")
        sharing.propose_share(db, "OF-1", "lille", draft, allocation="A1", at_ms=NOW_MS)
        contracts.put(db, Contract("M-2026-7", "Masques", insertion_minutes_due=840))
        conflicts.raise_once(db, Conflict("calais", date(2026, 11, 20), "d", "other_digest", 2, 9, 2, "e", 9, NOW_MS))
    note = a_note(to="calais", sent=40)
    centre.take_sheet(offered(a_sheet(transfers=(note,))))
    centre.take_sheet(offered(a_sheet(atelier="calais", transfers=(a_note(of="lille", received=38),))))
    late = ("lille", "late_share", "OF-1 A1")
    found = reviewed(centre)
    assert set(found) == {
        late,
        ("lille", "discrepancy", "LILLE-1 calais"),
        ("", "hours", "M-2026-7 100"),
        ("calais", "conflict", "2026-11-20"),
    }
    assert found[late] == {"order": "OF-1", "due": "2026-11-20", "finished": 40, "pieces": 41}
    centre.take_sheet(offered(a_sheet(2, pieces=101, transfers=(note,), counts=())))
    assert reviewed(centre)[late]["finished"] == 0, "the page says how it stands now"
    centre.take_sheet(offered(a_sheet(3, transfers=(note,))))
    assert set(reviewed(centre, at_ms=NOW_MS + 27 * HOUR_MS)) == {
        *found,
        ("lille", "silent", ""),
        ("calais", "silent", ""),
    }
    assert reviewed(centre) == found, "heard again"
    with centre.writing() as db:
        conflicts.settle(db, "calais", at_ms=NOW_MS)
    centre.take_sheet(offered(a_sheet(4, pieces=101, transfers=(replace(note, sent=38),))))
    centre.take_sheet(offered(a_sheet(day="2026-11-24", insertion_hours=(InsertionHours("M-2026-7", 1, 9),))))
    assert set(reviewed(centre)) == {("", "hours", "M-2026-7 100")}, "two days finished 80 of 41"


def test_a_share_refused_or_of_a_closed_order_is_not_late(centre: Centre) -> None:
    with centre.writing() as db:
        sharing.keep_order(db, SharedOrder("OF-1"), [OrderLine("M", "Écru", 40)], at_ms=NOW_MS)
        draft = ShareDraft((OrderLine("M", "Écru", 40),), due="2026-11-20")
        sharing.propose_share(db, "OF-1", "lille", draft, allocation="A1", at_ms=NOW_MS)
    assert ("lille", "late_share", "OF-1 A1") in reviewed(centre)
    with centre.writing() as db:
        orders.close(db, "OF-1", at_ms=NOW_MS)
        assert allocations.find(db, "OF-1", "A1") is not None
    assert reviewed(centre) == {}


def with_three_alerts(centre: Centre) -> None:
    for atelier in ("lille", "calais", "lyon"):
        centre.take_sheet(offered(with_gap(a_sheet(atelier=atelier))))


def mail_road(port: int) -> MailRoad:
    return MailRoad("127.0.0.1", port, False, ("moi@exemple.fr", "toi@exemple.fr"), "centre@exemple.fr")


@ON_SQLITE
def test_one_mail_says_all_that_is_new_and_says_it_once(centre: Centre) -> None:
    with_three_alerts(centre)
    with mail_server() as inbox:
        assert sending_alerts.tell(centre, mail_road(inbox.port)) == 3
        assert sending_alerts.tell(centre, mail_road(inbox.port)) == 0
    (mail,) = inbox.mails
    assert (mail["Subject"], mail["To"]) == ("Réseau du Nord : 3 alertes", "moi@exemple.fr, toi@exemple.fr")
    assert (mail["From"], mail["Auto-Submitted"]) == ("centre@exemple.fr", "auto-generated")
    text = mail.get_content()
    for name in ("ESAT de Lille", "Atelier de Calais", "EI de Lyon"):
        assert f"- {name}\u00a0: les comptes du 23/11/2026 ne s’accordent pas" in text


@ON_SQLITE
def test_a_mail_that_was_refused_is_tried_again_later_with_its_fault_on_the_page(
    address: str, open_a_centre: Callable[..., Centre]
) -> None:
    now = [NOW_MS]
    centre = open_a_centre(address, clock=lambda: now[0])
    with_three_alerts(centre)
    with mail_server() as inbox:
        inbox.refusing = True
        assert sending_alerts.tell(centre, mail_road(inbox.port)) == 0
        with centre.reading() as db:
            assert {("451" in one.fault, one.attempts) for one in alerts.open_ones(db)} == {(True, 1)}
        inbox.refusing = False
        now[0] += 4 * 60_000
        assert sending_alerts.tell(centre, mail_road(inbox.port)) == 0, "five minutes are not over"
        now[0] += 60_000
        assert sending_alerts.tell(centre, mail_road(inbox.port)) == 3
    assert len(inbox.mails) == 1


@ON_SQLITE
def test_a_server_that_is_away_is_a_fault_that_waits(centre: Centre) -> None:
    with_three_alerts(centre)
    with mail_server() as inbox:
        port = inbox.port
    assert sending_alerts.tell(centre, mail_road(port)) == 0
    with centre.reading() as db:
        assert alerts.waiting(db) == 3


@ON_SQLITE
def test_a_program_is_told_with_a_signature_it_can_check(centre: Centre) -> None:
    with_three_alerts(centre)
    with web_hook() as posted:
        posted.status = 302
        assert sending_alerts.tell(centre, WebRoad(posted.url, "secret")) == 0, "it is not sent on to elsewhere"
    with web_hook() as posted, centre.writing() as db:
        for one in alerts.open_ones(db):
            alerts.note_fault(db, one, "", next_attempt_at_ms=0)
    with web_hook() as posted:
        assert sending_alerts.tell(centre, WebRoad(posted.url, "secret")) == 3
    (body,), (headers,) = posted.bodies, posted.headers
    assert headers["X-Floor-Signature"] == signature("secret", body)
    said = json.loads(body)
    assert (said["network"], len(said["alerts"])) == ("Réseau du Nord", 3)
    assert {one["kind"] for one in said["alerts"]} == {"gap"}
    assert len({one["id"] for one in said["alerts"]}) == 3


def test_of_several_processes_one_tells_each_alert(address: str, open_a_centre: Callable[..., Centre]) -> None:
    centres = [open_a_centre(address) for _ in range(3)]
    with_three_alerts(centres[0])
    with web_hook() as posted, ThreadPoolExecutor(3) as pool:
        told = list(pool.map(lambda centre: sending_alerts.tell(centre, WebRoad(posted.url)), centres))
    assert sum(told) == 3
    ids = [one["id"] for body in posted.bodies for one in json.loads(body)["alerts"]]
    assert len(ids) == len(set(ids)) == 3


@ON_SQLITE
def test_there_is_one_message_a_day(address: str, open_a_centre: Callable[..., Centre]) -> None:
    now = [NOW_MS]
    centre = open_a_centre(address, clock=lambda: now[0])
    with web_hook() as posted:
        road = WebRoad(posted.url)
        centre.take_sheet(offered(with_gap(a_sheet())))
        assert sending_alerts.tell_when_due(centre, road) == 1
        centre.take_sheet(offered(with_gap(a_sheet(atelier="lyon"))))
        assert sending_alerts.tell_when_due(centre, road) == 0, "it has been told today"
        now[0] += DAY_MS
        assert sending_alerts.tell_when_due(centre, road) == 1


@ON_SQLITE
def test_while_the_centre_serves_alerts_are_found_and_told_without_being_asked_for(centre: Centre) -> None:
    with_three_alerts(centre)
    with centre.writing() as db:
        contracts.put(db, Contract("M-2026-7", insertion_minutes_due=60))
    centre.take_sheet(offered(a_sheet(day="2026-11-20")))
    with web_hook() as posted:
        watch = Watch(centre, WebRoad(posted.url), every_s=0.05)
        watch.start()
        try:
            wait_until(lambda: posted.bodies, "a message came")
        finally:
            watch.stop()
    assert len(json.loads(posted.bodies[0])["alerts"]) == 4


@ON_SQLITE
def test_nothing_set_nothing_sent(centre: Centre) -> None:
    with_three_alerts(centre)
    watch = Watch(centre, None, every_s=0.01)
    watch.start()
    watch.stop()
    with centre.reading() as db:
        assert alerts.waiting(db) == 3
        assert alerts.last_sent_at_ms(db) == 0
    assert road_to("") is None


@pytest.mark.parametrize(
    ("to", "smtp", "sender"),
    [
        ("moi@exemple.fr", "", "centre@exemple.fr"),
        ("moi@exemple.fr", "http://exemple.fr", "centre@exemple.fr"),
        ("moi@exemple.fr", "smtp://exemple.fr", ""),
        ("moi", "smtp://exemple.fr", "centre@exemple.fr"),
        ("moi@exemple.fr\nBcc: toi@exemple.fr", "smtp://exemple.fr", "centre@exemple.fr"),
        ("moi@exemple.fr", "smtp://user@localhost", "centre@exemple.fr"),
        ("http://exemple.fr/hook", "", ""),
        ("ftp://exemple.fr/hook", "", ""),
        ("https://user:word@exemple.fr/hook", "", ""),
    ],
)
def test_a_road_that_cannot_be_or_is_in_the_clear_is_refused(to: str, smtp: str, sender: str) -> None:
    with pytest.raises(BadRoad):
        road_to(to, smtp=smtp, sender=sender)


def test_roads_are_read_from_their_addresses() -> None:
    mail = road_to("a@b.fr, c@d.fr", smtp="smtps://centre@mail.b.fr", sender="centre@b.fr", password="mot")
    assert mail == MailRoad("mail.b.fr", 465, True, ("a@b.fr", "c@d.fr"), "centre@b.fr", "centre", "mot")
    assert road_to("https://b.fr/hook", secret="s") == WebRoad("https://b.fr/hook", "s")


@ON_SQLITE
def test_a_message_stays_one_that_can_be_read(centre: Centre) -> None:
    with centre.writing() as db:
        for number in range(103):
            alerts.raise_once(db, Alert("lille", "silent", str(number), {"heard_at_ms": NOW_MS}, NOW_MS))
    with mail_server() as inbox:
        assert sending_alerts.tell(centre, mail_road(inbox.port)) == 103
    (mail,) = inbox.mails
    assert mail.get_content().count("- ESAT de Lille") == 100
    assert "et 3 autres, sur la page" in mail.get_content()

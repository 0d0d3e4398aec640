"""Shares of orders go down, answers come up, and delivery notes are seen from both ends: each atelier its own, from where it stopped."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from central import sharing
from central.centre import Centre
from central.domain.share_rules import AnswerOutcome, ShareAnswer, ShareState, judge_answer
from central.domain.sheet_figures import NoteFigures
from central.domain.transfer_states import TransferState, transfer_state
from central.sharing import ShareDraft
from central.store import alerts, allocations, ateliers, feed, machines, orders, transfers
from central.store.allocations import Allocation
from central.store.feed import Change
from central.store.orders import OrderLine, SharedOrder
from contract import schemas
from contract.day_sheets import DaySheet
from tests.central.atelier_client import AtelierClient
from tests.central.conftest import NOW_MS
from tests.central.sheets import a_note, a_sheet

MASKS = SharedOrder(
    "OF-1",
    client="Ville de Lille",
    contract="M-2026-7",
    style="Masque",
    due="2027-01-15",
    note="Tissu fourni",
    routing=[{"code": "cut", "section": "cut", "after": []}],
    pictures=[{"name": "masque.png", "sha256": "0" * 64}],
)
LINES = (OrderLine("M", "Écru", 700), OrderLine("L", "Écru", 300))


def share_out(centre: Centre, atelier: str = "lille", *, id_: str = "A1", quantity: int = 40) -> Allocation:
    draft = ShareDraft((OrderLine("L", "Écru", 2 * quantity), OrderLine("M", "Écru", quantity)), note="Lot 1")
    with centre.writing() as db:
        if orders.find(db, "OF-1") is None:
            sharing.keep_order(db, MASKS, LINES, at_ms=NOW_MS)
        share = sharing.propose_share(db, "OF-1", atelier, draft, allocation=id_, at_ms=NOW_MS)
    assert isinstance(share, Allocation)
    return share


def told(client: AtelierClient, what: str = "orders", cursor: str = "") -> dict[str, Any]:
    answer = client.ask("GET", f"{what}?cursor={cursor}")
    name = {"orders": "Allocations", "transfers": "TransferNews"}[what]
    assert schemas.field_faults(name, answer.said) == ()
    said: dict[str, Any] = answer.said
    return said


def test_a_share_goes_down_once_and_again_when_it_changes(
    centre: Centre, enrolled: Callable[..., AtelierClient]
) -> None:
    lille, calais = enrolled(), enrolled("calais")
    held = share_out(centre)
    first = told(lille)
    (share,) = first["allocations"]
    assert (share["allocation"], share["revision"], share["state"]) == ("A1", 1, "proposed")
    assert (share["order"], share["due"], share["note"], share["order_pieces"]) == ("OF-1", "2027-01-15", "Lot 1", 1000)
    assert [(line["size"], line["quantity"]) for line in share["lines"]] == [("L", 80), ("M", 40)]
    assert share["routing"] == MASKS.routing
    assert told(calais)["allocations"] == [], "another's share is not told"
    assert told(lille, cursor=first["cursor"]) == {"cursor": first["cursor"], "more": False, "allocations": []}
    with centre.writing() as db:
        sharing.change_share(db, held, ShareDraft((OrderLine("M", "Écru", 30),), due="2027-01-08"), at_ms=NOW_MS)
        assert sharing.change_share(db, held, ShareDraft(LINES), at_ms=NOW_MS) == "changed_meanwhile"
    (changed,) = told(lille, cursor=first["cursor"])["allocations"]
    assert (changed["revision"], changed["due"], changed["lines"][0]["quantity"]) == (2, "2027-01-08", 30)


def test_a_change_of_the_order_reaches_who_has_a_share_of_it(
    centre: Centre, enrolled: Callable[..., AtelierClient]
) -> None:
    lille = enrolled()
    share_out(centre)
    cursor = told(lille)["cursor"]
    with centre.writing() as db:
        sharing.keep_order(db, replace(MASKS, style="Masque à plis"), LINES[:1], at_ms=NOW_MS)
    (share,) = told(lille, cursor=cursor)["allocations"]
    assert (share["style"], share["order_pieces"], share["revision"]) == ("Masque à plis", 700, 1)


def test_shares_come_a_hundred_at_a_time(centre: Centre, enrolled: Callable[..., AtelierClient]) -> None:
    lille = enrolled()
    for number in range(120):
        share_out(centre, id_=f"A{number}")
    first = told(lille)
    second = told(lille, cursor=first["cursor"])
    names = [share["allocation"] for page in (first, second) for share in page["allocations"]]
    assert (first["more"], second["more"]) == (True, False)
    assert names == [f"A{number}" for number in range(120)], "oldest change first"


def test_a_centre_restored_from_an_old_copy_tells_all_again_and_misses_nothing_new(centre: Centre) -> None:
    with centre.writing() as db:
        feed.note_changes(db, [Change("lille", feed.ALLOCATION, "A1", "OF-1")], at_ms=NOW_MS)
        lost = feed.after(db, "lille", feed.ALLOCATION, NOW_MS + 5_000, limit=10)
        assert [change.subject for change in lost.changes] == ["A1"], "a cursor of what the copy does not have"
        before_the_copy = feed.after(db, "lille", feed.ALLOCATION, 0, limit=10).cursor
        feed.note_changes(db, [Change("lille", feed.ALLOCATION, "A2", "OF-1")], at_ms=NOW_MS + 60_000)
        page = feed.after(db, "lille", feed.ALLOCATION, before_the_copy + 5_000, limit=10)
        assert [change.subject for change in page.changes] == ["A2"], "numbers grow with time"
        feed.note_changes(db, [Change("lille", feed.ALLOCATION, "A3", "OF-1")], at_ms=NOW_MS - 99_000)
        assert feed.after(db, "lille", feed.ALLOCATION, page.cursor, limit=10).changes[0].subject == "A3"


def test_an_atelier_accepts_a_share_or_refuses_it(centre: Centre, enrolled: Callable[..., AtelierClient]) -> None:
    lille = enrolled()
    held = share_out(centre)
    refusal = {"revision": 1, "answer": "refused", "reason": "Plus de fil"}
    assert lille.ask("POST", "allocations/A1/answer", refusal).said["state"] == "refused"
    with centre.reading() as db:
        assert [(alert.kind, alert.subject) for alert in alerts.open_ones(db)] == [(alerts.SHARE_REFUSED, "A1")]
    promise = {"revision": 1, "answer": "accepted", "promised": "2027-01-10"}
    for _ in range(2):
        accepted = lille.ask("POST", "allocations/A1/answer", promise)
        assert (accepted.status, accepted.said["state"]) == (200, "accepted")
        assert schemas.field_faults("Allocation", accepted.said) == ()
    with centre.reading() as db:
        (share,) = allocations.of_atelier(db, "lille")
        assert (share.state, share.promised, share.reason) == (ShareState.ACCEPTED, "2027-01-10", "")
        assert alerts.open_ones(db) == []
    with centre.writing() as db:
        changed = sharing.change_share(db, share, ShareDraft(LINES), at_ms=NOW_MS)
    assert isinstance(changed, Allocation)
    assert lille.ask("POST", "allocations/A1/answer", promise).code == "other_revision"
    with centre.writing() as db:
        assert sharing.withdraw_share(db, held, at_ms=NOW_MS) == "changed_meanwhile"
        sharing.withdraw_share(db, changed, at_ms=NOW_MS)
    assert lille.ask("POST", "allocations/A1/answer", {"revision": 3, "answer": "accepted"}).code == "withdrawn"
    assert told(lille)["allocations"][0]["state"] == "withdrawn"


def test_only_the_atelier_of_a_share_answers_it(centre: Centre, enrolled: Callable[..., AtelierClient]) -> None:
    calais = enrolled("calais")
    share_out(centre)
    answer = {"revision": 1, "answer": "accepted"}
    for id_ in ("A1", "A2"):
        assert calais.ask("POST", f"allocations/{id_}/answer", answer).status == 404
    with centre.reading() as db:
        assert allocations.of_order(db, "OF-1")[0].state == ShareState.PROPOSED


@pytest.mark.parametrize(
    ("order", "atelier", "quantity", "fault"),
    [
        ("OF-9", "lille", 10, "unknown_order"),
        ("OF-1", "nobody", 10, "unknown_atelier"),
        ("OF-1", "lille", 0, "no_pieces"),
    ],
)
def test_what_cannot_be_shared_out_is_not(centre: Centre, order: str, atelier: str, quantity: int, fault: str) -> None:
    lines = (OrderLine("M", "Écru", quantity),) if quantity else ()
    with centre.writing() as db:
        sharing.keep_order(db, MASKS, LINES, at_ms=NOW_MS)
        assert sharing.propose_share(db, order, atelier, ShareDraft(lines), allocation="A1", at_ms=NOW_MS) == fault


PROPOSED = ShareAnswer(2, ShareState.PROPOSED)
ACCEPTED = ShareAnswer(2, ShareState.ACCEPTED, "", "2027-01-10")


@pytest.mark.parametrize(
    ("held", "given", "outcome"),
    [
        (PROPOSED, ACCEPTED, AnswerOutcome.NOTED),
        (PROPOSED, ShareAnswer(2, ShareState.REFUSED, "no thread"), AnswerOutcome.NOTED),
        (ACCEPTED, ACCEPTED, AnswerOutcome.SAME),
        (ACCEPTED, replace(ACCEPTED, promised="2027-01-12"), AnswerOutcome.NOTED),
        (ACCEPTED, ShareAnswer(2, ShareState.REFUSED), AnswerOutcome.NOTED),
        (PROPOSED, replace(ACCEPTED, revision=1), AnswerOutcome.OTHER_REVISION),
        (ACCEPTED, replace(ACCEPTED, revision=3), AnswerOutcome.OTHER_REVISION),
        (replace(PROPOSED, answer=ShareState.WITHDRAWN), ACCEPTED, AnswerOutcome.WITHDRAWN),
    ],
)
def test_an_answer_is_to_the_revision_that_stands(
    held: ShareAnswer, given: ShareAnswer, outcome: AnswerOutcome
) -> None:
    assert judge_answer(held, given) == outcome


@pytest.mark.parametrize(
    ("said", "state"),
    [
        (NoteFigures(sent=40, lines_sent=2), TransferState.IN_TRANSIT),
        (NoteFigures(sent=40, lines_sent=2, received=40, lines_received=2), TransferState.RECEIVED),
        (NoteFigures(sent=40, lines_sent=2, received=38, lines_received=2), TransferState.DISCREPANCY),
        (NoteFigures(sent=40, lines_sent=2, received=0, lines_received=1), TransferState.DISCREPANCY),
        (NoteFigures(received=38, lines_received=1), TransferState.UNANNOUNCED),
        (NoteFigures(lines_sent=2, lines_cancelled=2), TransferState.CANCELLED),
        (NoteFigures(lines_sent=2, lines_cancelled=2, received=3, lines_received=1), TransferState.DISCREPANCY),
        (NoteFigures(), TransferState.CANCELLED),
    ],
)
def test_a_note_stands_as_both_ateliers_say(said: NoteFigures, state: TransferState) -> None:
    assert transfer_state(said) == state


def lille_sends(revision: int = 1, *, sent: int = 40, state: str = "in_transit") -> DaySheet:
    return a_sheet(revision, transfers=(a_note(to="calais", sent=sent, state=state),))


def calais_receives(revision: int = 1, *, received: int = 38) -> DaySheet:
    notes = (a_note(of="lille", sent=40, received=received, state="discrepancy"),)
    return a_sheet(revision, atelier="calais", day="2026-11-24", transfers=notes)


@pytest.mark.parametrize("first", ["lille", "calais"])
def test_both_ateliers_hear_of_a_note_whichever_sheet_comes_first(
    centre: Centre, enrolled: Callable[..., AtelierClient], first: str
) -> None:
    clients = {"lille": enrolled(), "calais": enrolled("calais"), "lyon": enrolled("lyon")}
    sheets = {"lille": lille_sends(), "calais": calais_receives()}
    clients[first].put(sheets.pop(first))
    half = {name: told(client, "transfers") for name, client in clients.items()}
    unfinished = {"lille": ("in_transit", 40, 0), "calais": ("unannounced", 0, 38)}[first]
    for name in ("lille", "calais"):
        (note,) = half[name]["transfers"]
        assert (note["state"], note["sent"], note["received"]) == unfinished
        assert (note["note"], note["from"], note["to"]) == ("LILLE-1", "lille", "calais")
    for name, sheet in sheets.items():
        clients[name].put(sheet)
    for name in ("lille", "calais"):
        (note,) = told(clients[name], "transfers", half[name]["cursor"])["transfers"]
        assert (note["state"], note["sent"], note["received"]) == ("discrepancy", 40, 38)
    assert told(clients["lyon"], "transfers")["transfers"] == [], "it is none of their business"
    with centre.reading() as db:
        assert [(one.key.note, one.state) for one in transfers.in_network(db)] == [("LILLE-1", "discrepancy")]


def test_a_note_taken_back_or_put_right_is_told_anew(enrolled: Callable[..., AtelierClient]) -> None:
    lille, calais = enrolled(), enrolled("calais")
    lille.put(lille_sends())
    calais.put(calais_receives())
    calais.put(calais_receives(2, received=40))
    assert told(lille, "transfers")["transfers"][0]["state"] == "received"
    calais.put(a_sheet(3, atelier="calais", day="2026-11-24"))
    lille.put(lille_sends(2, sent=0, state="cancelled"))
    assert told(calais, "transfers")["transfers"][0]["state"] == "cancelled"


def test_a_note_to_an_atelier_outside_the_network_is_the_senders_alone(
    centre: Centre, enrolled: Callable[..., AtelierClient]
) -> None:
    lille = enrolled()
    assert lille.put(a_sheet(transfers=(a_note(to="elsewhere", sent=5),))).status == 201
    assert told(lille, "transfers")["transfers"][0]["to"] == "elsewhere"
    with centre.reading() as db:
        assert len(transfers.in_network(db)) == 1


@pytest.mark.parametrize("query", ["cursor=x", "cursor=-1", "cursor=1.5", "cursor=" + "9" * 19, "cursor=%C2%B2"])
@pytest.mark.parametrize("what", ["orders", "transfers"])
def test_what_is_no_cursor_is_refused(enrolled: Callable[..., AtelierClient], what: str, query: str) -> None:
    refused = enrolled().ask("GET", f"{what}?{query}")
    assert (refused.status, refused.code) == (422, "bad_fields")


def test_the_machine_is_known_as_it_said_last(centre: Centre, enrolled: Callable[..., AtelierClient]) -> None:
    lille = enrolled()
    said = {
        "version": "1.2",
        "backlog_days": 3,
        "disk_free_mb": 9000,
        "clock": "unsure",
        "time": "2026-11-26T12:01:40+01:00",
        "last_backup": "2026-11-26T03:00:00Z",
        "printers": [{"name": "zebra", "state": "ready", "ink": "low"}],
        "scanners": [],
        "steam": True,
    }
    answer = lille.ask("POST", "heartbeat", said)
    assert answer.said == {"time": "2026-11-26T11:00:00Z", "revoked_keys": [], "may_replace": False}
    lille.ask("POST", "heartbeat", {**said, "backlog_days": 0})
    with centre.reading() as db:
        machine = machines.of_atelier(db, "lille")
        assert machine is not None
        assert (machine.backlog_days, machine.clock_ahead_s) == (0, 100)
        assert machine.printers == [{"name": "zebra", "state": "ready"}]
        assert {one.atelier.code: one.heard_at_ms for one in ateliers.listed(db)}["lille"] == NOW_MS


@pytest.mark.parametrize(
    ("time", "ahead_s"),
    [
        ("2026-11-26T11:00:00Z", 0),
        ("1970-01-01T00:00:00Z", -NOW_MS // 1000),
        ("2026-12-31T23:59:60Z", None),
        (None, None),
    ],
)
def test_a_clock_that_says_no_time_we_know_is_neither_right_nor_wrong(
    centre: Centre, enrolled: Callable[..., AtelierClient], time: str | None, ahead_s: int | None
) -> None:
    said = {"version": "1", "backlog_days": 0, "disk_free_mb": 1, "clock": "ok"}
    assert enrolled().ask("POST", "heartbeat", said | ({"time": time} if time else {})).status == 200
    with centre.reading() as db:
        machine = machines.of_atelier(db, "lille")
        assert machine is not None
        assert machine.clock_ahead_s == ahead_s


@pytest.mark.parametrize("time", ["", "yesterday", "2026-11-26T12:00:00", "2026-13-01T00:00:00Z"])
def test_what_is_no_time_is_refused(enrolled: Callable[..., AtelierClient], time: str) -> None:
    said = {"version": "1", "backlog_days": 0, "disk_free_mb": 1, "clock": "ok", "time": time}
    assert enrolled().ask("POST", "heartbeat", said).said["errors"][0]["pointer"] == "/time"

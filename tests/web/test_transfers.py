"""The supervisor's transfers: sending, the note, receiving by codes and by file, what is missing, and each way back."""

import base64
import html
import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from flask.testing import FlaskClient

from contract import keys
from floor_app.atelier import Atelier
from floor_app.domain.note_parts import parts_of
from floor_app.domain.scans import Choice, Quantities
from floor_app.domain.transfers import Note
from floor_app.note_files import Receipt, kept_note, open_receipt, pack_note, pack_receipt
from floor_app.scanning import Scan
from floor_app.store import events, network_identity, transfers
from floor_app.store.bundles import BundleCard
from floor_app.store.transfers import Transfer
from floor_app.texts import words
from tests.network import a_note, a_note_bundle, an_identity, checking
from tests.pages import form_to, send, text_of

t = words("fr")
LYON = an_identity("LYON-2", name="ESAT de Lyon", site="CDFG")
NOTE = a_note(sender=LYON)
CONTENT = pack_note(NOTE, LYON)
RECEIVE, CODES, STORE = "/transfers/receive", "/transfers/receive/codes", "/transfers/receive/store"
Cards = tuple[BundleCard, ...]


@pytest.fixture
def enrolled(atelier: Atelier) -> Atelier:
    atelier.run(network_identity.keep_identity, an_identity())
    return atelier


@pytest.fixture
def cards(order: Callable[..., str], bundles: Callable[..., Cards]) -> Cards:
    return bundles(order())


def said(page: str) -> str:
    return html.unescape(page)


def last_seq(atelier: Atelier) -> int:
    with atelier.reading() as db:
        return events.last_seq(db)


def note_of(atelier: Atelier, code: str) -> Transfer:
    with atelier.reading() as db:
        found = transfers.by_note(db, code)
    assert found
    return found


def newest(atelier: Atelier) -> Transfer:
    with atelier.reading() as db:
        return transfers.listed(db)[0]


def send_two(supervisor: FlaskClient, atelier: Atelier, cards: Cards) -> str:
    page = text_of(supervisor.get("/transfers/send?order=2026-0117"))
    chosen = [card.code for card in cards[:2]]
    answer = send(supervisor, page, "/transfers/send", bundle=chosen, to="LYON-2", to_name="ESAT de Lyon")
    assert t("transfers.sent", count=2) in said(text_of(answer))
    return newest(atelier).note


def take_in(supervisor: FlaskClient, content: bytes, **typed: Any) -> str:
    page = text_of(upload(supervisor, content))
    return said(text_of(send(supervisor, page, STORE, **typed)))


def upload(supervisor: FlaskClient, content: bytes) -> Any:
    page = text_of(supervisor.get(RECEIVE))
    data = {**form_to(page, RECEIVE).values, "file": (io.BytesIO(content), "bon.floor")}
    return supervisor.post(RECEIVE, data=data, content_type="multipart/form-data", follow_redirects=True)


@pytest.mark.parametrize("path", ["/transfers", "/transfers/send", RECEIVE, "/transfers/ATL07-BCDFGH"])
def test_transfers_are_for_supervisors_only(
    client: FlaskClient, station_client: Callable[[str], FlaskClient], path: str
) -> None:
    assert "/sign-in" in client.get(path).headers["Location"]
    assert station_client("cut-1").get(path).status_code == 403


def test_an_atelier_that_is_not_enrolled_is_told_what_to_do(supervisor: FlaskClient, cards: Cards) -> None:
    assert t("transfers.not_enrolled_cure") in said(text_of(supervisor.get("/transfers")))
    assert t("transfers.no_key_cure") in said(text_of(supervisor.get("/transfers/send")))
    assert t("transfers.refused_not_enrolled") in said(text_of(upload(supervisor, CONTENT)))


def test_nothing_sent_yet_says_how_it_begins(supervisor: FlaskClient, enrolled: Atelier) -> None:
    page = said(text_of(supervisor.get("/transfers")))
    assert t("transfers.none_next") in page
    assert 'href="/transfers/send"' in page and f'href="{RECEIVE}"' in page
    assert t("transfers.nothing_to_send") in said(text_of(supervisor.get("/transfers/send")))


def test_bundles_leave_with_a_note_that_says_them(supervisor: FlaskClient, enrolled: Atelier, cards: Cards) -> None:
    note = send_two(supervisor, enrolled, cards)
    page = said(text_of(supervisor.get(f"/transfers/{note}")))
    assert "ESAT de Lyon" in page and t("transfers.state_in_transit") in page
    assert all(f'href="/bundles/{card.code}"' in page for card in cards[:2])
    listed = said(text_of(supervisor.get("/transfers")))
    assert t("transfers.on_the_way") in listed and note in listed
    bundle = said(text_of(supervisor.get(f"/bundles/{cards[0].code}")))
    assert t("bundles.place_on_the_way", who="ESAT de Lyon") in bundle
    assert t("bundles.story_sent", who="ESAT de Lyon", count=15, n=15, note=note) in bundle
    order = said(text_of(supervisor.get("/orders/2026-0117")))
    assert t("orders.law_sent") in order and t("orders.law_holds") in order


def test_the_printed_note_is_read_back_and_the_file_says_the_same(
    supervisor: FlaskClient, enrolled: Atelier, cards: Cards
) -> None:
    note = send_two(supervisor, enrolled, cards)
    pdf, file = supervisor.get(f"/transfers/{note}/note.pdf"), supervisor.get(f"/transfers/{note}/note.floor")
    assert f"bon-{note}.pdf" in pdf.headers["Content-Disposition"]
    assert f"bon-{note}.floor" in file.headers["Content-Disposition"]
    pages = [page.render(scale=200 / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf.data)]
    texts = {code.text for page in pages for code in zxingcpp.read_barcodes(np.asarray(page))}
    assert texts == set(parts_of(file.data))
    assert [bundle.code for bundle in kept_note(file.data).bundles] == [card.code for card in cards[:2]]


def test_what_cannot_go_is_said_and_what_was_ticked_stays(
    supervisor: FlaskClient, enrolled: Atelier, cards: Cards
) -> None:
    page = text_of(supervisor.get("/transfers/send?order=2026-0117"))
    before = last_seq(enrolled)
    answer = send(supervisor, page, "/transfers/send", bundle=[cards[2].code], to="ATL07", to_name="")
    assert answer.status_code == 422
    shown = said(text_of(answer))
    assert t("transfers.send_to_ourselves") in shown and t("transfers.send_no_name") in shown
    assert re.search(rf'value="{cards[2].code}"[^>]* checked', shown)
    assert last_seq(enrolled) == before


def test_a_bundle_with_pieces_to_repair_is_shown_and_cannot_be_ticked(
    supervisor: FlaskClient, enrolled: Atelier, cards: Cards
) -> None:
    enrolled.take_scan(Scan("s-1", cards[0].code, "cut-1", "cut", Quantities(to_rework=3), Choice.CONFIRM))
    page = said(text_of(supervisor.get("/transfers/send?order=2026-0117")))
    assert t("transfers.stays_in_rework") in page
    assert re.search(rf'value="{cards[0].code}"[^>]* disabled', page)


def test_an_atelier_known_from_before_is_chosen_by_name(
    supervisor: FlaskClient, enrolled: Atelier, cards: Cards
) -> None:
    send_two(supervisor, enrolled, cards)
    page = text_of(supervisor.get("/transfers/send?order=2026-0117"))
    send(supervisor, page, "/transfers/send", bundle=[cards[4].code], known="LYON-2")
    assert (newest(enrolled).atelier, newest(enrolled).atelier_name) == ("LYON-2", "ESAT de Lyon")


def test_a_transfer_is_cancelled_with_a_reason(supervisor: FlaskClient, enrolled: Atelier, cards: Cards) -> None:
    note = send_two(supervisor, enrolled, cards)
    here = f"/transfers/{note}"
    page = text_of(supervisor.get(here))
    assert t("transfers.cancel_reason_needed") in said(text_of(send(supervisor, page, f"{here}/cancel", reason=" ")))
    done = said(text_of(send(supervisor, page, f"{here}/cancel", reason="camion en panne")))
    assert t("transfers.cancel_cancelled") in done and t("transfers.cancelled_says") in done
    assert supervisor.get(f"{here}/note.pdf").status_code == 404, "nobody needs the paper of a cancelled note"
    assert supervisor.get(f"{here}/receipt.pdf").status_code == 404


def test_a_file_is_looked_at_counted_and_recorded(supervisor: FlaskClient, enrolled: Atelier) -> None:
    shown = said(text_of(upload(supervisor, CONTENT)))
    assert t("transfers.count_title") in shown and "ESAT de Lyon" in shown
    assert t("transfers.order_new", order=NOTE.order) in shown
    before = last_seq(enrolled)
    page = take_in(supervisor, CONTENT, **{f"taken-{NOTE.bundles[0].code}": "18"})
    assert t("transfers.received") in page and t("transfers.missing", count=2, n=2) in page
    assert last_seq(enrolled) == before + 1
    assert (note_of(enrolled, NOTE.code).state, note_of(enrolled, NOTE.code).received) == ("discrepancy", 38)
    listed = said(text_of(supervisor.get("/transfers")))
    assert t("transfers.discrepancies") in listed
    bundle = said(text_of(supervisor.get(f"/bundles/{NOTE.bundles[0].code}")))
    assert t("bundles.count_elsewhere") in bundle and t("bundles.story_received_of", n=20) in bundle
    order = said(text_of(supervisor.get(f"/orders/{NOTE.order}")))
    assert t("orders.law_received") in order and t("orders.law_holds") in order
    board = said(text_of(supervisor.get("/board")))
    assert t("board.law_words_moved") in board and t("board.law_holds") in board
    assert t("board.not_cut") not in board


@pytest.mark.parametrize(
    ("typed", "fault"), [("21", "too_many"), ("-1", "unread"), ("dix", "unread"), ("", "unread"), ("1.5", "unread")]
)
def test_a_number_that_cannot_be_is_said_and_nothing_is_recorded(
    supervisor: FlaskClient, enrolled: Atelier, typed: str, fault: str
) -> None:
    before = last_seq(enrolled)
    code = NOTE.bundles[1].code
    page = take_in(supervisor, CONTENT, **{f"taken-{code}": typed})
    assert t(f"transfers.receive_{fault}", bundle=code, n=20) in page
    assert f'name="taken-{code}" value="{typed}"' in page
    assert last_seq(enrolled) == before


def test_a_note_that_is_here_already_leads_to_what_was_recorded(supervisor: FlaskClient, enrolled: Atelier) -> None:
    page = text_of(upload(supervisor, CONTENT))
    send(supervisor, page, STORE)
    before = last_seq(enrolled)
    assert t("transfers.already_received") in said(text_of(send(supervisor, page, STORE)))
    assert t("transfers.already_received") in said(text_of(upload(supervisor, CONTENT)))
    assert last_seq(enrolled) == before


def test_codes_scanned_one_by_one_say_how_far_it_is(supervisor: FlaskClient, enrolled: Atelier, csrf: Any) -> None:
    parts = parts_of(CONTENT)
    token = csrf(supervisor, RECEIVE)

    def scan(more: str, before: list[str]) -> str:
        data = {"csrf_token": token, "parts": "\n".join(before), "more": more}
        return said(text_of(supervisor.post(CODES, data=data)))

    first = scan(parts[1].lower(), [])
    assert t("transfers.part_of", n=1, of=len(parts)) in first and t("transfers.part_read") in first
    assert t("transfers.part_again") in scan(parts[1], [parts[1]])
    assert t("transfers.part_damaged") in scan(parts[0][:-3] + "BBB", [parts[1]])
    assert t("transfers.part_unknown") in scan("3760123456789", [parts[1]])
    assert t("transfers.part_bundle") in scan(NOTE.bundles[0].code, [parts[1]])
    other = parts_of(pack_note(a_note("LYON-2-XXXXXX", sender=LYON), LYON))
    assert t("transfers.part_of_another") in scan(other[0], [parts[1]])
    assert 'data-whole="no"' in first and 'data-whole="yes"' in scan(parts[-1], list(parts[:-1]))


def test_codes_pasted_together_without_a_script_are_read(supervisor: FlaskClient, enrolled: Atelier) -> None:
    page = text_of(supervisor.get(RECEIVE))
    parts = parts_of(CONTENT)
    some = send(supervisor, page, RECEIVE, more="\n".join(parts[1:]))
    assert some.status_code == 422 and t("transfers.part_of", n=len(parts) - 1, of=len(parts)) in said(text_of(some))
    kept = re.search(r'<textarea name="parts" hidden>([^<]*)</textarea>', text_of(some))
    assert kept
    whole = send(supervisor, text_of(some), RECEIVE, parts=kept[1], more=parts[0])
    assert t("transfers.count_title") in said(text_of(whole))


FORGED = pack_note(NOTE, an_identity("LYON-2", name="ESAT de Lyon", centre=keys.new_private_key()))


@pytest.mark.parametrize(
    ("content", "fault", "who"),
    [
        (FORGED, "refused_forged", ""),
        (CONTENT[:-1], "refused_damaged", ""),
        (b"PK\x03\x04", "refused_not_ours", ""),
        (pack_note(a_note(sender=LYON, to="LILLE", to_name="Lille <b>"), LYON), "refused_other_atelier", "Lille <b>"),
        (
            pack_note(a_note("ATL07-BCDFGH", sender=an_identity()), an_identity()),
            "refused_own_note",
            "Atelier des Tilleuls",
        ),
        (bytes(80_000), "refused_too_large", ""),
    ],
    ids=["forged", "cut", "no note", "another's", "our own", "too large"],
)
def test_what_is_no_note_for_us_is_refused_in_words(
    supervisor: FlaskClient, enrolled: Atelier, content: bytes, fault: str, who: str
) -> None:
    before = last_seq(enrolled)
    answer = upload(supervisor, content)
    assert answer.status_code == 422
    assert t(f"transfers.{fault}", who=who) in said(text_of(answer))
    assert "<b>" not in text_of(answer)
    assert last_seq(enrolled) == before


def test_a_form_that_brings_another_content_is_read_and_judged_anew(
    supervisor: FlaskClient, enrolled: Atelier, csrf: Any
) -> None:
    before = last_seq(enrolled)
    data = {"csrf_token": csrf(supervisor, RECEIVE), "id": "0123456789"}
    forged = supervisor.post(STORE, data={**data, "content": base64.b64encode(FORGED)})
    assert forged.status_code == 422 and t("transfers.refused_forged") in said(text_of(forged))
    assert supervisor.post(STORE, data={**data, "content": "***"}).status_code == 400
    assert last_seq(enrolled) == before


def test_the_receipt_tells_the_sender(supervisor: FlaskClient, enrolled: Atelier, cards: Cards) -> None:
    note = send_two(supervisor, enrolled, cards)
    received = ((cards[0].code, 14), (cards[1].code, 15))
    receipt = pack_receipt(Receipt(note, "LYON-2", received, 5), LYON)
    page = said(text_of(upload(supervisor, receipt)))
    assert t("transfers.receipt_confirmed") in page and t("transfers.missing", count=1, n=1) in page
    assert t("transfers.receipt_unchanged") in said(text_of(upload(supervisor, receipt)))
    done = send(supervisor, page, f"/transfers/{note}/settle", reason="une pièce perdue")
    assert t("transfers.settled") in said(text_of(done))
    assert t("bundles.place_elsewhere", who="ESAT de Lyon") in said(
        text_of(supervisor.get(f"/bundles/{cards[0].code}"))
    )


@pytest.mark.parametrize(
    ("receipt", "fault"),
    [
        (Receipt("ATL07-XXXXXX", "LYON-2", ((NOTE.bundles[0].code, 1),), 5), "receipt_unknown_note"),
        (Receipt("LYON-2-BCDFGH", "LYON-2", ((NOTE.bundles[0].code, 1),), 5), "receipt_unknown_note"),
    ],
)
def test_a_receipt_of_no_note_of_ours_is_refused(
    supervisor: FlaskClient, enrolled: Atelier, receipt: Receipt, fault: str
) -> None:
    answer = upload(supervisor, pack_receipt(receipt, LYON))
    assert answer.status_code == 422
    assert t(f"transfers.{fault}", who=receipt.note) in said(text_of(answer))


def test_a_receipt_signed_by_another_atelier_is_refused(
    supervisor: FlaskClient, enrolled: Atelier, cards: Cards
) -> None:
    note = send_two(supervisor, enrolled, cards)
    forged = Receipt(note, "LILLE", tuple((card.code, 15) for card in cards[:2]), 5)
    answer = upload(supervisor, pack_receipt(forged, an_identity("LILLE")))
    assert t("transfers.receipt_other_receiver", who=note) in said(text_of(answer))
    assert note_of(enrolled, note).state == "in_transit"


def test_the_receivers_receipt_is_printed_and_saved(supervisor: FlaskClient, enrolled: Atelier) -> None:
    take_in(supervisor, CONTENT, **{f"taken-{NOTE.bundles[0].code}": "18"})
    pdf, file = (supervisor.get(f"/transfers/{NOTE.code}/receipt.{kind}") for kind in ("pdf", "floor"))
    with enrolled.reading() as db:
        receipt = open_receipt(file.data, checking(db))
    assert isinstance(receipt, Receipt)
    assert dict(receipt.bundles) == {NOTE.bundles[0].code: 18, NOTE.bundles[1].code: 20}
    pages = [page.render(scale=200 / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf.data)]
    assert {code.text for page in pages for code in zxingcpp.read_barcodes(np.asarray(page))} == set(
        parts_of(file.data)
    )


def test_pieces_that_turn_up_join_their_bundle(supervisor: FlaskClient, enrolled: Atelier) -> None:
    page = take_in(supervisor, CONTENT, **{f"taken-{NOTE.bundles[0].code}": "18"})
    settle, field = f"/transfers/{NOTE.code}/settle", f"arrived-{NOTE.bundles[0].code}"
    assert t("transfers.settle_unread") in said(text_of(send(supervisor, page, settle, reason="x", **{field: "deux"})))
    code = NOTE.bundles[0].code
    many = said(text_of(send(supervisor, page, settle, reason="x", **{field: "3"})))
    assert t("transfers.settle_too_many", n=2, bundle=t("transfers.bundle_n", n=1, of=12)) in many
    done = said(text_of(send(supervisor, page, settle, reason="sous la bâche", **{field: "2"})))
    assert t("transfers.settled") in done and t("transfers.state_received") in done
    assert t("bundles.story_found", count=2, n=2, reason="sous la bâche") in said(
        text_of(supervisor.get(f"/bundles/{code}"))
    )


def test_taken_in_by_mistake_is_taken_back_with_a_reason(supervisor: FlaskClient, enrolled: Atelier) -> None:
    page = take_in(supervisor, CONTENT)
    undo = f"/transfers/{NOTE.code}/undo"
    assert t("transfers.undo_reason_needed") in said(text_of(send(supervisor, page, undo, reason="")))
    done = said(text_of(send(supervisor, page, undo, reason="mauvais bon")))
    assert t("transfers.undo_undone", note=NOTE.code) in done
    assert supervisor.get(f"/transfers/{NOTE.code}").status_code == 404
    assert t("transfers.received") in take_in(supervisor, CONTENT)


def test_the_labels_of_what_arrived_are_printed_again_on_a4(supervisor: FlaskClient, enrolled: Atelier) -> None:
    page = take_in(supervisor, CONTENT)
    linked = re.search(r'href="(/sheets\?[^"]+)"', page)
    assert linked
    assert t("sheets.labels", count=2) in said(text_of(supervisor.get(html.unescape(linked[1]))))


@pytest.mark.parametrize("code", ["ATL07-XXXXXX", "x" * 300, "<script>", ".."])
def test_a_note_nobody_knows_is_not_found(supervisor: FlaskClient, enrolled: Atelier, code: str) -> None:
    for path in (f"/transfers/{code}", f"/transfers/{code}/note.pdf", f"/transfers/{code}/receipt.floor"):
        assert supervisor.get(path).status_code == 404


def test_texts_of_others_are_shown_as_they_are(supervisor: FlaskClient, enrolled: Atelier) -> None:
    odd = "<img src=x onerror=alert(1)>"
    note = a_note(sender=LYON, style=odd, client="{{7*7}}", bundles=(a_note_bundle(1, colour=odd, shade="'\"><b>"),))
    page = take_in(supervisor, pack_note(note, LYON))
    assert t("transfers.received") in page
    for path in (
        f"/transfers/{note.code}",
        "/transfers",
        f"/orders/{note.order}",
        f"/bundles/{note.bundles[0].code}",
        "/board",
    ):
        assert odd not in text_of(supervisor.get(path)), path


def test_a_kept_note_is_the_note(enrolled: Atelier, supervisor: FlaskClient) -> None:
    take_in(supervisor, CONTENT)
    found = kept_note(supervisor.get(f"/transfers/{NOTE.code}/note.floor").data)
    assert isinstance(found, Note) and found == NOTE

"""The coordinator's pages on ateliers: who is there, who is silent, who is in dispute, and what to do about it."""

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from central import enrolling
from central.centre import Centre
from central.store import accounts, ateliers, conflicts, keys
from central.store.tables import atelier_news
from contract import keys as contract_keys
from contract import signed_files
from contract.keys import certify
from tests.central.conftest import NOW_MS
from tests.central.sheets import a_sheet, offered, plain, with_gap

Press = Callable[..., str]


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_an_atelier_is_added_and_given_a_code_that_is_shown_once(
    filled: Centre, coordinator: FlaskClient, press: Press
) -> None:
    said = press(coordinator, "/ateliers", code="nantes", name="EA de Nantes", site="dfgh")
    assert "EA de Nantes est dans le réseau" in said
    given = press(coordinator, "/ateliers/nantes/code")
    code = re.search(r'class="secret">([^<]+)<', given)
    assert code
    with filled.writing() as db:
        public = contract_keys.public_of(contract_keys.new_private_key())
        done = enrolling.enrol(db, code[1], public, centre=filled.key, today=filled.today(), at_ms=NOW_MS)
    assert not isinstance(done, enrolling.KeyFault)
    assert code[1] not in page(coordinator, "/ateliers/nantes")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"code": "lille", "name": "Autre", "site": "DFGH"}, "Un autre atelier a déjà ce code."),
        ({"code": "autre", "name": "Autre", "site": "BCDF"}, "Un autre atelier a déjà ces lettres"),
        ({"code": "a/b", "name": "Autre", "site": "DFGH"}, "Ce code ne convient pas"),
        ({"code": "autre", "name": "", "site": "DFGH"}, "Ce nom ne convient pas."),
        ({"code": "autre", "name": "Autre", "site": "AEIO"}, "Il faut quatre lettres"),
    ],
)
def test_what_does_not_do_is_said_and_nothing_is_added(
    filled: Centre, coordinator: FlaskClient, press: Press, typed: dict[str, str], sentence: str
) -> None:
    assert sentence in press(coordinator, "/ateliers", status=422, **typed)
    with filled.reading() as db:
        assert len(ateliers.listed(db)) == 3


def test_silence_is_told_with_what_to_do_and_is_never_nothing_done(filled: Centre, coordinator: FlaskClient) -> None:
    with filled.writing() as db:
        db.execute(
            atelier_news.update().where(atelier_news.c.atelier == "lyon").values(sheet_at_ms=NOW_MS - 30 * 3_600_000)
        )
    fleet = page(coordinator, "/fleet")
    assert "1 atelier sans nouvelles" in fleet and "EI de Lyon" in fleet and "il y a 30 heures" in fleet
    assert "silencieux" in page(coordinator, "/ateliers")
    assert "aucune nouvelle" in page(coordinator, "/ateliers/lyon")


def test_the_fleet_is_a_table_that_runs_nothing(filled: Centre, coordinator: FlaskClient) -> None:
    with filled.writing() as db:
        ateliers.rename(db, "lyon", "=1+1 de Lyon")
    csv = coordinator.get("/fleet/machines.csv").data.decode("utf-8-sig")
    assert "'=1+1 de Lyon" in csv and csv.count("\r\n") == 4
    assert coordinator.get("/fleet/machines.xlsx").data[:2] == b"PK"
    assert coordinator.get("/fleet/machines.exe").status_code == 404


def test_a_sheet_kept_apart_is_shown_with_its_gap(filled: Centre, coordinator: FlaskClient) -> None:
    filled.take_sheet(offered(with_gap(a_sheet(2, atelier="lille", day="2026-11-24"))))
    shown = page(coordinator, "/ateliers/lille")
    assert "finies : annoncé 47, compté 40" in shown
    assert "1 jour(s) à part" in page(coordinator, "/ateliers")


def test_a_dispute_is_explained_and_each_way_out_is_a_button(
    filled: Centre, coordinator: FlaskClient, press: Press
) -> None:
    filled.take_sheet(offered(a_sheet(1, atelier="lille", day="2026-11-24", pieces=55)))
    assert "Deux machines parlent pour cet atelier" in page(coordinator, "/ateliers/lille")
    shown = page(coordinator, "/ateliers/lille/dispute")
    assert "même version, autres chiffres" in shown and "24/11/2026" in shown
    assert "Autorisé jusqu’au" in press(coordinator, "/ateliers/lille/dispute/allow")
    with filled.reading() as db:
        assert ateliers.may_replace(db, ["lille"], at_ms=NOW_MS + 47 * 3_600_000)
        assert not ateliers.may_replace(db, ["lille"], at_ms=NOW_MS + 49 * 3_600_000)
    press(coordinator, "/ateliers/lille/dispute/forbid")
    with filled.reading() as db:
        assert not ateliers.may_replace(db, ["lille"], at_ms=NOW_MS)
    press(coordinator, "/ateliers/lille/dispute/settle")
    with filled.reading() as db:
        assert conflicts.open_ones(db) == []
    assert "Aucun litige" in page(coordinator, "/ateliers/lille/dispute")


def test_a_revoked_key_is_out_at_once(filled: Centre, coordinator: FlaskClient, press: Press) -> None:
    key_id = enrolled(filled, "lille")[1]
    assert "en service" in page(coordinator, "/ateliers/lille")
    assert "La clé est fermée." in press(coordinator, f"/ateliers/lille/keys/{key_id}/revoke")
    with filled.reading() as db:
        assert [key.dropped for key in keys.of_atelier(db, "lille")] == ["revoked"]
    press(coordinator, "/ateliers/lille/keys/0000000000000000/revoke", status=404)


def test_an_ateliers_account_sees_its_own_page_and_no_other(atelier_account: FlaskClient) -> None:
    assert atelier_account.get("/ateliers").headers["Location"] == "/ateliers/lille"
    own = page(atelier_account, "/ateliers/lille")
    assert "ESAT de Lille" in own and "Ses clés" not in own and "Calais" not in own
    assert atelier_account.get("/ateliers/calais").status_code == 403
    notes = page(atelier_account, "/transfers")
    assert "N-2026-11-23" in notes


def test_transfers_are_counted_by_state_and_another_ateliers_are_not_seen(
    filled: Centre, coordinator: FlaskClient, signed_in: Callable[..., FlaskClient]
) -> None:
    shown = page(coordinator, "/transfers")
    assert "en route" in shown and "Atelier de Calais" in shown
    assert "N-2026-11-23" in coordinator.get("/transfers/notes.csv").data.decode("utf-8-sig")
    with filled.writing() as db:
        accounts.put(db, "lyon", role="atelier", atelier="lyon", at_ms=NOW_MS)
    lyon = signed_in("lyon")
    assert "Aucun bon d’envoi." in page(lyon, "/transfers")
    assert "N-2026-11-23" not in lyon.get("/transfers/notes.csv").data.decode("utf-8-sig")


def test_accounts_are_opened_with_a_link_and_closed(filled: Centre, coordinator: FlaskClient, press: Press) -> None:
    said = press(coordinator, "/accounts", name="nouvelle", role="atelier", atelier="calais")
    link = re.search(r'class="secret">([^<]+)<', said)
    assert link and "/set-up/" in link[1]
    for name, role, atelier in (
        ("nouvelle", "reader", ""),
        ("", "reader", ""),
        ("x", "king", ""),
        ("x", "atelier", "rien"),
    ):
        press(coordinator, "/accounts", status=422, name=name, role=role, atelier=atelier)
    assert "/set-up/" in press(coordinator, "/accounts/nouvelle/link")
    assert "est fermé" in press(coordinator, "/accounts/nouvelle/close")
    assert "On ne ferme pas son propre compte" in press(coordinator, "/accounts/camille/close", status=422)
    with filled.reading() as db:
        closed = accounts.find(db, "nouvelle")
    assert closed is not None and closed.closed_at_ms


def test_a_stick_is_read_and_its_receipt_given_back(filled: Centre, coordinator: FlaskClient, press: Press) -> None:
    private_key, _ = enrolled(filled, "lille")
    certificate = certify(
        filled.key.private_key,
        atelier="lille",
        name="ESAT de Lille",
        site="BCDF",
        public_key=contract_keys.public_of(private_key),
        until="2031-01-01",
    )
    said = {"sheets": [{"day": "2026-11-13", "sheet": plain(a_sheet(atelier="lille", day="2026-11-13"))}]}
    content = signed_files.pack("sheets", said, private_key=private_key, certificate=certificate)
    taken = press(coordinator, "/stick", file=(io.BytesIO(content), "lille.floor"))
    assert "Fichier de ESAT de Lille lu." in taken and "1 jour est maintenant au centre." in taken
    shown = re.search(r'name="content" value="([^"]+)"', taken)
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', taken)
    assert shown and csrf
    receipt = coordinator.post("/stick/receipt", data={"csrf_token": csrf[1], "content": shown[1]}).data
    opened = signed_files.unpack(receipt, kind="receipt", centre_public_key=filled.key.public_key)
    assert opened.said["atelier"] == "lille"
    assert "Ce n’est pas un fichier d’atelier." in press(
        coordinator, "/stick", status=422, file=(io.BytesIO(b"x"), "x")
    )


def test_every_page_speaks_english_too(signed_in: Callable[..., FlaskClient]) -> None:
    english = signed_in("camille", "en")
    for path, word in (
        ("/ateliers", "Workshops"),
        ("/fleet", "Machines"),
        ("/transfers", "in transit"),
        ("/accounts", "Add an account"),
        ("/stick", "USB stick"),
        ("/ateliers/lille", "Its shared orders"),
    ):
        assert word in page(english, path)


def enrolled(centre: Centre, atelier: str) -> tuple[str, str]:
    """Its private key, and the id of it."""
    private_key = contract_keys.new_private_key()
    public_key = contract_keys.public_of(private_key)
    with centre.writing() as db:
        code = enrolling.give_code(db, atelier, bytes(10), at_ms=NOW_MS)
        enrolling.enrol(db, code, public_key, centre=centre.key, today=centre.today(), at_ms=NOW_MS)
    return private_key, contract_keys.key_id(public_key)

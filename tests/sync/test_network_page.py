"""« Réseau » in the hands of a supervisor: she joins, sends, sees what happened and what to do, and carries a stick."""

import io
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from central.importing_files import ImportedFile, import_file
from central.store import ateliers
from central.texts import words
from floor_app import access
from floor_app.keeping import back_up, restore
from floor_app.store import access as accounts
from floor_app.store.code_reserve import HighWaterMark
from floor_app.sync.loop import SyncLoop
from floor_app.web import create_app
from tests.sync.town import Member, Town
from tests.waiting import wait_until


@dataclass
class Supervisor:
    client: FlaskClient

    def reads(self, path: str = "/network") -> str:
        return self.client.get(path).get_data(as_text=True)

    def presses(self, path: str, *, status: int = 200, **fields: object) -> str:
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.reads())
        assert token
        kind = "multipart/form-data" if any(isinstance(value, tuple) for value in fields.values()) else None
        data = {"csrf_token": token[1], **fields}
        answer = self.client.post(path, data=data, follow_redirects=True, content_type=kind)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)


def supervisor_of(atelier: Member) -> Supervisor:
    here = atelier.floor.atelier
    app = create_app(here)
    here.run(accounts.set_password, "cheffe", access.hash_password("une longue phrase"), at_ms=here.clock.now_ms())
    client = app.test_client()
    with client.session_transaction() as session:
        session["account"], session["version"] = "cheffe", 1
    return Supervisor(client)


def test_an_atelier_in_no_network_is_told_what_to_ask_for_and_what_would_go_out(town: Town) -> None:
    page = supervisor_of(town.member(enrolled=False)).reads()
    assert "Cet atelier n’est dans aucun réseau." in page and "Inscrire cet atelier" in page
    assert "Ce qui ne sort jamais" in page and "Aucun nom" in page


def test_she_joins_with_the_address_and_the_code(town: Town) -> None:
    atelier = town.member(enrolled=False)
    said = supervisor_of(atelier).presses(
        "/network/join", url=town.centre.url, code=town.centre.enrolment_code("ATL07")
    )
    assert "L’atelier est inscrit au réseau Réseau du Nord." in said
    assert "Envoyer maintenant" in said or "L’échange va commencer" in said


@pytest.mark.parametrize(
    ("url", "code", "sentence"),
    [
        ("http://centre.exemple.fr", "X", "il faut une adresse protégée"),
        ("{url}", "AAAA-BBBB", "Ce code n’est pas bon"),
        ("{url}", "", "Ce code n’est pas bon"),
        ("http://127.0.0.1:9", "X", "Le centre ne répond pas"),
    ],
)
def test_what_stands_in_the_way_is_said_and_what_was_typed_stays(
    town: Town, url: str, code: str, sentence: str
) -> None:
    atelier = town.member(enrolled=False)
    typed = url.format(url=town.centre.url)
    said = supervisor_of(atelier).presses("/network/join", status=422, url=typed, code=code)
    assert sentence in said
    assert f'value="{typed}"' in said


def test_send_now_shows_how_far_it_is_and_then_what_was_sent(town: Town) -> None:
    atelier = town.member()
    atelier.begin_order()
    supervisor = supervisor_of(atelier)
    loop = SyncLoop(atelier.floor.atelier)
    assert "1 jour" not in supervisor.reads()
    said = supervisor.presses("/network/send")
    assert "Échange en cours" in said
    loop.start()
    try:
        wait_until(lambda: bool(atelier.attempts) and atelier.floor.atelier.sync.progress is None, "it has talked")
    finally:
        loop.stop()
        loop.join()
    page = supervisor.reads()
    assert "Tout est passé." in page and "demandé" in page and "rien, tout est au centre" in page
    seen = re.search(r"seen=([^\"&]+)", page)
    assert seen
    assert (
        supervisor.client.get("/network/now", query_string={"seen": atelier.floor.atelier.sync.version}).status_code
        == 204
    )


def test_an_old_copy_is_explained_with_both_ways_out(town: Town, tmp_path: Path) -> None:
    atelier = town.member()
    bundles = atelier.begin_order()
    atelier.sync()
    data = atelier.floor.atelier.data
    back_up(data / "floor.db", tmp_path / "copy.db", at_ms=1)
    atelier.count(bundles[:5], "cut")
    atelier.sync()
    atelier.floor.close()
    restore(tmp_path / "copy.db", data / "floor.db", mark=HighWaterMark(data / "codes-given.txt"), at_ms=1)
    back = atelier.again()
    back.sync()
    supervisor = supervisor_of(back)
    page = supervisor.reads()
    assert "envoyés par une autre machine" in page and "Remettez-la" in page and "Appelez la coordination" in page
    board = supervisor.reads("/board")
    assert "des jours sont à regarder" in board
    with town.centre.process.writing() as db:
        ateliers.allow_replacing(db, "ATL07", until_ms=town.centre.process.now_ms() + 3_600_000)
    back.sync()
    assert "envoyés par une autre machine" not in supervisor.reads()


def test_a_stick_is_written_and_its_receipt_read_on_the_page(town: Town) -> None:
    atelier = town.member()
    atelier.count(atelier.begin_order()[:3], "cut")
    supervisor = supervisor_of(atelier)
    token = re.search(r'name="csrf_token" value="([^"]+)"', supervisor.reads())
    assert token
    written = supervisor.client.post("/network/file", data={"csrf_token": token[1]})
    assert "attachment" in written.headers["Content-Disposition"]
    found = import_file(town.centre.process, written.data, t=words())
    assert isinstance(found, ImportedFile)
    said = supervisor.presses("/network/receipt", file=(io.BytesIO(found.receipt), "recu.floor"))
    assert "Reçu lu. Jours confirmés : 1." in said
    assert atelier.agrees_with_centre()
    said = supervisor.presses("/network/receipt", status=422, file=(io.BytesIO(b"rien du tout"), "x.txt"))
    assert "n’est pas un reçu du centre" in said


def test_leaving_asks_first(town: Town) -> None:
    atelier = town.member()
    supervisor = supervisor_of(atelier)
    assert "Réseau du Nord" in supervisor.presses("/network/leave")
    assert "a quitté le réseau" in supervisor.presses("/network/leave", sure="yes")
    assert "Cet atelier n’est dans aucun réseau." in supervisor.reads()


def test_the_board_says_nothing_of_a_network_to_an_atelier_in_none(town: Town) -> None:
    assert '/network">' not in supervisor_of(town.member(enrolled=False)).reads("/board").partition("<main")[2]

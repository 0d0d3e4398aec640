"""`floor sync …`, at rest and through a running service: what a technician types."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from central import enrolling
from central.importing_files import ImportedFile, import_file
from central.store.ateliers import Atelier
from central.texts import words
from floor_app.config import read_config
from floor_app.service import start_service
from tests.sync.town import Town
from tests.test_cli import Technician


@pytest.fixture
def technician(tmp_path: Path) -> Technician:
    folder = tmp_path / "pi"
    folder.mkdir()
    return Technician(folder)


@pytest.fixture(params=["at_rest", "through_the_service"])
def either_way(request: pytest.FixtureRequest, technician: Technician) -> Iterator[Technician]:
    if request.param == "at_rest":
        yield technician
        return
    service = start_service(read_config(technician.folder / "floor.toml"), technician.data, host="127.0.0.1", port=0)
    yield technician
    service.stop()


@pytest.fixture
def code(town: Town) -> str:
    with town.centre.process.writing() as db:
        enrolling.add_atelier(db, Atelier("ATL07", "Atelier des Tilleuls", "BCDF"), at_ms=town.centre.process.now_ms())
    return town.centre.enrolment_code("ATL07")


def test_an_atelier_is_enrolled_talks_and_says_how_it_went(either_way: Technician, town: Town, code: str) -> None:
    either_way.imports()
    either_way.cuts()
    assert "est inscrit au réseau Réseau du Nord" in either_way.types("sync", "enrol", town.centre.url, code).output
    assert "Tout est passé." in either_way.types("sync", "run").output
    said = json.loads(either_way.types("sync", "status", "--json").output)
    assert (said["enrolled"], said["backlog_days"], said["trouble"]) == (True, 0, [])
    assert said["attempts"][0]["outcome"] == "done"
    assert "Réseau : Réseau du Nord" in either_way.types("sync", "status").output
    assert [sheet.version.revision for sheet in town.centre.sheets("ATL07")] == [1]


def test_without_a_network_each_command_says_how_to_join(either_way: Technician) -> None:
    for command in (["run"], ["status"], ["export", str(either_way.folder / "x")], ["leave", "--yes"]):
        assert "floor sync enrol" in either_way.types("sync", *command, wants=1).output


def test_a_wrong_code_and_a_wrong_address_are_said(either_way: Technician, town: Town, code: str) -> None:
    assert "Ce code n’est pas bon" in either_way.types("sync", "enrol", town.centre.url, "AAAA-BBBB", wants=1).output
    assert "adresse protégée" in either_way.types("sync", "enrol", "http://exemple.fr", code, wants=1).output


def test_a_stick_goes_there_and_back(either_way: Technician, town: Town, code: str) -> None:
    either_way.imports()
    either_way.types("sync", "enrol", town.centre.url, code)
    either_way.types("sync", "run")
    either_way.cuts()
    file, back = either_way.folder / "cle.floor", either_way.folder / "recu.floor"
    assert "jour" in either_way.types("sync", "export", str(file)).output
    found = import_file(town.centre.process, file.read_bytes(), t=words())
    assert isinstance(found, ImportedFile)
    back.write_bytes(found.receipt)
    assert "Reçu lu." in either_way.types("sync", "import", str(back)).output
    assert "n’est pas un reçu" in either_way.types("sync", "import", str(file), wants=1).output


def test_a_key_is_changed_and_the_network_left(either_way: Technician, town: Town, code: str) -> None:
    either_way.types("sync", "enrol", town.centre.url, code)
    before = town.centre.keys_in_force("ATL07")
    assert "La clé est changée." in either_way.types("sync", "new-key").output
    assert town.centre.keys_in_force("ATL07") != before
    assert "a quitté le réseau" in either_way.types("sync", "leave", "--yes").output
    assert "aucun réseau" in either_way.types("sync", "new-key", wants=1).output

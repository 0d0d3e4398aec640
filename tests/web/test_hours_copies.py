"""Hours in each backup, closed: out of one atelier's folder and into a fresh one, with no name to be read on the way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from floor_app import access
from floor_app.atelier import Atelier, open_atelier
from floor_app.cli import floor
from floor_app.domain.insertion import Assignment, HalfDay
from floor_app.store import access as access_store
from floor_app.store import people, sealed_people
from floor_app.store.backup import copy_to
from floor_app.web import create_app

Csrf = Callable[[FlaskClient, str], str]
Press = Callable[..., str]
PHRASE = "quatre mots sur papier"
NAME = "Zélie Planté"
DAY = "2026-11-26"


@pytest.fixture
def press(csrf: Csrf) -> Press:
    def pressed(client: FlaskClient, path: str = "", *, status: int = 200, **fields: str) -> str:
        form = {"csrf_token": csrf(client, "/hours/copies"), **fields}
        answer = client.post(f"/hours/copies{path}", data=form, follow_redirects=True)
        assert answer.status_code == status
        return answer.get_data(as_text=True)

    return pressed


@pytest.fixture
def zelie(atelier: Atelier) -> int:
    """One person, with a half-day that was confirmed."""
    person = atelier.people.run(people.add_person, NAME, 210)
    half = Assignment(person, HalfDay.MORNING, "M-2026-7", 210)
    atelier.people.run(people.keep_sheet, DAY, (half,), at_ms=1)
    return person


@contextmanager
def restored(
    atelier: Atelier, copy: Path, folder: Path, *, waits: bool = True
) -> Iterator[tuple[Atelier, FlaskClient]]:
    """On another machine, with nothing but this copy; and a supervisor who signs in there."""
    folder.mkdir()
    (folder / "floor.toml").write_text(CONFIG, "utf-8")
    done = command("restore", folder, str(copy))
    assert done.exit_code == 0, done.output
    assert ("attendent leur phrase de passe" in done.output) == waits
    fresh = open_atelier(atelier.config, folder / "data")
    try:
        fresh.run(access_store.set_password, folder.name, access.hash_password("trois mots bien longs"), at_ms=1)
        client = create_app(fresh).test_client()
        with client.session_transaction() as session:
            session["account"], session["version"] = folder.name, 1
        yield fresh, client
    finally:
        fresh.close()


CONFIG = '[atelier]\ncode = "ATL07"\nname = "Atelier"\nsite = "BCDF"\n'


def command(name: str, folder: Path, *words: str) -> Result:
    settings = ["--config", str(folder / "floor.toml"), "--data", str(folder / "data")]
    return CliRunner().invoke(floor, [name, *settings, *words])


def backed_up(atelier: Atelier, folder: Path) -> tuple[Path, str]:
    """By the command, beside the running service; and what it says."""
    (folder / "floor.toml").write_text(CONFIG, "utf-8")
    copy = folder / "a.backup"
    done = CliRunner().invoke(
        floor, ["backup", "--config", str(folder / "floor.toml"), "--data", str(atelier.data), str(copy)]
    )
    assert done.exit_code == 0, done.output
    assert NAME.encode() not in copy.read_bytes()
    return copy, done.output


def names(atelier: Atelier) -> list[str]:
    return [person.name for person in atelier.people.run(people.people_on, DAY)]


def test_hours_come_back_on_another_machine_with_the_passphrase_and_are_in_its_next_copy(
    atelier: Atelier, supervisor: FlaskClient, press: Press, zelie: int, tmp_path: Path
) -> None:
    assert "dans aucune copie" in supervisor.get("/hours").get_data(as_text=True)
    assert "Dès la prochaine copie" in press(supervisor, passphrase=PHRASE)
    assert "dans aucune copie" not in supervisor.get("/hours").get_data(as_text=True)
    copy, said = backed_up(atelier, tmp_path)
    assert "Les heures d’insertion y sont" in said
    with restored(atelier, copy, tmp_path / "other") as (fresh, client):
        assert "contient des heures" in client.get("/hours").get_data(as_text=True)
        assert "Ce n’est pas cette phrase" in press(client, "/open", passphrase="une autre phrase")
        assert names(fresh) == []
        assert "sont revenues" in press(client, "/open", passphrase=PHRASE.upper())
        assert names(fresh) == [NAME]
        assert fresh.people.run(people.hours_of, "M-2026-7", DAY, DAY) == [(NAME, 1, 210)]
        assert (fresh.data / people.FILE).stat().st_mode & 0o777 == 0o600
        assert press(client, "/open", status=404, passphrase=PHRASE)
        assert "C’est la bonne phrase" in press(client, "/check", passphrase=PHRASE)
        (tmp_path / "again").mkdir()
        second, said = backed_up(fresh, tmp_path / "again")
        assert "Les heures d’insertion y sont" in said
    with restored(atelier, second, tmp_path / "third") as (third, client):
        press(client, "/open", passphrase=PHRASE)
        assert names(third) == [NAME]


def test_a_copy_that_waits_for_its_passphrase_is_in_the_next_backup_too(
    atelier: Atelier, supervisor: FlaskClient, press: Press, zelie: int, tmp_path: Path
) -> None:
    press(supervisor, passphrase=PHRASE)
    copy, _ = backed_up(atelier, tmp_path)
    with restored(atelier, copy, tmp_path / "other") as (fresh, client):
        later = tmp_path / "later"
        copy_to(fresh.data / "floor.db", later)
        assert "ne sont plus proposées" in press(client, "/forget")
        assert "contient des heures" not in client.get("/hours").get_data(as_text=True)
    with restored(atelier, later, tmp_path / "third") as (third, client):
        press(client, "/open", passphrase=PHRASE)
        assert names(third) == [NAME]


def test_a_copy_never_takes_the_place_of_people_who_are_here(
    atelier: Atelier, supervisor: FlaskClient, press: Press, zelie: int, tmp_path: Path
) -> None:
    press(supervisor, passphrase=PHRASE)
    copy, _ = backed_up(atelier, tmp_path)
    with restored(atelier, copy, tmp_path / "other") as (fresh, client):
        fresh.people.run(people.add_person, "Ahmed Réservé", 210)
        assert "déjà inscrites ici" in press(client, "/open", passphrase=PHRASE)
        assert names(fresh) == ["Ahmed Réservé"]


def test_without_a_passphrase_there_is_no_copy_and_that_is_said(
    atelier: Atelier, supervisor: FlaskClient, press: Press, zelie: int, tmp_path: Path
) -> None:
    assert "au moins 16 lettres" in press(supervisor, passphrase="trop   court      ")
    copy, said = backed_up(atelier, tmp_path)
    assert "choisissez une phrase de passe" in said
    with restored(atelier, copy, tmp_path / "other", waits=False) as (fresh, client):
        with fresh.reading() as db:
            assert sealed_people.waiting(db) is None
        assert press(client, "/open", status=404, passphrase=PHRASE)


def test_a_changed_passphrase_closes_the_next_copy(
    atelier: Atelier, supervisor: FlaskClient, press: Press, zelie: int, tmp_path: Path
) -> None:
    press(supervisor, passphrase=PHRASE)
    press(supervisor, passphrase="cinq autres mots bien choisis")
    assert "Ce n’est pas cette phrase" in press(supervisor, "/check", passphrase=PHRASE)
    copy, _ = backed_up(atelier, tmp_path)
    with restored(atelier, copy, tmp_path / "other") as (fresh, client):
        assert "Ce n’est pas cette phrase" in press(client, "/open", passphrase=PHRASE)
        press(client, "/open", passphrase="cinq autres mots bien choisis")
        assert names(fresh) == [NAME]


def test_a_passphrase_is_proposed_and_each_time_another(supervisor: FlaskClient) -> None:
    pages = {supervisor.get("/hours/copies").get_data(as_text=True).partition('value="')[2] for _ in range(2)}
    assert len(pages) == 2

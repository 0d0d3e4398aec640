"""The centre restored from an old copy: ateliers compare days and send again what differs, and every number is as it was."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from central.centre import Centre
from central.store import conflicts, progress
from contract.canonical import digest
from contract.day_sheets import DaySheet, to_bytes
from tests.central.atelier_client import AtelierClient
from tests.central.conftest import an_enrolment_code
from tests.central.postgres import PostgresServer, client_program
from tests.central.sheets import a_note, a_sheet


def sheets_of(atelier: str, *, revision: int) -> list[DaySheet]:
    other = {"lille": "calais", "calais": "lille"}[atelier]
    return [
        a_sheet(
            revision,
            atelier=atelier,
            day=f"2026-11-{day:02}",
            pieces=100 + revision + day,
            transfers=(a_note(f"{atelier}-{day}", to=other, sent=day),),
        )
        for day in range(1, 13)
    ]


def send_what_differs(client: AtelierClient, own: list[DaySheet]) -> int:
    """What any atelier does at night. How many were sent."""
    held = {one["day"]: one["digest"] for one in client.ask("GET", "days").said["days"]}
    differing = [sheet for sheet in own if held.get(sheet.day) != digest(to_bytes(sheet))]
    for sheet in differing:
        assert client.put(sheet).status in (200, 201)
    return len(differing)


def copy_of(address: str, postgres: PostgresServer, folder: Path) -> Callable[[], str]:
    """A copy made while the centre runs, by the means of docs/central.md; called, it gives the address of a centre restored from it."""
    copy = folder / "copy"
    if address.startswith("sqlite"):
        with sqlite3.connect(address.removeprefix("sqlite:///")) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        return lambda: f"sqlite:///{shutil.copy(copy, folder / 'restored.db')}"
    subprocess.run([client_program("pg_dump"), "--format=custom", f"--file={copy}", address], check=True)

    def restore() -> str:
        fresh = postgres.new_database()
        subprocess.run([client_program("pg_restore"), "--exit-on-error", f"--dbname={fresh}", str(copy)], check=True)
        return fresh

    return restore


@pytest.mark.parametrize("lost", ["everything since", "nothing"])
def test_a_centre_restored_from_an_old_copy_heals_by_itself(
    address: str,
    open_a_centre: Callable[..., Centre],
    serve: Callable[[Centre], str],
    postgres: PostgresServer,
    tmp_path: Path,
    lost: str,
) -> None:
    centre = open_a_centre(address)
    url = serve(centre)
    clients = {name: AtelierClient(url, name) for name in ("lille", "calais")}
    for name, client in clients.items():
        assert client.enrol(an_enrolment_code(centre, name)).status == 201
        assert send_what_differs(client, sheets_of(name, revision=1)[:8]) == 8
    restore = copy_of(address, postgres, tmp_path)
    newest = {name: sheets_of(name, revision=2 if lost == "everything since" else 1) for name in clients}
    for name, client in clients.items():
        send_what_differs(client, newest[name])
    with centre.reading() as db:
        before = progress.of_orders(db)

    restored = open_a_centre(restore())
    url = serve(restored)
    clients = {name: AtelierClient(url, name, client.key) for name, client in clients.items()}
    again = [send_what_differs(client, newest[name]) for name, client in clients.items()]
    assert again == [12, 12] if lost == "everything since" else [4, 4]
    with restored.reading() as db:
        assert progress.of_orders(db) == before
        assert conflicts.open_ones(db) == []
    assert [send_what_differs(client, newest[name]) for name, client in clients.items()] == [0, 0]
    assert {note["state"] for note in clients["lille"].ask("GET", "transfers").said["transfers"]} == {"in_transit"}

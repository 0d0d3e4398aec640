"""`floor central …`: each command as it is typed, and the service as a process of its own."""

import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from central.store.database import open_database
from contract import keys, signed_files
from contract.keys import Certificate
from floor_command import floor_command
from tests.central.atelier_client import AtelierClient
from tests.central.central_process import serving
from tests.central.mail_server import mail_server
from tests.central.postgres import PostgresServer
from tests.central.sheets import a_sheet, plain, with_gap

TEXTS = Path(__file__).parents[2] / "central" / "texts"


def floor(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(floor_command(), ["central", *words, "--data", str(folder)], prog_name="floor")


def enrolled(folder: Path, url: str) -> AtelierClient:
    assert floor(folder, "ateliers", "add", "lille", "ESAT de Lille", "--site", "bcdf").exit_code == 0
    code = floor(folder, "ateliers", "code", "lille").output.strip()
    assert re.fullmatch(r"[BCDFGHJKLNPRSTVX]{5}(-[BCDFGHJKLNPRSTVX]{5}){3}", code)
    lille = AtelierClient(url, "lille")
    assert lille.enrol(code).status == 201
    return lille


def test_the_centre_runs_with_one_command_and_stops_in_order(tmp_path: Path) -> None:
    """Commands change its database while it runs."""
    with serving(tmp_path) as (url, process):
        lille = enrolled(tmp_path, url)
        assert lille.plain("GET", "/healthz").status == 200
        assert lille.put(a_sheet()).status == 201
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert process.stdout is not None
        assert "Tout ce qui a été reçu est enregistré" in process.stdout.read()
    assert (tmp_path / "centre.key").stat().st_mode & 0o777 == 0o600
    with serving(tmp_path) as (url, _):
        lille = AtelierClient(url, "lille", lille.key)
        assert lille.put(a_sheet()).status == 200, "held already"


def test_two_processes_share_one_postgresql(tmp_path: Path, postgres: PostgresServer) -> None:
    """And the nonces, keys and sheets of both."""
    options = ("--database", postgres.new_database())
    with serving(tmp_path, *options) as (first, _), serving(tmp_path, *options) as (second, _):
        assert floor(tmp_path, "ateliers", "add", "lille", "ESAT", "--site", "BCDF", *options).exit_code == 0
        code = floor(tmp_path, "ateliers", "code", "lille", *options).output.strip()
        one = AtelierClient(first, "lille")
        assert one.enrol(code).status == 201
        other = AtelierClient(second, "lille", one.key, nonce=one.nonce)
        assert other.put(a_sheet()).status == 201
        assert one.put(a_sheet(2)).status == 200
        assert other.put(a_sheet(1)).code == "older_revision"


def test_a_killed_centre_has_kept_what_it_answered(tmp_path: Path) -> None:
    with serving(tmp_path) as (url, process):
        lille = enrolled(tmp_path, url)
        assert lille.put(a_sheet()).status == 201
        process.send_signal(signal.SIGKILL)
        process.wait()
    with serving(tmp_path) as (url, _):
        assert len(AtelierClient(url, "lille", lille.key).ask("GET", "days").said["days"]) == 1


def test_a_file_is_imported_and_a_receipt_lies_beside_it(tmp_path: Path) -> None:
    with serving(tmp_path) as (url, _):
        lille = AtelierClient(url, "lille")
        floor(tmp_path, "ateliers", "add", "lille", "ESAT de Lille", "--site", "BCDF")
        given = lille.enrol(floor(tmp_path, "ateliers", "code", "lille").output.strip()).said
    certificate = Certificate(**given["certificate"])
    file = tmp_path / "lille.floor"
    said = {"sheets": [{"day": a_sheet().day, "sheet": plain(a_sheet())}]}
    file.write_bytes(signed_files.pack("sheets", said, private_key=lille.key, certificate=certificate))
    done = floor(tmp_path, "import", str(file))
    assert (done.exit_code, "Atelier lille : 1 fiche(s)" in done.output) == (0, True), done.output
    receipt = (tmp_path / "lille-recu.floor").read_bytes()
    opened = signed_files.unpack(receipt, kind="receipt", centre_public_key=given["centre_public_key"])
    assert [day["status"] for day in opened.said["days"]] == [201]
    elsewhere = tmp_path / "elsewhere"
    assert floor(tmp_path, "import", str(file), "--receipt", str(elsewhere)).exit_code == 0
    assert elsewhere.exists()
    refused = floor(tmp_path, "import", str(elsewhere))
    assert (refused.exit_code, "c’est un reçu" in refused.output) == (1, True)


def test_an_account_is_opened_with_a_link(tmp_path: Path) -> None:
    floor(tmp_path, "ateliers", "add", "lille", "ESAT de Lille", "--site", "BCDF")
    first = floor(tmp_path, "accounts", "link", "Camille", "--role", "coordinator")
    assert re.fullmatch(r"/set-up/[\w-]{32}\n", first.output)
    assert floor(tmp_path, "accounts", "link", "Camille", "--role", "coordinator").output != first.output
    assert floor(tmp_path, "accounts", "link", "Lou", "--role", "atelier", "--atelier", "lille").exit_code == 0
    for words in (("--role", "atelier"), ("--role", "reader", "--atelier", "lille"), ("--role", "boss")):
        assert floor(tmp_path, "accounts", "link", "Sacha", *words).exit_code != 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ateliers", "add", "lille", "Encore", "--site", "GHJK"), "existe déjà"),
        (("ateliers", "add", "calais", "Calais", "--site", "BCDF"), "d’un autre atelier"),
        (("ateliers", "add", "calais", "Calais", "--site", "ABCD"), "ne convient pas"),
        (("ateliers", "add", "ca lais", "Calais", "--site", "GHJK"), "n’est pas un code d’atelier"),
        (("ateliers", "add", "calais", " ", "--site", "GHJK"), "Ce nom ne convient pas"),
        (("ateliers", "code", "nobody"), "L’atelier nobody n’existe pas"),
        (("accounts", "link", "Lou", "--role", "atelier", "--atelier", "nobody"), "L’atelier nobody n’existe pas"),
        (("upgrade", "--database", "mysql://x/y"), "Adresse de base inconnue : mysql://x/y"),
        (("upgrade", "--database", "sqlite://"), "Adresse de base inconnue"),
        (("upgrade", "--database", "not an address"), "Adresse de base inconnue"),
        (("upgrade", "--database", "postgresql://a:secret@127.0.0.1:1/b"), "La base de données ne répond pas"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    floor(tmp_path, "ateliers", "add", "lille", "ESAT de Lille", "--site", "BCDF")
    done = floor(tmp_path, *words)
    assert (done.exit_code, said in done.output) == (1, True), done.output
    assert "Traceback" not in done.output
    assert "secret" not in done.output


@pytest.mark.parametrize("harm", ["gone", "another", "no key"])
def test_a_database_is_never_given_another_key(tmp_path: Path, harm: str) -> None:
    """Every atelier trusts the first one for ever."""
    assert floor(tmp_path, "upgrade").exit_code == 0
    file = tmp_path / "centre.key"
    kept = file.read_text(encoding="ascii")
    file.unlink()
    if harm != "gone":
        file.write_text(keys.new_private_key() if harm == "another" else "x", encoding="ascii")
    done = floor(tmp_path, "upgrade")
    assert (done.exit_code, "centre.key" in done.output) == (1, True), done.output
    assert file.exists() == (harm != "gone")
    file.write_text(kept, encoding="ascii")
    assert floor(tmp_path, "upgrade").exit_code == 0


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with serving(tmp_path) as (url, _):
        command = [sys.executable, "-c", "from floor_command import main; main()", "central", "serve"]
        words = ["--port", url.rpartition(":")[2], "--data", str(tmp_path)]
        done = subprocess.run([*command, *words], capture_output=True, text=True, check=False)
    assert (done.returncode, "est déjà pris" in done.stdout) == (1, True), done.stdout


def test_french_and_english_say_the_same_things() -> None:
    for file in (TEXTS / "fr").iterdir():
        french = tomllib.loads(file.read_text(encoding="utf-8"))
        english = tomllib.loads((TEXTS / "en" / file.name).read_text(encoding="utf-8"))
        assert list(french) == list(english), file.name
        for key, text in french.items():
            assert _names(text) == _names(english[key]), key


def _names(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", str(text)))


def test_the_link_of_an_account_is_kept_as_a_hash(tmp_path: Path) -> None:
    link = floor(tmp_path, "accounts", "link", "Camille", "--role", "coordinator").output.strip()
    assert link.rpartition("/")[2].encode() not in (tmp_path / "central.db").read_bytes()


def test_the_password_of_a_database_is_not_shown() -> None:
    database = open_database("postgresql://central:secret@127.0.0.1:1/x")
    assert database.url == "postgresql+psycopg://central:***@127.0.0.1:1/x"
    database.close()


def test_alerts_are_said_and_sent_when_somebody_asks(tmp_path: Path) -> None:
    with serving(tmp_path) as (url, _):
        lille = enrolled(tmp_path, url)
        assert lille.put(with_gap(a_sheet())).status == 201
    said = floor(tmp_path, "alerts")
    assert said.exit_code == 0
    assert "ESAT de Lille" in said.output and "1 alerte ouverte, 1 pas encore envoyée." in said.output
    assert "Personne à prévenir" in floor(tmp_path, "alerts", "--send").output
    assert "ne convient pas" in floor(tmp_path, "alerts", "--alerts-to", "http://exemple.fr", "--send").output
    with mail_server() as inbox:
        mail = ("--alerts-to", "moi@exemple.fr", "--alerts-from", "centre@exemple.fr")
        sent = floor(tmp_path, "alerts", "--send", *mail, "--smtp", f"smtp://127.0.0.1:{inbox.port}")
        assert (sent.exit_code, "1 alerte(s) envoyée(s), 0 qui attendent" in sent.output) == (0, True), sent.output
        assert inbox.mails[0]["Subject"] == "Réseau : 1 alerte"

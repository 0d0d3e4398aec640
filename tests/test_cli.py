"""The `floor` command, at rest and through a running service: what a technician or a script types."""

import csv
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from zxingcpp import read_barcodes

from floor_app.cli import floor
from floor_app.config import read_config
from floor_app.domain.codes import Found, read_code
from floor_app.service import Service, start_service
from floor_app.service_link import SERVICE_FILE

CONFIG = """
[atelier]
code = "ATL07"
name = "Atelier des Tilleuls"
site = "BCDF"
[[station]]
name = "cut-1"
operation = "cut"
[[station]]
name = "finish-1"
operation = "finish"
"""
ORDER = """OF;Client;Modèle;Coloris;Taille;Quantité;Date de livraison
2026-0117;Ville de Lille;Tablier;Bleu;S;60;18/12/2026
2026-0117;Ville de Lille;Tablier;Bleu;M;60;18/12/2026
2026-0117;Ville de Lille;Tablier;Bleu;L;60;18/12/2026
2026-0117;Ville de Lille;Tablier;Bleu;XL;60;18/12/2026
"""


class Technician:
    """Types commands in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        (folder / "floor.toml").write_text(CONFIG, encoding="utf-8")
        (folder / "commande.csv").write_text(ORDER, encoding="cp1252")

    def types(self, *words: str, wants: int = 0) -> Result:
        settings = ["--config", str(self.folder / "floor.toml"), "--data", str(self.data)]
        ran = CliRunner().invoke(floor, [*words, *settings])
        assert ran.exit_code == wants, (words, ran.output, ran.exception)
        return ran

    def imports(self) -> None:
        self.types("orders", "import", str(self.folder / "commande.csv"))

    def cuts(self) -> list[dict[str, object]]:
        cut = self.types(
            "lays",
            "cut",
            "2026-0117",
            "--colour",
            "bleu",
            "--marker",
            "S1 M2 L2 XL1",
            "--plies",
            "30",
            "--shade",
            "A",
            "--json",
        )
        bundles: list[dict[str, object]] = json.loads(cut.output)["bundles"]
        return bundles


@pytest.fixture
def technician(tmp_path: Path) -> Technician:
    return Technician(tmp_path)


@pytest.fixture(params=["at_rest", "through_the_service"])
def either_way(request: pytest.FixtureRequest, technician: Technician) -> Iterator[Technician]:
    if request.param == "at_rest":
        yield technician
        return
    service = start_service(read_config(technician.folder / "floor.toml"), technician.data, host="127.0.0.1", port=0)
    yield technician
    service.stop()


@pytest.fixture
def service(technician: Technician) -> Iterator[Service]:
    started = start_service(read_config(technician.folder / "floor.toml"), technician.data, host="127.0.0.1", port=0)
    yield started
    started.stop()


def test_an_order_becomes_bundles_with_codes(either_way: Technician) -> None:
    either_way.imports()
    bundles = either_way.cuts()
    assert [(bundle["size"], bundle["quantity"]) for bundle in bundles] == [
        ("S", 15), ("S", 15), ("M", 20), ("M", 20), ("M", 20), ("L", 20), ("L", 20), ("L", 20), ("XL", 15), ("XL", 15),
    ]  # fmt: skip
    assert all(read_code(str(bundle["code"]), home_site="BCDF").found == Found.BUNDLE for bundle in bundles)
    assert len({bundle["code"] for bundle in bundles}) == 10


def test_bundles_are_printed_one_a_line_for_people(technician: Technician) -> None:
    technician.imports()
    cut = technician.types(
        "lays", "cut", "2026-0117", "--colour", "Bleu", "--marker", "S1", "--plies", "30", "--cap", "10"
    )
    lines = [line.split("\t") for line in cut.output.splitlines() if "\t" in line]
    assert [line[1:] for line in lines] == [["1", "S", "10"], ["2", "S", "10"], ["3", "S", "10"]]
    assert "30 pièces en 3 paquets" in cut.output


def test_the_same_order_twice_is_refused_whole(either_way: Technician) -> None:
    either_way.imports()
    again = either_way.types("orders", "import", str(either_way.folder / "commande.csv"), "--json", wants=1)
    answer = json.loads(again.output)
    assert answer["imported"] == []
    assert [fault["code"] for fault in answer["faults"]] == ["order_known"]


def test_a_faulty_row_is_named_with_its_cure(technician: Technician) -> None:
    (technician.folder / "commande.csv").write_text(ORDER.replace(";60;", ";30,5;", 1), encoding="utf-8")
    refused = technician.types("orders", "import", str(technician.folder / "commande.csv"), wants=1)
    assert "ligne 2" in refused.output
    assert "30,5" in refused.output


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--colour", "Vert", "Vert"), ("--marker", "S1 Q2", "q2"), ("--plies", "0", "0"), ("--plies", "999999", "999999")],
)
def test_a_lay_that_cannot_be_is_refused_with_words(technician: Technician, option: str, value: str, said: str) -> None:
    technician.imports()
    options = {"--colour": "Bleu", "--marker": "S1", "--plies": "30"} | {option: value}
    refused = technician.types(
        "lays", "cut", "2026-0117", *(word for pair in options.items() for word in pair), wants=1
    )
    assert said in refused.output


def test_a_rendered_label_reads_back_as_its_code(either_way: Technician) -> None:
    either_way.imports()
    code = str(either_way.cuts()[0]["code"])
    picture = either_way.folder / "label.png"
    either_way.types("labels", "render", code, "--out", str(picture))
    assert [found.text for found in read_barcodes(Image.open(picture))] == [code, code]


@pytest.mark.parametrize(("code", "said"), [("BCDFBBBBBBBBBB", "code de paquet"), ("3017620422003", "code de paquet")])
def test_no_label_is_rendered_of_what_is_no_bundle(technician: Technician, code: str, said: str) -> None:
    technician.imports()
    refused = technician.types("labels", "render", code, "--out", str(technician.folder / "x.png"), wants=1)
    assert said in refused.output
    assert not (technician.folder / "x.png").exists()


def test_the_day_of_an_order_opens_in_a_french_spreadsheet(service: Service, technician: Technician) -> None:
    technician.imports()
    code = str(technician.cuts()[2]["code"])
    token = technician.types("stations", "token", "cut-1").output.strip()
    body = json.dumps({"id": "scan-1", "code": code}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{service.local_url}/api/v1/scans", body, headers)) as response:
        assert json.load(response)["answer"] == "counted"
    sheet = technician.folder / "jour.csv"
    technician.types("export", "day", service.atelier.clock.today(), "--out", str(sheet))
    content = sheet.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert [(row["commande"], row["taille"], row["etape"], row["bonnes"]) for row in rows] == [
        ("2026-0117", "M", "cut", "20")
    ]


def test_an_unknown_station_is_named_with_those_there_are(technician: Technician) -> None:
    refused = technician.types("stations", "token", "sew-9", wants=1)
    assert "sew-9" in refused.output
    assert "cut-1, finish-1" in refused.output


@pytest.mark.parametrize("words", [("stations", "pair", "cut-1"), ("boards", "pair"), ("supervisors", "add", "cheffe")])
def test_one_time_links_are_given(either_way: Technician, words: tuple[str, ...]) -> None:
    link = either_way.types(*words).output.strip()
    assert link.startswith("http://")
    assert len(link.rsplit("/", 1)[1]) >= 32


def test_the_doctor_finds_a_healthy_floor_healthy(either_way: Technician) -> None:
    either_way.imports()
    either_way.cuts()
    report = json.loads(either_way.types("doctor", "--json").output)
    assert report["healthy"]
    assert {finding["check"] for finding in report["findings"]} >= {
        "site", "integrity", "log", "pragmas", "sqlite", "service", "projections", "conservation", "disk", "clock", "backup",
    }  # fmt: skip


def test_the_doctor_survives_a_damaged_file_and_says_what_to_do(technician: Technician) -> None:
    technician.imports()
    database = technician.data / "floor.db"
    content = bytearray(database.read_bytes())
    content[4096 : 4096 * 12] = b"\x5a" * (4096 * 11)
    database.write_bytes(content)
    report = technician.types("doctor", wants=1)
    assert "abîmée" in report.output
    assert "floor restore" in report.output


def test_the_doctor_names_the_example_letters(technician: Technician) -> None:
    technician.imports()
    config = technician.folder / "floor.toml"
    config.write_text(CONFIG.replace('"BCDF"', '"BBBB"'), encoding="utf-8")
    assert "BBBB" in technician.types("doctor", wants=1).output


def test_backup_then_restore_brings_the_orders_back(technician: Technician) -> None:
    technician.imports()
    copy = technician.folder / "copie.db"
    assert "(1 " in technician.types("backup", str(copy)).output
    technician.cuts()
    technician.types("restore", str(copy))
    assert "(1 " in technician.types("backup", str(technician.folder / "encore.db")).output


def test_a_running_service_is_not_restored_over(service: Service, technician: Technician) -> None:
    copy = technician.folder / "copie.db"
    technician.types("backup", str(copy))
    assert "tourne déjà" in technician.types("restore", str(copy), wants=1).output


def test_a_rebuild_of_a_healthy_floor_changes_nothing(either_way: Technician) -> None:
    either_way.imports()
    either_way.cuts()
    assert "toutes les tables sont justes" in either_way.types("rebuild").output


def test_a_service_killed_hard_leaves_no_trap(technician: Technician) -> None:
    technician.imports()
    (technician.data / SERVICE_FILE).write_text(
        '{"url": "http://127.0.0.1:1", "token": "x", "pid": 1}', encoding="ascii"
    )
    technician.cuts()


def test_a_faulty_set_up_is_named_by_line(technician: Technician) -> None:
    (technician.folder / "floor.toml").write_text(CONFIG.replace("site", "sit"), encoding="utf-8")
    assert "ligne 5" in technician.types("doctor", wants=2).output


def test_a_missing_set_up_says_what_to_copy(technician: Technician) -> None:
    (technician.folder / "floor.toml").unlink()
    assert "floor.example.toml" in technician.types("doctor", wants=2).output

"""Three versions of the day sheet, each atelier against each centre: it works, or is refused with a sentence, and nothing is lost.

There is one version so far. So the next two are made here, as they will be: copies of the programs in which a field was added, each
writing its own version and understanding the two before. Every program is a process of its own.
"""

import json
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from contract.day_sheets import SCHEMA, SCHEMAS
from tests.central.central_process import serving
from tests.sync.town import Town, found_town

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("floor_app", "devices", "label_templates", "contract", "groundwork", "central", "floor_command")
VERSIONS = (SCHEMA, SCHEMA + 1, SCHEMA + 2)
NEW_FIELDS = {SCHEMA: (), SCHEMA + 1: ("steamed",), SCHEMA + 2: ("steamed", "embroidered")}


def understood_by(version: int) -> list[int]:
    """The last three, as far as there are so many."""
    return list(range(max(min(SCHEMAS), version - 2), version + 1))


def put(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{file.name} no longer says {before!r} once: make this version anew"
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The programs of each version, by version."""
    return {version: a_tree(version, tmp_path_factory.mktemp(f"version-{version}-")) for version in VERSIONS}


def a_tree(version: int, folder: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    sheets, understood = folder / "contract" / "day_sheets.py", understood_by(version)
    put(sheets, f"SCHEMA = {SCHEMA}  #", f"SCHEMA = {version}  #")
    put(sheets, f"SCHEMAS = {SCHEMAS}  #", f"SCHEMAS = {tuple(understood)}  #")
    added = "".join(f"    {name}: int = 0\n" for name in NEW_FIELDS[version])
    put(sheets, "    defects: int = 0\n", f"    defects: int = 0\n{added}")
    document = folder / "contract" / "openapi.json"
    said = json.loads(document.read_text(encoding="utf-8"))
    described = said["components"]["schemas"]
    described["DaySheet"]["properties"]["schema"] = {"enum": understood}
    described["Count"]["properties"] |= {name: {"type": "integer"} for name in NEW_FIELDS[version]}
    document.write_text(json.dumps(said), encoding="utf-8")
    return folder


def talks(tree: Path, *arguments: object) -> dict[str, Any]:
    """What an atelier of that version says of its talk."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.sync.an_atelier", *map(str, arguments)],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tree), str(ROOT)))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    assert said["tree"] == str(tree), "it is the copy that ran"
    return said


def at_the_centre(town: Town) -> dict[str, int]:
    found = town.centre.figures("ATL07").get("2026-0117", {})
    return {name: found.get(name, 0) for name in ("cut", "finished")}


@pytest.mark.parametrize("centres", VERSIONS)
@pytest.mark.parametrize("ateliers", VERSIONS)
def test_each_against_each(trees: dict[int, Path], tmp_path: Path, ateliers: int, centres: int) -> None:
    with ExitStack() as closing:
        town = found_town(tmp_path, closing)
        town.member("ATL07", enrolled=False)
        code, home = town.centre.enrolment_code("ATL07"), town.new_folder("home")
        folder, options = tmp_path / "centre", ("--database", f"sqlite:///{tmp_path / 'central.db'}")
        url, process = closing.enter_context(serving(folder, *options, tree=trees[centres]))
        first = talks(trees[ateliers], home, url, code)
        assert first["writes"] == ateliers
        if ateliers in understood_by(centres):
            assert (first["outcome"], first["left"], first["says"]) == ("done", 0, [])
            assert at_the_centre(town) == {"cut": 180, "finished": first["finished"]}
            return
        assert (first["outcome"], first["left"]) == ("trouble", 1)
        (sentence,) = first["says"]
        assert "mettre à jour" in sentence and "gardés" in sentence
        assert at_the_centre(town) == {"cut": 0, "finished": 0}
        process.terminate()
        process.wait()
        same_port = ("--port", url.rpartition(":")[2])
        closing.enter_context(serving(folder, *options, *same_port, tree=trees[ateliers]))
        again = talks(trees[ateliers], home, url)
        assert (again["outcome"], again["left"], again["says"]) == ("done", 0, []), "once the centre has learned it"
        assert at_the_centre(town) == {"cut": 180, "finished": again["finished"]}

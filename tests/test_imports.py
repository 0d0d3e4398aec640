"""The architecture, checked: imports point down, and a planted violation is seen."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SQL = re.compile(r'"\s*(SELECT .+ FROM |INSERT (OR \w+ )?INTO |UPDATE \w+ SET |DELETE FROM )')


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--no-cache",
        "--config",
        str(root / "pyproject.toml"),
    ]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def copy_of_the_tree(folder: Path) -> Path:
    for package in ("floor_app", "devices", "label_templates", "contract", "groundwork", "floor_command", "central"):
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__", "*.svg", "*.ttf")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_imports_point_down() -> None:
    linted = lint_imports(ROOT)
    assert linted.returncode == 0, linted.stdout


def test_a_rule_that_imports_the_store_is_caught(tmp_path: Path) -> None:
    planted = copy_of_the_tree(tmp_path)
    rule = planted / "floor_app" / "domain" / "scans.py"
    rule.write_text(rule.read_text(encoding="utf-8") + "\nfrom floor_app.store import bundles\n", encoding="utf-8")
    linted = lint_imports(planted)
    assert linted.returncode == 1
    assert "Imports point down BROKEN" in linted.stdout


def test_a_device_that_knows_the_app_is_caught(tmp_path: Path) -> None:
    planted = copy_of_the_tree(tmp_path)
    framing = planted / "devices" / "scanners" / "framing.py"
    framing.write_text(framing.read_text(encoding="utf-8") + "\nimport floor_app.domain.codes\n", encoding="utf-8")
    linted = lint_imports(planted)
    assert linted.returncode == 1
    assert "Devices and labels stand alone at the bottom BROKEN" in linted.stdout


def test_all_sql_is_in_the_store() -> None:
    sources = [path for path in (ROOT / "floor_app").rglob("*.py") if "store" not in path.relative_to(ROOT).parts]
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in sources
        for match in SQL.finditer(path.read_text(encoding="utf-8"))
    ]
    assert len(sources) > 40
    assert found == []


def test_the_centres_sql_is_in_its_store() -> None:
    """Elsewhere a connection is only handed on."""
    sources = [path for path in (ROOT / "central").rglob("*.py") if "store" not in path.relative_to(ROOT).parts]
    lines = [(path.name, line) for path in sources for line in path.read_text(encoding="utf-8").splitlines()]
    spoken = {line for _, line in lines if re.match(r"\s*(from|import) (sqlalchemy|alembic|psycopg)", line)}
    assert spoken == {"from sqlalchemy import Connection"}
    assert [(name, line) for name, line in lines if SQL.search(line)] == []

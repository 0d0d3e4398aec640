"""The wheel holds everything the tree holds, and runs where nothing of the tree is."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("floor_app", "devices", "label_templates", "contract", "groundwork", "floor_command", "central")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def in_tree() -> set[str]:
    listed = subprocess.run(["git", "ls-files", *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return set(listed.splitlines())


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert len(in_tree()) > 100
    assert in_tree() - packed == set()
    assert {name.split("/")[0] for name in packed} == set(PACKAGES)


def test_the_wheel_serves_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", system_site_packages=False, with_pip=False)
    site = next((tmp_path / "venv" / "lib").glob("python3*")) / "site-packages"
    zipfile.ZipFile(wheel).extractall(site)
    # The libraries are those of this environment, the tree is not: its editable link is left out.
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "libraries.pth").write_text(f"import sys; sys.path.append({libraries!r})\n", encoding="utf-8")
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "floor.toml").write_text('[atelier]\ncode = "A"\nname = "A"\nsite = "BCDF"\n', encoding="utf-8")
    script = (
        "import floor_app, json, sys; from click.testing import CliRunner; from floor_app.cli import floor;"
        "from floor_app.service import start_service; from floor_app.config import read_config; from pathlib import Path;"
        "import urllib.request as u;"
        "service = start_service(read_config(Path('floor.toml')), Path('data'), host='127.0.0.1', port=0);"
        "page = u.urlopen(service.local_url + '/sign-in').read().decode();"
        "from label_templates.render import render_label; from label_templates.label import BundleLabel;"
        "label = render_label('bundle', BundleLabel('BCDFBBFBFNGTXX','O','S','C','M',20,1,2,'A','1',1,2), size='50x30');"
        "help = CliRunner().invoke(floor, ['--help']).output;"
        "print(json.dumps([floor_app.__file__, len(page), label.size, help.count('\\n')])); service.stop()"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    ran = subprocess.run(
        [str(tmp_path / "venv" / "bin" / "python"), "-P", "-c", script],
        cwd=empty,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    file, page_length, label_size, help_lines = json.loads(ran.stdout.splitlines()[-1])
    assert str(tmp_path) in file
    assert page_length > 500
    assert label_size == [400, 240]
    assert help_lines > 10

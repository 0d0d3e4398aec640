"""The Raspberry Pi of the atelier: what is installed, what is left alone, and a guide that is true."""

import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from floor_app.cli import floor
from floor_app.config import EXAMPLE_SITE, read_config
from floor_app.texts import words

ROOT = Path(__file__).parent.parent.parent
PI = ROOT / "deploy" / "raspberry-pi"
GUIDE = ROOT / "docs" / "raspberry-pi.md"
UNITS = ["floor.service", "floor-backup.service", "floor-backup.timer"]
SCRIPTS = ["install.sh", "messages_fr.sh", "floor-backup", "floor-command"]


def run(*command: str | Path, **env: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **{name: str(value) for name, value in env.items()}}
    return subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_plain_posix_shell(script: str) -> None:
    checkers = [["sh", "-n"], *([["shellcheck", "-x"]] if shutil.which("shellcheck") else [])]
    for checker in checkers:
        checked = subprocess.run([*checker, str(PI / script)], cwd=ROOT, capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_every_word_the_installer_says_is_there_and_none_is_left_over() -> None:
    said = set(re.findall(r"\b(?:words|stop) (\w+)", (PI / "install.sh").read_text("utf-8")))
    known = set(re.findall(r"^    (\w+)\)", (PI / "messages_fr.sh").read_text("utf-8"), re.MULTILINE))
    assert said == known


@pytest.fixture
def pi(tmp_path: Path) -> Path:
    """The file system of a freshly written card, with the two programs that would open the scanners' ports."""
    root = tmp_path / "pi"
    for file in (
        "etc/os-release",
        "usr/lib/systemd/system/ModemManager.service",
        "usr/lib/systemd/system/brltty.service",
        "usr/lib/udev/rules.d/85-brltty.rules",
    ):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()
    (root / "etc/os-release").write_text('PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\nVERSION_ID="12"\n')
    return root


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What install.sh reads of the project, small enough to be copied for each test."""
    folder = tmp_path / "checkout"
    for file in ("pyproject.toml", "constraints.txt", "floor.example.toml", "docs/raspberry-pi.md"):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, folder / file)
    shutil.copytree(PI, folder / "deploy" / "raspberry-pi")
    (folder / "floor_app").mkdir()
    (folder / "floor_app" / "__init__.py").touch()
    return folder


def install(checkout: Path, pi: Path, *options: str | Path, python: str = sys.executable) -> str:
    done = run("sh", checkout / "deploy/raspberry-pi/install.sh", *options, FLOOR_ROOT=pi, FLOOR_PYTHON=python)
    return done.stdout + done.stderr + (f"status {done.returncode}" if done.returncode else "")


def in_service(pi: Path) -> str:
    return str((pi / "opt/floor/venv").readlink())


def snapshot(root: Path) -> dict[str, tuple[int, bytes | str]]:
    """Every file and link below `root`: its rights and its content."""
    found = {}
    for path in sorted(root.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        content = str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else "folder"
        found[str(path.relative_to(root))] = (mode, content)
    return found


def wheels(folder: Path, *, says: str) -> Path:
    """A folder with a wheel of « floor » that needs no other and whose command runs `says`."""
    folder.mkdir()
    with zipfile.ZipFile(folder / "floor-9.9-py3-none-any.whl", "w") as wheel:
        wheel.writestr("floor_stub.py", f"def main():\n    {says}\n")
        info = "floor-9.9.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: floor\nVersion: 9.9\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/entry_points.txt", "[console_scripts]\nfloor = floor_stub:main\n")
        wheel.writestr(f"{info}/RECORD", "")
    return folder


def test_a_trial_run_says_what_it_would_do_and_does_nothing(checkout: Path, pi: Path) -> None:
    before = snapshot(pi)
    said = install(checkout, pi, "--dry-run")
    assert snapshot(pi) == before
    assert "Essai : rien n’est changé" in said
    for step in ("apt-get install", "useradd --system", "-m venv", "floor.service", "60-floor.rules", "ModemManager"):
        assert step in said
    assert "status" not in said


def test_a_first_install_puts_everything_in_its_place(checkout: Path, pi: Path) -> None:
    said = install(checkout, pi)
    for unit_name in UNITS:
        assert (pi / "etc/systemd/system" / unit_name).read_bytes() == (PI / unit_name).read_bytes()
    assert (pi / "etc/udev/rules.d/60-floor.rules").read_bytes() == (PI / "60-floor.rules").read_bytes()
    assert read_config(pi / "etc/floor/floor.toml").atelier.site == EXAMPLE_SITE
    assert stat.S_IMODE((pi / "etc/floor/floor.toml").stat().st_mode) == 0o640
    assert stat.S_IMODE((pi / "var/lib/floor").stat().st_mode) == 0o750
    assert (pi / "opt/floor/venv/bin/python").exists()
    for script in ("opt/floor/bin/floor-backup", "usr/local/bin/floor"):
        assert os.access(pi / script, os.X_OK)
    assert "RESTE À FAIRE" in said
    assert "status" not in said


def test_the_commands_the_units_start_are_the_ones_the_installer_puts_there(checkout: Path, pi: Path) -> None:
    install(checkout, pi, "--wheels", wheels(pi.parent / "usb", says="print('floor 9.9')"))
    for name in ("floor.service", "floor-backup.service"):
        (command,) = re.findall(r"^ExecStart=/(\S+)", (PI / name).read_text("utf-8"), re.MULTILINE)
        assert os.access(pi / command, os.X_OK), command
    assert run(pi / "opt/floor/venv/bin/floor").stdout == "floor 9.9\n"


def test_installing_twice_changes_nothing_the_second_time(checkout: Path, pi: Path) -> None:
    install(checkout, pi)
    before = snapshot(pi)
    said = install(checkout, pi)
    assert snapshot(pi) == before
    assert "déjà en place" in said
    assert "Fichier :" not in said


def test_settings_that_were_changed_are_never_touched_and_the_service_may_start(checkout: Path, pi: Path) -> None:
    install(checkout, pi)
    config = pi / "etc/floor/floor.toml"
    config.write_text(config.read_text("utf-8").replace(EXAMPLE_SITE, "BCDF"), "utf-8")
    before = config.read_bytes()
    said = install(checkout, pi)
    assert config.read_bytes() == before
    assert "RESTE À FAIRE" not in said
    assert "Le service est démarré" in said


def test_neighbours_that_open_the_ports_are_quieted_with_notice_and_come_back_at_the_end(
    checkout: Path, pi: Path
) -> None:
    said = install(checkout, pi)
    masked = ["etc/systemd/system/ModemManager.service", "etc/systemd/system/brltty.service"]
    masked.append("etc/udev/rules.d/85-brltty.rules")
    for file in masked:
        assert (pi / file).readlink() == Path("/dev/null")
        assert f"ATTENTION : {Path(file).name}" in said
    install(checkout, pi, "--uninstall")
    assert not [file for file in masked if (pi / file).is_symlink()]


def test_neighbours_somebody_needs_are_left_alone(checkout: Path, pi: Path) -> None:
    said = install(checkout, pi, "--keep-modemmanager", "--keep-brltty")
    assert "ATTENTION" not in said
    assert not list((pi / "etc").rglob("*odem*")) + list((pi / "etc").rglob("*brltty*"))


def test_uninstalling_keeps_the_data_and_the_settings_and_nothing_else(checkout: Path, pi: Path) -> None:
    clean = set(snapshot(pi))
    install(checkout, pi)
    kept = {"var/lib/floor/floor.db": b"scans", "var/lib/floor/backups/floor-20260301-021500.backup": b"backup"}
    for file, content in kept.items():
        (pi / file).write_bytes(content)
    settings_before = (pi / "etc/floor/floor.toml").read_bytes()
    said = install(checkout, pi, "--uninstall")
    files = {name for name, (_, content) in snapshot(pi).items() if content != "folder"}
    assert files - clean == {*kept, "etc/floor/floor.toml"}
    assert all((pi / file).read_bytes() == content for file, content in kept.items())
    assert (pi / "etc/floor/floor.toml").read_bytes() == settings_before
    assert "Sont gardés" in said


def test_an_update_keeps_the_version_before_and_goes_back_to_it(checkout: Path, pi: Path) -> None:
    releases = []
    for version in ("0.1.0", "0.2.0", "0.3.0"):
        pyproject = checkout / "pyproject.toml"
        pyproject.write_text(re.sub(r'^version = ".*"$', f'version = "{version}"', pyproject.read_text(), flags=re.M))
        install(checkout, pi)
        releases.append(in_service(pi))
    assert [release.split("/")[1].split("-")[0] for release in releases] == ["0.1.0", "0.2.0", "0.3.0"]
    assert {f"releases/{path.name}" for path in (pi / "opt/floor/releases").iterdir()} == set(releases[1:])
    said = install(checkout, pi, "--rollback")
    assert in_service(pi) == releases[1]
    assert "Version 0.2.0-" in said
    install(checkout, pi, "--rollback")
    assert in_service(pi) == releases[2]


def test_a_program_that_does_not_start_is_never_put_into_service(checkout: Path, pi: Path) -> None:
    install(checkout, pi)
    before = in_service(pi)
    said = install(checkout, pi, "--wheels", wheels(pi.parent / "bad", says="raise SystemExit(3)"))
    assert "La version en service n’a pas changé" in said
    assert "status 1" in said
    assert in_service(pi) == before


def test_the_command_adds_settings_and_data_to_every_command_that_takes_them() -> None:
    alone = re.search(r'^"  " \| (.*)\) ;;$', (PI / "floor-command").read_text("utf-8"), re.MULTILINE)
    assert alone
    without = {
        path for path, command in leaves(floor) if not {"config_file", "data"} <= {p.name for p in command.params}
    }
    assert without == set(re.findall(r'\| " (\w+) "\*', alone[1]))


def leaves(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from leaves(inner, f"{path} {name}".strip())
    else:
        yield path, command


REFUSALS = [
    ("ID=debian\nVERSION_ID=11\n", [], "Ce système n’est pas prévu : debian 11"),
    ("ID=ubuntu\nVERSION_ID=24.04\n", [], "Ce système n’est pas prévu : ubuntu 24.04"),
    ("ID=debian\nVERSION_ID=13\n", ["--rollback"], "Il n’y a pas de version d’avant"),
    ("ID=debian\nVERSION_ID=13\n", ["--purge"], "Option inconnue : --purge"),
    ("ID=debian\nVERSION_ID=13\n", ["--wheels"], "Il manque un dossier après --wheels"),
    ("ID=debian\nVERSION_ID=13\n", ["--wheels", "/usr"], "Le dossier /usr ne contient pas le programme"),
]


@pytest.mark.parametrize(("system", "options", "sentence"), REFUSALS)
def test_what_cannot_work_is_refused_in_plain_words(
    checkout: Path, pi: Path, system: str, options: list[str], sentence: str
) -> None:
    (pi / "etc/os-release").write_text(system)
    said = install(checkout, pi, *options)
    assert sentence in said
    assert "status 1" in said
    assert not (pi / "opt/floor/venv").exists()


def test_a_python_that_is_missing_or_too_old_is_refused(checkout: Path, pi: Path) -> None:
    assert "n’existe pas" in install(checkout, pi, python="/usr/bin/python-absent")
    old = pi.parent / "python-old"
    old.write_text("#!/bin/sh\ncase $2 in *version_info*) exit 1 ;; *) echo 3.9.2 ;; esac\n")
    old.chmod(0o755)
    assert "Python 3.9.2 ne convient pas" in install(checkout, pi, python=str(old))


def french_sentences() -> Iterator[str]:
    """Every sentence of the installer and of a faulty floor.toml, as a pattern."""
    for _, sentence in re.findall(
        r'^    (\w+)\) .*?echo "(.*)" ;;$', (PI / "messages_fr.sh").read_text(), re.MULTILINE
    ):
        yield re.sub(r"\\\$\d", ".+", re.escape(sentence))
    for sentence in words().area("config_faults").values():
        yield re.sub(
            r"\\\{\w+\\\}", ".+", re.escape(words()("cli.config_fault", file="{a}", line="{b}", words=sentence))
        )


def test_each_french_sentence_the_guide_quotes_is_one_that_is_said() -> None:
    patterns = list(french_sentences())
    quoted = re.findall(r"^> (.+)$", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert len(quoted) >= 10
    assert [line for line in quoted if not any(re.fullmatch(pattern, line) for pattern in patterns)] == []


def test_the_guide_names_every_option_and_every_file_of_the_deployment() -> None:
    guide = GUIDE.read_text("utf-8")
    options = set(re.findall(r"--[a-z-]+", (PI / "messages_fr.sh").read_text("utf-8"))) - {"--help"}
    assert {option for option in options if option not in guide} == set()
    assert {path.name for path in PI.iterdir() if path.is_file() and path.name not in guide} == set()


def test_every_place_the_guide_sends_the_technician_to_is_one_the_installer_makes(checkout: Path, pi: Path) -> None:
    install(checkout, pi)
    places = set(
        re.findall(r"(?<![\w.])(/(?:etc/floor|opt/floor|var/lib/floor)[\w./-]*[\w])", GUIDE.read_text("utf-8"))
    )
    assert len(places) >= 5
    made_later = {place for place in places if place.endswith(".backup")} | {"/etc/floor/backup.env"}
    assert {place for place in places - made_later if not (pi / place.lstrip("/")).exists()} == set()

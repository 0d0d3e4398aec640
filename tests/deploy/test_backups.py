"""The nightly backup: whole or not at all, and which ones are kept."""

import datetime
import itertools
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floor_app.atelier import open_atelier
from floor_app.config import read_config
from floor_app.store.backup import check

PI = Path(__file__).parent.parent.parent / "deploy" / "raspberry-pi"


def run(*command: str | Path, **env: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **{name: str(value) for name, value in env.items()}}
    return subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True, check=False)


FLOOR = f"""#!/bin/sh
cd {PI.parent.parent}
exec {sys.executable} -c "from floor_app.cli import main; main()" "$@"
"""


@pytest.fixture
def atelier(tmp_path: Path) -> Path:
    """The folder of an atelier with its settings, an empty database, and the command `floor`."""
    shutil.copy(PI.parent.parent / "floor.example.toml", tmp_path / "floor.toml")
    open_atelier(read_config(tmp_path / "floor.toml"), tmp_path / "data").close()
    (tmp_path / "floor").write_text(FLOOR)
    (tmp_path / "floor").chmod(0o755)
    return tmp_path


def back_up(atelier: Path, **env: str | Path) -> subprocess.CompletedProcess[str]:
    places = {
        "FLOOR_COMMAND": atelier / "floor",
        "FLOOR_CONFIG": atelier / "floor.toml",
        "FLOOR_DATA": atelier / "data",
    }
    return run("sh", PI / "floor-backup", **places, **env)


def test_a_night_leaves_one_whole_backup_with_the_time_in_its_name(atelier: Path) -> None:
    assert back_up(atelier).stderr == ""
    (copy,) = (atelier / "data/backups").iterdir()
    assert re.fullmatch(r"floor-\d{8}-\d{6}\.backup", copy.name)
    assert check(copy) == 0


def test_a_backup_that_fails_deletes_nothing_and_the_next_night_clears_what_it_left(atelier: Path) -> None:
    backups = atelier / "data/backups"
    backups.mkdir()
    old = [f"floor-2026{month:02}01-021500.backup" for month in range(1, 13)]
    for name in (*old, "floor-20260101-000000.backup.partial"):
        (backups / name).touch()
    (atelier / "floor").write_text("#!/bin/sh\nexit 1\n")
    assert back_up(atelier).returncode != 0
    assert sorted(path.name for path in backups.glob("*.backup")) == old
    (atelier / "floor").write_text(FLOOR)
    assert back_up(atelier).returncode == 0
    assert not list(backups.glob("*.partial"))


def test_a_copy_goes_to_the_usb_stick_and_to_nothing_that_only_looks_like_one(atelier: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as stick:
        assert back_up(atelier, FLOOR_BACKUP_COPY=stick).returncode == 0
        assert [check(path) for path in Path(stick).iterdir()] == [0]
    pulled_out = atelier / "usb"
    pulled_out.mkdir()
    refused = back_up(atelier, FLOOR_BACKUP_COPY=pulled_out)
    assert refused.returncode != 0
    assert "no USB stick" in refused.stderr
    assert not list(pulled_out.iterdir())


def name_of(moment: datetime.datetime) -> str:
    return f"floor-{moment:%Y%m%d-%H%M%S}.backup"


def to_keep(moments: Sequence[datetime.datetime], newest_written: str) -> set[str]:
    """The last backup of each of the last 14 days and of each of the last 8 weeks that have one."""
    newest_first = sorted(moments, reverse=True)
    kept = {newest_written}
    for count, period in ((14, datetime.datetime.date), (8, lambda moment: moment.isocalendar()[:2])):
        last: dict[object, str] = {}
        for moment in newest_first:
            last.setdefault(period(moment), name_of(moment))
        kept |= set(itertools.islice(last.values(), count))
    return kept


def rotated(names: Sequence[str], newest_written: str) -> set[str]:
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            (Path(folder) / name).touch()
            os.utime(Path(folder) / name, (1e9, 1e9 + (name == newest_written)))
        for _ in range(2):  # once more changes nothing
            done = run("sh", PI / "floor-backup", "rotate", folder)
            assert (done.returncode, done.stderr) == (0, "")
        return {path.name for path in Path(folder).iterdir()}


def test_of_a_year_of_nights_14_days_and_8_weeks_stay() -> None:
    nights = [
        datetime.datetime(2026, 3, 1, 2, 15, tzinfo=datetime.UTC) - datetime.timedelta(days=days) for days in range(365)
    ]
    kept = rotated([name_of(night) for night in nights], name_of(nights[0]))
    assert {name_of(night) for night in nights[:14]} <= kept
    sundays = [name_of(night) for night in nights if night.isoweekday() == 7]
    assert kept == {name_of(night) for night in nights[:14]} | set(sundays[:8])


OTHER_FILES = [
    "floor.db",
    "before-the-move.backup",
    "floor-20200101.backup",
    "floor-20200101-021500.backup.txt",
    "floor-20200230-021500.backup",
    "floor-21000229-021500.backup",
    "floor-20201301-021500.backup",
    "floor-2020o101-021500.backup",
    "floor-20200101-021500.backup\n",
]
FIRST_OF_2026_S = 1767225600
SECONDS = st.one_of(st.integers(FIRST_OF_2026_S, FIRST_OF_2026_S + 90 * 86400), st.integers(0, 130 * 365 * 86400))
MOMENTS = SECONDS.map(lambda seconds: datetime.datetime.fromtimestamp(seconds, datetime.UTC))


@settings(max_examples=60, deadline=None)
@given(st.lists(MOMENTS, unique=True, min_size=1, max_size=50), st.lists(st.sampled_from(OTHER_FILES)), st.randoms())
def test_whatever_the_clock_did_the_last_days_and_weeks_and_the_newest_stay_and_no_other_file_is_touched(
    moments: list[datetime.datetime], others: list[str], chance: random.Random
) -> None:
    names = [name_of(moment) for moment in moments]
    newest_written = chance.choice(names)
    assert rotated([*names, *others], newest_written) == to_keep(moments, newest_written) | set(others)

"""A floor on a fresh folder, and a day on it in which everything happens that can be recorded."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.floor import Floor
from tests.store.full_day import live_a_full_day


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    opened = Floor(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def database(floor: Floor) -> Path:
    """The file of the floor's database, in use."""
    return floor.atelier.data / "floor.db"


@pytest.fixture
def full_day(floor: Floor) -> Floor:
    live_a_full_day(floor)
    return floor

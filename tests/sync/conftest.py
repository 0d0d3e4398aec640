"""A real centre on loopback and ateliers with real floors: what goes between them goes over HTTP, signed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from central.centre import open_centre
from central.settings import Limits, Settings
from tests.sync.town import Centre, Town

MANY = Limits(by_atelier=100_000, by_address=1_000_000, enrolments_by_address=100_000)


@pytest.fixture
def build_town(tmp_path: Path) -> Iterator[Callable[..., Town]]:
    """A centre and the ateliers of its network."""
    with ExitStack() as closing:

        def build(limits: Limits = MANY) -> Town:
            address = f"sqlite:///{tmp_path / 'central.db'}"
            settings = Settings(tmp_path / "centre", address, network="Réseau du Nord", proxies=0, limits=limits)
            centre = open_centre(settings)
            closing.callback(centre.close)
            return Town(Centre(centre, closing), tmp_path, closing)

        yield build


@pytest.fixture
def town(build_town: Callable[..., Town]) -> Town:
    return build_town()

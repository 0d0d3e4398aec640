"""A real centre on loopback and ateliers with real floors: what goes between them goes over HTTP, signed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.sync.town import MANY, Town, found_town


@pytest.fixture
def build_town(tmp_path: Path) -> Iterator[Callable[..., Town]]:
    """A centre and the ateliers of its network."""
    with ExitStack() as closing:
        yield lambda limits=MANY: found_town(tmp_path, closing, limits)


@pytest.fixture
def town(build_town: Callable[..., Town]) -> Town:
    return build_town()

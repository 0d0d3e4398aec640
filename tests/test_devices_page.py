"""docs/devices.md names a test for every row that has to hold: each of them is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "devices.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
ROWS = [*(f"S{n}" for n in range(1, 12)), *(f"P{n}" for n in range(1, 12)), "C1", "C2", "R1"]


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_test_that_is_named_exists(file: str, test: str) -> None:
    assert f"\ndef {test}(" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("row", ROWS)
def test_each_row_names_what_proves_it(row: str) -> None:
    assert re.search(rf"^\| {row} \|.*`tests/[^`]+::\w+`", PAGE, re.MULTILINE)

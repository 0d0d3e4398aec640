"""When a person is told that another scanner serves a station."""

import pytest

from floor_app.domain.scanner_moves import SeenScanner, came_from, is_another

PORT = "port:usb-1.2"
A = SeenScanner(PORT, "0c2e", "0901", "A1", "usb-1.2")
B = SeenScanner(PORT, "0c2e", "0901", "B2", "usb-1.2")
NAMELESS = SeenScanner(PORT, "0c2e", "0901", "", "usb-1.2")
ZEROS = SeenScanner(PORT, "0c2e", "0901", "000000", "usb-1.2")
OTHER_MODEL = SeenScanner(PORT, "05f9", "4204", "", "usb-1.2")
ELSEWHERE = SeenScanner("usb:0c2e:0901:A1", "0c2e", "0901", "A1", "usb-1.4")


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        pytest.param(None, A, False, id="the first scanner of a station"),
        pytest.param(A, A, False, id="the same one again"),
        pytest.param(A, B, True, id="another one at the same socket"),
        pytest.param(NAMELESS, A, True, id="one with a number where one without was"),
        pytest.param(NAMELESS, OTHER_MODEL, True, id="another model"),
        pytest.param(NAMELESS, NAMELESS, False, id="one of the same kind: nobody can tell"),
        pytest.param(NAMELESS, ZEROS, False, id="a number of zeros is none"),
        pytest.param(A, ELSEWHERE, False, id="the settings were changed on purpose"),
        pytest.param(
            ELSEWHERE,
            SeenScanner(ELSEWHERE.address, "0c2e", "0901", "A1", "usb-1.1"),
            False,
            id="known by its number, in another socket: it keeps its station",
        ),
    ],
)
def test_a_person_is_told_when_the_scanner_of_a_station_is_another_one(
    before: SeenScanner | None, now: SeenScanner, told: bool
) -> None:
    assert is_another(before, now) is told


def test_where_a_moved_scanner_comes_from_is_known_by_its_number_alone() -> None:
    assert came_from(B, {"cut-1": A, "sew-1": B}) == "sew-1"
    assert came_from(B, {"cut-1": A}) == ""
    assert came_from(NAMELESS, {"cut-1": NAMELESS}) == ""

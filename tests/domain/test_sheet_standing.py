"""What it means that the centre holds this of a day: the table."""

import pytest

from floor_app.domain.sheet_standing import NOTHING, SheetName, Standing, standing

A, B, C = SheetName(1, "a"), SheetName(2, "b"), SheetName(3, "c")
OTHER = SheetName(2, "x")


@pytest.mark.parametrize(
    ("now", "confirmed", "held", "sent", "means"),
    [
        (A, NOTHING, None, (), Standing.BEHIND),  # the first talk
        (A, NOTHING, A, (A,), Standing.CONFIRMED),  # its answer was lost
        (A, A, A, (A,), Standing.CONFIRMED),
        (B, A, A, (A,), Standing.BEHIND),
        (B, NOTHING, A, (A,), Standing.BEHIND),  # the first answer was lost, then the day changed
        (C, A, B, (A, B), Standing.BEHIND),
        (C, A, A, (), Standing.BEHIND),  # confirmed before anything was noted as sent
        (B, B, A, (A, B), Standing.LOST),  # the centre is an old copy of itself
        (B, B, None, (A, B), Standing.LOST),
        (C, B, A, (A, B), Standing.LOST),
        (A, NOTHING, OTHER, (), Standing.STRANGE),
        (A, A, OTHER, (A,), Standing.STRANGE),  # another card spoke
        (C, A, OTHER, (A,), Standing.STRANGE),  # and this one went on
        (OTHER, A, B, (A,), Standing.STRANGE),  # the same number, other figures
        (A, NOTHING, C, (A,), Standing.STRANGE),  # this one is an old copy
    ],
)
def test_only_what_this_machine_sent_is_its_own(
    now: SheetName, confirmed: SheetName, held: SheetName | None, sent: tuple[SheetName, ...], means: Standing
) -> None:
    assert standing(now=now, confirmed=confirmed, held=held, sent=sent) == means

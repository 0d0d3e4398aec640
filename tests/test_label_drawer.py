"""Labels drawn in a process of their own: the same dots, and back again whatever becomes of that process."""

import os
import signal
from collections.abc import Iterator

import pytest

from floor_app import label_drawer
from floor_app.label_drawer import LabelDrawer
from label_templates.label import LabelError
from label_templates.render import render_label
from tests.label_templates.labels import bundle
from tests.waiting import wait_until

PAPER = {"size": "50x30", "dots_per_mm": 8.0, "width_dots": 400}


@pytest.fixture
def drawer() -> Iterator[LabelDrawer]:
    made = LabelDrawer()
    yield made
    made.close()


def process_of(drawer: LabelDrawer) -> int:
    assert drawer._process
    assert drawer._process.pid
    return drawer._process.pid


def test_it_draws_what_would_be_drawn_here(drawer: LabelDrawer) -> None:
    label = bundle()
    assert drawer.draw("bundle", label, **PAPER).tobytes() == render_label("bundle", label, **PAPER).tobytes()


def test_one_process_draws_many_and_not_this_one(drawer: LabelDrawer) -> None:
    first = drawer.draw("bundle", bundle(), **PAPER)
    process = process_of(drawer)
    other = drawer.draw("bundle", bundle(size="XXL"), **PAPER)
    assert process_of(drawer) == process != os.getpid()
    assert first.tobytes() != other.tobytes()


def test_what_cannot_be_drawn_is_said_and_the_next_is_drawn(drawer: LabelDrawer) -> None:
    with pytest.raises(LabelError, match="no-such-template"):
        drawer.draw("no-such-template", bundle(), **PAPER)
    assert drawer.draw("bundle", bundle(), **PAPER).size == (400, 240)


def test_a_process_that_was_killed_is_started_again(drawer: LabelDrawer) -> None:
    drawer.draw("bundle", bundle(), **PAPER)
    killed = process_of(drawer)
    os.kill(killed, signal.SIGKILL)
    assert drawer.draw("bundle", bundle(), **PAPER).size == (400, 240)
    assert process_of(drawer) != killed


def test_closed_nothing_is_left_of_it(drawer: LabelDrawer) -> None:
    drawer.draw("bundle", bundle(), **PAPER)
    process = process_of(drawer)
    drawer.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_its_process_ends_when_the_service_is_gone(drawer: LabelDrawer) -> None:
    drawer.draw("bundle", bundle(), **PAPER)
    process, connection = drawer._process, drawer._connection
    assert process
    assert connection
    connection.close()  # what the kernel does for a service that was killed
    wait_until(lambda: not process.is_alive(), "the process has ended")


def test_a_drawer_that_says_nothing_is_an_error_not_a_wait(
    drawer: LabelDrawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawer.draw("bundle", bundle(), **PAPER)
    os.kill(process_of(drawer), signal.SIGSTOP)
    monkeypatch.setattr(label_drawer, "ANSWERS_WITHIN_S", 0.0)
    with pytest.raises(TimeoutError):
        drawer.draw("bundle", bundle(), **PAPER)

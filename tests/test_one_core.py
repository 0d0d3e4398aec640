"""The service keeps to one core, and what it starts leaves it."""

import os
import subprocess
import sys

PLACE = "print(len(os.sched_getaffinity(0)), os.sched_getscheduler(0) == os.SCHED_BATCH, os.nice(0))"


def told(*lines: str) -> list[str]:
    """What a process of its own says of its place, after these lines."""
    code = "\n".join(("import os", "from floor_app.one_core import keep_to_one_core, leave_the_core", *lines, PLACE))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_it_keeps_to_one_core_and_its_threads_wait_their_turn() -> None:
    assert told("keep_to_one_core()") == ["1", "True", "0"]


def test_what_it_starts_has_every_core_and_stands_behind() -> None:
    cores = len(os.sched_getaffinity(0))
    assert told("keep_to_one_core()", "leave_the_core()") == [str(cores), "True", "5"]

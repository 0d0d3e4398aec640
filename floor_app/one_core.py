"""The whole service on one core.

Python runs one thread at a time. Left to the kernel, the threads that take turns at a scan sit on different cores and wake
each other across them, which costs more than their work; and on one core, each that is woken would at once take the place of
the one that woke it, which holds what both need. docs/performance.md has the figures.
"""

import contextlib
import ctypes
import os
import signal

NICENESS = 5
# glibc gives threads arenas of their own so that cores need not wait for each other: on one core, 60 MB for nothing (mallopt(3)).
_M_ARENA_MAX, _ARENAS = -8, 2


def keep_to_one_core() -> None:
    """From now on, with all threads started later; several services of one machine spread out. Nothing where there is no such call.

    Woken threads wait their turn (SCHED_BATCH, sched(7)).
    """
    with contextlib.suppress(AttributeError):  # a C library without arenas
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
    if not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    with contextlib.suppress(OSError):  # a container may forbid it
        os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def leave_the_core() -> None:
    """For a process the service started: any core, behind whatever the scans need, and ended by the service alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal goes to every process of it
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
        os.sched_setaffinity(0, range(os.cpu_count() or 1))

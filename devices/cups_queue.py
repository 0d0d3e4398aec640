"""A raw queue of CUPS as a port: `cups://QUEUE`. For printers that other programs of the machine use too.

CUPS says that bytes went out, never that a label came out: nothing answers here, and a label sent this way is `unknown`
at best. What it does say is heeded: no such queue, queue stopped, job cancelled or given up. It is asked through its own
commands lp, lpstat and cancel (Debian: cups-client), which find the server as usual (CUPS_SERVER, client.conf).
"""

import os
import re
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress

from devices.errors import DeviceError, DeviceLost, DeviceMissing, DeviceStalled

SCHEME = "cups://"
FOLLOW_S = 15.0  # a job of one label; after that it is cancelled, so that it does not print beside a reprint
_COMMAND_S = 10.0
_POLL_S = 0.2
_QUEUE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,126}")
_JOB = re.compile(r"^request id is (\S+-\d+) ", re.MULTILINE)


class CupsPort:
    """Implements Port. Each `write` is one job; it is followed until CUPS is done with it."""

    answers = False

    def __init__(self, address: str, queue: str, *, follow_s: float = FOLLOW_S) -> None:
        self.address = address
        self._queue = queue
        self._follow_s = follow_s

    def write(self, data: bytes, *, stall_s: float = 2.0, on_sent: Callable[[int], None] | None = None) -> None:
        """All bytes count as sent once CUPS took them: from then on any of them may be on paper.

        DeviceStalled when the job was not done within `follow_s` or `stall_s`, the longer of the two; it is cancelled then.
        DeviceLost when CUPS refused, cancelled or gave up the job, or stopped the queue.
        """
        tell = on_sent or (lambda sent: None)
        try:
            job = self._submit(data)
        except DeviceLost:
            tell(len(data))  # lp may have failed after CUPS took the job
            raise
        tell(len(data))
        give_up_at = time.monotonic() + max(self._follow_s, stall_s)
        while self._is_waiting(job):
            if self._is_stopped():
                self._cancel(job)
                raise DeviceLost(self.address, f"the queue stopped with the job {job} in it, which was cancelled")
            if time.monotonic() > give_up_at:
                self._cancel(job)
                raise DeviceStalled(self.address, f"the job {job} was not done and was cancelled", sent=len(data))
            time.sleep(_POLL_S)
        self._check_end(job)

    def read(self, *, timeout_s: float) -> bytes:
        return b""

    def close(self) -> None:
        """Nothing is held open."""

    def check(self) -> None:
        """DeviceMissing when there is no CUPS, no such queue, or the queue is stopped or refuses jobs."""
        try:
            state = self._run("lpstat", "-p", self._queue, "-a", self._queue)
        except DeviceLost as error:
            raise DeviceMissing(
                self.address, f"no such queue, or CUPS does not run; see lpstat -t ({error})"
            ) from error
        if " disabled since " in state or " not accepting requests " in state:
            cure = f"cupsenable {self._queue}; cupsaccept {self._queue}"
            raise DeviceMissing(
                self.address, f"the queue is stopped; put the printer right, then {cure} ({state.strip()})"
            )

    def _submit(self, data: bytes) -> str:
        told = self._run("lp", "-d", self._queue, "-o", "raw", "-t", "floor", data=data)
        job = _JOB.search(told)
        if job is None:
            raise DeviceLost(self.address, f"CUPS took the job and gave it no number: {told.strip()}")
        return job[1]

    def _is_waiting(self, job: str) -> bool:
        return f"\n{job} " in "\n" + self._run("lpstat", "-W", "not-completed", "-o", self._queue)

    def _is_stopped(self) -> bool:
        return " disabled since " in self._run("lpstat", "-p", self._queue)

    def _check_end(self, job: str) -> None:
        """CUPS keeps finished jobs unless told otherwise; one it forgot was done."""
        finished = "\n" + self._run("lpstat", "-l", "-W", "completed", "-o", self._queue)
        about = finished.partition(f"\n{job} ")[2].partition(f"\n{self._queue}-")[0]
        if re.search(r"\bjob-canceled|\baborted-by-system|\bjob-aborted", about):
            raise DeviceLost(self.address, f"CUPS did not finish the job {job}: {about.strip()}")

    def _cancel(self, job: str) -> None:
        with suppress(DeviceError):
            self._run("cancel", job)

    def _run(self, *command: str, data: bytes = b"") -> str:
        """What a command of CUPS says, in English. DeviceLost when it fails or hangs."""
        english = {**os.environ, "LC_ALL": "C"}
        try:
            ran = subprocess.run(command, input=data, env=english, capture_output=True, timeout=_COMMAND_S, check=True)
        except FileNotFoundError as error:
            raise DeviceMissing(
                self.address, f"{command[0]} is not installed; install the package cups-client"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise DeviceLost(self.address, f"{command[0]} did not end: {error}") from error
        except subprocess.CalledProcessError as error:
            raise DeviceLost(self.address, f"{command[0]}: {error.stderr.decode(errors='replace').strip()}") from error
        return ran.stdout.decode(errors="replace")


def open_queue(address: str) -> CupsPort:
    """Open `cups://QUEUE`. DeviceMissing as `CupsPort.check`; ValueError for a name no queue has."""
    queue = address.removeprefix(SCHEME)
    if not _QUEUE.fullmatch(queue):
        raise ValueError(f"{address!r}: write a queue of CUPS as cups://QUEUE, its name as lpstat -e shows it")
    port = CupsPort(address, queue)
    port.check()
    return port

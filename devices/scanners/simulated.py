"""A scanner without hardware: a real pty that behaves like a USB scanner, cable included."""

import contextlib
import fcntl
import os
import select
import struct
import termios
import time
import tty
from pathlib import Path

from devices.errors import DeviceMissing, DeviceStalled
from devices.scanners.feedback import MODELS, NO_FEEDBACK

# A scanner whose host takes nothing gives up after a while; a pty holds some kilobytes before that.
ROOM_TIMEOUT_S = 1.0


class SimulatedScanner:
    """What the person with the scanner does: scan, hear what it says, pull the cable, put it back.

    `path` is what a reader opens. Given by the caller it is a symlink that outlives a replug, as udev's by-path names
    do; its folder must exist. Not given it is the pty itself and changes at each replug. `feedback`: the maker whose
    orders it understands (a key of `MODELS`), "" for a scanner that understands none.
    """

    def __init__(self, path: str = "", *, feedback: str = "") -> None:
        self.path = path
        self._feedback = MODELS[feedback] if feedback else NO_FEEDBACK
        self._ordered = b""
        self._reader_ready = False
        self._link = Path(path) if path else None
        self._master: int | None = None
        self.replug()

    def scan(self, text: str, *, suffix: bytes = b"\r", aim: str = "") -> None:
        """Send one code, `aim` (e.g. "Q1") in front as "]Q1". See `send`."""
        prefix = f"]{aim}" if aim else ""
        self.send(f"{prefix}{text}".encode() + suffix)

    def send(self, data: bytes) -> None:
        """Send bytes as they are. DeviceMissing while unplugged, DeviceStalled when nobody takes them.

        Like a scanner, it does not know whether anyone listens: what waits when a reader opens the port is discarded
        by the reader. `wait_for_reader` tells when scanning is worth it.
        """
        master = self._plugged()
        sent = 0
        while sent < len(data):
            _, room, _ = select.select([], [master], [], ROOM_TIMEOUT_S)
            if not room:
                raise DeviceStalled(self.path, "nobody reads this scanner", sent=sent)
            with contextlib.suppress(BlockingIOError):
                sent += os.write(master, data[sent:])

    def hear(self, *, timeout_s: float) -> str:
        """The next signal, "good" or "bad"; "" when none came in time, or when the reader has left.

        Bytes that are no order of the maker are "noise": a real scanner might obey them.
        """
        master = self._plugged()
        deadline_s = time.monotonic() + timeout_s
        while not (heard := self._next_signal()):
            ready, _, _ = select.select([master], [], [], max(0.0, deadline_s - time.monotonic()))
            if not ready or self._reader_left():
                return ""
            self._reader_ready = self._take_news() or self._reader_ready
        return heard

    def wait_for_reader(self, *, timeout_s: float) -> bool:
        """True once a reader has opened the port and emptied it: every scan from then on is its own.

        The kernel reports the emptying (packet mode, ioctl_tty(2)), so nothing is guessed from time. Only readers that
        empty the port when they open it are seen, as pyserial does.
        """
        master = self._plugged()
        if self._reader_left():
            self._reader_ready = False
        deadline_s = time.monotonic() + timeout_s
        while not self._reader_ready:
            _, _, news = select.select([], [], [master], max(0.0, deadline_s - time.monotonic()))
            if not news:
                return False
            # Asked after the news was taken: a reader that came at this very moment is not missed, one that left not met.
            self._reader_ready = self._take_news() and not self._reader_left()
        return True

    def unplug(self) -> None:
        """Pull the cable: the reader's port hangs up, the link goes away. Nothing happens when already unplugged."""
        master, self._master = self._master, None
        if master is None:
            return
        if self._link:
            self._link.unlink(missing_ok=True)
        os.close(master)

    def replug(self) -> None:
        """Put the cable back: a new port behind the same link."""
        self.unplug()
        self._master, port = _raw_pty()
        self._reader_ready = False
        if self._link:
            _point(self._link, port)
        else:
            self.path = port

    def close(self) -> None:
        """As `unplug`, for good."""
        self.unplug()

    def _next_signal(self) -> str:
        for heard, order in (("good", self._feedback.good()), ("bad", self._feedback.bad())):
            if order and self._ordered.startswith(order):
                self._ordered = self._ordered[len(order) :]
                self._reply()
                return heard
        if any(order.startswith(self._ordered) for order in (self._feedback.good(), self._feedback.bad())):
            return ""
        self._ordered = b""
        return "noise"

    def _reply(self) -> None:
        if self._feedback.replies:
            self.send(self._feedback.replies[0])

    def _plugged(self) -> int:
        if self._master is None:
            raise DeviceMissing(self.path, "the simulated scanner is unplugged")
        return self._master

    def _reader_left(self) -> bool:
        poll = select.poll()
        poll.register(self._plugged(), 0)  # a hang-up is reported unasked
        return any(events & select.POLLHUP for _, events in poll.poll(0))

    def _take_news(self) -> bool:
        """Whether a reader emptied the port since the last call. What a reader wrote is kept for `hear`."""
        try:
            news = os.read(self._plugged(), 4096)
        except OSError:
            return False
        if news[:1] == bytes([termios.TIOCPKT_DATA]):
            self._ordered += news[1:]
            return False
        return bool(news) and bool(news[0] & termios.TIOCPKT_FLUSHREAD)


def _raw_pty() -> tuple[int, str]:
    """Master and path of a new pty that changes no byte (CR stays CR) and holds no open slave, so a hang-up shows."""
    master, slave = os.openpty()
    try:
        tty.setraw(slave, termios.TCSANOW)
        os.set_blocking(master, False)
        fcntl.ioctl(master, termios.TIOCPKT, struct.pack("i", 1))
        return master, os.ttyname(slave)
    finally:
        os.close(slave)


def _point(link: Path, port: str) -> None:
    if link.exists() and not link.is_symlink():
        raise FileExistsError(f"{link} is not a link: a simulated scanner does not replace it")
    fresh = link.with_name(f"{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(port)
    fresh.replace(link)

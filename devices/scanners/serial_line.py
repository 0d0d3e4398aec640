"""A scanner on a serial port: USB CDC (/dev/ttyACM*), USB-serial adapter (/dev/ttyUSB*), or a pty."""

import contextlib
import errno
import fcntl
import os
import termios
import time
from collections.abc import Callable

import serial

from devices.errors import DeviceBusy, DeviceError, DeviceLost, DeviceMissing
from devices.scanners.addresses import Choices, split_options
from devices.scanners.barcode import Barcode
from devices.scanners.feedback import MODELS, NO_FEEDBACK, ReplyFilter
from devices.scanners.framing import Framer
from devices.scanners.waiting import wait_for_barcodes

FORM = "/dev/serial/by-path/…"
CHOICES: Choices = {"feedback": MODELS}

# USB CDC ignores the speed. Behind an RS-232 adapter it counts: 115200 8N1 is the fastest that scanners commonly
# offer, and the set-up sheet programs it into the scanner.
BAUD = 115_200

# All that pyserial 3.5 lets through when a port goes away: its own error from read(), a bare OSError from in_waiting,
# termios.error (no OSError) from flushes and settings, TypeError when the port is closed under a reading thread.
PORT_FAULTS = (serial.SerialException, OSError, termios.error, TypeError)

_BUSY = (errno.EBUSY, errno.EAGAIN)  # TIOCEXCL or the kernel says EBUSY, flock says EAGAIN


class SerialLine:
    """One scanner on a serial port, held alone. All calls come from the thread that reads."""

    def __init__(self, address: str, *, find_port: Callable[[], str] | None = None) -> None:
        """`address`: path of the port; a /dev/serial/by-path name stays with the socket it is plugged in.

        `find_port` says where the port is at each opening, for an address that is no path. ValueError for an option
        that does not exist.
        """
        self.address = address
        path, options = split_options(address, CHOICES, form=FORM)
        self._find_port = find_port or (lambda: path)
        self._feedback = MODELS.get(options.get("feedback", ""), NO_FEEDBACK)
        self._port: serial.Serial | None = None
        self._start()

    def open(self) -> None:
        """Take the port; DeviceMissing, DeviceBusy. Bytes that waited before are discarded (by pyserial)."""
        self.close()
        try:
            self._port = _exclusive_port(self._find_port())
        except (serial.SerialException, OSError, termios.error) as fault:
            raise opening_fault(self.address, fault) from fault
        self._start()

    def read(self, *, timeout_s: float) -> tuple[Barcode, ...]:
        """Barcodes as soon as they are complete, () when none came in `timeout_s`; DeviceLost when the port is gone."""
        port = self._port
        if port is None:
            raise DeviceLost(self.address, "the port is not open")
        try:
            return wait_for_barcodes(
                self._framer, port, take=lambda: self._replies.feed(_waiting_bytes(port)), timeout_s=timeout_s
            )
        except PORT_FAULTS as fault:
            # The port stays lost: the next call says so again.
            if last := self._framer.flush_if_silent(time.monotonic()):
                return last
            raise DeviceLost(self.address, str(fault)) from fault

    def signal(self, good: bool) -> None:
        """Tell the scanner, if floor.toml says how. Never raises or waits: the next `read` says that it went away.

        Written straight to the descriptor, which does not block: pyserial's write would turn for ever on a full line.
        """
        order = self._feedback.good() if good else self._feedback.bad()
        if order and self._port is not None:
            with contextlib.suppress(*PORT_FAULTS):
                os.write(self._port.fileno(), order)

    def close(self) -> None:
        """Give the port back. Never raises, may be called twice."""
        port, self._port = self._port, None
        if port is None:
            return
        # A pty outlives its reader and would stay locked for the next one.
        with contextlib.suppress(*PORT_FAULTS):
            fcntl.ioctl(port.fileno(), termios.TIOCNXCL)
        with contextlib.suppress(*PORT_FAULTS):
            port.close()

    def _start(self) -> None:
        self._framer = Framer()
        self._replies = ReplyFilter(self._feedback)


def opening_fault(address: str, fault: Exception) -> DeviceError:
    """What a failed opening means. A refused permission counts as missing; the message keeps the system's words."""
    if getattr(fault, "errno", None) in _BUSY:
        return DeviceBusy(address, f"another program holds the port ({fault})")
    return DeviceMissing(address, str(fault))


def _exclusive_port(path: str) -> serial.Serial:
    """Locked twice: flock (`exclusive`) stops programs that ask for it, TIOCEXCL the others (ModemManager, a terminal).

    Timeout 0 makes pyserial's read() a single read: none of its loops can drop bytes it already took.
    """
    port = serial.Serial(path, BAUD, timeout=0, exclusive=True)
    try:
        fcntl.ioctl(port.fileno(), termios.TIOCEXCL)
    except BaseException:
        port.close()
        raise
    return port


def _waiting_bytes(port: serial.Serial) -> bytes:
    return port.read(max(1, port.in_waiting))

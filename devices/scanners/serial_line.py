"""A scanner on a serial port: USB CDC (/dev/ttyACM*), USB-serial adapter (/dev/ttyUSB*), or a pty."""

import contextlib
import errno
import fcntl
import termios
import time

import serial

from devices.errors import DeviceBusy, DeviceError, DeviceLost, DeviceMissing
from devices.scanners.barcode import Barcode
from devices.scanners.framing import Framer
from devices.scanners.waiting import wait_for_barcodes

# USB CDC ignores the speed. Behind an RS-232 adapter it counts: 115200 8N1 is the fastest that scanners commonly
# offer, and the set-up sheet programs it into the scanner.
BAUD = 115_200

# All that pyserial 3.5 lets through when a port goes away: its own error from read(), a bare OSError from in_waiting,
# termios.error (no OSError) from flushes and settings, TypeError when the port is closed under a reading thread.
PORT_FAULTS = (serial.SerialException, OSError, termios.error, TypeError)

_BUSY = (errno.EBUSY, errno.EAGAIN)  # TIOCEXCL or the kernel says EBUSY, flock says EAGAIN


class SerialLine:
    """One scanner on a serial port, held alone. All calls come from the thread that reads."""

    def __init__(self, address: str) -> None:
        """`address`: path of the port; a /dev/serial/by-path name stays with the socket it is plugged in."""
        self.address = address
        self._port: serial.Serial | None = None
        self._framer = Framer()

    def open(self) -> None:
        """Take the port; DeviceMissing, DeviceBusy. Bytes that waited before are discarded (by pyserial)."""
        self.close()
        try:
            self._port = _exclusive_port(self.address)
        except (serial.SerialException, OSError, termios.error) as fault:
            raise opening_fault(self.address, fault) from fault
        self._framer = Framer()

    def read(self, *, timeout_s: float) -> tuple[Barcode, ...]:
        """Barcodes as soon as they are complete, () when none came in `timeout_s`; DeviceLost when the port is gone."""
        port = self._port
        if port is None:
            raise DeviceLost(self.address, "the port is not open")
        try:
            return wait_for_barcodes(self._framer, port, take=lambda: _waiting_bytes(port), timeout_s=timeout_s)
        except PORT_FAULTS as fault:
            # The port stays lost: the next call says so again.
            if last := self._framer.flush_if_silent(time.monotonic()):
                return last
            raise DeviceLost(self.address, str(fault)) from fault

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


def opening_fault(address: str, fault: Exception) -> DeviceError:
    """What a failed opening means. A refused permission counts as missing; the message keeps the system's words."""
    if getattr(fault, "errno", None) in _BUSY:
        return DeviceBusy(address, f"another program holds the port ({fault})")
    return DeviceMissing(address, str(fault))


def _exclusive_port(address: str) -> serial.Serial:
    """Locked twice: flock (`exclusive`) stops programs that ask for it, TIOCEXCL the others (ModemManager, a terminal).

    Timeout 0 makes pyserial's read() a single read: none of its loops can drop bytes it already took.
    """
    port = serial.Serial(address, BAUD, timeout=0, exclusive=True)
    try:
        fcntl.ioctl(port.fileno(), termios.TIOCEXCL)
    except BaseException:
        port.close()
        raise
    return port


def _waiting_bytes(port: serial.Serial) -> bytes:
    return port.read(max(1, port.in_waiting))

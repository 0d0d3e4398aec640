"""Our own transports: bytes out with a progress timeout, bytes in with a time limit, and a close that loses nothing.

Ready-made connectors hang on a stalled printer, create a file when the node is absent, or reset the connection while
the label is still on its way; hence `poll` on a non-blocking descriptor, and bytes counted where the device took them.
"""

import errno
import fcntl
import os
import select
import socket
import stat
import struct
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import serial

from devices import cups_queue
from devices.errors import DeviceBusy, DeviceError, DeviceLost, DeviceMissing, DeviceStalled

CHUNK_BYTES = 4096  # usblp moves blocks of 8 192; smaller steps keep the count of bytes taken honest
USB_MAJOR = 180  # Linux devices.txt: char major 180 = USB devices, minors 0-15 = usblp
LINE_BAUD = 115_200
DRAIN_S = 2.0
_GONE = select.POLLERR | select.POLLHUP | select.POLLNVAL
_WOULD_BLOCK = (errno.EAGAIN, errno.EINTR)


class Port(Protocol):
    """A way to a device. `address` as in floor.toml; `answers` is False where nothing comes back (a file, a queue)."""

    address: str
    answers: bool

    def write(self, data: bytes, *, stall_s: float = 2.0, on_sent: Callable[[int], None] | None = None) -> None:
        """Send all of `data`; `on_sent(bytes so far)` as the device takes them.

        DeviceStalled(sent=n) when no byte was taken for `stall_s`. DeviceLost when the device went away; `on_sent` has
        then been told every byte that left this side, since any of them may have arrived.
        """

    def read(self, *, timeout_s: float) -> bytes:
        """What has arrived, `b""` when nothing came within `timeout_s`. DeviceLost when the device went away."""

    def close(self) -> None:
        """Let the last bytes out, then close. Never raises, may be called twice."""


def open_port(address: str, *, timeout_s: float = 3.0) -> Port:
    """Open `socket://host:port`, `/dev/usb/lp0`, `/dev/ttyUSB0[?baud=9600&flow=none]`, `cups://QUEUE` or `file:///path`.

    Device paths may be links (`/dev/serial/by-path/…`, udev names). A file is written whole, then renamed.
    DeviceMissing, DeviceBusy, ValueError for an address nobody can open; each message says the cure.
    """
    if address.startswith("socket://"):
        return _open_socket(address, timeout_s)
    if address.startswith(cups_queue.SCHEME):
        return cups_queue.open_queue(address)
    if address.startswith("file:///"):
        return _open_file(address)
    if address.startswith("/"):
        return _open_device(address)
    raise ValueError(f"{address!r}: write socket://host:port, /dev/usb/lp0, /dev/ttyUSB0, cups://QUEUE or file:///path")


class DescriptorPort:
    """A non-blocking file descriptor with a progress timeout; the kinds below differ in how they count and close."""

    answers = True

    def __init__(self, address: str, descriptor: int) -> None:
        self.address = address
        self._descriptor = descriptor
        self._stalled = False

    def write(self, data: bytes, *, stall_s: float = 2.0, on_sent: Callable[[int], None] | None = None) -> None:
        tell = on_sent or (lambda sent: None)
        self._stalled = False
        pushed = sent = 0
        progress_at = time.monotonic()
        while sent < len(data):
            try:
                self._wait_for_room(more=pushed < len(data))
                pushed += self._push(data[pushed : pushed + CHUNK_BYTES])
            except DeviceLost:
                tell(pushed)
                raise
            taken = pushed - self._unsent()
            if taken > sent:
                sent, progress_at = taken, time.monotonic()
                tell(sent)
            elif time.monotonic() - progress_at >= stall_s:
                self._stalled = True
                raise DeviceStalled(self.address, f"no byte taken for {stall_s} s after {sent}", sent=sent)

    def read(self, *, timeout_s: float) -> bytes:
        events = self._poll(select.POLLIN, timeout_s)
        if events & select.POLLIN:
            return self._pull()
        if events & _GONE:
            raise DeviceLost(self.address, "hung up")
        return b""

    def close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with suppress(OSError):
                os.close(descriptor)

    def _wait_for_room(self, *, more: bool) -> None:
        """Wait until more bytes fit, or (all pushed) a moment for the device to take them."""
        events = self._poll(select.POLLOUT if more else 0, 0.05 if more else 0.002)
        if events & _GONE:
            raise DeviceLost(self.address, "hung up while sending")

    def _push(self, block: bytes) -> int:
        try:
            return os.write(self._descriptor, block) if block else 0
        except OSError as error:
            if error.errno in _WOULD_BLOCK:
                time.sleep(0.005)  # usblp may say "writable" and refuse: not a busy loop
                return 0
            raise DeviceLost(self.address, f"write failed: {error}") from error

    def _pull(self) -> bytes:
        try:
            data = os.read(self._descriptor, CHUNK_BYTES)
        except OSError as error:
            if error.errno in _WOULD_BLOCK:
                return b""
            raise DeviceLost(self.address, f"read failed: {error}") from error
        if not data:
            raise DeviceLost(self.address, "closed by the device")
        return data

    def _poll(self, wanted: int, timeout_s: float) -> int:
        if self._descriptor < 0:
            raise DeviceLost(self.address, "the port is closed")
        poller = select.poll()  # not select(): descriptors above 1023 exist in a long-lived service
        poller.register(self._descriptor, wanted)
        ready = poller.poll(max(0.0, timeout_s) * 1000)
        return ready[0][1] if ready else 0

    def _unsent(self) -> int:
        """Bytes the kernel still holds: queue of a tty, or bytes a TCP peer has not acknowledged (SIOCOUTQ)."""
        try:
            answer = fcntl.ioctl(self._descriptor, termios.TIOCOUTQ, b"\0" * 4)
        except OSError:
            return 0
        return int(struct.unpack("i", answer)[0])


class SocketPort(DescriptorPort):
    """Raw TCP printing (port 9100)."""

    def __init__(self, address: str, connection: socket.socket) -> None:
        super().__init__(address, connection.fileno())
        self._connection = connection

    def close(self) -> None:
        """Closing with unread status bytes makes TCP reset and drop the label: say "end", read on, then close."""
        if self._descriptor < 0:
            return
        with suppress(OSError, DeviceError):
            if self._stalled:  # what the kernel still holds must not print minutes later, after someone reprinted
                self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                self._connection.shutdown(socket.SHUT_WR)
                self._drain()
        self._descriptor = -1
        with suppress(OSError):
            self._connection.close()

    def _drain(self) -> None:
        """Read until the printer hangs up (DeviceLost), or holds all our bytes and says nothing more."""
        give_up_at = time.monotonic() + DRAIN_S
        while time.monotonic() < give_up_at:
            if not self.read(timeout_s=0.05) and not self._unsent():
                return


class LinePort(DescriptorPort):
    """A serial line. pyserial sets it up; writing is ours, because its write has no limit or no count."""

    def __init__(self, address: str, line: serial.Serial) -> None:
        super().__init__(address, line.fileno())
        self._line = line

    def close(self) -> None:
        if self._descriptor < 0:
            return
        self._descriptor = -1
        with suppress(OSError, termios.error, serial.SerialException):
            if self._stalled:
                self._line.reset_output_buffer()  # else the kernel's close waits up to 30 s for the stalled printer
        with suppress(OSError, termios.error, serial.SerialException):
            self._line.close()


class UsbPort(DescriptorPort):
    """A USB printer through the kernel's usblp."""

    def close(self) -> None:
        """usblp cancels the transfer in flight when a non-blocking descriptor is closed: wait for it first."""
        if self._descriptor >= 0 and not self._stalled:
            with suppress(OSError, DeviceError):
                self._poll(select.POLLOUT, DRAIN_S)
        super().close()

    def _pull(self) -> bytes:
        try:
            return os.read(self._descriptor, CHUNK_BYTES)  # an empty packet is no hang-up here
        except OSError as error:
            if error.errno in (*_WOULD_BLOCK, errno.EINVAL):  # EINVAL: a printer without a way back
                return b""
            raise DeviceLost(self.address, f"read failed: {error}") from error

    def _unsent(self) -> int:
        return 0


class FilePort:
    """A file for tests and archives: written beside its name, put in place on close; never half a label."""

    answers = False

    def __init__(self, address: str, path: Path) -> None:
        self.address = address
        self._path = path
        self._part = path.with_name(path.name + ".part")
        self._written = 0

    def write(self, data: bytes, *, stall_s: float = 2.0, on_sent: Callable[[int], None] | None = None) -> None:
        try:
            with self._part.open("ab" if self._written else "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise DeviceLost(self.address, f"cannot be written: {error}") from error
        self._written += len(data)
        if on_sent is not None:
            on_sent(len(data))

    def read(self, *, timeout_s: float) -> bytes:
        return b""

    def close(self) -> None:
        """Without a written byte there is no file, and an earlier one stays."""
        written, self._written = self._written, 0
        if written:
            with suppress(OSError):
                self._part.replace(self._path)


def _open_socket(address: str, timeout_s: float) -> Port:
    parts = urlsplit(address)
    if parts.hostname is None or parts.port is None:
        raise ValueError(f"{address!r}: a network printer needs a host and a port, as socket://192.168.1.50:9100")
    try:
        connection = socket.create_connection((parts.hostname, parts.port), timeout=timeout_s)
    except OSError as error:
        raise DeviceMissing(address, f"no printer answers ({error}); check power, cable and address") from error
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setblocking(False)
    return SocketPort(address, connection)


def _open_file(address: str) -> Port:
    path = Path(unquote(urlsplit(address).path))
    if path.is_relative_to("/dev"):
        raise ValueError(f"{address!r}: write a device as {path}, without file://")
    if not path.parent.is_dir() or path.is_dir():
        raise DeviceMissing(address, f"cannot write there; create the folder {path.parent}")
    return FilePort(address, path)


def _open_device(address: str) -> Port:
    path, _, options = address.partition("?")
    try:
        node = Path(path).stat()
    except OSError as error:
        raise DeviceMissing(address, "no such device; is it plugged in and switched on?") from error
    if not stat.S_ISCHR(node.st_mode):
        raise DeviceMissing(address, "not a device node; remove what was written there and plug the device in")
    if os.major(node.st_rdev) == USB_MAJOR:
        return UsbPort(address, _open_node(address, path))
    return _open_line(address, path, options)


def _open_node(address: str, path: str) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)  # never O_CREAT
    except OSError as error:
        raise _refusal(address, error.errno, error) from error


def _open_line(address: str, path: str, options: str) -> Port:
    settings = {key: values[-1] for key, values in parse_qs(options).items()}
    flow = settings.pop("flow", "rtscts")
    baud = settings.pop("baud", str(LINE_BAUD))
    if settings or flow not in ("rtscts", "xonxoff", "none") or not baud.isdigit():
        raise ValueError(f"{address!r}: a serial line takes ?baud=9600 and &flow=rtscts, xonxoff or none")
    line = serial.Serial(baudrate=int(baud), rtscts=flow == "rtscts", xonxoff=flow == "xonxoff", exclusive=True)
    line.timeout = line.write_timeout = 0
    line.port = path
    try:
        line.open()
    except (serial.SerialException, OSError, termios.error) as error:
        raise _refusal(address, getattr(error, "errno", None), error) from error
    return LinePort(address, line)


def _refusal(address: str, number: int | None, error: Exception) -> DeviceError:
    if number in (errno.EBUSY, errno.EAGAIN):
        return DeviceBusy(address, f"another program holds it; stop that program ({error})")
    if number in (errno.EACCES, errno.EPERM):
        return DeviceMissing(address, f"not permitted; add the service's user to the groups lp and dialout ({error})")
    return DeviceMissing(address, f"cannot be opened as a device ({error})")

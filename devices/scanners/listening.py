"""A scanner on the network that calls us: the app listens, the scanner connects and sends what it reads."""

import contextlib
import errno
import socket

from devices.errors import DeviceBusy, DeviceError, DeviceLost, DeviceMissing
from devices.scanners.barcode import Barcode
from devices.scanners.network import CONNECT_TIMEOUT_S, TcpScanner


class ListeningScanner(TcpScanner):
    """One port, one scanner, one connection at a time."""

    def __init__(self, address: str) -> None:
        """`address`: listen://host:port, the host an address of this machine, 0.0.0.0 for all. ValueError otherwise."""
        super().__init__(address, scheme="listen")
        self._listener: socket.socket | None = None
        self._host = ""

    def open(self) -> None:
        """Listen; DeviceMissing when no scanner connects in 3 s, DeviceBusy when another program has the port."""
        self.close()
        try:
            self._listener = _listener(self._host_and_port)
            self._accept(self._listener)
            self._listener.settimeout(0.0)
        except OSError as fault:
            self.close()
            raise _opening_fault(self.address, fault) from fault

    def read(self, *, timeout_s: float) -> tuple[Barcode, ...]:
        """As every scanner; a scanner that connects again (it was switched off and on) goes on as if it had not left."""
        try:
            barcodes = super().read(timeout_s=timeout_s)
        except DeviceLost:
            if not self._took_newcomer(lost=True):
                self.close()
                raise
            return ()
        if not barcodes:  # only a silent connection is given up: nothing it sent before is lost
            self._took_newcomer(lost=False)
        return barcodes

    def close(self) -> None:
        """Hang up and listen no more. Never raises, may be called twice."""
        super().close()
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.close()

    def _took_newcomer(self, *, lost: bool) -> bool:
        """Whether a connection that waited took the place of the present one.

        Switched off and on, a scanner leaves a dead connection behind: its newer one counts. Another machine is turned
        away while the scanner is there, or two would take the port from each other without end.
        """
        if self._listener is None:
            return False
        with contextlib.suppress(OSError):  # BlockingIOError: nobody waits
            return self._accept(self._listener, only_from="" if lost else self._host)
        return False

    def _accept(self, listener: socket.socket, *, only_from: str = "") -> bool:
        connection, (host, *_) = listener.accept()
        if only_from and host != only_from:
            connection.close()
            return False
        super().close()
        self._start(connection)
        self._host = host
        return True


def _listener(host_and_port: tuple[str, int]) -> socket.socket:
    family = socket.AF_INET6 if ":" in host_and_port[0] else socket.AF_INET
    listener = socket.create_server(host_and_port, family=family, backlog=1)
    listener.settimeout(CONNECT_TIMEOUT_S)
    return listener


def _opening_fault(address: str, fault: OSError) -> DeviceError:
    if isinstance(fault, TimeoutError):
        return DeviceMissing(address, "no scanner has connected; is it switched on, and does it call this address?")
    if fault.errno == errno.EADDRINUSE:
        return DeviceBusy(address, f"another program listens on this port ({fault})")
    return DeviceMissing(address, str(fault))

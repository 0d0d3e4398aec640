"""The shipped simulated printer, in any of our languages: on a loopback port, or on a pseudo-terminal as a serial one.

python -m devices.printers.simulated --port 9100 --language zpl --out labels
"""

from __future__ import annotations

import argparse
import os
import pty
import select
import socket
import struct
import sys
import threading
import tty
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from devices.printers.simulated_label_mechanism import LabelMechanism
from devices.printers.simulated_mechanism import Faults, Mechanism
from devices.printers.simulated_tspl import TsplMechanism
from devices.printers.simulated_zpl import ZplMechanism

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["MECHANISMS", "Faults", "SimulatedPrinter", "SimulatedSerialPrinter"]

# A new language = one line here; the names are those of `LANGUAGES`.
MECHANISMS: dict[str, type[Mechanism] | type[LabelMechanism]] = {
    "escpos": Mechanism,
    "escpos_queued": Mechanism,
    "zpl": ZplMechanism,
    "zpl_z64": ZplMechanism,
    "tspl": TsplMechanism,
}

_READ_BYTES = 1024
_PAUSE_S = 0.02
_SMALL_BUFFER_BYTES = 4096  # a stalled printer must be felt within one label, as with a real one
_GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL


class _SimulatedLine:
    """A mechanism, a thread and a line to it. Use as a context manager; `address` opens with `open_port`.

    `faults` may be changed at any time. `labels` are the last ones printed, 1-bit images as wide as the paper.
    """

    def __init__(
        self,
        *,
        language: str = "escpos",
        width_dots: int = 576,
        faults: Faults | None = None,
        keep_labels: int = 50,
        on_label: Callable[[Image.Image], None] | None = None,
    ) -> None:
        self.faults = faults or Faults()
        self.address = ""
        mechanism = MECHANISMS[language]
        self._mechanism = mechanism(width_dots, self.faults, keep_labels=keep_labels, on_label=on_label)
        self._inside = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="simulated printer", daemon=True)

    @property
    def labels(self) -> list[Image.Image]:
        with self._inside:
            return list(self._mechanism.labels)

    @property
    def stray_bytes(self) -> int:
        """Bytes that a real printer would have printed as text."""
        return self._mechanism.stray_bytes

    @property
    def said(self) -> dict[str, str]:
        """Speed, darkness and paper as the printer was last told them; empty where its buttons decide."""
        with self._inside:
            return dict(self._mechanism.said)

    def load_paper(self) -> None:
        """Paper is put in; the printer goes on with what it has in its buffer."""
        with self._inside:
            self._mechanism.load_paper()

    def __enter__(self) -> Self:
        self._open()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._close()

    def _open(self) -> None:
        """Make the line, set `address`."""
        raise NotImplementedError

    def _close(self) -> None:
        raise NotImplementedError

    def _serve(self) -> None:
        """Talk to one opener after the other until `_stop`."""
        raise NotImplementedError

    def _talk(self, line: int) -> None:
        """One connection, until the other side hangs up, the printer drops it, or the simulation ends."""
        received = 0
        if self.faults.status_chatter:
            self._say(line, self._mechanism.automatic_status())
        while not self._stop.is_set():
            with self._inside:
                answers = self._mechanism.proceed()
            self._say(line, answers)
            data = self._hear(line, received)
            if data is None or self._drops(received + len(data)):
                return
            received += len(data)
            with self._inside:
                answers = self._mechanism.receive(data)
            self._say(line, answers)

    def _hear(self, line: int, received: int) -> bytes | None:
        """Bytes from the line, b"" for none yet, None when the other side hung up."""
        room = self._room(received)
        poller = select.poll()
        poller.register(line, (select.POLLIN if room else 0) | select.POLLRDHUP)
        events = dict(poller.poll(_PAUSE_S * 1000)).get(line, 0)
        if events & select.POLLIN:
            with suppress(OSError):
                return os.read(line, room) or None
            return None
        if events & (_GONE | select.POLLRDHUP):
            return None
        if not room:
            self._stop.wait(_PAUSE_S)
        return b""

    def _room(self, received: int) -> int:
        """How many bytes the printer takes now: none when it stalls, few when its line is slow."""
        room, speed = _READ_BYTES, self.faults.bytes_per_s
        if speed is not None:
            self._stop.wait(_PAUSE_S)
            room = max(1, int(speed * _PAUSE_S))
        for limit in (self.faults.stalls_after_bytes, self.faults.drops_after_bytes):
            if limit is not None:
                room = min(room, max(0, limit - received))
        return room

    def _drops(self, received: int) -> bool:
        limit = self.faults.drops_after_bytes
        return limit is not None and received >= limit

    def _say(self, line: int, answers: bytes) -> None:
        if answers:
            with suppress(OSError):
                os.write(line, answers)


class SimulatedSerialPrinter(_SimulatedLine):
    """A serial printer behind a pseudo-terminal."""

    def _open(self) -> None:
        self._line, self._far_end = pty.openpty()
        tty.setraw(self._far_end)  # kept open: a pseudo-terminal without any opener reports a hang-up
        self.address = os.ttyname(self._far_end)

    def _close(self) -> None:
        os.close(self._line)
        os.close(self._far_end)

    def _serve(self) -> None:
        self._talk(self._line)


class SimulatedPrinter(_SimulatedLine):
    """A network printer on 127.0.0.1; port 0 takes a free one. One connection at a time, like most of them."""

    def __init__(
        self,
        port: int = 0,
        *,
        language: str = "escpos",
        width_dots: int = 576,
        faults: Faults | None = None,
        keep_labels: int = 50,
        on_label: Callable[[Image.Image], None] | None = None,
    ) -> None:
        super().__init__(
            language=language, width_dots=width_dots, faults=faults, keep_labels=keep_labels, on_label=on_label
        )
        self._port = port

    def _open(self) -> None:
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER_BYTES)
        self._listener.bind(("127.0.0.1", self._port))
        self._listener.listen()
        self._listener.settimeout(_PAUSE_S)
        self.address = f"socket://127.0.0.1:{self._listener.getsockname()[1]}"

    def _close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            with suppress(TimeoutError):
                connection, _ = self._listener.accept()
                with connection:
                    self._talk(connection.fileno())
                    if self.faults.drops_after_bytes is not None:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with self._inside:
                self._mechanism.proceed()  # what is in the buffer prints without a connection too


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a simulated network printer and save each label as a PNG file, until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m devices.printers.simulated", description=main.__doc__)
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--out", type=Path, default=Path("labels"), help="folder for the PNG files")
    parser.add_argument("--language", choices=MECHANISMS, default="escpos", help="what it understands")
    parser.add_argument("--width-dots", type=int, default=576, help="width of the print head")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    save = _PngFolder(options.out)
    with (
        SimulatedPrinter(
            options.port, language=options.language, width_dots=options.width_dots, on_label=save
        ) as printer,
        suppress(KeyboardInterrupt),
    ):
        sys.stdout.write(f"{printer.address}\n")
        sys.stdout.flush()
        threading.Event().wait()


class _PngFolder:
    """Saves labels as 0001.png, 0002.png, …"""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def __call__(self, label: Image.Image) -> None:
        self._count += 1
        label.save(self._folder / f"{self._count:04d}.png")


if __name__ == "__main__":
    main()

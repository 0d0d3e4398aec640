"""The plug is pulled while a label is under way: nobody can know whether it came out, so a person looks and nothing prints by itself."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from floor_app.atelier import DATABASE
from floor_app.store.database import open_reader
from tests.durability.floor_process import CONFIG, FloorProcess
from tests.waiting import wait_until

PRINTER = '[[printer]]\nname = "étiquettes"\naddress = "{}"\nlanguage = "escpos"\nwidth_dots = 400\ndots_per_mm = 8\n'
STATUS_QUESTION = b"\x10\x04"
HEALTHY = b"\x12"
RASTER = b"\x1dv0"


class MutePrinter:
    """Says that it is well, takes every byte of a label, and never says that it came out."""

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"socket://127.0.0.1:{self._door.getsockname()[1]}"
        self.received = b""
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._door.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with line:
                self._hear(line)

    def _hear(self, line: socket.socket) -> None:
        while True:
            try:
                heard = line.recv(4096)
                if not heard:
                    return
                self.received += heard
                if RASTER not in self.received:
                    line.sendall(HEALTHY * heard.count(STATUS_QUESTION))
            except OSError:
                return


@pytest.fixture
def printer() -> Iterator[MutePrinter]:
    mute = MutePrinter()
    yield mute
    mute.close()


def jobs(floor: FloorProcess) -> list[tuple[str, str]]:
    """(state, fault) of each label, in order."""
    reader = open_reader(floor.data / DATABASE)
    try:
        return [tuple(row) for row in reader.conn.execute("SELECT state, fault FROM print_job ORDER BY id")]
    finally:
        reader.conn.close()


def test_a_kill_between_the_first_byte_and_the_answer_leaves_the_label_to_a_person(
    tmp_path: Path, printer: MutePrinter
) -> None:
    floor = FloorProcess(tmp_path, config=CONFIG + PRINTER.format(printer.address))
    floor.start()
    floor.imports_an_order()
    answer = floor.asks(
        "cut", order="2026-0117", colour="Bleu marine", marker="S1", plies=3, cap=1, tolerance=0, print=True
    )
    assert len(answer["bundles"]) == 3
    wait_until(lambda: RASTER in printer.received, "the first label is under way")
    floor.kill()
    assert jobs(floor)[0][0] in ("sending", "sent")
    before = printer.received.count(RASTER)

    floor.start()
    wait_until(lambda: jobs(floor)[0][0] == "unknown", "the label under way is called unknown")
    heard = len(printer.received)
    wait_until(lambda: len(printer.received) > heard, "the printer is asked how it is, so the spooler runs")
    floor.stop()
    assert printer.received.count(RASTER) == before, "nothing was printed by itself"
    assert jobs(floor) == [("unknown", "interrupted"), ("cancelled", "batch_stopped"), ("cancelled", "batch_stopped")]

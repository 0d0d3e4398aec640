import contextlib
import os
import queue
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from devices.errors import DeviceBusy, DeviceError, DeviceLost, DeviceMissing
from devices.scanners import Barcode, Scanner, SerialLine
from devices.scanners.serial_line import PORT_FAULTS, opening_fault
from devices.scanners.simulated import SimulatedScanner

ROOT = Path(__file__).parents[3]
PATIENCE_S = 20.0
NOBODY = 65534


@pytest.fixture
def line(simulated: SimulatedScanner) -> Iterator[SerialLine]:
    with contextlib.closing(SerialLine(simulated.path)) as line:
        line.open()
        assert simulated.wait_for_reader(timeout_s=PATIENCE_S)
        yield line


def test_150_times_unplugged_and_plugged_in_again_no_scan_is_lost_and_no_port_leaks(
    simulated: SimulatedScanner,
) -> None:
    received: queue.Queue[Barcode] = queue.Queue()
    stop = threading.Event()
    reader = threading.Thread(target=_read_and_reopen, args=(simulated.path, received, stop))
    reader.start()
    try:
        texts = [_scan_and_receive(simulated, received, "FIRST")]
        open_files_before = _open_files()
        for cycle in range(150):
            simulated.unplug()
            simulated.replug()
            texts.append(_scan_and_receive(simulated, received, f"CYCLE{cycle}"))
        assert texts == ["FIRST", *(f"CYCLE{cycle}" for cycle in range(150))]
        assert _open_files() == open_files_before
        assert reader.is_alive()
    finally:
        stop.set()
        reader.join()


def _read_and_reopen(address: str, received: queue.Queue[Barcode], stop: threading.Event) -> None:
    with contextlib.closing(SerialLine(address)) as line:
        while not stop.is_set():
            try:
                line.open()
                while not stop.is_set():
                    for barcode in line.read(timeout_s=0.05):
                        received.put(barcode)
            except DeviceError:
                stop.wait(0.002)


def _scan_and_receive(simulated: SimulatedScanner, received: queue.Queue[Barcode], text: str) -> str:
    assert simulated.wait_for_reader(timeout_s=PATIENCE_S)
    simulated.scan(text)
    return received.get(timeout=PATIENCE_S).text


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_scanner_unplugged_while_it_is_waited_for_is_lost_at_once(
    simulated: SimulatedScanner, line: SerialLine
) -> None:
    outcome = _outcome_of_reading(line, meanwhile=simulated.unplug)
    assert isinstance(outcome, DeviceLost)


def test_a_port_closed_under_the_reading_thread_is_lost(simulated: SimulatedScanner, line: SerialLine) -> None:
    outcome = _outcome_of_reading(line, meanwhile=line.close)
    assert isinstance(outcome, DeviceLost)


def _outcome_of_reading(line: SerialLine, *, meanwhile: Callable[[], None]) -> object:
    outcome: queue.Queue[object] = queue.Queue()
    started = threading.Event()

    def read() -> None:
        started.set()
        try:
            outcome.put(line.read(timeout_s=0.5))
        except DeviceError as fault:
            outcome.put(fault)

    reader = threading.Thread(target=read)
    reader.start()
    started.wait(PATIENCE_S)
    meanwhile()
    reader.join()
    return outcome.get_nowait()


def _read(port: serial.Serial) -> None:
    port.read(1)


def _count_waiting(port: serial.Serial) -> None:
    _ = port.in_waiting


def _flush(port: serial.Serial) -> None:
    port.reset_input_buffer()


def _count_waiting_on_closed(port: serial.Serial) -> None:
    port.close()
    _ = port.in_waiting


def _read_closed(port: serial.Serial) -> None:
    port.close()
    port.read(1)


# What pyserial really throws on a port that went away; one row per family that the reader must know.
PROVOCATIONS = [
    (_read, serial.SerialException),
    (_read_closed, serial.PortNotOpenError),
    (_count_waiting, OSError),
    (_flush, termios.error),
    (_count_waiting_on_closed, TypeError),
]


@pytest.mark.parametrize(("provoke", "family"), PROVOCATIONS)
def test_each_fault_of_a_port_that_went_away_belongs_to_a_known_family(
    simulated: SimulatedScanner, provoke: Callable[[serial.Serial], None], family: type[Exception]
) -> None:
    with serial.Serial(simulated.path, timeout=1) as port:
        simulated.unplug()
        with pytest.raises(PORT_FAULTS) as caught:
            provoke(port)
    assert type(caught.value) is family
    assert isinstance(opening_fault(simulated.path, caught.value), DeviceMissing)


def test_the_reason_of_a_loss_is_kept_for_the_log(simulated: SimulatedScanner, line: SerialLine) -> None:
    simulated.unplug()
    with pytest.raises(DeviceLost) as lost:
        line.read(timeout_s=PATIENCE_S)
    assert isinstance(lost.value.__cause__, OSError)
    assert "Input/output error" in str(lost.value)


def test_a_second_program_that_reads_the_same_scanner_is_refused(line: SerialLine) -> None:
    program = (
        "import sys; from devices.scanners import SerialLine; from devices.errors import DeviceError\n"
        "try: SerialLine(sys.argv[1]).open(); print('opened')\n"
        "except DeviceError as fault: print(type(fault).__name__, fault)"
    )
    second = subprocess.run(
        [sys.executable, "-c", program, line.address], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert second.stdout.startswith(DeviceBusy.__name__)
    assert line.address in second.stdout


def test_a_program_that_asks_for_no_lock_is_refused_too(simulated: SimulatedScanner, line: SerialLine) -> None:
    """ModemManager or a terminal would steal the codes. The kernel lets root in: this runs without its rights."""
    port = Path(simulated.path).resolve()
    port.chmod(0o666)
    thief = subprocess.run(
        ["head", "-c", "0", str(port)],
        user=NOBODY if os.geteuid() == 0 else None,
        env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Device or resource busy" in thief.stderr


def test_a_port_is_busy_for_a_second_reader_and_free_once_it_is_closed(
    line: SerialLine, simulated: SimulatedScanner, read_all: Callable[[Scanner, int], list[Barcode]]
) -> None:
    with contextlib.closing(SerialLine(line.address)) as second:
        with pytest.raises(DeviceBusy):
            second.open()
        line.close()
        second.open()
        assert simulated.wait_for_reader(timeout_s=PATIENCE_S)
        simulated.scan("BCDF")
        assert read_all(second, 1) == [Barcode("BCDF")]


def test_a_closed_port_is_free_for_programs_without_root_rights(simulated: SimulatedScanner, line: SerialLine) -> None:
    line.close()
    port = Path(simulated.path).resolve()
    port.chmod(0o666)
    other = subprocess.run(
        ["head", "-c", "0", str(port)], user=NOBODY if os.geteuid() == 0 else None, capture_output=True, check=False
    )
    assert other.returncode == 0


def test_a_refused_second_reader_steals_nothing_from_the_first(
    simulated: SimulatedScanner, line: SerialLine, read_all: Callable[[Scanner, int], list[Barcode]]
) -> None:
    simulated.scan("FIRST")
    with pytest.raises(DeviceBusy):
        SerialLine(line.address).open()
    simulated.scan("SECOND")
    assert read_all(line, 2) == [Barcode("FIRST"), Barcode("SECOND")]


def test_codes_scanned_while_nobody_listened_are_not_read_later(
    simulated: SimulatedScanner, line: SerialLine, read_all: Callable[[Scanner, int], list[Barcode]]
) -> None:
    line.close()
    simulated.scan("UNHEARD")
    line.open()
    assert simulated.wait_for_reader(timeout_s=PATIENCE_S)
    simulated.scan("HEARD")
    assert read_all(line, 1)[-1] == Barcode("HEARD")


@pytest.mark.parametrize("what", ["absent", "file", "folder", "dead link", "no terminal"])
def test_what_is_no_port_is_missing_and_is_left_as_it_was(tmp_path: Path, what: str) -> None:
    (tmp_path / "file").write_text("kept")
    (tmp_path / "folder").mkdir()
    (tmp_path / "dead link").symlink_to("/dev/serial/by-path/none")
    (tmp_path / "no terminal").symlink_to("/dev/null")
    before = sorted(tmp_path.iterdir())
    open_files_before = _open_files()
    with pytest.raises(DeviceMissing) as missing:
        SerialLine(str(tmp_path / what)).open()
    assert str(tmp_path / what) in str(missing.value)
    assert _open_files() == open_files_before
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "file").read_text() == "kept"

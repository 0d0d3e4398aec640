import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.errors import DeviceMissing, DeviceStalled
from devices.scanners import Barcode, Scanner, SerialLine
from devices.scanners.simulated import SimulatedScanner

PATIENCE_S = 20.0
ReadAll = Callable[[Scanner, int], list[Barcode]]


def test_a_simulated_scan_carries_prefix_and_suffix(simulated: SimulatedScanner, read_all: ReadAll) -> None:
    with contextlib.closing(SerialLine(simulated.path)) as line:
        line.open()
        assert simulated.wait_for_reader(timeout_s=PATIENCE_S)
        simulated.scan("BCDF", aim="Q1")
        simulated.scan("GHJK", suffix=b"\t")
        assert read_all(line, 2) == [Barcode("BCDF", "Q1"), Barcode("GHJK")]


def test_the_path_is_a_link_that_goes_with_the_cable(simulated: SimulatedScanner) -> None:
    link = Path(simulated.path)
    assert link.is_symlink()
    assert link.exists()
    simulated.unplug()
    assert not link.is_symlink()
    simulated.replug()
    assert link.exists()
    simulated.close()
    simulated.close()
    assert not link.is_symlink()


def test_without_a_path_the_scanner_has_the_name_of_its_port(read_all: ReadAll) -> None:
    with contextlib.closing(SimulatedScanner()) as simulated, contextlib.closing(SerialLine(simulated.path)) as line:
        line.open()
        assert simulated.wait_for_reader(timeout_s=PATIENCE_S)
        simulated.scan("BCDF")
        assert read_all(line, 1) == [Barcode("BCDF")]


def test_a_reader_still_holding_the_old_port_does_not_get_the_new_one(simulated: SimulatedScanner) -> None:
    before = Path(simulated.path).resolve()
    with contextlib.closing(SerialLine(simulated.path)) as line:
        line.open()
        simulated.replug()
        assert Path(simulated.path).resolve() != before


def test_a_file_in_the_way_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("kept")
    with pytest.raises(FileExistsError):
        SimulatedScanner(str(tmp_path / "notes"))
    assert (tmp_path / "notes").read_text() == "kept"


def test_the_scanner_knows_when_a_reader_has_it_and_when_it_left(simulated: SimulatedScanner) -> None:
    assert not simulated.wait_for_reader(timeout_s=0.0)
    with contextlib.closing(SerialLine(simulated.path)) as line:
        for _ in range(20):
            line.open()
            assert simulated.wait_for_reader(timeout_s=PATIENCE_S)
            assert simulated.wait_for_reader(timeout_s=0.0)
            line.close()
            assert not simulated.wait_for_reader(timeout_s=0.0)


def test_a_reader_that_came_and_went_unseen_is_not_taken_for_the_next(simulated: SimulatedScanner) -> None:
    line = SerialLine(simulated.path)
    line.open()
    line.close()
    assert not simulated.wait_for_reader(timeout_s=0.0)


def test_the_first_scan_after_waiting_for_the_reader_is_always_read(
    simulated: SimulatedScanner, read_all: ReadAll
) -> None:
    with contextlib.closing(SerialLine(simulated.path)) as line:
        for number in range(50):
            line.open()
            assert simulated.wait_for_reader(timeout_s=PATIENCE_S)
            simulated.scan(f"CODE{number}")
            assert read_all(line, 1) == [Barcode(f"CODE{number}")]
            line.close()


def test_scanning_with_the_cable_out_is_refused(simulated: SimulatedScanner) -> None:
    simulated.unplug()
    with pytest.raises(DeviceMissing):
        simulated.scan("BCDF")
    with pytest.raises(DeviceMissing):
        simulated.wait_for_reader(timeout_s=0.0)


def test_scanning_for_ever_with_nobody_listening_ends(simulated: SimulatedScanner) -> None:
    with pytest.raises(DeviceStalled) as stalled:
        simulated.send(b"A" * 1_000_000)
    assert 0 < stalled.value.sent < 1_000_000


def test_a_simulated_scanner_leaks_no_port(tmp_path: Path) -> None:
    def open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    before = open_files()
    for _ in range(20):
        simulated = SimulatedScanner(str(tmp_path / "scanner"))
        simulated.replug()
        simulated.close()
    assert open_files() == before


def test_listening_for_a_signal_does_not_miss_the_reader_that_came_meanwhile(simulated: SimulatedScanner) -> None:
    with contextlib.closing(SerialLine(simulated.path)) as line:
        line.open()
        assert simulated.hear(timeout_s=0.05) == ""
        assert simulated.wait_for_reader(timeout_s=PATIENCE_S)

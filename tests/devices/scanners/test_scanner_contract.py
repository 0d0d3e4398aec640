"""What every kind of scanner promises, against a real far end."""

import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from devices.errors import DeviceLost, DeviceMissing
from devices.scanners import Barcode, Scanner

ReadAll = Callable[[Scanner, int], list[Barcode]]
JUNK = b"\xff\xfe\x80\r" + b"A" * 9000 + b"\r\x03\x02\0"


def test_a_scanned_code_is_read(scanner: Scanner, far_end: Any, read_all: ReadAll) -> None:
    far_end.send(b"]Q1BCDFGHJKLNPRST\r")
    assert read_all(scanner, 1) == [Barcode("BCDFGHJKLNPRST", "Q1")]


def test_fast_scans_come_in_order_and_none_is_missing(scanner: Scanner, far_end: Any, read_all: ReadAll) -> None:
    texts = [f"CODE{number}" for number in range(100)]
    far_end.send("".join(f"{text}\r\n" for text in texts).encode())
    assert [barcode.text for barcode in read_all(scanner, 100)] == texts


def test_a_code_without_suffix_is_read_though_the_reader_would_wait_for_an_hour(scanner: Scanner, far_end: Any) -> None:
    received: queue.Queue[tuple[Barcode, ...]] = queue.Queue()
    far_end.send(b"BCDF")
    threading.Thread(target=lambda: received.put(scanner.read(timeout_s=3600.0)), daemon=True).start()
    assert received.get(timeout=20.0) == (Barcode("BCDF", ended_by="silence"),)


def test_the_group_separator_of_gs1_gets_through(scanner: Scanner, far_end: Any, read_all: ReadAll) -> None:
    far_end.send(b"]d210LOT7\x1d21BCDF\r")
    assert read_all(scanner, 1) == [Barcode("10LOT7\x1d21BCDF", "d2")]


def test_every_byte_a_line_could_change_gets_through(scanner: Scanner, far_end: Any, read_all: ReadAll) -> None:
    """Interrupt, end of file, flow control, erase: a line left in cooked mode would eat them."""
    text = "".join(map(chr, [1, 4, 5, 6, 7, 8, 11, 12, *range(14, 128)]))
    far_end.send(text.encode() + b"\r")
    assert read_all(scanner, 1) == [Barcode(text)]


def test_junk_is_answered_and_the_next_code_is_read(scanner: Scanner, far_end: Any, read_all: ReadAll) -> None:
    far_end.send(JUNK + b"BCDF\r")
    assert read_all(scanner, 3) == [Barcode("", fault="not_ascii"), Barcode("", fault="too_long"), Barcode("BCDF")]


def test_nothing_is_read_when_nothing_is_scanned(scanner: Scanner) -> None:
    assert scanner.read(timeout_s=0.0) == ()
    assert scanner.read(timeout_s=0.02) == ()


def test_a_code_cut_by_a_short_reading_stays_whole(scanner: Scanner, far_end: Any, read_all: ReadAll) -> None:
    far_end.send(b"BCDF")
    assert scanner.read(timeout_s=0.001) == ()
    far_end.send(b"GHJK\r")
    assert read_all(scanner, 1) == [Barcode("BCDFGHJK")]


def test_codes_scanned_before_the_loss_are_read_and_half_a_code_is_not(
    scanner: Scanner, far_end: Any, read_all: ReadAll, read_until_lost: Callable[[Scanner], list[Barcode]]
) -> None:
    far_end.send(b"FIRST\rSECOND\rHAL")
    assert read_all(scanner, 2) == [Barcode("FIRST"), Barcode("SECOND")]
    far_end.unplug()
    assert read_until_lost(scanner) == []


def test_a_lost_scanner_stays_lost_until_it_is_opened_again(scanner: Scanner, far_end: Any) -> None:
    far_end.unplug()
    for _ in range(3):
        with pytest.raises(DeviceLost) as lost:
            scanner.read(timeout_s=5.0)
    assert lost.value.address == scanner.address


def test_a_scanner_plugged_in_again_goes_on(scanner: Scanner, far_end: Any, read_all: ReadAll) -> None:
    far_end.send(b"BEFORE\rHAL")
    before = read_all(scanner, 1)
    far_end.unplug()
    with pytest.raises(DeviceLost):
        scanner.read(timeout_s=5.0)
    far_end.replug()
    scanner.open()
    far_end.wait_for_reader()
    far_end.send(b"AFTER\r")
    assert before + read_all(scanner, 1) == [Barcode("BEFORE"), Barcode("AFTER")]


def test_an_unplugged_scanner_is_missing(far_end: Any) -> None:
    far_end.unplug()
    with pytest.raises(DeviceMissing) as missing:
        far_end.scanner().open()
    assert missing.value.address == far_end.address


def test_opening_an_open_scanner_starts_it_afresh(scanner: Scanner, far_end: Any, read_all: ReadAll) -> None:
    scanner.open()
    far_end.wait_for_reader()
    far_end.send(b"BCDF\r")
    assert read_all(scanner, 1) == [Barcode("BCDF")]


def test_a_scanner_may_be_closed_twice_or_never_opened(scanner: Scanner, far_end: Any) -> None:
    far_end.scanner().close()
    scanner.close()
    scanner.close()
    with pytest.raises(DeviceLost):
        scanner.read(timeout_s=0.0)


def test_a_lost_scanner_can_be_closed(scanner: Scanner, far_end: Any) -> None:
    far_end.unplug()
    scanner.close()
    scanner.close()


def test_150_times_lost_and_opened_again_every_code_is_read_and_no_port_leaks(
    scanner: Scanner, far_end: Any, read_all: ReadAll
) -> None:
    far_end.send(b"FIRST\r")
    texts = [read_all(scanner, 1)[0].text]
    for cycle in range(150):
        _unplug_and_replug(scanner, far_end)
        far_end.send(f"CYCLE{cycle}\r".encode())
        texts.append(read_all(scanner, 1)[0].text)
        if cycle == 0:
            open_files_before = _open_files()
    assert texts == ["FIRST", *(f"CYCLE{cycle}" for cycle in range(150))]
    assert _open_files() == open_files_before


def _unplug_and_replug(scanner: Scanner, far_end: Any) -> None:
    far_end.unplug()
    with pytest.raises(DeviceLost):
        scanner.read(timeout_s=20.0)
    scanner.close()
    far_end.replug()
    scanner.open()
    far_end.wait_for_reader()


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_code_says_whether_the_scanner_sent_its_suffix(scanner: Scanner, far_end: Any, read_all: ReadAll) -> None:
    far_end.send(b"BCDF\r")
    with_suffix = read_all(scanner, 1)
    far_end.send(b"GHJK")
    assert with_suffix + read_all(scanner, 1) == [Barcode("BCDF"), Barcode("GHJK", ended_by="silence")]


@pytest.mark.parametrize("good", [True, False])
def test_a_signal_to_a_scanner_without_feedback_changes_nothing(
    scanner: Scanner, far_end: Any, read_all: ReadAll, good: bool
) -> None:
    scanner.signal(good)
    far_end.send(b"BCDF\r")
    assert read_all(scanner, 1) == [Barcode("BCDF")]


def test_a_signal_to_a_scanner_that_is_gone_raises_nothing(scanner: Scanner, far_end: Any) -> None:
    far_end.scanner().signal(True)
    far_end.unplug()
    scanner.signal(True)
    scanner.close()
    scanner.signal(False)
    with pytest.raises(DeviceLost):
        scanner.read(timeout_s=0.0)

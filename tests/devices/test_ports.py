"""Ports: a stalled device gives the worker back, closing loses nothing, no file is created where a device should be."""

import os
import pty
import socket
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.errors import DeviceBusy, DeviceLost, DeviceMissing, DeviceStalled
from devices.ports import SocketPort, UsbPort, open_port
from devices.printers.simulated import Faults, SimulatedPrinter

JOB_BYTES = 100_000


@pytest.fixture
def serial_line() -> Iterator[tuple[int, str]]:
    """The device's end of a serial line, and the address of ours."""
    device, ours = pty.openpty()
    tty.setraw(ours)
    yield device, os.ttyname(ours)
    os.close(ours)
    os.close(device)


def narrow_listener() -> socket.socket:
    """A network printer with a small receive buffer; nobody reads from it."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_stalled_network_printer_gives_the_worker_back() -> None:
    with narrow_listener() as printer:
        threads, descriptors = threading.active_count(), open_descriptors()
        port = open_port(f"socket://127.0.0.1:{printer.getsockname()[1]}")
        with pytest.raises(DeviceStalled) as stalled:
            port.write(b"x" * JOB_BYTES)
        port.close()
        assert 0 < stalled.value.sent < JOB_BYTES
        assert threading.active_count() == threads
        assert open_descriptors() == descriptors


def test_a_stalled_serial_printer_gives_the_worker_back(serial_line: tuple[int, str]) -> None:
    threads, descriptors = threading.active_count(), open_descriptors()
    port = open_port(serial_line[1])
    told: list[int] = []
    with pytest.raises(DeviceStalled) as stalled:
        port.write(b"x" * JOB_BYTES, on_sent=told.append)
    port.close()
    assert 0 < stalled.value.sent < JOB_BYTES
    assert told[-1] == stalled.value.sent
    assert threading.active_count() == threads
    assert open_descriptors() == descriptors


def test_what_a_stalled_network_printer_did_not_take_never_arrives_later() -> None:
    listener = narrow_listener()
    port = open_port(f"socket://127.0.0.1:{listener.getsockname()[1]}")
    with listener, listener.accept()[0] as device:
        with pytest.raises(DeviceStalled):
            port.write(b"x" * JOB_BYTES, stall_s=0.2)
        port.close()
        with pytest.raises(ConnectionResetError):
            while device.recv(JOB_BYTES):
                pass


def test_a_slow_printer_is_not_a_stalled_one() -> None:
    with SimulatedPrinter(faults=Faults(bytes_per_s=40_000)) as printer:
        port = open_port(printer.address)
        told: list[int] = []
        port.write(b"\x1b@" * 10_000, stall_s=0.5, on_sent=told.append)
        port.close()
    assert told == sorted(told)
    assert told[-1] == 20_000
    assert len(told) > 2


def test_the_whole_job_arrives_although_nobody_read_the_status_bytes() -> None:
    received = bytearray()
    ends: list[str] = []

    def chatty_printer(listener: socket.socket) -> None:
        with listener, listener.accept()[0] as line:
            try:
                while data := line.recv(4096):
                    received.extend(data)
                    time.sleep(0.002)
                    line.sendall(b"\x14\x00\x00\x0f" * 4)
                ends.append("end of job")
            except (ConnectionResetError, BrokenPipeError):
                ends.append("reset")

    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=chatty_printer, args=(listener,))
    thread.start()
    port = open_port(f"socket://127.0.0.1:{listener.getsockname()[1]}")
    port.write(b"x" * JOB_BYTES)
    port.close()
    thread.join()
    assert len(received) == JOB_BYTES
    assert ends == ["end of job"]


def test_a_printer_switched_off_while_sending_is_lost() -> None:
    with SimulatedPrinter(faults=Faults(drops_after_bytes=1)) as printer:
        port = open_port(printer.address)
        with pytest.raises(DeviceLost):
            port.write(b"x" * JOB_BYTES)
        port.close()


def test_when_the_printer_is_lost_every_byte_that_left_is_told_since_it_may_have_arrived() -> None:
    ours, device = socket.socketpair()
    ours.setblocking(False)
    port = SocketPort("socket://printer:9100", ours)
    told: list[int] = []
    pulled = threading.Timer(0.1, device.close)
    pulled.start()
    with pytest.raises(DeviceLost):
        port.write(b"x" * 1_000, on_sent=told.append)
    pulled.join()
    port.close()
    assert told == [1_000]


def test_a_serial_cable_pulled_is_lost_for_reader_and_writer() -> None:
    device, ours = pty.openpty()
    tty.setraw(ours)
    port = open_port(os.ttyname(ours))
    os.close(device)
    with pytest.raises(DeviceLost):
        port.read(timeout_s=1)
    with pytest.raises(DeviceLost):
        port.write(b"x")
    port.close()
    os.close(ours)


def test_bytes_come_back_over_a_serial_line_and_silence_is_empty(serial_line: tuple[int, str]) -> None:
    device, address = serial_line
    port = open_port(address + "?baud=9600&flow=none")
    assert port.read(timeout_s=0.01) == b""
    os.write(device, b"\x12\x16")
    assert port.read(timeout_s=1) == b"\x12\x16"
    port.write(b"label")
    assert os.read(device, 10) == b"label"
    port.close()


def test_a_serial_line_has_one_owner(serial_line: tuple[int, str]) -> None:
    first = open_port(serial_line[1])
    with pytest.raises(DeviceBusy, match="another program"):
        open_port(serial_line[1])
    first.close()
    open_port(serial_line[1]).close()


def test_a_usb_printer_takes_bytes_gives_bytes_and_may_answer_nothing() -> None:
    device, ours = pty.openpty()
    tty.setraw(ours)
    os.set_blocking(ours, False)
    port = UsbPort("/dev/usb/lp0", ours)
    port.write(b"label")
    assert os.read(device, 10) == b"label"
    os.write(device, b"\x12")
    assert port.read(timeout_s=1) == b"\x12"
    assert port.read(timeout_s=0.01) == b""
    port.close()
    port.close()
    with pytest.raises(DeviceLost):
        port.read(timeout_s=0)
    os.close(device)


def test_closing_twice_and_closing_a_dead_line_raise_nothing() -> None:
    with SimulatedPrinter(faults=Faults(drops_after_bytes=1)) as printer:
        port = open_port(printer.address)
        with pytest.raises(DeviceLost):
            port.write(b"x" * JOB_BYTES)
        port.close()
        port.close()
        with pytest.raises(DeviceLost, match="the port is closed"):
            port.write(b"x")


def test_an_absent_printer_is_missing_and_no_file_takes_its_place(tmp_path: Path) -> None:
    with pytest.raises(DeviceMissing, match="plugged in"):
        open_port(str(tmp_path / "lp0"))
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_the_device_should_be_is_refused_and_left_alone(tmp_path: Path) -> None:
    imposter = tmp_path / "lp0"
    imposter.write_bytes(b"printed here by mistake")
    with pytest.raises(DeviceMissing, match="not a device"):
        open_port(str(imposter))
    assert imposter.read_bytes() == b"printed here by mistake"


def test_a_device_that_is_no_printer_line_is_refused() -> None:
    with pytest.raises(DeviceMissing, match="cannot be opened as a device"):
        open_port("/dev/null")


def test_a_stable_name_of_a_device_is_followed(serial_line: tuple[int, str], tmp_path: Path) -> None:
    link = tmp_path / "printer-cutting"
    link.symlink_to(serial_line[1])
    port = open_port(str(link))
    port.write(b"label")
    port.close()
    assert os.read(serial_line[0], 10) == b"label"


def test_a_network_printer_switched_off_is_missing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"socket://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(DeviceMissing, match="check power, cable and address"):
        open_port(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "COM3",
        "http://192.168.1.50",
        "socket://192.168.1.50",
        "socket://:9100",
        "file:///dev/usb/lp0",
        "file://relative",
    ],
)
def test_an_address_nobody_can_open_says_what_to_write(address: str) -> None:
    with pytest.raises(ValueError, match=r"socket://|file://"):
        open_port(address)


@pytest.mark.parametrize("options", ["?baud=fast", "?flow=maybe", "?parity=even"])
def test_a_serial_setting_that_does_not_exist_says_which_do(serial_line: tuple[int, str], options: str) -> None:
    with pytest.raises(ValueError, match="baud=9600"):
        open_port(serial_line[1] + options)


def test_an_archive_file_appears_whole_on_close(tmp_path: Path) -> None:
    path = tmp_path / "étiquette 1.bin"
    port = open_port(path.as_uri())
    port.write(b"first half, ")
    assert not path.exists()
    port.write(b"second half")
    assert port.read(timeout_s=0) == b""
    port.close()
    assert path.read_bytes() == b"first half, second half"
    assert list(tmp_path.iterdir()) == [path]


def test_an_archive_file_is_kept_when_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "label.bin"
    path.write_bytes(b"yesterday")
    open_port(path.as_uri()).close()
    assert path.read_bytes() == b"yesterday"


def test_an_archive_in_a_folder_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DeviceMissing, match="create the folder"):
        open_port((tmp_path / "absent" / "label.bin").as_uri())
    assert list(tmp_path.iterdir()) == []

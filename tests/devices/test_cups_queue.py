"""A raw queue of a real CUPS: what it says of a label is heeded, and it is never taken for the printer's word."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from devices.cups_queue import CupsPort
from devices.errors import DeviceLost, DeviceMissing, DeviceStalled
from devices.ports import open_port
from devices.printers import PrinterProfile, printer_for
from devices.printers.simulated import Faults, SimulatedPrinter
from tests.waiting import wait_until

LABEL = Image.new("1", (400, 240), 1)
ImageDraw.Draw(LABEL).rectangle((220, 40, 380, 200), fill=0)
CUPS_FILES = """
ServerRoot {root}/etc
RequestRoot {root}/spool
TempDir {root}/spool/tmp
CacheDir {root}/cache
StateDir {root}/state
Printcap {root}/printcap
AccessLog {root}/access_log
ErrorLog {root}/error_log
PageLog {root}/page_log
"""
CUPSD = """
Listen 127.0.0.1:{port}
Browsing No
WebInterface No
ErrorPolicy stop-printer
<Location />
  Order allow,deny
  Allow 127.0.0.1
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""


@dataclass(frozen=True)
class Cups:
    """A CUPS of our own on the loopback; its commands find it by CUPS_SERVER."""

    root: Path

    def add(self, queue: str, printer: str) -> None:
        """A raw queue that is switched on. The backend asks nothing by SNMP: there is none at a simulated printer."""
        self.run("lpadmin", "-p", queue, "-E", "-v", f"{printer}/?snmp=false", "-m", "raw")

    def run(self, *command: str) -> str:
        english = {**os.environ, "LC_ALL": "C"}
        return subprocess.run(command, check=True, capture_output=True, text=True, env=english).stdout


@pytest.fixture
def cups(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cups]:
    """Not in tmp_path: CUPS prints as another user, who may not enter pytest's folders."""
    root = Path(tempfile.mkdtemp(prefix="floor-cups-"))
    root.chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for folder in ("etc", "spool/tmp", "cache", "state"):
        (root / folder).mkdir(parents=True)
    (root / "cups-files.conf").write_text(CUPS_FILES.format(root=root), encoding="utf-8")
    (root / "cupsd.conf").write_text(CUPSD.format(port=port), encoding="utf-8")
    monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{port}")
    server = subprocess.Popen(
        [cupsd(), "-f", "-c", str(root / "cupsd.conf"), "-s", str(root / "cups-files.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: is_listening(port), "CUPS answers")
        yield Cups(root)
    finally:
        server.terminate()
        server.wait(timeout=20)
        shutil.rmtree(root)


def cupsd() -> str:
    """Debian keeps it in /usr/sbin, which is not on everybody's path."""
    return shutil.which("cupsd", path=f"{os.environ['PATH']}:/usr/sbin") or "cupsd"


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def profile(queue: str, language: str = "zpl") -> PrinterProfile:
    return PrinterProfile("cutting", f"cups://{queue}", language, 576, 8.0)


@pytest.mark.parametrize("language", ["escpos", "zpl", "tspl"])
def test_a_label_comes_out_dot_by_dot_and_stays_unknown(cups: Cups, language: str) -> None:
    with SimulatedPrinter(language=language) as simulated:
        cups.add("labels", simulated.address)
        printer = printer_for(profile("labels", language))
        told: list[tuple[int, int]] = []
        outcome = printer.print_image(LABEL, job_number=1, on_sent=lambda sent, total: told.append((sent, total)))
        assert (outcome.state, outcome.rung, outcome.fault) == ("unknown", "none", "")
        assert told == [(outcome.bytes_sent, outcome.bytes_total)]
        wait_until(lambda: simulated.labels, "the label came out")
        assert simulated.labels[0].crop((0, 0, 400, 240)).tobytes() == LABEL.tobytes()
        assert simulated.stray_bytes == 0
        assert printer.status().state == "unknown"


def test_labels_of_a_batch_come_out_once_each_and_in_order(cups: Cups) -> None:
    images = [LABEL.crop((0, 0, 400, 40 + number)) for number in range(3)]
    with SimulatedPrinter(language="tspl") as simulated:
        cups.add("labels", simulated.address)
        printer = printer_for(profile("labels", "tspl"))
        assert [printer.print_image(image, job_number=1).state for image in images] == ["unknown"] * 3
        wait_until(lambda: len(simulated.labels) == 3, "the labels came out")
        assert [label.height for label in simulated.labels] == [40, 41, 42]


@pytest.mark.parametrize(
    ("spoil", "cure"),
    [
        (("lpadmin", "-x", "labels"), "no such queue"),
        (("cupsdisable", "labels"), "cupsenable labels"),
        (("cupsreject", "labels"), "cupsaccept labels"),
    ],
)
def test_a_queue_that_is_gone_or_stopped_is_missing_and_its_label_failed_without_a_byte(
    cups: Cups, spoil: tuple[str, ...], cure: str
) -> None:
    with SimulatedPrinter(language="zpl") as simulated:
        cups.add("labels", simulated.address)
        cups.run(*spoil)
        printer = printer_for(profile("labels"))
        outcome = printer.print_image(LABEL, job_number=1)
        assert (outcome.state, outcome.bytes_sent, outcome.fault) == ("failed", 0, "missing")
        assert printer.status().state == "missing"
        with pytest.raises(DeviceMissing, match=cure):
            open_port("cups://labels")
        assert not simulated.labels


def test_a_queue_that_stops_at_the_label_leaves_it_unknown_and_keeps_no_job_for_later(cups: Cups) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        address = f"socket://127.0.0.1:{nobody.getsockname()[1]}"
    cups.run("lpadmin", "-p", "labels", "-E", "-v", f"{address}/?snmp=false&contimeout=1", "-m", "raw")
    outcome = printer_for(profile("labels")).print_image(LABEL, job_number=1)
    assert (outcome.state, outcome.rung, outcome.fault) == ("unknown", "none", "lost")
    assert cups.run("lpstat", "-o", "labels") == ""


def test_a_job_cancelled_at_the_queue_is_lost(cups: Cups) -> None:
    with SimulatedPrinter(language="zpl", faults=Faults(stalls_after_bytes=1_000)) as simulated:
        cups.add("labels", simulated.address)
        cancelling = threading.Thread(target=_cancel_when_there, args=(cups,))
        cancelling.start()
        outcome = printer_for(profile("labels")).print_image(LABEL, job_number=1)
        cancelling.join()
        assert (outcome.state, outcome.fault) == ("unknown", "lost")


def _cancel_when_there(cups: Cups) -> None:
    wait_until(lambda: cups.run("lpstat", "-o", "labels"), "the job is in the queue")
    cups.run("cancel", "-a", "labels")


def test_a_job_that_does_not_end_is_cancelled_and_stalled(cups: Cups) -> None:
    with SimulatedPrinter(language="zpl", faults=Faults(stalls_after_bytes=1_000)) as simulated:
        cups.add("labels", simulated.address)
        port = CupsPort("cups://labels", "labels", follow_s=0.5)
        with pytest.raises(DeviceStalled) as stalled:
            port.write(b"x" * 100_000, stall_s=0.5)
        assert stalled.value.sent == 100_000
        wait_until(lambda: cups.run("lpstat", "-o", "labels") == "", "the job is gone")
        assert not simulated.labels


def test_what_cups_refuses_may_have_been_taken_all_the_same(cups: Cups) -> None:
    told: list[int] = []
    with pytest.raises(DeviceLost, match="lp:"):
        CupsPort("cups://labels", "labels").write(b"label", on_sent=told.append)
    assert told == [5]


def test_without_a_running_cups_the_queue_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:1")
    with pytest.raises(DeviceMissing, match="CUPS does not run"):
        open_port("cups://labels")


def test_without_the_commands_of_cups_the_cure_is_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeviceMissing, match="cups-client"):
        open_port("cups://labels")


@pytest.mark.parametrize(
    "address", ["cups://", "cups://-d", "cups://a/b", "cups://a b", "cups://a;b", "cups://été", "cups://" + "a" * 128]
)
def test_a_name_no_queue_has_says_what_to_write(address: str) -> None:
    with pytest.raises(ValueError, match="cups://QUEUE"):
        open_port(address)

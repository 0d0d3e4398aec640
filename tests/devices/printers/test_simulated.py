"""The simulated printer as it is shipped: it saves labels, keeps a bounded number, and serves at a chosen port."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from PIL import Image

from devices.printers import PrinterProfile, printer_for
from devices.printers.simulated import SimulatedPrinter


def label(number: int) -> Image.Image:
    image = Image.new("1", (64, 24), 1)
    image.putpixel((number, 3), 0)
    return image


def profile(address: str) -> PrinterProfile:
    return PrinterProfile("cutting", address, "escpos", 576, 8.0)


def test_labels_are_kept_in_order_and_no_more_than_asked_for() -> None:
    seen: list[Image.Image] = []
    with SimulatedPrinter(width_dots=384, keep_labels=3, on_label=seen.append) as simulated:
        printer = printer_for(profile(simulated.address))
        for number in range(5):
            assert printer.print_image(label(number), job_number=number).state == "confirmed"
        kept = simulated.labels
    assert len(seen) == 5
    assert kept == seen[-3:]
    assert [image.size for image in kept] == [(384, 24)] * 3
    assert [image.getpixel((number, 3)) for number, image in zip((2, 3, 4), kept, strict=True)] == [0, 0, 0]


def test_the_port_is_free_again_when_the_printer_is_switched_off() -> None:
    with SimulatedPrinter() as first:
        address = first.address
    with SimulatedPrinter(int(address.rpartition(":")[2])) as second:
        assert second.address == address
        assert printer_for(profile(address)).status().state == "ready"


def test_text_sent_to_it_is_counted_as_stray() -> None:
    with SimulatedPrinter() as simulated:
        simulated._mechanism.receive(b"hello\x1b@")
        assert simulated.stray_bytes == 5


def test_run_as_a_program_it_saves_each_label_as_a_picture(tmp_path: Path) -> None:
    program = subprocess.Popen(
        # Started in the background, a shell has it ignore Ctrl-C, and so would the program.
        ["env", "--default-signal=INT", sys.executable, "-m", "devices.printers.simulated", "--out", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert program.stdout is not None
    with program.stdout:
        printer = printer_for(profile(program.stdout.readline().strip()))
        assert printer.print_image(label(9), job_number=1).state == "confirmed"
        program.send_signal(signal.SIGINT)
        assert program.wait() == 0
    with Image.open(tmp_path / "0001.png") as saved:
        assert saved.mode == "1"
        assert saved.size == (576, 24)
        assert saved.getpixel((9, 3)) == 0

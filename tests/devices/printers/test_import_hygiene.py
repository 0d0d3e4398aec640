"""Loading the ESC/POS library must leave no trace: neither in our log nor in the temporary folder."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PRINT_ONE = """
import logging, sys
from devices.printers import PrinterProfile, printer_for
assert "escpos" not in sys.modules and "PIL" not in sys.modules, "loaded before the first label"
printer = printer_for(PrinterProfile("archive", sys.argv[1], "escpos", 384, 8.0))
from PIL import Image
printer.print_image(Image.new("1", (100, 100)), job_number=1)
assert "escpos" in sys.modules
assert logging.getLogger().handlers == []
logging.basicConfig(format="FLOOR %(message)s", level=logging.INFO)
logging.getLogger("floor").info("ready")
"""


def run(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    return subprocess.run(
        [sys.executable, "-c", PRINT_ONE, (tmp_path / "label.bin").as_uri()],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary), **environment},
        capture_output=True,
        text=True,
        check=True,
    )


def test_after_the_first_label_our_log_format_is_in_force_and_no_folder_is_left(tmp_path: Path) -> None:
    program = run(tmp_path)
    assert program.stderr == "FLOOR ready\n"
    assert program.stdout == ""
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_cache_folder_somebody_chose_is_left_alone(tmp_path: Path) -> None:
    chosen = tmp_path / "cache"
    chosen.mkdir()
    run(tmp_path, ESCPOS_CAPABILITIES_PICKLE_DIR=str(chosen))
    assert list(chosen.iterdir())

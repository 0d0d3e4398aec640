"""A floor of its own for a simulated day: a real `floor serve` on a temporary folder, gone at the end."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from devices.printers.simulated import SimulatedPrinter
from floor_app.config import parse_config
from floor_app.simulating.equipment import Equipment, Paper, scanner_at
from floor_app.simulating.links import FloorGone, announced, wait_for
from floor_app.simulating.telling import SimulatedFloor

STOPS_WITHIN_S = 60.0
PRINTER = "etiquettes"
# Two teams sew, one on a cable and one with a tablet, and so in finishing.
STATIONS = (
    ("coupe", "cut", True),
    ("couture-1", "sew", True),
    ("couture-2", "sew", False),
    ("finition-1", "finish", True),
    ("finition-2", "finish", False),
)
_CONFIG = """
[atelier]
code = "SIMULATION"
name = "Atelier simulé"
site = "SSSS"
missing_steps = "{missing_steps}"
[server]
host = "127.0.0.1"
[[printer]]
name = "{printer}"
address = "{address}"
language = "escpos"
width_dots = 576
dots_per_mm = 8.0
"""
_STATION = """
[[station]]
name = "{name}"
operation = "{operation}"
scanner = "{scanner}"
"""


@contextmanager
def own_floor(*, missing_steps: str = "warn") -> Iterator[SimulatedFloor]:
    """Returns when it answers; FloorGone, with what it said, when it does not."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="floor-simulate-")))
        paper = Paper()
        printer = stack.enter_context(SimulatedPrinter(on_label=paper.take))
        wired = [name for name, _, has_cable in STATIONS if has_cable]
        scanners = {name: stack.enter_context(scanner_at(str(folder / name))) for name in wired}
        text = _config(printer.address, missing_steps, {name: scanner.path for name, scanner in scanners.items()})
        (folder / "floor.toml").write_text(text, encoding="utf-8")
        stack.enter_context(_serving(folder))
        yield SimulatedFloor(parse_config(text), folder / "data", Equipment(scanners, printer, PRINTER, paper))


def _config(address: str, missing_steps: str, scanners: dict[str, str]) -> str:
    stations = (
        _STATION.format(name=name, operation=operation, scanner=scanners.get(name, "none"))
        for name, operation, _ in STATIONS
    )
    return _CONFIG.format(missing_steps=missing_steps, printer=PRINTER, address=address) + "".join(stations)


@contextmanager
def _serving(folder: Path) -> Iterator[None]:
    log, data = folder / "service.log", folder / "data"
    options = ["--config", str(folder / "floor.toml"), "--data", str(data), "--port", "0"]
    tree = str(Path(__file__).parents[2])
    searched = os.pathsep.join(filter(None, (tree, os.environ.get("PYTHONPATH", ""))))
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", "from floor_app.cli import main; main()", "serve", *options],
            stdout=output,
            stderr=output,
            env={**os.environ, "PYTHONPATH": searched},
        )
    try:
        wait_for(lambda: process.poll() is not None or announced(data) is not None, stopping=threading.Event())
        if process.poll() is not None or announced(data) is None:
            raise FloorGone(log.read_text(encoding="utf-8")[-2000:])
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

"""Measures everything in one run and prints the table of ratios; a full or short one also writes it into docs/performance.md.

bench/run.py [--short | --quick] [--only NAME]
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bench import report
from bench.background_jobs import measure_background
from bench.device_speed import measure_devices
from bench.effort import FULL, QUICK, SHORT, Workbench
from bench.figures import Outcome
from bench.footprint import measure_memory, measure_start
from bench.history_length import measure_history
from bench.label_speed import measure_labels
from bench.loading import compile_c
from bench.network import measure_network
from bench.scan_rounds import measure_scans, measure_slow_card

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
MEMORY = Path("/dev/shm")  # a disk in memory wherever Linux is
MEASURES: dict[str, Callable[[Workbench], Outcome]] = {
    "scans": measure_scans,
    "slow card": measure_slow_card,
    "history": measure_history,
    "labels": measure_labels,
    "memory": measure_memory,
    "start": measure_start,
    "background": measure_background,
    "devices": measure_devices,
    "network": measure_network,
}
OWN_SECTIONS = ("devices", "network")
"""With a section of their own in the page, so that they can be measured alone; the others belong together."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every target is reached, else 1; a quick run judges nothing and is 0 when it came to its end."""
    options = _options(arguments)
    outcomes: dict[str, Outcome] = {}
    effort = QUICK if options.quick else SHORT if options.short else FULL
    with (
        tempfile.TemporaryDirectory(prefix="floor-bench-") as folder,
        tempfile.TemporaryDirectory(prefix="floor-bench-", dir=MEMORY if MEMORY.is_dir() else None) as memory,
    ):
        bench = Workbench(Path(folder), Path(folder), effort, Path(memory))
        compile_c(bench.tools)
        _keep_bytecode(bench.tools / "bytecode")
        for name in options.only or MEASURES:
            print(f"{name} …", file=sys.stderr, flush=True)
            outcomes[name] = MEASURES[name](bench)
    print(report.table(outcomes), report.details(outcomes), report.machine(), sep="\n\n")
    if options.quick:
        return 0
    command = ["python", "-m", "bench.run", *(sys.argv[1:] if arguments is None else arguments)]
    _write(outcomes, report.made_by(command, datetime.now().astimezone().date()))
    return 0 if all(ratio.reached for outcome in outcomes.values() for ratio in outcome.ratios) else 1


def _write(outcomes: Mapping[str, Outcome], made: str) -> None:
    for name in OWN_SECTIONS:
        if name in outcomes:
            alone = {name: outcomes[name]}
            report.write(PAGE, name, (made, report.table(alone), report.details(alone)))
    others = {name: outcome for name, outcome in outcomes.items() if name not in OWN_SECTIONS}
    if others.keys() == MEASURES.keys() - set(OWN_SECTIONS):  # measured in one run, or not written
        times = ("## The times behind them", report.details(others))
        report.write(PAGE, "figures", (made, report.table(others), *times))


def _keep_bytecode(folder: Path) -> None:
    """As an installed atelier has it, whatever the shell of a developer says: for every process started from here."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--quick", action="store_true", help="seconds instead of half an hour; the figures mean nothing"
    )
    parser.add_argument(
        "--short",
        action="store_true",
        help="minutes instead of half an hour, on a shorter history; writes the page too",
    )
    parser.add_argument("--only", action="append", choices=MEASURES, help="one measure; may be given several times")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

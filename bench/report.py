"""The table of a run: on the terminal, and in docs/performance.md between the markers of its section."""

import math
import platform
import shlex
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from bench.figures import Outcome, Ratio, Times

Row = tuple[str, ...]


def table(outcomes: Mapping[str, Outcome]) -> str:
    """Markdown, good to read in a terminal too."""
    ratios = [ratio for outcome in outcomes.values() for ratio in outcome.ratios]
    rows: list[Row] = [("ratio", "target", "figure", "reached")]
    rows += [
        (ratio.name, _target(ratio), _number(ratio.figure), "yes" if ratio.reached else "**no**") for ratio in ratios
    ]
    return _markdown(rows)


def details(outcomes: Mapping[str, Outcome]) -> str:
    """The times behind the ratios: of this machine in this hour, and of no use anywhere else."""
    parts = []
    for name, outcome in outcomes.items():
        rows: list[Row] = [("", "per s", "p50 ms", "p95 ms", "p99 ms", "failed")]
        rows += [_times_row(times) for times in outcome.times]
        parts += [f"### {name}", *([_markdown(rows)] if outcome.times else []), *outcome.notes]
    return "\n\n".join(parts)


def machine() -> str:
    """One line: what the figures come from."""
    cores, model = _processor()
    return (
        f"{cores} cores of {model}, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


def write(page: Path, section: str, parts: Sequence[str]) -> None:
    """Replaces what stands between the markers of a section. ValueError without them."""
    begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, marker, after = rest.partition(end)
    if not marker:
        raise ValueError(f"{page} has no {begin} … {end}")
    page.write_text(before + "\n\n".join((begin, *parts, end)) + after, encoding="utf-8")


def made_by(command: list[str], today: date) -> str:
    return f"{today.isoformat()}, `{shlex.join(command)}`, on {machine()}."


def _times_row(times: Times) -> Row:
    shown = (times.per_s, times.p50_ms, times.p95_ms, times.p99_ms)
    return (times.name, *(_number(figure) for figure in shown), str(times.failed))


def _target(ratio: Ratio) -> str:
    if ratio.target == 0:
        return "0"
    return f"{'≤' if ratio.at_most else '≥'} {_number(ratio.target)}"


def _number(figure: float) -> str:
    """Three digits that count."""
    if not math.isfinite(figure) or figure == 0 or figure >= 100:
        return f"{figure:.0f}"
    return f"{figure:.{2 - math.floor(math.log10(abs(figure)))}f}".rstrip("0").rstrip(".")


def _markdown(rows: list[Row]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join((lines[0], rule, *lines[1:]))


def _processor() -> tuple[int, str]:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    facts = [line.partition(":") for line in lines]
    names = [value.strip() for key, _, value in facts if key.strip() in ("model name", "Model")]
    return sum(key.strip() == "processor" for key, _, _ in facts), names[0] if names else "an unnamed processor"

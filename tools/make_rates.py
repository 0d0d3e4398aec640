"""Works `floor_app/simulating/rates.toml` out of the table of team-days it comes from, which is not part of this tree.

    python tools/make_rates.py garments_worker_productivity.csv

One row a team and day. A department's figures are quantiles over its team-days, each column by itself, with linear
interpolation between neighbours (numpy's and `statistics`' « inclusive » method). Empty cells are left out.
"""

import csv
import statistics
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
DEPARTMENTS = ("sewing", "finishing")
COLUMNS = {"minutes_a_piece": "smv", "workers": "no_of_workers", "productivity": "actual_productivity"}
TARGET = Path(__file__).parent.parent / "floor_app" / "simulating" / "rates.toml"
HEADER = """\
# The pace of sewing and finishing teams, worked out of 1,197 team-days of a garment factory (January to March 2015):
# Productivity Prediction of Garment Employees, UCI Machine Learning Repository, dataset 597, 2020.
# https://doi.org/10.24432/C51S6D, licence CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).
# Changed: only these quantiles are kept. Written by tools/make_rates.py, which says how; not by hand.
#
# minutes_a_piece: allowed time (smv). workers: of a team. productivity: minutes earned by minute worked.
# stopped_share: of the team-days, those with idle time; stopped_minutes: its median on those days.
"""
Row = Mapping[str, str]


def rates_toml(rows: Iterable[Row]) -> str:
    """The whole file. A department without any team-day is a StatisticsError."""
    found = list(rows)
    parts = [HEADER, f"quantiles = [{_listed(QUANTILES)}]"]
    for department in DEPARTMENTS:
        # The source writes « finishing » with and without a space behind.
        parts += ["", *_department(department, [row for row in found if row["department"].strip() == department])]
    return "\n".join(parts) + "\n"


def quantiles(values: Sequence[float]) -> tuple[float, ...]:
    """At QUANTILES."""
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return tuple(cuts[round(share * 100) - 1] for share in QUANTILES)


def _department(name: str, rows: Sequence[Row]) -> list[str]:
    stopped = [minutes for minutes in _numbers(rows, "idle_time") if minutes > 0]
    return [
        f"[{name}]",
        f"team_days = {len(rows)}",
        *(f"{ours} = [{_listed(quantiles(_numbers(rows, theirs)))}]" for ours, theirs in COLUMNS.items()),
        f"stopped_share = {len(stopped) / len(rows):.4f}",
        f"stopped_minutes = {statistics.median(stopped) if stopped else 0.0:.1f}",
    ]


def _numbers(rows: Iterable[Row], column: str) -> list[float]:
    return [float(row[column]) for row in rows if row[column].strip()]


def _listed(values: Iterable[float]) -> str:
    return ", ".join(f"{value:.4g}" for value in values)


def main(source: Path, target: Path = TARGET) -> None:
    with source.open(encoding="utf-8-sig", newline="") as table:
        target.write_text(rates_toml(csv.DictReader(table)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

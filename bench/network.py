"""The network at its full size: a night, the board in the morning, and what a day weighs on the line."""

from bench.day_sheet_bytes import measure_day_sheets
from bench.effort import Workbench
from bench.figures import Outcome
from bench.network_board import measure_board
from bench.network_night import measure_night


def measure_network(bench: Workbench) -> Outcome:
    parts = [measure(bench) for measure in (measure_night, measure_board, measure_day_sheets)]
    return Outcome(
        tuple(ratio for part in parts for ratio in part.ratios),
        tuple(times for part in parts for times in part.times),
        tuple(note for part in parts for note in part.notes),
    )

"""Ten thousand events or ten million behind the same open bundles: a scan and the board must not feel the difference."""

import time
from contextlib import ExitStack

from bench import servers
from bench.effort import Workbench
from bench.figures import Outcome, Ratio, Times, median_times, over_rounds, times_of
from bench.floors import Floor, Scans
from bench.generated_floor import generated_floor, scans_left
from bench.loading import Ask, load, request_line
from bench.servers import Server
from floor_app.keeping import compare_with_events
from floor_app.web.board import DRAWN_EVERY_S

PROOF_EVENTS = 3_000
ENOUGH_S = 60.0
Round = dict[str, Times]


def measure_history(bench: Workbench) -> Outcome:
    folder, now_ms = bench.folder_for("history"), time.time_ns() // 1_000_000
    proof = generated_floor(folder / "proof", event_count=PROOF_EVENTS, now_ms=now_ms)
    untrue = len(compare_with_events(proof.data / "floor.db", folder / "derived.db"))
    sizes = {"short": bench.effort.short_history_events, "long": bench.effort.long_history_events}
    floors = {name: generated_floor(folder / name, event_count=count, now_ms=now_ms) for name, count in sizes.items()}
    with ExitStack() as stack:
        prototype = stack.enter_context(servers.prototype(folder / "prototype"))
        running = {
            name: _Running(stack.enter_context(servers.floor_serve(floor.config, floor.data)), floor, scans_left(floor))
            for name, floor in floors.items()
        }
        rounds = [_round(bench, prototype, running) for _ in range(bench.effort.rounds)]
    compared = f"{sizes['long']:,} events / at {sizes['short']:,}".replace(",", " ")
    ratios = (
        Ratio("tables of a generated floor that differ from its events", 0, untrue),
        Ratio(
            f"scan p50 at {compared}", 1.2, over_rounds(rounds, lambda each: _ratio(each, "scan long", "scan short"))
        ),
        Ratio(
            f"board p50 at {compared}", 1.2, over_rounds(rounds, lambda each: _ratio(each, "board long", "board short"))
        ),
        Ratio("board page / hello", 8, over_rounds(rounds, lambda each: _ratio(each, "board short", "hello"))),
    )
    drawn = over_rounds(rounds, lambda each: each["board drawn anew"].p50_ms)
    note = f"a board drawn anew, at most twice a second whoever asks: {drawn:.3g} ms"
    return Outcome(ratios, median_times(rounds), notes=(note,))


class _Running:
    def __init__(self, server: Server, floor: Floor, scans: Scans) -> None:
        self.server, self.floor, self.scans = server, floor, scans


def _ratio(found: Round, name: str, other: str) -> float:
    return found[name].p50_ms / found[other].p50_ms


def _round(bench: Workbench, prototype: Server, running: dict[str, _Running]) -> Round:
    """A scan, then the board, one after the other, as on a busy floor; and boards of which each is drawn anew."""
    ask, boards = Ask(1, ENOUGH_S, warm_up=4), bench.effort.boards
    found = [times_of("hello", load(bench.tools, prototype.port, [request_line("/hello")] * boards, ask), method="GET")]
    for name, side in running.items():
        board = request_line("/board", token=side.floor.board_token)
        lines = [line for scan in side.scans.take(boards) for line in (scan, board)]
        heard = load(bench.tools, side.server.port, lines, ask)
        side.scans.sent(boards)
        found += [times_of(f"scan {name}", heard), times_of(f"board {name}", heard, method="GET")]
    short = running["short"]
    board = request_line("/board", token=short.floor.board_token)
    seldom = Ask(1, ENOUGH_S, rate_per_s=1 / (2 * DRAWN_EVERY_S))
    anew = bench.effort.rounds
    lines = [line for scan in short.scans.take(anew) for line in (scan, board)]
    heard = load(bench.tools, short.server.port, lines, seldom)
    short.scans.sent(anew)
    found.append(times_of("board drawn anew", heard, method="GET"))
    return {times.name: times for times in found}

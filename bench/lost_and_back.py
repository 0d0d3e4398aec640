"""How long an open page of the devices takes to show that a scanner was pulled out, and that it is back."""

import html
import random
import re
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from bench import servers
from bench.effort import Workbench
from bench.figures import Ratio
from bench.floors import made_floor
from devices.scanners.simulated import SimulatedScanner
from floor_app.simulating.links import running_floor
from floor_app.simulating.supervisor import Supervisor
from floor_app.texts import words

SHOWN_WITHIN_S = 2.0
GIVES_UP_AFTER_S = 30.0
READY = words("fr")("stations.scanner_ready")
_ASKS = re.compile(r'id="board"[^>]*hx-get="([^"]+)" hx-trigger="every (\d+)s"')


class OpenPage:
    """« Appareils » on a screen: asks as often as the page itself says, and shows what comes."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._show(supervisor.get("/devices"))
        self._asks_at_s = time.monotonic() + self._every_s

    def wait_until(self, shows: Callable[[str], bool]) -> None:
        give_up_at_s = time.monotonic() + GIVES_UP_AFTER_S
        while not shows(self._shown):
            if time.monotonic() > give_up_at_s:
                raise RuntimeError("the open page does not show it")
            time.sleep(max(0.0, self._asks_at_s - time.monotonic()))
            self._asks_at_s += self._every_s
            if answer := self._supervisor.get(self._question):
                self._show(answer)

    def _show(self, page: str) -> None:
        found = _ASKS.search(page)
        if not found:
            raise RuntimeError("the page asks for nothing")
        self._shown, self._question, self._every_s = html.unescape(page), html.unescape(found[1]), float(found[2])


def measure_lost_and_back(bench: Workbench) -> tuple[tuple[Ratio, ...], str]:
    """The longest of all turns is judged; the cable is pulled and put back at any moment between two questions."""
    lost_s, back_s = list[float](), list[float]()
    with ExitStack() as stack:
        folder, chance = bench.folder_for("cable"), random.Random(7)
        scanner = SimulatedScanner(str(folder / "scanner"))
        stack.callback(scanner.close)
        floor = made_floor(folder, bundles=1, scanner=scanner.path)
        stack.enter_context(servers.floor_serve(floor.config, floor.data))
        page = OpenPage(Supervisor(running_floor(floor.data, [])))
        page.wait_until(lambda shown: READY in shown)
        for _ in range(bench.effort.replugs):
            lost_s.append(_seconds(page, scanner.unplug, lambda shown: READY not in shown, chance.random()))
            back_s.append(_seconds(page, scanner.replug, lambda shown: READY in shown, chance.random()))
    ratios = (
        Ratio("seconds until an open page shows a scanner pulled out, longest", SHOWN_WITHIN_S, max(lost_s)),
        Ratio("seconds until an open page shows it is back, longest", SHOWN_WITHIN_S, max(back_s)),
    )
    return ratios, f"an open page shows a scanner pulled out after {_spread(lost_s)}, back after {_spread(back_s)}."


def _seconds(page: OpenPage, pull: Callable[[], None], shows: Callable[[str], bool], after_s: float) -> float:
    time.sleep(after_s)
    pull()
    begun_at_s = time.monotonic()
    page.wait_until(shows)
    return time.monotonic() - begun_at_s


def _spread(times_s: Sequence[float]) -> str:
    return f"{statistics.median(times_s):.2f} s (median of {len(times_s)}, longest {max(times_s):.2f} s)"

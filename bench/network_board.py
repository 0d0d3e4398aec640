"""The network's board as a coordinator asks for it, in a network that is years old: inside the centre, without the way to the screen."""

import time

from flask.testing import FlaskClient

from bench import centres, grown_network
from bench.effort import Workbench
from bench.figures import Outcome, Ratio, Times, times_of_work
from bench.network_sheets import ORDERS, ateliers
from central.centre import Centre, opened
from central.settings import Limits, Settings
from central.store import accounts
from central.web.app import create_app

WITHIN_MS = 50
COORDINATOR = "Camille"
NO_LIMITS = Limits(by_address=1_000_000)


def measure_board(bench: Workbench) -> Outcome:
    """Half of the pages are thrown away: statements and templates are compiled with the first."""
    members, days = list(ateliers(bench.effort.ateliers)), bench.effort.network_days
    ratios, times = list[Ratio](), list[Times]()
    for name in centres.DATABASES:
        with centres.fresh_database(name, bench) as (folder, address):
            grown_network.grow(address, members, days)
            settings = Settings(folder, address, limits=NO_LIMITS)
            with opened(settings, clock=lambda: grown_network.NOW_MS) as centre:
                took_ms = _pages(centre, bench.effort.boards)
        times.append(times_of_work(f"{name}: board of the network", took_ms, per_s=1000 * len(took_ms) / sum(took_ms)))
        ratios.append(Ratio(f"{name}: the network's board, ms p50", WITHIN_MS, times[-1].p50_ms))
    note = f"{len(members):,} ateliers, {days} days, {len(members) * days:,} rows of days, {ORDERS} open orders"
    return Outcome(tuple(ratios), tuple(times), (note.replace(",", " ").replace("  ", ", "),))


def _pages(centre: Centre, count: int) -> list[float]:
    """Milliseconds of each."""
    with centre.writing() as db:
        accounts.put(db, COORDINATOR, role="coordinator", atelier="", at_ms=grown_network.NOW_MS)
    client = create_app(centre).test_client()
    with centre.reading() as db:
        account = accounts.find(db, COORDINATOR)
    with client.session_transaction() as session:
        session["account"], session["version"] = COORDINATOR, account.session_version if account else 0
    return [_page(client) for _ in range(2 * count)][count:]


def _page(client: FlaskClient) -> float:
    begun_at = time.perf_counter()
    answer = client.get("/")
    took_ms = 1000 * (time.perf_counter() - begun_at)
    if answer.status_code != 200:
        raise RuntimeError(f"the board was answered {answer.status}")
    return took_ms

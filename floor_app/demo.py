"""`floor demo`: a small atelier on this machine. Simulated scanners on real pseudo-terminals and a simulated printer on a
real TCP socket, so that the same drivers run as with hardware; some work is already there, then simulated days go by."""

import contextlib
import itertools
import logging
import random
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path

from devices.printers.simulated import SimulatedPrinter
from devices.scanners.simulated import SimulatedScanner
from floor_app import access
from floor_app.config import FloorConfig, parse_config
from floor_app.cutting import CutRequest, cut_lay
from floor_app.domain.lays import Roll
from floor_app.domain.orders import Order, OrderLine
from floor_app.importing import import_orders
from floor_app.printing import print_lay
from floor_app.service import Service, start_service
from floor_app.serving import hold_signals, stop_at_signal
from floor_app.simulating.day import run_day
from floor_app.simulating.equipment import Equipment, Paper
from floor_app.simulating.links import running_floor
from floor_app.simulating.telling import SimulatedFloor, plan_for
from floor_app.store import access as accounts
from floor_app.store import board
from floor_app.texts import words
from groundwork.web_server import PortTaken

Say = Callable[[str], None]
STATIONS = (("coupe", "cut"), ("couture-1", "sew"), ("couture-2", "sew"), ("finition", "finish"))
USUAL_PORT = 8080
SEED = 2026
SPEED = 60.0  # a day of eight hours in eight minutes
PRINTER = "etiquettes"
SCANS_AT_ONCE = 60
_CONFIG = """
[atelier]
code = "DEMO"
name = "Atelier des Tilleuls"
site = "BCDF"
[server]
host = "127.0.0.1"
[[printer]]
name = "{name}"
address = "{printer}"
language = "escpos"
width_dots = 576
dots_per_mm = 8.0
label = "50x30"
"""
_STATION = """
[[station]]
name = "{name}"
operation = "{operation}"
title = "{title}"
scanner = "{scanner}"
"""


def run_demo(*, port: int | None, say: Say) -> int:
    """Until Ctrl-C; the exit code. Everything it made is removed."""
    t = words()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(threadName)s %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    hold_signals()
    with tempfile.TemporaryDirectory(prefix="floor-demo-") as folder, ExitStack() as stack:
        paper = Paper()
        printer = stack.enter_context(SimulatedPrinter(on_label=paper.take))
        scanners = stack.enter_context(_scanners(Path(folder)))
        config, data = _config(printer.address, scanners), Path(folder) / "data"
        service = _start(config, data, port)
        stack.callback(service.stop)
        password = _open_account(service)
        stopping = threading.Event()
        floor = SimulatedFloor(config, data, Equipment(scanners, printer, PRINTER, paper))
        day = threading.Thread(target=_live, args=(floor, service, stopping), name="demo day", daemon=True)
        _import_orders(service)
        _tell(service, password, say)
        day.start()
        stop_at_signal(service)
        stopping.set()
        day.join(timeout=5)
    say(t("demo.stopped"))
    return 0


@contextmanager
def _scanners(folder: Path) -> Iterator[dict[str, SimulatedScanner]]:
    scanners = {name: SimulatedScanner(str(folder / f"lecteur-{name}")) for name, _ in STATIONS}
    try:
        yield scanners
    finally:
        for scanner in scanners.values():
            scanner.close()


def _config(printer: str, scanners: dict[str, SimulatedScanner]) -> FloorConfig:
    t = words()
    stations = (
        _STATION.format(
            name=name, operation=operation, title=t(f"demo.{name.replace('-', '_')}"), scanner=scanners[name].path
        )
        for name, operation in STATIONS
    )
    return parse_config(_CONFIG.format(name=PRINTER, printer=printer) + "".join(stations))


def _start(config: FloorConfig, data: Path, port: int | None) -> Service:
    """On the port asked for; without one on the usual port, or any free one if that is taken."""
    if port is not None:
        return start_service(config, data, port=port)
    try:
        return start_service(config, data, port=USUAL_PORT)
    except PortTaken:
        return start_service(config, data, port=0)


def _open_account(service: Service) -> str:
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    hashed = access.hash_password(password)
    service.atelier.run(accounts.set_password, "demo", hashed, at_ms=service.atelier.clock.now_ms())
    return password


def _import_orders(service: Service) -> None:
    atelier = service.atelier
    today = atelier.clock.local(atelier.clock.now_ms()).date()
    for number, (code, client, style, colour, days, quantity) in enumerate(_ORDERS):
        lines = tuple(
            OrderLine(size, colour, quantity * ratio) for size, ratio in (("S", 1), ("M", 2), ("L", 2), ("XL", 1))
        )
        order = Order(code, client, "M-2026-04", style, _due(today, days), lines)
        atelier.run(
            import_orders,
            (order,),
            import_id=f"demo-{number}",
            source="demonstration.csv",
            moment=atelier.clock.moment(),
        )
        request = CutRequest(
            f"demo-lay-{number}", code, colour, "S1 M2 L2 XL1", (Roll(30, "A"), Roll(10, "B")), cap=20, tolerance=2
        )
        cut = atelier.run(cut_lay, request, codes=atelier.codes, moment=atelier.clock.moment())
        place = atelier.label_place()
        if place:
            atelier.run(print_lay, code, cut.lay_number, place=place, moment=atelier.clock.moment())


_ORDERS = (
    ("2026-0117", "Ville de Lille", "Tablier de cuisine", "Bleu marine", 9, 60),
    ("2026-0121", "CHU de Nantes", "Blouse", "Blanc", 4, 40),
    ("2026-0125", "Région Occitanie", "Sac à vrac", "Écru", 21, 100),
)


def _due(today: date, days: int) -> date:
    return today + timedelta(days=days)


def _tell(service: Service, password: str, say: Say) -> None:
    t = words()
    url = service.local_url
    for line in ("welcome", "sign_in", "board", "station", "stop"):
        say(t(f"demo.{line}", url=url, name="demo", password=password))


def _live(floor: SimulatedFloor, service: Service, stopping: threading.Event) -> None:
    """A busy first minute, so that the board is not empty; then one simulated day after the other."""
    with contextlib.suppress(_Stopped):
        _scan_what_waits(floor, service, stopping)
        for seed in itertools.count(SEED):
            plan, shop = plan_for(floor, seed)
            address = running_floor(floor.data, [name for name, _ in STATIONS])
            run_day(plan, address, floor.equipment, shop=shop, speed=SPEED, progress=lambda done: _go_on(stopping, 0))


def _scan_what_waits(floor: SimulatedFloor, service: Service, stopping: threading.Event) -> None:
    chance = random.Random(SEED)  # noqa: S311 - a repeatable day, no secret
    for number in range(SCANS_AT_ONCE):
        _go_on(stopping, chance.uniform(0.05, 0.1))
        name, operation = STATIONS[number % len(STATIONS)]
        with service.atelier.reading() as db:
            waiting = board.bundles_waiting(db, operation, limit=1)
        if waiting:
            floor.equipment.scanners[name].scan(waiting[0].code)


class _Stopped(Exception):
    """Ctrl-C."""


def _go_on(stopping: threading.Event, after_s: float) -> None:
    if stopping.wait(after_s):
        raise _Stopped

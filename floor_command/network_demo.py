"""`floor demo --network`: a centre and three ateliers on this machine: an order they share, a note between two, one that goes silent.

Each atelier is a real service with simulated scanners on pseudo-terminals; it talks with the centre over HTTP, signed, as at night.
"""

import logging
import random
import secrets
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path

from central import enrolling, letting_in, sharing
from central.centre import Centre, open_centre
from central.settings import Limits, Settings
from central.sharing import ShareDraft
from central.store import accounts as central_accounts
from central.store import pictures
from central.store.ateliers import Atelier as Member
from central.store.orders import Making, OrderLine, SharedOrder
from central.web.app import LARGEST_BODY
from central.web.app import create_app as create_centre
from devices.scanners.simulated import SimulatedScanner
from floor_app import access
from floor_app.answering_offers import accept
from floor_app.config import parse_config
from floor_app.cutting import CutRequest, cut_lay
from floor_app.domain.lays import Roll
from floor_app.domain.transfers import Note
from floor_app.note_files import Checking, open_note
from floor_app.receiving import receive_note
from floor_app.sending import SendRequest, send_bundles
from floor_app.service import Service, start_service
from floor_app.serving import hold_signals, stop_at_signal
from floor_app.store import access as accounts
from floor_app.store import board, network_identity, transfers
from floor_app.sync import enrolment
from floor_app.sync.run import sync
from floor_app.texts import words
from groundwork.pictures import clean_picture
from groundwork.web_server import PortTaken, web_server

Say = Callable[[str], None]
CENTRE_PORT = 8090
ORDER = "TABLIERS-2026"
STYLE_PICTURE = "tablier.png"
SIZES = (("S", 1), ("M", 2), ("L", 2), ("XL", 1))
SILENT_FOR_MS = 30 * 3_600_000
TALKS_EVERY_S = 15.0
SCANS_EVERY_S = (0.4, 1.2)
LIMITS = Limits(by_atelier=10_000, by_address=100_000, enrolments_by_address=100)
_CONFIG = """
[atelier]
code = "{code}"
name = "{name}"
site = "{site}"
[server]
host = "127.0.0.1"
"""
_STATION = """
[[station]]
name = "{name}"
operation = "{operation}"
title = "{title}"
scanner = "{scanner}"
"""
STATIONS = (("coupe", "cut"), ("couture", "sew"), ("finition", "finish"))


@dataclass(frozen=True, slots=True)
class _Place:
    """An atelier of the demonstration. `share`: pieces of the order; `lays`: how much of it is cut at the beginning."""

    code: str
    name: str
    site: str
    share: int
    lays: int


PLACES = (
    _Place("TILLEULS", "Atelier des Tilleuls", "BCDF", 4800, 6),
    _Place("RHONE", "ESAT du Rhône", "CDFG", 4200, 4),
    _Place("LOIRE", "Entreprise adaptée de la Loire", "DFGH", 3000, 3),
)


@dataclass(slots=True)
class _Running:
    place: _Place
    service: Service
    scanners: dict[str, SimulatedScanner]


class _CentreClock:
    """The centre's clock, put back at the beginning so that one atelier was last heard yesterday."""

    def __init__(self) -> None:
        self.behind_ms = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 - self.behind_ms


def run_network_demo(*, port: int | None, say: Say) -> int:
    """Until Ctrl-C; the exit code. Everything it made is removed."""
    t = words()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(threadName)s %(message)s")
    for name in ("waitress.queue", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    hold_signals()
    say(t("demo.network_begins"))
    with tempfile.TemporaryDirectory(prefix="floor-demo-") as folder, ExitStack() as stack:
        clock, password = _CentreClock(), "-".join(secrets.token_hex(2) for _ in range(3))
        centre = open_centre(
            Settings(Path(folder) / "centre", network=t("demo.network_name"), limits=LIMITS), clock=clock
        )
        stack.callback(centre.close)
        url = _serve_centre(centre, port, stack)
        _open_accounts(centre, password)
        ateliers = [_start(place, Path(folder), password, stack) for place in PLACES]
        _begin(centre, clock, url, ateliers)
        _tell(url, ateliers, password, say)
        stopping = threading.Event()
        living = [threading.Thread(target=_live, args=(one, stopping), name=one.place.code) for one in ateliers[:2]]
        for thread in living:
            thread.start()
        stop_at_signal(ateliers[0].service)
        stopping.set()
        for thread in living:
            thread.join(timeout=10)
    say(t("demo.stopped"))
    return 0


def _serve_centre(centre: Centre, port: int | None, stack: ExitStack) -> str:
    app = create_centre(centre)
    wanted = CENTRE_PORT if port is None else port
    try:
        bound = stack.enter_context(web_server(app, "127.0.0.1", wanted, largest_body=LARGEST_BODY))
    except PortTaken:
        bound = stack.enter_context(web_server(app, "127.0.0.1", 0, largest_body=LARGEST_BODY))
    return f"http://127.0.0.1:{bound}"


def _open_accounts(centre: Centre, password: str) -> None:
    hashed, now = letting_in.hash_password(password), centre.now_ms()
    with centre.writing() as db:
        for name, role, atelier in (("demo", "coordinator", ""), ("tilleuls", "atelier", PLACES[0].code)):
            central_accounts.put(db, name, role=role, atelier=atelier, at_ms=now)
            central_accounts.set_password(db, name, hashed)
        for place in PLACES:
            enrolling.add_atelier(db, Member(place.code, place.name, place.site), at_ms=now)


def _start(place: _Place, folder: Path, password: str, stack: ExitStack) -> _Running:
    t, home = words(), folder / place.code
    home.mkdir()
    scanners = {name: SimulatedScanner(str(home / f"lecteur-{name}")) for name, _ in STATIONS}
    for scanner in scanners.values():
        stack.callback(scanner.close)
    stations = "".join(
        _STATION.format(
            name=name, operation=operation, title=t(f"demo.station_{operation}"), scanner=scanners[name].path
        )
        for name, operation in STATIONS
    )
    config = parse_config(_CONFIG.format(code=place.code, name=place.name, site=place.site) + stations)
    service = start_service(config, home / "data", port=0)
    stack.callback(service.stop)
    now = service.atelier.clock.now_ms()
    service.atelier.run(accounts.set_password, "demo", access.hash_password(password), at_ms=now)
    return _Running(place, service, scanners)


def _begin(centre: Centre, clock: _CentreClock, url: str, ateliers: list[_Running]) -> None:
    """What happened before somebody looks: shares proposed and accepted, pieces cut, some finished, a note under way."""
    clock.behind_ms = SILENT_FOR_MS
    today = datetime.now(UTC).date()
    _share_out(centre, today)
    for running in ateliers:
        atelier = running.service.atelier
        joined = enrolment.join(atelier, url, _code(centre, running.place.code))
        assert joined.code == "joined", joined
        _talk(running)
        _accept_share(running, today)
        _cut(running)
        _scan(running, count=40)
        _talk(running)
    clock.behind_ms = 0
    _send_a_note(ateliers[0], ateliers[1])
    for running in ateliers[:2]:
        _talk(running)


def _share_out(centre: Centre, today: date) -> None:
    whole = sum(place.share for place in PLACES) + 600  # some of it is nobody's yet
    t, apron = words(), clean_picture(resources.files(__package__).joinpath(STYLE_PICTURE).read_bytes())
    order = SharedOrder(
        ORDER,
        client=t("demo.network_client"),
        contract="M-2026-11",
        style=t("demo.network_style"),
        due=(today + timedelta(days=18)).isoformat(),
        note="",
    )
    with centre.writing() as db:
        now = centre.now_ms()
        sharing.keep_order(db, order, _lines(whole), at_ms=now)
        pictures.keep(db, ORDER, apron, at_ms=now)
        making = Making([], [{"name": apron.name, "sha256": apron.sha256}], apron.name)
        sharing.keep_making(db, ORDER, making, at_ms=now)
        for place in PLACES:
            draft = ShareDraft(_lines(place.share))
            sharing.propose_share(db, ORDER, place.code, draft, allocation=f"P-{place.code}", at_ms=now)


def _lines(pieces: int) -> tuple[OrderLine, ...]:
    return tuple(OrderLine(size, "Bleu marine", pieces * ratio // 6) for size, ratio in SIZES)


def _code(centre: Centre, atelier: str) -> str:
    with centre.writing() as db:
        return enrolling.give_code(db, atelier, secrets.token_bytes(10), at_ms=centre.now_ms())


def _talk(running: _Running) -> None:
    sync(running.service.atelier, "asked", stopping=threading.Event())


def _accept_share(running: _Running, today: date) -> None:
    atelier = running.service.atelier
    promised = (today + timedelta(days=14)).isoformat()
    atelier.run(
        accept,
        f"P-{running.place.code}",
        1,
        promised=promised,
        event_id=f"accept-{running.place.code}",
        moment=atelier.clock.moment(),
    )


def _cut(running: _Running) -> None:
    atelier = running.service.atelier
    for number in range(running.place.lays):
        rolls = (Roll(20, "A"), Roll(10, "B"))
        request = CutRequest(f"lay-{number}", ORDER, "Bleu marine", "S1 M2 L2 XL1", rolls, cap=20, tolerance=2)
        atelier.run(cut_lay, request, codes=atelier.codes, moment=atelier.clock.moment())


def _scan(running: _Running, *, count: int) -> None:
    """Through the scanners' cables; a little apart, as hands are."""
    for number in range(count):
        _scan_one(running, number)
        time.sleep(0.02)
    time.sleep(0.5)


def _scan_one(running: _Running, number: int) -> None:
    name, operation = STATIONS[number % len(STATIONS)]
    with running.service.atelier.reading() as db:
        waiting = board.bundles_waiting(db, operation, limit=1)
    if waiting:
        running.scanners[name].scan(waiting[0].code)


def _send_a_note(sender: _Running, receiver: _Running) -> None:
    """Two pieces of it are not found on arrival."""
    here, there = sender.service.atelier, receiver.service.atelier
    with here.reading() as db:
        codes = [one.code for one in board.bundles_waiting(db, "sew", limit=3)]
    if not codes:
        return
    request = SendRequest("note-1", ORDER, receiver.place.code, receiver.place.name, tuple(codes))
    sent = here.run(send_bundles, request, dice=here.codes.random, moment=here.clock.moment())
    with here.reading() as db:
        content = transfers.note_file(db, sent.note)
    with there.reading() as db:
        trust = network_identity.trust(db)
    assert content and trust, "both have joined, and the note was just signed"
    note = open_note(content, Checking(trust, ""))
    assert isinstance(note, Note), note
    taken = {bundle.code: bundle.pieces for bundle in note.bundles}
    taken[note.bundles[0].code] -= 2
    there.run(receive_note, note, taken, content=content, event_id="receive-1", moment=there.clock.moment())


def _live(running: _Running, stopping: threading.Event) -> None:
    chance = random.Random(running.place.code)  # noqa: S311 - a repeatable day, no secret
    talked_at, number = time.monotonic(), 0
    while not stopping.wait(chance.uniform(*SCANS_EVERY_S)):
        _scan_one(running, number)
        number += 1
        if time.monotonic() - talked_at > TALKS_EVERY_S:
            running.service.atelier.sync.ask()
            talked_at = time.monotonic()


def _tell(url: str, ateliers: list[_Running], password: str, say: Say) -> None:
    t = words()
    say(t("demo.network_centre", url=url, name="demo", password=password))
    say(t("demo.network_account", name="tilleuls"))
    for one in ateliers:
        say(t("demo.network_atelier", name=one.place.name, url=one.service.local_url, account="demo"))
    say(t("demo.network_silent", name=ateliers[-1].place.name))
    say(t("demo.stop"))

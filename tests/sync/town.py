"""Ateliers and their centre, for tests of what goes between them."""

import secrets
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from central import enrolling
from central.centre import Centre as CentreProcess
from central.centre import open_centre
from central.settings import Limits, Settings
from central.store import keys, progress, sheets, transfers
from central.store.ateliers import Atelier
from central.web.app import create_app
from floor_app.importing import import_orders
from floor_app.sharing import share_order
from floor_app.store import board, bundles, day_sheets, sync_attempts
from floor_app.store.bundles import BundleCard
from floor_app.store.day_sheets import KeptSheet
from floor_app.store.sync_attempts import Attempt
from floor_app.sync import enrolment, run
from floor_app.sync.centre_link import Patience
from floor_app.sync.enrolment import Joined
from floor_app.sync.run import Ended, sync
from groundwork.web_server import web_server
from tests.floor import CONFIG, Floor, a_lay, an_order

SITES = {"ATL07": "BCDF", "LYON-2": "CDFG", "NANTES": "DFGH"}
MANY = Limits(by_atelier=100_000, by_address=1_000_000, enrolments_by_address=100_000)
HASTY = Patience(tries=4, first_s=0.001, longest_s=0.01, most_said_s=0.5)


@dataclass
class Centre:
    """`url`: of its web server, started when first asked for."""

    process: CentreProcess
    _closing: ExitStack
    _url: str = ""

    @property
    def url(self) -> str:
        if not self._url:
            self._url = self.serve(self.process)
        return self._url

    def serve(self, process: CentreProcess) -> str:
        server = web_server(create_app(process), "127.0.0.1", 0, threads=8, behind_proxy=True)
        return f"http://127.0.0.1:{self._closing.enter_context(server)}"

    def enrolment_code(self, atelier: str) -> str:
        with self.process.writing() as db:
            return enrolling.give_code(db, atelier, secrets.token_bytes(10), at_ms=self.process.now_ms())

    def restored(self, file: Path) -> "Centre":
        """Another process, on an older copy of this one's database, with the same key."""
        process = open_centre(replace(self.process.settings, database=f"sqlite:///{file}"))
        self._closing.callback(process.close)
        return Centre(process, self._closing)

    def sheets(self, atelier: str) -> list[sheets.HeldSheet]:
        with self.process.reading() as db:
            return sheets.of_atelier(db, atelier, from_day=date(2020, 1, 1), to_day=date.max, limit=4000)

    def notes(self, atelier: str) -> list[tuple[str, int, int, str]]:
        """(note, sent, received, state) of those from or to it."""
        with self.process.reading() as db:
            found = transfers.of_atelier(db, atelier)
        return [(one.key.note, one.said.sent, one.said.received, str(one.state)) for one in found]

    def keys_in_force(self, atelier: str) -> list[str]:
        with self.process.reading() as db:
            return [key.key_id for key in keys.of_atelier(db, atelier) if key.in_force]

    def revoke(self, atelier: str, key_id: str) -> None:
        with self.process.writing() as db:
            assert enrolling.revoke_key(db, atelier, key_id, at_ms=self.process.now_ms())

    def figures(self, atelier: str) -> dict[str, dict[str, int]]:
        """What the centre has counted, by order."""
        with self.process.reading() as db:
            found = progress.of_atelier(db, atelier)
        return {one.order: {name: getattr(one.figures, name) for name in FIGURES} for one in found}


FIGURES = ("cut", "sewn", "finished", "second", "rejected", "missing", "shipped", "received")


@dataclass
class Member:
    """An atelier of the network, with its floor."""

    code: str
    floor: Floor
    town: "Town"
    folder: Path
    url: str = ""
    stopping: threading.Event = field(default_factory=threading.Event)
    _scans: int = 0

    def join(self, *, url: str = "", code: str = "") -> Joined:
        return enrolment.join(
            self.floor.atelier,
            url or self.url or self.town.centre.url,
            code or self.town.centre.enrolment_code(self.code),
        )

    def sync(self, cause: str = "asked", *, patience: Patience = HASTY) -> Ended:
        return sync(self.floor.atelier, cause, stopping=self.stopping, patience=patience)

    def moves_to(self, url: str) -> None:
        """The same network at another address."""
        self.floor.atelier.run(lambda db: db.conn.execute("UPDATE network_identity SET url = ?", (url,)))

    def forgets_what_was_confirmed(self) -> None:
        self.floor.atelier.run(lambda db: db.conn.execute("UPDATE day_sheet SET acknowledged_revision = 0"))

    def sums_up(self) -> None:
        run.bring_sheets_up_to_date(self.floor.atelier, self.code)

    def kept_sheet(self) -> KeptSheet:
        """Of the only day there is."""
        with self.floor.reading() as db:
            (day,) = day_sheets.every_day(db)
            found = day_sheets.sheet(db, day)
        assert found is not None
        return found

    def keeps_instead(self, sheet: KeptSheet) -> None:
        """By hand: as another version of the program would have made it."""
        values = (sheet.body, sheet.digest, sheet.day)
        self.floor.atelier.run(
            lambda db: db.conn.execute("UPDATE day_sheet SET body = ?, digest = ? WHERE day = ?", values)
        )

    def begin_order(self, code: str = "2026-0117", *, shared: bool = True) -> list[BundleCard]:
        """180 pieces cut, in 10 bundles."""
        run, moment = self.floor.atelier.run, self.floor.atelier.clock.moment
        run(import_orders, (an_order(code),), import_id=f"i-{code}", source="x.csv", moment=moment())
        if shared:
            assert run(share_order, code, True, event_id=f"share-{code}", moment=moment()) == "done"
        return list(self.floor.cut(a_lay(f"lay-{code}", order=code)).bundles)

    def count(self, bundles: list[BundleCard], *steps: str) -> None:
        for bundle in bundles:
            for step in steps:
                self.floor.scan(bundle.code, step)

    def bundles(self, order: str = "2026-0117") -> list[BundleCard]:
        with self.floor.reading() as db:
            rows = db.conn.execute("SELECT code FROM bundle ORDER BY id").fetchall()
            cards = [bundles.card(db, code) for (code,) in rows]
        return [card for card in cards if card and card.order == order]

    def again(self) -> "Member":
        """Started anew on the same folder, after its floor was closed."""
        return self.town.twin(self, self.folder)

    @property
    def attempts(self) -> list[Attempt]:
        with self.floor.reading() as db:
            return sync_attempts.newest(db)

    def figures(self, order: str) -> Mapping[str, int]:
        """What the floor itself says of an order: the same names as the centre's."""
        with self.floor.reading() as db:
            found = board.order_by_code(db, order)
            assert found is not None
            lines = [line.pieces for line in board.conservation(db, [found])]
        return {
            "cut": sum(one.cut for one in lines),
            "finished": sum(one.finished_good for one in lines),
            "second": sum(one.second for one in lines),
            "rejected": sum(one.rejected for one in lines),
            "missing": sum(one.missing for one in lines),
            "shipped": sum(one.sent for one in lines),
            "received": sum(one.received for one in lines),
        }

    def agrees_with_centre(self, order: str = "2026-0117") -> bool:
        told = self.town.centre.figures(self.code).get(order, {})
        own = self.figures(order)
        return {name: told.get(name, 0) for name in own} == own


class Town:
    """`centre`, and ateliers by code."""

    def __init__(self, centre: Centre, folder: Path, closing: ExitStack) -> None:
        self.centre, self._folder, self._closing = centre, folder, closing
        self._opened_so_far = 0

    def member(self, code: str = "ATL07", *, enrolled: bool = True, site: str = "", title: str = "") -> Member:
        """With a fresh floor. `site`: what its own settings say, where that is not what the network knows; `title`: of a station."""
        with self.centre.process.writing() as db:
            enrolling.add_atelier(db, Atelier(code, f"Atelier {code}", SITES[code]), at_ms=self.centre.process.now_ms())
        found = self._opened(code, self.new_folder(code), site or SITES[code], title)
        if enrolled:
            assert found.join().code == "joined"
        return found

    def twin(self, member: Member, folder: Path) -> Member:
        """The same atelier on another folder: a card that was copied, or one that starts again."""
        return self._opened(member.code, folder, SITES[member.code])

    def new_folder(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir()
        return folder

    def _opened(self, code: str, home: Path, site: str, title: str = "") -> Member:
        self._opened_so_far += 1
        config = CONFIG.replace('"ATL07"', f'"{code}"').replace('"BCDF"', f'"{site}"')
        if title:
            config = config.replace(
                'name = "sew-1"', f'name = "sew-1"\nscanner = "socket://127.0.0.1:9"\ntitle = "{title}"'
            )
        floor = Floor(home, config, scans=10_000 * self._opened_so_far)
        self._closing.callback(floor.close)
        return Member(code, floor, self, home)


def found_town(folder: Path, closing: ExitStack, limits: Limits = MANY, *, address: str = "", url: str = "") -> Town:
    """A centre and no ateliers yet. `address`: of its database; `url`: where other processes of it serve."""
    address = address or f"sqlite:///{folder / 'central.db'}"
    centre = open_centre(Settings(folder / "centre", address, network="Réseau du Nord", limits=limits))
    closing.callback(centre.close)
    return Town(Centre(centre, closing, url), folder, closing)

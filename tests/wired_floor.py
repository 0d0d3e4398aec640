"""A running service whose stations have scanners on real pseudo-terminals, and its screens as a browser sees them."""

import html
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from devices.scanners.simulated import SimulatedScanner
from floor_app.config import parse_config
from floor_app.cutting import CutRequest, cut_lay
from floor_app.domain.events import Event
from floor_app.domain.lays import Roll
from floor_app.domain.orders import Order, OrderLine
from floor_app.importing import import_orders
from floor_app.service import Service, start_service
from floor_app.simulating.links import FloorAddress, Link, running_floor
from floor_app.simulating.supervisor import Supervisor
from floor_app.store import events
from tests.pages import form_to
from tests.waiting import wait_until

HEAD = '[atelier]\ncode = "A"\nname = "Les Tilleuls"\nsite = "BCDF"\n'
STATION = '[[station]]\nname = "{name}"\noperation = "{does}"\ntitle = "{title}"\nscanner = "{address}"\n'


class WiredFloor:
    """`stations`: name → (what is done there, address of its scanner). `root` stands for the folder that holds sys and dev."""

    def __init__(self, folder: Path, stations: dict[str, tuple[str, str]], *, root: Path = Path("/")) -> None:
        self._config = parse_config(HEAD + "".join(map(_station, stations, stations.values())))
        self._data, self._root, self._names = folder / "data", root, list(stations)
        self._lays = 0
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        self.service: Service = start_service(self._config, self._data, host="127.0.0.1", port=0, root=self._root)
        self._address: FloorAddress = running_floor(self._data, self._names)
        self.supervisor = Supervisor(self._address)

    def stop(self) -> None:
        self.service.stop()

    def wait_for(self, *ready: str) -> None:
        """Until the scanners of exactly these stations are open."""
        states = self.service.atelier.devices.states
        wait_until(
            lambda: {state.serves for state in states("scanner") if state.state == "ready"} == set(ready),
            f"the scanners of {ready} are open",
        )

    def cut(self, bundles: int) -> list[str]:
        """The codes of so many bundles of one piece."""
        self._lays += 1
        order, atelier = f"OF-{self._lays}", self.service.atelier
        moment = atelier.clock.moment()
        ordered = Order(order, "", "", "", None, (OrderLine("M", "Bleu", bundles),))
        atelier.run(import_orders, (ordered,), import_id=f"import-{order}", source="", moment=moment)
        request = CutRequest(f"lay-{order}", order, "Bleu", "M1", (Roll(bundles, "A"),), cap=1, tolerance=0)
        return [card.code for card in atelier.run(cut_lay, request, codes=atelier.codes, moment=moment).bundles]

    def recorded(self, *kinds: type[Event]) -> list[tuple[str, Any]]:
        """(station, event) of each event of these kinds, in order."""
        with self.service.atelier.reading() as db:
            log = list(events.between(db, 1, events.last_seq(db)))
        return [(stored.station, stored.event) for stored in log if isinstance(stored.event, kinds)]

    def link(self, station: str) -> Link:
        """A tablet that shows the station."""
        return Link(self._address.url, self._address.tokens[station])

    def screen(self, station: str, *, seen: str = "") -> dict[str, Any]:
        """What the station's screen shows now; {} while that is `seen`."""
        link = self.link(station)
        try:
            return link.get(f"/station/{station}/now?seen={seen}")
        finally:
            link.close()

    def page(self, path: str = "/devices") -> str:
        return html.unescape(self.supervisor.get(path))

    def press(self, path: str, *, on: str = "/devices") -> None:
        """The button of the page that goes to `path`."""
        form = form_to(self.supervisor.get(on), path)
        self.supervisor.post(path, [*form.values.items()])


def plugged(stack: ExitStack, path: Path | str) -> SimulatedScanner:
    scanner = SimulatedScanner(str(path))
    stack.callback(scanner.close)
    return scanner


def _station(name: str, is_what: tuple[str, str]) -> str:
    does, address = is_what
    return STATION.format(name=name, does=does, title=name.replace("-", " ").capitalize(), address=address)

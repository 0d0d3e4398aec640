"""A real atelier behind a real server on a free port, and a real Chromium looking at it."""

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from waitress import create_server, wasyncore

from floor_app import access
from floor_app.atelier import Atelier, open_atelier
from floor_app.config import parse_config
from floor_app.cutting import CutRequest, cut_lay
from floor_app.domain.lays import Roll
from floor_app.domain.orders import Order, OrderLine
from floor_app.importing import import_orders
from floor_app.store import access as access_store
from floor_app.store.bundles import BundleCard
from floor_app.web import create_app
from floor_app.web.roles import DEVICE_COOKIE

SUPERVISOR = "cheffe"
PASSWORD = "une longue phrase de passe"
CONFIG = """
[atelier]
code = "ATL07"
name = "Atelier des Tilleuls"
site = "BCDF"
[[station]]
name = "cut-1"
operation = "cut"
title = "Coupe 1"
[[station]]
name = "sew-1"
operation = "sew"
title = "Couture 1"
scanner = "socket://127.0.0.1:9"
[[station]]
name = "finish-1"
operation = "finish"
title = "Finition 1"
"""
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class Served:
    """The application of an atelier on a port of this machine; can be stopped and started again on the same port."""

    def __init__(self, atelier: Atelier) -> None:
        self.atelier = atelier
        self.app: Flask = create_app(atelier)
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._channels: dict[int, Any] = {}
        self._server = create_server(self.app, host="127.0.0.1", port=self._port, threads=8, map=self._channels)
        self._port = int(self._server.effective_port)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()

    def stop(self) -> None:
        """As when the machine loses its power: the port answers nobody, and open connections are gone."""
        if self._thread.is_alive():
            self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._channels, ignore_all=True))
            self._thread.join()

    def device_cookie(self, station: str) -> dict[str, str]:
        """The cookie of a tablet paired with a station; "" for a wall screen."""
        token = access.new_secret()
        kind = "station" if station else "board"
        at_ms = self.atelier.clock.now_ms()
        self.atelier.run(access.give_token, token, kind=kind, subject=station, at_ms=at_ms)
        return {"name": DEVICE_COOKIE, "value": token, "url": self.url}

    def supervisor(self) -> tuple[str, str]:
        """Name and password of a supervisor who can sign in."""
        at_ms = self.atelier.clock.now_ms()
        self.atelier.run(access_store.set_password, SUPERVISOR, access.hash_password(PASSWORD), at_ms=at_ms)
        return SUPERVISOR, PASSWORD


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    atelier = open_atelier(parse_config(CONFIG), tmp_path / "data")
    running = Served(atelier)
    yield running
    running.stop()
    atelier.close()


@pytest.fixture
def bundles(served: Served) -> tuple[BundleCard, ...]:
    """An order cut into 10 bundles: one of S and XL 15 + 15, the others of 20 pieces."""
    atelier = served.atelier
    lines = tuple(OrderLine(size, "Bleu marine", 60) for size in ("S", "M", "L", "XL"))
    order = Order("2026-0117", "Ville de Lille", "M-2026-04", "Tablier", date(2026, 12, 18), lines)
    moment = atelier.clock.moment()
    atelier.run(import_orders, (order,), import_id="import-1", source="commande.csv", moment=moment)
    request = CutRequest("lay-1", order.code, "Bleu marine", "S1 M2 L2 XL1", (Roll(30, "A"),), cap=20, tolerance=2)
    return atelier.run(cut_lay, request, codes=atelier.codes, moment=moment).bundles


@pytest.fixture(scope="session")
def chromium() -> Iterator[Callable[..., Browser]]:
    """Starts Debian's Chromium, else the one that came with playwright, with further arguments."""
    with sync_playwright() as playwright:

        def started(*more: str) -> Browser:
            arguments = [*CHROMIUM_ARGUMENTS, *more]
            return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)

        yield started


@pytest.fixture(scope="session")
def browser(chromium: Callable[..., Browser]) -> Iterator[Browser]:
    launched = chromium()
    yield launched
    launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh tablet of 1280 × 800. The test fails on an error of a script, and on what the page's own policy refuses."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="fr-FR")
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: _note_refusal(message, faults))
    yield opened
    context.close()
    assert not faults


@pytest.fixture
def tablet(served: Served, page: Page) -> Callable[..., Page]:
    """Opens a station's page on the tablet and touches it once, as in the morning."""

    def opened(station: str = "cut-1", *, touch: bool = True) -> Page:
        page.context.add_cookies([served.device_cookie(station)])  # type: ignore[list-item]  # a TypedDict
        page.goto(f"{served.url}/station/{station}")
        if touch:
            page.locator("#start").click()
        return page

    return opened


def _note_refusal(message: ConsoleMessage, faults: list[str]) -> None:
    if "Content Security Policy" in message.text:
        faults.append(message.text)

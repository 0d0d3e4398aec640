"""The atelier as the screens, stations and commands see it: its set-up, its clock, the one writer, the readers, its devices."""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import sqlite_utils

from floor_app.answer_board import AnswerBoard
from floor_app.clock import Clock
from floor_app.config import FloorConfig, PrinterConfig, StationConfig
from floor_app.cutting import CodeMaker
from floor_app.device_board import DeviceBoard
from floor_app.domain.routings import MissingSteps, Policy
from floor_app.printing import LabelPlace
from floor_app.scanning import Home, Scan, ScanAnswer, call_help, record_scan, undo_last
from floor_app.store.code_reserve import HighWaterMark
from floor_app.store.database import open_writer
from floor_app.store.people import PeopleFile
from floor_app.store.readers import Readers
from floor_app.store.writer import Writer
from floor_app.sync_desk import SyncDesk

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
DATABASE = "floor.db"
MARK_FILE = "codes-given.txt"


@dataclass(frozen=True, slots=True)
class Atelier:
    """Put together once, by `open_atelier`; closed by `close`."""

    config: FloorConfig
    data: Path
    clock: Clock
    writer: Writer
    readers: Readers
    codes: CodeMaker
    home: Home
    people: PeopleFile
    devices: DeviceBoard = field(default_factory=DeviceBoard)
    answers: AnswerBoard = field(default_factory=AnswerBoard)
    sync: SyncDesk = field(default_factory=SyncDesk)

    def run(
        self, command: Callable[Concatenate[sqlite_utils.Database, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`command(db, …)` through the one writer; returns after the commit is on disk."""
        return self.writer.run(command, *args, **kwargs)

    def take_scan(self, scan: Scan, *, said_at_ms: int | None = None) -> ScanAnswer:
        """The one road of every scan, wherever it came in; the answer is on disk and on the station's screen."""
        return self._answered(
            scan, self.run(record_scan, scan, moment=self.clock.moment(said_at_ms=said_at_ms), home=self.home)
        )

    def take_scan_with(
        self, scan: Scan, meanwhile: Callable[[ScanAnswer], T], *, said_at_ms: int | None = None
    ) -> tuple[ScanAnswer, T]:
        """`take_scan`, and what `meanwhile` makes of the answer while the disk syncs."""
        moment = self.clock.moment(said_at_ms=said_at_ms)
        answer, made = self.writer.run_with(meanwhile, record_scan, scan, moment=moment, home=self.home)
        return self._answered(scan, answer), made

    def take_undo(self, scan: Scan) -> ScanAnswer:
        return self._answered(scan, self.run(undo_last, scan, moment=self.clock.moment()))

    def take_help_call(self, scan: Scan) -> ScanAnswer:
        return self._answered(scan, self.run(call_help, scan, moment=self.clock.moment()))

    def _answered(self, scan: Scan, answer: ScanAnswer) -> ScanAnswer:
        self.answers.tell(scan.station, scan.id, answer, at_ms=self.clock.now_ms())
        return answer

    def reading(self) -> AbstractContextManager[sqlite_utils.Database]:
        return self.readers.reading()

    @property
    def version(self) -> str:
        """Changes whenever anything a page could show has changed: what live pages compare."""
        return f"{self.writer.commits}.{self.devices.version}"

    def station(self, name: str) -> StationConfig | None:
        return next((station for station in self.config.stations if station.name == name), None)

    def printer(self, name: str) -> PrinterConfig | None:
        return next((printer for printer in self.config.printers if printer.name == name), None)

    def label_place(self, printer: str = "") -> LabelPlace | None:
        """The printer of that name, else the first one; `None` where the atelier has none."""
        chosen = self.printer(printer) or next(iter(self.config.printers), None)
        return LabelPlace(chosen.name, chosen.label) if chosen else None

    def close(self) -> None:
        self.people.close()
        self.readers.close()
        self.writer.stop()  # the last connection out leaves one whole file, with no log beside it


def open_atelier(config: FloorConfig, data: Path) -> Atelier:
    """Opens (and at first creates) the atelier's data folder. The caller holds the folder's lock."""
    data.mkdir(parents=True, exist_ok=True)
    site = config.atelier.site
    policy = Policy(MissingSteps(config.atelier.missing_steps), config.atelier.fill_up_to)
    return Atelier(
        config=config,
        data=data,
        clock=Clock(config.atelier.timezone, day_starts=config.atelier.day_starts),
        writer=Writer(open_writer(data / DATABASE)),
        readers=Readers(data / DATABASE),
        codes=CodeMaker(site, HighWaterMark(data / MARK_FILE), lambda: secrets.randbelow(256)),
        home=Home(site, policy),
        people=PeopleFile(data),
    )

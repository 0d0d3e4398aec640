"""Those who act: a thread for each station and one for the cutters, who wait for their minute and for what must come before."""

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from devices.scanners.simulated import SimulatedScanner
from floor_app.simulating.acts import LABEL, Act, DayPlan, Kind, Read
from floor_app.simulating.links import PATIENCE_S, FloorGone, Link, wait_for
from floor_app.simulating.pieces import BundleRef

AGAIN_ON_PURPOSE_S = 1.7  # a floor takes two reads of one label within 1.5 s for one


@dataclass(frozen=True, slots=True)
class Surprise:
    """The floor did not answer a read as it had to. `got` "" when nothing of it was ever seen."""

    act: Act
    read: Read
    got: str


@dataclass(slots=True)
class DayUnderWay:
    """What the actors share. `speed`: minutes of the day in one real minute."""

    plan: DayPlan
    speed: float
    codes: dict[BundleRef, str] = field(default_factory=dict)
    done: list[Act] = field(default_factory=list)
    surprises: list[Surprise] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    _ends: Mapping[int, threading.Event] = field(init=False)
    _began_at_s: float = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._ends = {act.number: threading.Event() for act in self.plan.acts}
        self._began_at_s = time.monotonic()

    def wait_for_turn(self, act: Act) -> bool:
        """Until its minute has come and what must come before is done; False when the day is stopped."""
        wait_s = self._began_at_s + self.real_s(act.at_minute) - time.monotonic()
        self.stopping.wait(max(0.0, wait_s))
        return all(self._ended(number) for number in act.after)

    def end(self, act: Act) -> None:
        with self._lock:
            self.done.append(act)
        self._ends[act.number].set()

    def compare(self, act: Act, read: Read, answer: Mapping[str, Any]) -> None:
        """Notes an answer that is not the one it must be."""
        got = (answer.get("answer", ""), answer.get("reason", ""))
        if got != (read.answer, read.reason):
            with self._lock:
                self.surprises.append(Surprise(act, read, " / ".join(filter(None, got))))

    def fail(self, error: Exception) -> None:
        with self._lock:
            self.failures.append(error)
        self.stopping.set()

    def text_of(self, act: Act, read: Read) -> str:
        """What the scanner reads."""
        assert act.bundle, "only bundles are read"
        return self.codes[act.bundle] if read.text == LABEL else read.text

    def real_s(self, minutes: float) -> float:
        return minutes * 60 / self.speed

    def _ended(self, number: int) -> bool:
        while not self._ends[number].wait(0.1):
            if self.stopping.is_set():
                return False
        return not self.stopping.is_set()


class Hands(Protocol):
    """Whatever an act is done with."""

    def do(self, act: Act) -> None: ...

    def close(self) -> None: ...


class Actor(threading.Thread):
    """Does the acts of one station, one after the other."""

    def __init__(self, name: str, hands: Hands, acts: list[Act], day: DayUnderWay) -> None:
        super().__init__(name=f"simulated {name}", daemon=True)
        self._hands, self._acts, self._day = hands, acts, day

    def run(self) -> None:
        try:
            for act in self._acts:
                if not self._day.wait_for_turn(act):
                    return
                self._hands.do(act)
                self._day.end(act)
        except Exception as error:  # noqa: BLE001 - the day ends, and whoever runs it says why
            self._day.fail(error)
        finally:
            self._hands.close()


class TabletHands:
    """A station on the Wi-Fi: every read is a request and has its answer at once."""

    def __init__(self, link: Link, day: DayUnderWay) -> None:
        self._link, self._day = link, day

    def do(self, act: Act) -> None:
        if act.kind == Kind.WIFI_GONE:
            self._link.close()
        for place, read in enumerate(act.reads):
            said = {"id": scan_id(self._day.plan.seed, act, place), "code": self._day.text_of(act, read)}
            if act.kept_minutes:
                said["at"] = self._kept_since(act)
            if act.kind == Kind.RESENT:
                self._link.post_and_hang_up("/api/v1/scans", said)
            self._day.compare(act, read, self._link.post("/api/v1/scans", said))

    def close(self) -> None:
        self._link.close()

    def _kept_since(self, act: Act) -> str:
        since = datetime.now(UTC) - timedelta(seconds=self._day.real_s(act.kept_minutes))
        return since.isoformat(timespec="milliseconds")


class WiredHands:
    """A scanner on a cable: the answer stands on the screen of its station."""

    def __init__(self, name: str, scanner: SimulatedScanner, link: Link, day: DayUnderWay) -> None:
        self._name, self._scanner, self._link, self._day = name, scanner, link, day
        self._seen = ""
        self._last = ("", -math.inf)  # text, seconds of a steady clock
        self._obey: dict[Kind, Callable[[], None]] = {
            Kind.CABLE_PULLED: scanner.unplug,
            Kind.CABLE_BACK: self._plug_in,
        }

    def do(self, act: Act) -> None:
        if act.kind in self._obey:
            self._obey[act.kind]()
        for read in act.reads:
            self._look()
            self._scan(self._day.text_of(act, read))
            self._day.compare(act, read, self._answer())

    def close(self) -> None:
        self._link.close()

    def _scan(self, text: str) -> None:
        """As a hand does: a label read again on purpose is read later than the second code of one pull of the trigger."""
        last_text, last_s = self._last
        if text == last_text:
            self._day.stopping.wait(max(0.0, last_s + AGAIN_ON_PURPOSE_S - time.monotonic()))
        self._scanner.scan(text)
        self._last = (text, time.monotonic())

    def _plug_in(self) -> None:
        self._scanner.replug()
        wait_for_reader(self._scanner)

    def _answer(self) -> Mapping[str, Any]:
        """The next one on the screen; {} when there is none in all that time."""
        shown: dict[str, Any] = {}

        def appears() -> bool:
            shown.update(self._look())
            return bool(shown)

        wait_for(appears, stopping=self._day.stopping)
        return shown

    def _look(self) -> Mapping[str, Any]:
        """{} while the screen shows what it showed at the last look."""
        shown = self._link.get(f"/station/{self._name}/now?seen={self._seen}")
        self._seen = str(shown.get("seen", self._seen))
        return shown


def wait_for_reader(scanner: SimulatedScanner) -> None:
    """FloorGone when nobody opens the port."""
    if not scanner.wait_for_reader(timeout_s=PATIENCE_S):
        raise FloorGone(scanner.path)


def scan_id(seed: int, act: Act, place: int) -> str:
    """The same for every try."""
    return f"sim-{seed}-{act.number}-{place}"

"""How the atelier's devices are, as last heard: filled by the station loops and the spooler, read by the screens."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DeviceState:
    """`kind`: scanner or printer. `state`: ready, missing, busy, lost, or what a printer says of itself; `unknown` until heard.

    `serves`: the station of a scanner, "" for a printer. `since_ms`: UTC milliseconds.
    """

    kind: str
    name: str
    state: str
    since_ms: int
    serves: str = ""
    detail: str = ""


class DeviceBoard:
    """Safe to use from any thread."""

    def __init__(self) -> None:
        self._states: dict[tuple[str, str], DeviceState] = {}
        self._lock = threading.Lock()
        self.version = 0

    def tell(self, kind: str, name: str, state: str, *, at_ms: int, serves: str = "", detail: str = "") -> None:
        """Keeps `since_ms` while the state stays the same."""
        with self._lock:
            known = self._states.get((kind, name))
            if known and known.state == state and known.detail == detail:
                return
            since_ms = known.since_ms if known and known.state == state else at_ms
            self._states[kind, name] = DeviceState(kind, name, state, since_ms, serves, detail)
            self.version += 1

    def states(self, kind: str = "") -> list[DeviceState]:
        with self._lock:
            return sorted(
                (state for state in self._states.values() if kind in ("", state.kind)), key=lambda state: state.name
            )

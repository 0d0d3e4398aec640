"""Asking a server many things at once and reading what it took: `load.c`, compiled when it is needed."""

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
COUNTED = '"counted"'  # what the answer to a scan that counts must hold


@dataclass(frozen=True, slots=True)
class Ask:
    """How to load: `clients` at once, for at most `lasts_s`; `rate_per_s` of each client, 0 = as fast as it is answered."""

    clients: int
    lasts_s: float
    rate_per_s: float = 0.0
    expects: str = COUNTED
    warm_up: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back. `times_ms` of every request by its method, sorted; a failed one is in `failed` and in no time."""

    begun: int
    lasted_s: float
    failed: int
    times_ms: dict[str, list[float]]

    def answered(self, method: str = "POST") -> int:
        return len(self.times_ms.get(method, []))

    def per_s(self, method: str = "POST") -> float:
        return self.answered(method) / self.lasted_s

    def ms(self, percent: float, method: str = "POST") -> float:
        """The percentile, by nearest rank; nan when nothing was answered."""
        return percentile(self.times_ms.get(method, []), percent)


def percentile(ordered: Sequence[float], percent: float) -> float:
    if not ordered:
        return float("nan")
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def request_line(path: str, *, token: str = "", body: str = "") -> str:
    """One line for `load`; with a body it is a POST."""
    return f"{'POST' if body else 'GET'}\t{path}\t{f'Bearer {token}' if token else ''}\t{body}\n"


def compile_c(folder: Path) -> None:
    """`load` and `slow_disk.so` into `folder`. CalledProcessError without a C compiler."""
    warnings = ["cc", "-O2", "-Wall", "-Wextra", "-Werror"]
    subprocess.run([*warnings, "-o", folder / "load", HERE / "load.c"], check=True)
    shared = ["-shared", "-fPIC", "-o", str(folder / "slow_disk.so"), str(HERE / "slow_disk.c"), "-ldl"]
    subprocess.run([*warnings, *shared], check=True)


def load(tools: Path, port: int, lines: Iterable[str], ask: Ask) -> Heard:
    """Sends `lines` to 127.0.0.1:`port`, each once and in order, until they or the time are over. ValueError without any."""
    options = ["-p", port, "-c", ask.clients, "-s", ask.lasts_s, "-r", ask.rate_per_s, "-w", ask.warm_up]
    command = [str(tools / "load"), *map(str, options), "-e", ask.expects]
    sent = "".join(lines)
    if not sent:
        raise ValueError("there is nothing left to send")
    done = subprocess.run(command, input=sent, capture_output=True, text=True, check=True)
    return _heard(done.stdout)


def _heard(told: str) -> Heard:
    first, *rows = told.splitlines()
    begun, lasted_s = first.split()
    times_ms: dict[str, list[float]] = {}
    failed = 0
    for row in rows:
        letter, status, microseconds = row.split()
        if not status.startswith("2"):
            failed += 1
            continue
        times_ms.setdefault({"P": "POST", "G": "GET"}[letter], []).append(float(microseconds) / 1000)
    return Heard(int(begun), float(lasted_s), failed, {method: sorted(times) for method, times in times_ms.items()})

"""Which scanner serves which station, and when a person must be told that it is another one than before."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeenScanner:
    """A scanner as it was plugged in at a station. `address`: of floor.toml; `port`: by-path name of its socket, "" unknown."""

    address: str
    vendor: str
    product: str
    serial: str
    port: str

    @property
    def known_by(self) -> tuple[str, str, str] | None:
        """What tells this one from all others; `None` where its maker gave it no number of its own."""
        return (self.vendor, self.product, self.serial) if self.serial.strip("0") else None

    @property
    def model(self) -> tuple[str, str]:
        return self.vendor, self.product


def is_another(before: SeenScanner | None, now: SeenScanner) -> bool:
    """Whether the station has a new scanner. Two of one model without a number of their own cannot be told apart: no notice."""
    if before is None or before.address != now.address:
        return False  # the first one, or floor.toml was changed on purpose
    if before.known_by or now.known_by:
        return before.known_by != now.known_by
    return before.model != now.model


def came_from(now: SeenScanner, others: dict[str, SeenScanner]) -> str:
    """The station that this very scanner served before; "" when it was nowhere, or nothing tells."""
    return next((station for station, seen in others.items() if now.known_by and seen.known_by == now.known_by), "")

"""How one process of the centre is run. Nothing here differs from one atelier to another."""

from dataclasses import dataclass, field
from pathlib import Path

DATABASE_FILE = "central.db"


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests a minute. An atelier's are counted over all processes, an address's in each.

    An address may stand for many ateliers: an association's own proxy. One that was away for 400 days is through in four minutes.
    """

    by_atelier: int = 120
    by_address: int = 1200
    enrolments_by_address: int = 10
    buyer_pages_by_address: int = 60
    sign_ins_by_address: int = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """`database`: an address, or "" for a file in `data`. `proxies`: how many stand in front and tell who asks, and whether over TLS.

    `alerts_told_to`: as it is shown: mail addresses, an URL without what follows its host, or "" for nobody.
    """

    data: Path
    database: str = ""
    network: str = "Réseau"
    proxies: int = 0
    limits: Limits = field(default_factory=Limits)
    alerts_told_to: str = ""

    @property
    def address(self) -> str:
        return self.database or f"sqlite:///{(self.data / DATABASE_FILE).absolute()}"

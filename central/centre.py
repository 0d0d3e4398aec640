"""The centre as its pages and commands see it: its settings, its clock, its key, the database, and who commits together."""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection

from central import centre_key
from central.batching import Batcher
from central.centre_key import CentreKey, WrongKey
from central.domain.nonces import RANDOM_BYTES, make_nonce, nonce_is_ours
from central.reading_sheets import SheetOffer
from central.settings import Settings
from central.store import facts, nonces
from central.store.database import Database, open_database
from central.store.migrations import upgrade
from central.store.nonces import UsedNonce
from central.store.partitions import Partitions
from central.taking_sheets import SheetAnswer, take_sheets

NONCE_LASTS_MS = 5 * 60_000
MINUTE_MS = 60_000
PUBLIC_KEY = "centre_public_key"

Clock = Callable[[], int]


def wall_clock() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class NonceUse:
    """`fresh`: it was not used before. `pace`: signed requests of the atelier within the last minute, this one with it."""

    fresh: bool
    pace: int


class Centre:
    """Put together by `open_centre`, closed by `close`."""

    def __init__(
        self, settings: Settings, database: Database, key: CentreKey, nonce_secret: bytes, clock: Clock
    ) -> None:
        self.settings, self.database, self.key = settings, database, key
        self.now_ms = clock
        self._nonce_secret = nonce_secret
        self._nonces_swept_at_ms = 0
        self.partitions = Partitions(database)
        self._sheets: Batcher[SheetOffer, SheetAnswer] = Batcher("sheets", self._take_sheets)
        self._nonces: Batcher[UsedNonce, NonceUse] = Batcher("nonces", self._use_nonces)

    def reading(self) -> AbstractContextManager[Connection]:
        return self.database.reading()

    def writing(self) -> AbstractContextManager[Connection]:
        return self.database.writing()

    def take_sheet(self, offer: SheetOffer) -> SheetAnswer:
        """With whatever else has arrived, in one transaction; answered after its commit. Raises Unavailable."""
        return self._sheets.ask(offer)

    def new_nonce(self) -> str:
        expires_at_ms = self.now_ms() + NONCE_LASTS_MS
        return make_nonce(self._nonce_secret, secrets.token_bytes(RANDOM_BYTES), expires_at_ms=expires_at_ms)

    def use_nonce(self, atelier: str, nonce: str) -> NonceUse | None:
        """`None` for one that is not ours or too old. Raises Unavailable."""
        if not nonce_is_ours(self._nonce_secret, nonce, now_ms=self.now_ms()):
            return None
        return self._nonces.ask(UsedNonce(atelier, nonce))

    def today(self) -> date:
        return datetime.fromtimestamp(self.now_ms() / 1000, UTC).date()

    def close(self) -> None:
        """Answers who waits first. May be called again."""
        self._sheets.stop()
        self._nonces.stop()
        self.database.close()

    def _take_sheets(self, offers: Sequence[SheetOffer]) -> Sequence[SheetAnswer]:
        self.partitions.ensure(offer.key.day for offer in offers)
        with self.writing() as db:
            return take_sheets(db, offers, at_ms=self.now_ms())

    def _use_nonces(self, used: Sequence[UsedNonce]) -> Sequence[NonceUse]:
        now = self.now_ms()
        with self.writing() as db:
            fresh = set(nonces.use(db, used, at_ms=now))
            pace = nonces.pace(db, {one.atelier for one in used}, since_ms=now - MINUTE_MS)
            if now - self._nonces_swept_at_ms > MINUTE_MS:
                nonces.forget(db, before_ms=now - NONCE_LASTS_MS - MINUTE_MS)
                self._nonces_swept_at_ms = now
        answers = []
        for one in used:
            answers.append(NonceUse(one in fresh, pace.get(one.atelier, 0)))
            fresh.discard(one)  # twice in one batch is twice
        return answers


def open_centre(settings: Settings, *, clock: Clock = wall_clock) -> Centre:
    """Makes its folder, its key and its tables at the first start. Raises WrongKey, BadAddress, NewerSchema, Unavailable."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.address)
    try:
        upgrade(database)
        with database.writing() as db:
            nonce_secret = facts.keep_first(db, "nonce_secret", secrets.token_hex(32))
            key = _own_key(db, settings)
    except BaseException:
        database.close()
        raise
    return Centre(settings, database, key, bytes.fromhex(nonce_secret), clock)


def _own_key(db: Connection, settings: Settings) -> CentreKey:
    """The one this database was begun with. A database that knows one is never given another."""
    known = facts.fact(db, PUBLIC_KEY)
    key = centre_key.read_key(settings.data)
    if key is None and known is None:
        key = centre_key.make_key(settings.data)
    if key is None or facts.keep_first(db, PUBLIC_KEY, key.public_key) != key.public_key:
        raise WrongKey(str(settings.data / centre_key.KEY_FILE))
    return key


@contextmanager
def opened(settings: Settings, *, clock: Clock = wall_clock) -> Iterator[Centre]:
    """For a command that ends."""
    centre = open_centre(settings, clock=clock)
    try:
        yield centre
    finally:
        centre.close()

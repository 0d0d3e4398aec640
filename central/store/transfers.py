"""Delivery notes between ateliers, from what both said. Each of the two has a row of its own to read."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import Connection, func, select, tuple_

from central.domain.sheet_figures import NoteFigures, NoteKey
from central.domain.transfer_states import TransferState, transfer_state
from central.store.staging import add_to_rows
from central.store.tables import atelier as atelier_table
from central.store.tables import transfer


@dataclass(frozen=True, slots=True)
class Transfer:
    key: NoteKey
    said: NoteFigures

    @property
    def state(self) -> TransferState:
        return transfer_state(self.said)


def add(db: Connection, differences: Mapping[NoteKey, NoteFigures], *, known: frozenset[str]) -> None:
    """`known`: ateliers of the network; another has nobody to read its row."""
    add_to_rows(
        db,
        transfer,
        [
            (reader, key.sender, key.note, key.receiver, *astuple(said))
            for key, said in differences.items()
            for reader in {key.sender, key.receiver} & known
        ],
    )


def with_keys(db: Connection, atelier: str, keys: Sequence[NoteKey]) -> list[Transfer]:
    """As that atelier may read them, in the order of `keys`."""
    wanted = [(key.sender, key.note, key.receiver) for key in keys]
    among = tuple_(transfer.c.sender, transfer.c.note, transfer.c.receiver).in_(wanted)
    found = {one.key: one for one in _of(db, (transfer.c.atelier == atelier) & among)}
    return [found[key] for key in keys if key in found]


def of_atelier(db: Connection, atelier: str) -> list[Transfer]:
    """Sent by it and to it, by note."""
    return _of(db, transfer.c.atelier == atelier)


def in_network(db: Connection) -> list[Transfer]:
    """Every note of the network once, by sender and note."""
    own = transfer.c.atelier == transfer.c.sender
    stranger = transfer.c.sender.not_in(
        select(atelier_table.c.atelier)
    )  # sent from outside: only the receiver's row is there
    return _of(db, own | stranger)


def short_ones(db: Connection) -> int:
    """Notes of the network that arrived with another number than they left with."""
    own = transfer.c.atelier == transfer.c.sender
    both = (transfer.c.lines_sent > 0) & (transfer.c.lines_received > 0)
    differs = transfer.c.sent != transfer.c.received
    found = db.execute(select(func.count()).select_from(transfer).where(own & both & differs)).scalar()
    return int(found or 0)


def _of(db: Connection, condition: Any) -> list[Transfer]:
    columns = (transfer.c.sender, transfer.c.note, transfer.c.receiver)
    said = (
        transfer.c.sent,
        transfer.c.received,
        transfer.c.lines_sent,
        transfer.c.lines_cancelled,
        transfer.c.lines_received,
    )
    rows = db.execute(select(*columns, *said).where(condition).order_by(*columns))
    return [Transfer(NoteKey(*row[:3]), NoteFigures(*row[3:])) for row in rows]

"""What an atelier is told when it asks: its shares of orders and its delivery notes, as the contract spells them."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from central.domain.sheet_figures import NoteKey
from central.store import allocations, feed, orders, pictures, transfers
from central.store.allocations import Allocation
from central.store.orders import OrderLine, SharedOrder
from central.store.transfers import Transfer

MOST_SHARES = 100
MOST_TRANSFERS = 500
MOST_PICTURES = 200
LARGEST_PICTURES = 8 * 1024 * 1024  # letters of base64 in one file


def shares_after(db: Connection, atelier: str, cursor: int) -> dict[str, Any]:
    """Allocations of the contract: those that changed since the cursor, oldest change first."""
    page = feed.after(db, atelier, feed.ALLOCATION, cursor, limit=MOST_SHARES)
    told = _shares(db, [(change.order, change.subject) for change in page.changes])
    return {"cursor": str(page.cursor), "more": page.more, "allocations": told}


def share(db: Connection, order: str, allocation: str) -> dict[str, Any]:
    """An Allocation of the contract."""
    return _shares(db, [(order, allocation)])[0]


def picture(db: Connection, atelier: str, sha256: str) -> dict[str, Any] | None:
    """A PictureContent of the contract; `None` where no order that this atelier has a share of shows it."""
    png = pictures.of_atelier(db, atelier, sha256)
    return None if png is None else {"sha256": sha256, "png": b64encode(png).decode("ascii")}


def pictures_for_stick(
    db: Connection, atelier: str, missing: Sequence[str], pages: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """PictureContents: those that were asked for, then those of the shares told in `pages`, as many as have room."""
    told = (one["sha256"] for page in pages for share in page["allocations"] for one in share["pictures"])
    found, room = list[dict[str, Any]](), LARGEST_PICTURES
    for sha256 in list(dict.fromkeys((*missing, *told)))[:MOST_PICTURES]:
        one = picture(db, atelier, sha256)
        if one is not None and len(one["png"]) <= room:
            found.append(one)
            room -= len(one["png"])
    return found


def transfers_after(db: Connection, atelier: str, cursor: int) -> dict[str, Any]:
    """TransferNews of the contract."""
    page = feed.after(db, atelier, feed.TRANSFER, cursor, limit=MOST_TRANSFERS)
    keys = [NoteKey(*change.subject.split(" ")) for change in page.changes]
    told = [_transfer(one) for one in transfers.with_keys(db, atelier, keys)] if keys else []
    return {"cursor": str(page.cursor), "more": page.more, "transfers": told}


def _shares(db: Connection, keys: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    if not keys:
        return []
    found = allocations.with_keys(db, keys)
    lines = allocations.lines_of(db, keys)
    codes = sorted({order for order, _ in found})
    known, pieces = orders.with_codes(db, codes), orders.pieces(db, codes)
    return [_share(found[key], lines[key], known[key[0]], pieces.get(key[0], 0)) for key in keys if key in found]


def _share(share: Allocation, lines: Sequence[OrderLine], order: SharedOrder, order_pieces: int) -> dict[str, Any]:
    return {
        "allocation": share.id,
        "revision": share.revision,
        "state": str(share.state),
        "order": order.code,
        "client": order.client,
        "contract": order.contract,
        "style": order.style,
        "due": share.due or order.due,
        "lines": [{"size": line.size, "colour": line.colour, "quantity": line.quantity} for line in lines],
        "order_pieces": order_pieces,
        "routing": order.routing,
        "pictures": order.pictures,
        "picture": order.picture,
        "note": share.note or order.note,
    }


def _transfer(one: Transfer) -> dict[str, Any]:
    return {
        "note": one.key.note,
        "from": one.key.sender,
        "to": one.key.receiver,
        "sent": one.said.sent,
        "received": one.said.received,
        "state": str(one.state),
    }

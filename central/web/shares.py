"""An order shared out: a proposal from what ateliers said they can take, numbers to change, who answered what, and what is nobody's."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from central import sharing
from central.domain.proposals import Line, Proposal, propose, room
from central.domain.share_rules import ShareState
from central.sharing import ShareDraft
from central.store import allocations, ateliers, capacities, orders, progress
from central.store.allocations import Allocation
from central.store.orders import OrderLine, SharedOrder
from central.web.form_fields import whole_number
from central.web.language import t
from central.web.roles import Role, centre, open_to

shares_screen = Blueprint("shares", __name__, url_prefix="/orders/<path:code>/shares")
OFFICE = (Role.COORDINATOR, Role.READER)
MOST_PLACES = 300
STANDING = (ShareState.PROPOSED, ShareState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Place:
    """An atelier's row. `room`: pieces it can still take, `None` where it declared nothing; `typed`: numbers by line, as text."""

    code: str
    name: str
    room: int | None
    share: Allocation | None
    typed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sharing:
    """How the order stands: its lines, and each atelier's share of each."""

    order: SharedOrder
    lines: tuple[OrderLine, ...]
    shares: Mapping[str, Allocation]
    given: Mapping[str, tuple[int, ...]]
    rooms: Mapping[str, int]
    names: Mapping[str, str]

    def left(self) -> tuple[int, ...]:
        """Pieces of each line that are in nobody's share."""
        taken = [pieces for code, pieces in self.given.items() if self.shares[code].state in STANDING]
        return tuple(line.quantity - sum(one[place] for one in taken) for place, line in enumerate(self.lines))


@shares_screen.get("", endpoint="shares")
@open_to(*OFFICE)
def page(code: str) -> ResponseReturnValue:
    """`?propose=yes`: what is nobody's is filled in where there is room."""
    found = _sharing(code)
    proposal = _proposal(found) if request.args.get("propose") == "yes" else None
    return _page(found, _typed(found, proposal), unplaced=proposal.unplaced if proposal else ())


@shares_screen.post("")
@open_to(Role.COORDINATOR)
def keep(code: str) -> ResponseReturnValue:
    """All rows as sent; an atelier whose numbers did not change is left alone."""
    found = _sharing(code)
    typed = _sent(found)
    added = request.form.get("add", "")
    if added:
        return _page(found, {**typed, **({added: ("",) * len(found.lines)} if added in found.names else {})})
    numbers = {place: tuple(whole_number(cell or "0") for cell in cells) for place, cells in typed.items()}
    if any(None in pieces for pieces in numbers.values()):
        return _page(found, typed, fault="bad_number"), 422
    asked = {place: tuple(int(one or 0) for one in pieces) for place, pieces in numbers.items()}
    over = _over(found, asked)
    if over:
        return _page(found, typed, fault="too_many", about=over), 422
    with centre().writing() as db:
        changed = sum(_change(db, found, place, pieces) for place, pieces in asked.items())
    flash(t("shares.kept", count=changed) if changed else t("shares.nothing_changed"), "good")
    return redirect(url_for("shares.shares", code=code), 303)


@shares_screen.post("/<allocation>/withdraw")
@open_to(Role.COORDINATOR)
def withdraw(code: str, allocation: str) -> ResponseReturnValue:
    with centre().writing() as db:
        held = allocations.find(db, code, allocation)
        if held is None:
            raise NotFound
        done = sharing.withdraw_share(db, held, at_ms=centre().now_ms())
    flash(
        t("shares.changed_meanwhile" if isinstance(done, str) else "shares.withdrawn"),
        "warn" if isinstance(done, str) else "good",
    )
    return redirect(url_for("shares.shares", code=code), 303)


def _sharing(code: str) -> Sharing:
    with centre().reading() as db:
        order = orders.find(db, code)
        if order is None:
            raise NotFound
        lines = tuple(orders.lines(db, code))
        shares = {one.atelier: one for one in allocations.of_order(db, code) if one.state != ShareState.WITHDRAWN}
        held = allocations.lines_of(db, [(code, one.id) for one in shares.values()]) if shares else {}
        given = {place: _by_line(held[code, one.id], lines) for place, one in shares.items()}
        names = {one.atelier.code: one.atelier.name for one in ateliers.listed(db)}
        return Sharing(order, lines, shares, given, _rooms(db, order), names)


def _rooms(db: Connection, order: SharedOrder) -> dict[str, int]:
    """What each can still take until the order is due, beside what it has taken of other orders and not finished."""
    done = {(one.order, one.atelier): one.figures.finished for one in progress.of_orders(db)}
    running = {one.code for one in orders.listed(db)}
    taken: dict[str, int] = {}
    for share in allocations.listed(db):
        if share.state in STANDING and share.order != order.code and share.order in running:
            open_pieces = max(0, share.pieces - done.get((share.order, share.atelier), 0))
            taken[share.atelier] = taken.get(share.atelier, 0) + open_pieces
    today = centre().today()
    return {
        code: room(one, taken=taken.get(code, 0), today=today, due=order.due)
        for code, one in capacities.listed(db).items()
    }


def _by_line(held: Sequence[OrderLine], lines: Sequence[OrderLine]) -> tuple[int, ...]:
    found = {(one.size, one.colour): one.quantity for one in held}
    return tuple(found.get((line.size, line.colour), 0) for line in lines)


def _proposal(found: Sharing) -> Proposal:
    lines = [Line(line.size, line.colour, max(0, left)) for line, left in zip(found.lines, found.left(), strict=True)]
    free = {code: space for code, space in found.rooms.items() if code not in found.shares}
    return propose(lines, free)


def _typed(found: Sharing, proposal: Proposal | None) -> dict[str, tuple[str, ...]]:
    typed = {code: tuple(str(one) if one else "" for one in pieces) for code, pieces in found.given.items()}
    for code, pieces in (proposal.shares if proposal else {}).items():
        typed[code] = tuple(str(one) if one else "" for one in pieces)
    return typed


def _sent(found: Sharing) -> dict[str, tuple[str, ...]]:
    """Rows of the form, of ateliers that are in the network."""
    places = [code for code in request.form.getlist("place")[:MOST_PLACES] if code in found.names]
    return {
        code: tuple(request.form.get(f"n-{code}-{place}", "")[:12] for place in range(len(found.lines)))
        for code in places
    }


def _over(found: Sharing, asked: Mapping[str, tuple[int, ...]]) -> str:
    """The first line of which more is shared out than there is, in words."""
    after = {**{code: one for code, one in found.given.items() if found.shares[code].state in STANDING}, **asked}
    for place, line in enumerate(found.lines):
        total = sum(pieces[place] for pieces in after.values())
        if total > line.quantity:
            return f"{line.size} {line.colour}: {total} / {line.quantity}"
    return ""


def _change(db: Connection, found: Sharing, place: str, pieces: tuple[int, ...]) -> bool:
    held, at_ms = found.shares.get(place), centre().now_ms()
    if held is not None and found.given[place] == pieces and held.state != ShareState.REFUSED:
        return False
    lines = tuple(
        OrderLine(line.size, line.colour, count) for line, count in zip(found.lines, pieces, strict=True) if count
    )
    if held is None:
        if not lines:
            return False
        named = f"P-{secrets.token_hex(5)}"
        return not isinstance(
            sharing.propose_share(db, found.order.code, place, ShareDraft(lines), allocation=named, at_ms=at_ms), str
        )
    if not lines:
        return not isinstance(sharing.withdraw_share(db, held, at_ms=at_ms), str)
    if found.given[place] == pieces:
        return False
    return not isinstance(sharing.change_share(db, held, ShareDraft(lines, held.due, held.note), at_ms=at_ms), str)


def _page(
    found: Sharing,
    typed: Mapping[str, tuple[str, ...]],
    *,
    unplaced: Sequence[int] = (),
    fault: str = "",
    about: str = "",
) -> str:
    places = [
        Place(code, found.names.get(code, code), found.rooms.get(code), found.shares.get(code), tuple(cells))
        for code, cells in sorted(typed.items())
    ]
    return render_template(
        "shares/shares.html",
        order=found.order,
        lines=found.lines,
        places=places,
        left=found.left(),
        unplaced=sum(unplaced),
        addable=sorted((name, code) for code, name in found.names.items() if code not in typed),
        has_room=any(found.rooms.values()),
        fault=fault,
        about=about,
    )

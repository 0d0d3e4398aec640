"""Shares of the network's orders: where one stands here, what a change of it does to the order. The order keeps what was cut of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from floor_app.domain.orders import CODE_LIMIT, LATEST_DUE, TEXT_LIMIT, Order, OrderLine, clean_text, likeness
from floor_app.domain.routings import Operation, Routing, Section, routing_faults
from groundwork.picture_names import name_of


class OfferState(StrEnum):
    """Where a share stands here. The first three wait for somebody."""

    OPEN = "open"
    CHANGED = "changed"  # an order of ours came from it, and the centre says otherwise now
    TAKEN_BACK = "taken_back"  # likewise, and the centre wants it no more
    ACCEPTED = "accepted"
    CHANGE_REFUSED = "change_refused"  # the order goes on as it was
    REFUSED = "refused"
    GONE = "gone"  # taken back, and nobody has to do anything about it


WAITING = frozenset({OfferState.OPEN, OfferState.CHANGED, OfferState.TAKEN_BACK})


class Answer(StrEnum):
    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOTED = "noted"  # that it was taken back; nobody is told


@dataclass(frozen=True, slots=True)
class Offer:
    """A share as the centre says it (`Allocation` of the contract). `state`: proposed, accepted, refused, withdrawn.

    `lines`: (size, colour, pieces). `due`: ISO day or "". `order_pieces`: all ateliers together. `pictures`: digest of each;
    `picture`: of the style's own, "" for none. Operations name their pictures as this atelier does (`groundwork.picture_names`).
    """

    allocation: str
    revision: int
    state: str
    order: str
    client: str
    contract: str
    style: str
    due: str
    lines: tuple[tuple[str, str, int], ...]
    order_pieces: int
    routing: tuple[Operation, ...]
    pictures: tuple[str, ...]
    note: str
    picture: str = ""

    @property
    def withdrawn(self) -> bool:
        return self.state == "withdrawn"

    @property
    def pieces(self) -> int:
        return sum(line[2] for line in self.lines)


@dataclass(frozen=True, slots=True)
class LineHere:
    """A line of the order as it stands. `cut`: pieces in lays; `used`: bundles of it exist, so that it stays whatever happens."""

    size: str
    colour: str
    quantity: int
    cut: int = 0
    used: bool = False


@dataclass(frozen=True, slots=True)
class RevisedLine:
    """A line before and after. `said`: what the centre wants of it, less than `after` where more is cut already.

    `before` `None`: new; `after` `None`: it goes.
    """

    size: str
    colour: str
    before: int | None
    after: int | None
    said: int = 0

    @property
    def changed(self) -> bool:
        return self.before != self.after

    @property
    def held_by_cut(self) -> bool:
        return self.after is not None and self.after > self.said


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`name`: client, contract, style, due, note, routing, routing_details (the same steps, with other times or links), pictures.

    A routing is told by its steps, with arrows; pictures by digests.
    """

    name: str
    before: str
    after: str


def read_offer(said: Mapping[str, Any]) -> Offer:
    """An `Allocation` that is as the contract says. Texts become one line of visible text."""
    digests = {picture["name"]: picture["sha256"] for picture in said["pictures"]}
    return Offer(
        said["allocation"],
        said["revision"],
        said["state"],
        said["order"],
        _clean(said["client"]),
        _clean(said["contract"]),
        _clean(said["style"]),
        said["due"],
        tuple((line["size"], line["colour"], line["quantity"]) for line in said["lines"]),
        said["order_pieces"],
        tuple(_operation(plain, digests) for plain in said["routing"]),
        tuple(picture["sha256"] for picture in said["pictures"]),
        clean_text(said["note"], limit=500),
        digests.get(said.get("picture", ""), ""),
    )


def standing(
    offer: Offer, *, answer: Answer | None, answered_revision: int, has_order: bool, differs: bool
) -> OfferState:
    """`answer` `None`: nobody answered here; `has_order`: an order of ours came from it, and is there; `differs`: from what was taken."""
    if offer.withdrawn:
        noted = answer == Answer.NOTED and answered_revision == offer.revision
        return OfferState.TAKEN_BACK if has_order and not noted else OfferState.GONE
    current = answered_revision == offer.revision
    if has_order:
        if answer == Answer.REFUSED and current:
            return OfferState.CHANGE_REFUSED
        return OfferState.ACCEPTED if current and not differs else OfferState.CHANGED
    if answer == Answer.REFUSED and current:
        return OfferState.REFUSED
    return OfferState.REFUSED if answer is None and offer.state == "refused" else OfferState.OPEN


def may_accept(state: OfferState) -> bool:
    return state in (OfferState.OPEN, OfferState.REFUSED)


def may_apply(state: OfferState) -> bool:
    return state in (OfferState.CHANGED, OfferState.CHANGE_REFUSED)


def may_refuse(state: OfferState) -> bool:
    return state in (OfferState.OPEN, OfferState.CHANGED)


def order_of(offer: Offer) -> Order | None:
    """The order a share becomes; `None` where it cannot be one: no line, a line twice, a code longer than ours may be."""
    if offer.order != clean_text(offer.order, limit=CODE_LIMIT):
        return None
    try:
        lines = tuple(OrderLine(_clean(size), _clean(colour), pieces) for size, colour, pieces in offer.lines)
        due = date.fromisoformat(offer.due) if offer.due else None
        return Order(offer.order, offer.client, offer.contract, offer.style, due, lines)
    except ValueError:
        return None


def routing_of(offer: Offer) -> Routing | None:
    """The routing that came with it, where there is one that can be followed."""
    return Routing(offer.routing) if offer.routing and not routing_faults(offer.routing) else None


def revised_lines(here: Sequence[LineHere], said: Sequence[OrderLine]) -> tuple[RevisedLine, ...]:
    """Each line takes the quantity the centre says, but a line that is made smaller stays at what is cut of it.

    A line the centre no longer names goes; where bundles of it exist it stays, at what is cut. Those here come first, as they stand;
    size and colour are compared as people read them, and keep the spelling here.
    """
    wanted = {_kind(line): line for line in said}
    known = [_revised(line, wanted[_kind(line)].quantity if _kind(line) in wanted else None) for line in here]
    new = {_kind(line) for line in said} - {_kind(line) for line in here}
    added = [RevisedLine(one.size, one.colour, None, one.quantity, one.quantity) for one in said if _kind(one) in new]
    return (*known, *added)


def taken_back_lines(here: Sequence[LineHere]) -> tuple[RevisedLine, ...]:
    """No more is cut: each line stays at what is cut of it. Empty where nothing of the order was made: it keeps its lines."""
    return revised_lines(here, ()) if any(line.used for line in here) else ()


def field_changes(before: Offer, now: Offer) -> tuple[FieldChange, ...]:
    """Everything but the lines."""
    pairs = {
        name: (getattr(before, name), getattr(now, name)) for name in ("client", "contract", "style", "due", "note")
    }
    pairs["routing"] = (_steps(before.routing), _steps(now.routing))
    pairs["pictures"] = (" ".join(before.pictures), " ".join(now.pictures))
    if pairs["routing"][0] == pairs["routing"][1] and _unpictured(before.routing) != _unpictured(now.routing):
        pairs["routing_details"] = ("", pairs["routing"][1])
    return tuple(FieldChange(name, one, other) for name, (one, other) in pairs.items() if one != other)


def differs(before: Offer, now: Offer) -> bool:
    """Whether anything but revision, state and the size of the whole order is said otherwise."""
    return replace(before, revision=0, state="", order_pieces=0) != replace(now, revision=0, state="", order_pieces=0)


def fingerprint(offer: Offer) -> str:
    """The same for what is the same to whoever answers: the centre's echo of an answer makes no difference."""
    return hashlib.sha256(repr(replace(offer, state="", order_pieces=0)).encode()).hexdigest()[:32]


def good_promise(text: str, *, today: str) -> bool:
    """An ISO day from today on, or "" for none."""
    if not text:
        return True
    try:
        return len(text) == 10 and date.fromisoformat(today) <= date.fromisoformat(text) <= LATEST_DUE
    except ValueError:
        return False


def _revised(line: LineHere, said: int | None) -> RevisedLine:
    least = min(line.cut, line.quantity)
    if said is None:
        return RevisedLine(line.size, line.colour, line.quantity, least if line.used else None)
    return RevisedLine(line.size, line.colour, line.quantity, max(said, least), said)


def _kind(line: LineHere | OrderLine) -> tuple[str, str]:
    return likeness(line.size), likeness(line.colour)


def _clean(text: str) -> str:
    return clean_text(text, limit=TEXT_LIMIT)


def _steps(operations: Sequence[Operation]) -> str:
    return " → ".join(operation.title or operation.code for operation in operations)


def _unpictured(operations: Sequence[Operation]) -> list[Operation]:
    return [replace(operation, picture="") for operation in operations]


def _operation(plain: Mapping[str, Any], digests: Mapping[str, str]) -> Operation:
    sam, digest = plain.get("sam_minutes", ""), digests.get(plain.get("picture", ""), "")
    return Operation(
        plain["code"],
        Section(plain["section"]),
        tuple(plain["after"]),
        title=_clean(plain.get("title", "")),
        sam_minutes=Decimal(sam) if sam else None,
        picture=name_of(digest),
    )

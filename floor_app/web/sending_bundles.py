"""Sending bundles to another atelier: of which order, which of its bundles, and where they go."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from floor_app.domain.orders import CODE_LIMIT
from floor_app.domain.progress import in_progress
from floor_app.domain.transfers import LONGEST_ATELIER, LONGEST_NAME, MOST_BUNDLES, TransferFault, why_it_stays
from floor_app.sending import SendRequest, send_bundles
from floor_app.store import bundles as bundle_store
from floor_app.store import network_identity
from floor_app.store import transfers as transfer_store
from floor_app.store.bundles import StandingBundle
from floor_app.texts import words
from floor_app.web import form_fields
from floor_app.web.roles import Role, atelier, open_to
from floor_app.web.transfers import fault_words

OTHER = ""  # of the destinations: one that is typed

screen = Blueprint("sending_bundles", __name__, url_prefix="/transfers/send")


@dataclass(frozen=True, slots=True)
class Sendable:
    """A bundle of the order as the form shows it. `why`: what keeps it here, "" for one that may go; `pieces` that would leave."""

    standing: StandingBundle
    pieces: int
    why: str
    chosen: bool


@screen.get("")
@open_to(Role.SUPERVISOR)
def choose() -> ResponseReturnValue:
    """First which order, then which of its bundles, and where they go."""
    code = form_fields.asked_text("order", limit=CODE_LIMIT)
    with atelier().reading() as db:
        can_sign = network_identity.identity(db) is not None
        found = transfer_store.orders_on_the_floor(db) if not code else []
    if not can_sign:
        return render_template("transfers/no_key.html")
    return _send_page(code) if code else render_template("transfers/choose_order.html", found=found)


@screen.post("")
@open_to(Role.SUPERVISOR)
def send() -> ResponseReturnValue:
    to, to_name = _destination()
    asked = SendRequest(
        form_fields.sent_id(),
        form_fields.text("order", limit=CODE_LIMIT),
        to,
        to_name,
        tuple(request.form.getlist("bundle"))[: MOST_BUNDLES + 1],
    )
    answer = atelier().run(send_bundles, asked, dice=atelier().codes.random, moment=atelier().clock.moment())
    if answer.faults:
        return _send_page(asked.order, faults=answer.faults, typed=asked), 422
    flash(words(atelier().config.atelier.language)("transfers.sent", count=len(asked.bundles)), "good")
    return redirect(url_for("transfers.note", code=answer.note), 303)


def _send_page(order: str, *, faults: tuple[TransferFault, ...] = (), typed: SendRequest | None = None) -> str:
    with atelier().reading() as db:
        standing = bundle_store.standing_in_order(db, order)
        known = transfer_store.known_ateliers(db)
    chosen = typed.bundles if typed else ()
    return render_template(
        "transfers/send.html",
        order=order,
        found=[_sendable(one, chosen) for one in standing],
        known=known,
        typed=typed,
        faults=[fault_words(fault, "send") for fault in faults],
        longest_code=LONGEST_ATELIER,
        longest_name=LONGEST_NAME,
        most=MOST_BUNDLES,
    )


def _sendable(standing: StandingBundle, chosen: tuple[str, ...]) -> Sendable:
    why = why_it_stays(standing.state, standing.routing)
    return Sendable(standing, in_progress(standing.state, standing.routing), why, standing.card.code in chosen)


def _destination() -> tuple[str, str]:
    """(code, name): one that bundles went to or came from before, or as typed."""
    known = form_fields.text("known", limit=LONGEST_ATELIER)
    if known == OTHER:
        return form_fields.text("to", limit=LONGEST_ATELIER + 1), form_fields.text("to_name", limit=LONGEST_NAME)
    with atelier().reading() as db:
        names = dict(transfer_store.known_ateliers(db))
    return known, names.get(known, known)

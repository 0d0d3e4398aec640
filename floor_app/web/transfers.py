"""Notes between ateliers: the list, one note with its paper and its file, cancelling, taking back, what did not arrive."""

from collections.abc import Mapping

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from floor_app.domain.transfers import (
    Note,
    TransferFault,
    TransferState,
)
from floor_app.note_files import Checking, Receipt, kept_note, open_receipt
from floor_app.receiving import undo_receipt
from floor_app.reports.transfer_paper import NotePaper, ReceiptPaper, note_pdf, receipt_pdf
from floor_app.sending import cancel_transfer
from floor_app.settling import receipt_file, settle
from floor_app.sheet_drawer import SheetDrawer
from floor_app.store import bundles as bundle_store
from floor_app.store import network_identity
from floor_app.store import transfers as transfer_store
from floor_app.store.transfers import MOST_LISTED, Transfer
from floor_app.texts import Words, grouped_number, words
from floor_app.web import form_fields
from floor_app.web.roles import Role, atelier, open_to

FILE_ENDING = "floor"

screen = Blueprint("transfers", __name__, url_prefix="/transfers")


@screen.get("")
@open_to(Role.SUPERVISOR)
def transfers() -> ResponseReturnValue:
    with atelier().reading() as db:
        found = transfer_store.listed(db)
        enrolled = network_identity.trust(db) is not None
    return render_template("transfers/transfers.html", found=found, enrolled=enrolled, most=MOST_LISTED)


@screen.get("/<code>")
@open_to(Role.SUPERVISOR)
def note(code: str) -> ResponseReturnValue:
    found = _transfer(code)
    with atelier().reading() as db:
        rows = transfer_store.bundles_of(db, found.id)
        can_sign = network_identity.identity(db) is not None
        kept = transfer_store.note_file(db, code) is not None
    return render_template(
        "transfers/note.html",
        found=found,
        rows=rows,
        kept=kept,
        can_sign=can_sign,
        by_bundle=sum(row.received for row in rows) == found.received,
        short=[row for row in rows if row.sent > row.received] if found.missing else [],
    )


@screen.get("/<code>/note.pdf")
@open_to(Role.SUPERVISOR)
def note_paper(code: str) -> ResponseReturnValue:
    content = _kept(code)
    drawn = _drawer().draw(note_pdf, NotePaper(kept_note(content), content, _language()))
    return _attached(drawn, "application/pdf", f"{_words()('transfers.file_note')}-{code}.pdf")


@screen.get("/<code>/note.floor")
@open_to(Role.SUPERVISOR)
def note_as_file(code: str) -> ResponseReturnValue:
    return _attached(_kept(code), "application/octet-stream", f"{_words()('transfers.file_note')}-{code}.{FILE_ENDING}")


@screen.get("/<code>/receipt.pdf")
@open_to(Role.SUPERVISOR)
def receipt_paper(code: str) -> ResponseReturnValue:
    content = _receipt(code)
    paper = ReceiptPaper(
        _own_receipt(content), _received_note(code), atelier().config.atelier.name, content, _language()
    )
    return _attached(
        _drawer().draw(receipt_pdf, paper), "application/pdf", f"{_words()('transfers.file_receipt')}-{code}.pdf"
    )


@screen.get("/<code>/receipt.floor")
@open_to(Role.SUPERVISOR)
def receipt_as_file(code: str) -> ResponseReturnValue:
    name = f"{_words()('transfers.file_receipt')}-{code}.{FILE_ENDING}"
    return _attached(_receipt(code), "application/octet-stream", name)


@screen.post("/<code>/cancel")
@open_to(Role.SUPERVISOR)
def cancel(code: str) -> ResponseReturnValue:
    event_id, reason = form_fields.sent_id(), form_fields.text("reason", limit=form_fields.LONGEST_REASON)
    done = atelier().run(cancel_transfer, code, reason=reason, event_id=event_id, moment=atelier().clock.moment())
    return _told(code, f"cancel_{done}", good=done == "cancelled")


@screen.post("/<code>/undo")
@open_to(Role.SUPERVISOR)
def undo(code: str) -> ResponseReturnValue:
    event_id, reason = form_fields.sent_id(), form_fields.text("reason", limit=form_fields.LONGEST_REASON)
    done = atelier().run(undo_receipt, code, reason=reason, event_id=event_id, moment=atelier().clock.moment())
    if done == "undone":
        flash(_words()("transfers.undo_undone", note=code), "good")
        return redirect(url_for("transfers.transfers"), 303)
    return _told(code, f"undo_{done}", good=False)


@screen.post("/<code>/settle")
@open_to(Role.SUPERVISOR)
def settle_note(code: str) -> ResponseReturnValue:
    """`arrived-<bundle>`: pieces found after all, none where nothing is typed."""
    found, event_id = _transfer(code), form_fields.sent_id()
    with atelier().reading() as db:
        rows = transfer_store.bundles_of(db, found.id)
    typed = {row.code: form_fields.text(f"arrived-{row.code}", limit=8) for row in rows}
    arrived = {bundle: form_fields.whole_number(text) if text else 0 for bundle, text in typed.items()}
    if None in arrived.values():
        return _told(code, "settle_unread", good=False)
    reason = form_fields.text("reason", limit=form_fields.LONGEST_REASON)
    known: Mapping[str, int] = {bundle: pieces for bundle, pieces in arrived.items() if pieces}
    answer = atelier().run(settle, code, known, reason=reason, event_id=event_id, moment=atelier().clock.moment())
    for fault in answer.faults:
        flash(fault_words(fault, "settle"), "warn")
    return _back(code) if answer.faults else _told(code, "settled", good=True)


def checking() -> Checking | None:
    """What files of others are checked against; `None` before the atelier enrolled."""
    with atelier().reading() as db:
        trust = network_identity.trust(db)
    today = atelier().clock.today() if atelier().clock.trusted else ""
    return Checking(trust, today) if trust else None


def fault_words(fault: TransferFault, area: str) -> str:
    """One sentence; the bundle by the number people say, where it is known here."""
    return _words()(f"transfers.{area}_{fault.code}", bundle=bundle_words(fault.bundle), n=grouped_number(fault.most))


def bundle_words(code: str) -> str:
    with atelier().reading() as db:
        card = bundle_store.card(db, code) if code else None
    return _words()("transfers.bundle_n", n=card.number, of=card.bundle_count) if card else code


def _transfer(code: str) -> Transfer:
    with atelier().reading() as db:
        found = transfer_store.by_note(db, code)
    if found is None:
        raise NotFound
    return found


def _kept(code: str) -> bytes:
    """The signed file of a note; a cancelled one goes to nobody."""
    found = _transfer(code)
    with atelier().reading() as db:
        content = transfer_store.note_file(db, code)
    if content is None or found.state == TransferState.CANCELLED:
        raise NotFound
    return content


def _receipt(code: str) -> bytes:
    _transfer(code)
    with atelier().reading() as db:
        content = receipt_file(db, code)
    if content is None:
        raise NotFound
    return content


def _own_receipt(content: bytes) -> Receipt:
    checked = checking()
    receipt = open_receipt(content, checked) if checked else None
    if not isinstance(receipt, Receipt):
        raise NotFound  # the key was revoked between the page and the paper
    return receipt


def _received_note(code: str) -> Note:
    return kept_note(_kept(code))


def _drawer() -> SheetDrawer:
    found: SheetDrawer = current_app.extensions["sheet_drawer"]
    return found


def _attached(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype, headers={"Cache-Control": "private, no-cache"})
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _told(code: str, said: str, *, good: bool) -> ResponseReturnValue:
    flash(_words()(f"transfers.{said}"), "good" if good else "warn")
    return _back(code)


def _back(code: str) -> ResponseReturnValue:
    return redirect(url_for("transfers.note", code=code), 303)


def _language() -> str:
    return atelier().config.atelier.language


def _words() -> Words:
    return words(_language())

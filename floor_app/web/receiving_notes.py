"""Receiving a note or a receipt: its codes scanned in any order, or its file, or its text; looked at; counted; recorded.

The page keeps nothing here: what was scanned so far goes back and forth with it, and everything is read and checked anew each time.
"""

import base64
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from floor_app.domain.codes import MOST_NOTE_PARTS, NOTE_MARK, Found, read_code
from floor_app.domain.note_parts import LONGEST_PART, Gathered, gather, read_part
from floor_app.domain.transfers import Note, TransferFault
from floor_app.note_files import LARGEST_FILE, Checking, Receipt, Refused, is_receipt, open_note, open_receipt
from floor_app.receiving import look_at_note, receive_note
from floor_app.settling import hear_receipt
from floor_app.texts import Words, words
from floor_app.web import form_fields
from floor_app.web.roles import Role, atelier, open_to
from floor_app.web.transfers import checking, fault_words

LONGEST_TEXT = 2 * LONGEST_PART * MOST_NOTE_PARTS

screen = Blueprint("receiving_notes", __name__, url_prefix="/transfers/receive")


@dataclass(frozen=True, slots=True)
class Scanned:
    """The codes read so far, and their texts. `said`: a word on the last one, a key of the texts; "" for the first look."""

    gathered: Gathered
    texts: str = ""
    said: str = ""


@screen.get("")
@open_to(Role.SUPERVISOR)
def receive() -> ResponseReturnValue:
    return _receive_page(Scanned(Gathered()))


@screen.post("")
@open_to(Role.SUPERVISOR)
def read() -> ResponseReturnValue:
    """A file, or codes: shows what they say once they are whole."""
    file = request.files.get("file")
    if file and file.filename:
        content = file.read(LARGEST_FILE + 1)
        file.close()
        return _shown(content)
    scanned = _scanned()
    if scanned.gathered.whole:
        return _shown(scanned.gathered.content)
    return _receive_page(scanned, fault="" if _lines() else "nothing_sent"), 422


@screen.post("/codes")
@open_to(Role.SUPERVISOR)
def codes() -> ResponseReturnValue:
    """The part of the page that says how far the scanning is."""
    return render_template("transfers/codes.html", scanned=_scanned())


@screen.post("/store")
@open_to(Role.SUPERVISOR)
def store() -> ResponseReturnValue:
    """Reads the note again, as it was shown; what the form says was read is not believed."""
    try:
        content = base64.b64decode(request.form.get("content", ""), validate=True)
    except ValueError as error:
        raise BadRequest from error
    event_id, note = form_fields.sent_id(), _opened(content)
    if not isinstance(note, Note):
        return _shown(content)
    typed = {bundle.code: form_fields.text(f"taken-{bundle.code}", limit=8) for bundle in note.bundles}
    taken = {code: form_fields.whole_number(text) for code, text in typed.items()}
    unread = [TransferFault("unread", code) for code, pieces in taken.items() if pieces is None]
    if unread:
        return _arrival_page(note, content, typed, tuple(unread)), 422
    answer = atelier().run(
        receive_note,
        note,
        {code: pieces for code, pieces in taken.items() if pieces is not None},
        content=content,
        event_id=event_id,
        moment=atelier().clock.moment(),
    )
    if answer.faults:
        return _arrival_page(note, content, typed, answer.faults), 422
    flash(_words()("transfers.already_received" if answer.already else "transfers.received"), "good")
    return redirect(url_for("transfers.note", code=note.code), 303)


def _shown(content: bytes) -> ResponseReturnValue:
    """A receipt is heard at once; a note is looked at first."""
    opened = _opened(content)
    if isinstance(opened, Refused):
        return _refused(opened)
    if isinstance(opened, Receipt):
        return _heard(opened)
    with atelier().reading() as db:
        earlier = look_at_note(db, opened).earlier
    if earlier:
        flash(_words()("transfers.already_received"), "warn")
        return redirect(url_for("transfers.note", code=opened.code), 303)
    return _arrival_page(opened, content, {bundle.code: str(bundle.pieces) for bundle in opened.bundles})


def _opened(content: bytes) -> Note | Receipt | Refused:
    checked = checking()
    if checked is None:
        return Refused("not_enrolled")
    return _open(content, checked)


def _open(content: bytes, checked: Checking) -> Note | Receipt | Refused:
    return open_receipt(content, checked) if is_receipt(content) else open_note(content, checked)


def _heard(receipt: Receipt) -> ResponseReturnValue:
    moment = atelier().clock.moment()
    heard = atelier().run(hear_receipt, receipt, event_id=_receipt_id(receipt), moment=moment)
    if heard in ("unknown_note", "other_receiver"):
        return _receive_page(Scanned(Gathered()), fault=f"receipt_{heard}", value=receipt.note), 422
    flash(_words()(f"transfers.receipt_{heard}"), "good" if heard in ("confirmed", "unchanged") else "warn")
    return redirect(url_for("transfers.note", code=receipt.note), 303)


def _receipt_id(receipt: Receipt) -> str:
    """The same receipt scanned twice is heard once."""
    return f"{receipt.note}#receipt-{receipt.as_of}"


def _refused(refused: Refused) -> ResponseReturnValue:
    return _receive_page(Scanned(Gathered()), fault=f"refused_{refused.code}", value=refused.value), 422


def _arrival_page(note: Note, content: bytes, typed: dict[str, str], faults: tuple[TransferFault, ...] = ()) -> str:
    with atelier().reading() as db:
        arrival = look_at_note(db, note)
    return render_template(
        "transfers/arrival.html",
        arrival=arrival,
        note=note,
        typed=typed,
        content=base64.b64encode(content).decode("ascii"),
        faults=[fault_words(fault, "receive") for fault in faults or arrival.faults],
        storable=not arrival.faults,
    )


def _receive_page(scanned: Scanned, *, fault: str = "", value: str = "") -> str:
    said = _words()(f"transfers.{fault}", who=value) if fault else ""
    return render_template("transfers/receive.html", scanned=scanned, fault=said, enrolled=checking() is not None)


def _scanned() -> Scanned:
    lines = _lines()
    gathered = gather(lines)
    kept = {part.number: line for line in lines if (part := read_part(line)) and part.set_id == gathered.set_id}
    return Scanned(gathered, "\n".join(kept.values()), _about_the_last(lines, gathered) if lines else "")


def _about_the_last(texts: list[str], gathered: Gathered) -> str:
    """`part_read`, `part_again`, `part_of_another`, `part_damaged`, `part_bundle`, `part_unknown`, `part_mismatch`."""
    last = read_part(texts[-1])
    if gathered.parts and not gathered.missing and not gathered.whole:
        return "part_mismatch"
    if last is None:
        if texts[-1].upper().startswith(NOTE_MARK):
            return "part_damaged"
        reading = read_code(texts[-1], home_site=atelier().home.site)
        return "part_bundle" if reading.found in (Found.BUNDLE, Found.CARD) else "part_unknown"
    if last.set_id != gathered.set_id:
        return "part_of_another"
    return "part_again" if last in [read_part(text) for text in texts[:-1]] else "part_read"


def _lines() -> list[str]:
    """What was scanned before and what came now, oldest first, each text once a line."""
    sent = "\n".join(request.form.get(name, "")[:LONGEST_TEXT] for name in ("parts", "more"))
    lines = [line.strip() for line in sent.splitlines()]
    return [line for line in lines if line][: 2 * MOST_NOTE_PARTS]


def _words() -> Words:
    return words(atelier().config.atelier.language)

"""The same conversation by a file on a stick: sheets out, the centre's receipt in. Writing and reading twice changes nothing."""

import json
import logging
from dataclasses import dataclass
from typing import Any

from contract import schemas, signed_files
from contract.signed_files import BadFile
from floor_app import hearing_centre
from floor_app.atelier import Atelier
from floor_app.domain.sheet_standing import SheetName
from floor_app.hearing_centre import OTHER_COPY, Heard, dispute
from floor_app.hearing_pictures import heard_picture
from floor_app.store import day_sheets, network_identity, offers, pictures, sent_sheets, sync_attempts
from floor_app.store.day_sheets import KeptSheet
from floor_app.store.sync_attempts import Attempt
from floor_app.sync.machine_state import heartbeat
from floor_app.sync.run import answer_plain, bring_sheets_up_to_date, own_identity, take_notes_page, take_offers_page
from groundwork.pictures import PictureFault

log = logging.getLogger(__name__)
SHEETS_KIND, RECEIPT_KIND = "sheets", "receipt"
MOST_SHEETS = 4000
LARGEST_RECEIPT = signed_files.LARGEST_FILE


@dataclass(frozen=True, slots=True)
class Written:
    """`days`: sheets in the file."""

    content: bytes
    days: int


@dataclass(frozen=True, slots=True)
class ReadReceipt:
    """`code`: `read`, or why not: not_ours, too_large, other_kind, damaged, forged, other_atelier, not_enrolled."""

    code: str
    sent: int = 0
    refused: int = 0
    offers: int = 0
    notes: int = 0


def write_file(atelier: Atelier) -> Written:
    """Raises NotEnrolled. Everything the centre has not confirmed, how the machine is, and from where on it is to tell."""
    identity = own_identity(atelier)
    bring_sheets_up_to_date(atelier, identity.atelier)
    with atelier.reading() as db:
        may_replace = sync_attempts.fact(db, hearing_centre.MAY_REPLACE_FACT) == "yes"
        waiting = day_sheets.sheets_to_send(db, limit=MOST_SHEETS)
        again = day_sheets.sheets_in_trouble(db)
        unsent, orders_cursor = offers.unsent_answers(db), offers.cursor(db)
        notes_cursor, missing = hearing_centre.notes_cursor(db), pictures.missing(db)
    known = (waiting + again)[:MOST_SHEETS]
    sheets = [hearing_centre.as_offered(one, may_replace=may_replace) for one in known]
    names = [(one.day, SheetName(one.revision, one.digest)) for one in sheets]
    atelier.run(sent_sheets.note_sent, names)
    atelier.run(offers.note_carried, unsent)
    said = {
        "sheets": [_sent(one, may_replace=may_replace) for one in sheets],
        "heartbeat": heartbeat(atelier),
        "answers": [{"allocation": one.allocation, **answer_plain(one)} for one in unsent],
        "orders_cursor": orders_cursor,
        "transfers_cursor": notes_cursor,
        "pictures_missing": missing,
    }
    content = signed_files.pack(SHEETS_KIND, said, private_key=identity.private_key, certificate=identity.certificate)
    return Written(content, len(sheets))


def read_receipt(atelier: Atelier, content: bytes) -> ReadReceipt:
    """As if the centre had answered. What it says of a sheet that changed since is left aside."""
    with atelier.reading() as db:
        trust = network_identity.trust(db)
    if trust is None:
        return ReadReceipt("not_enrolled")
    try:
        opened = signed_files.unpack(content, kind=RECEIPT_KIND, centre_public_key=trust.centre_public_key)
    except BadFile as error:
        return ReadReceipt(error.code)
    if opened.by is not None:
        return ReadReceipt("forged")
    if schemas.field_faults("ReceiptFile", opened.said):
        return ReadReceipt("damaged")
    if opened.said["atelier"] != trust.atelier:
        return ReadReceipt("other_atelier")
    return _take(atelier, opened.said, trust.atelier)


def _take(atelier: Atelier, said: dict[str, Any], own: str) -> ReadReceipt:
    started_at_ms = atelier.clock.now_ms()
    atelier.run(hearing_centre.hear_machine_answer, said["heartbeat"], ahead_s=None)
    heard = [_hear_day(atelier, one) for one in said["days"]]
    for answer in said["answers"]:
        atelier.run(_note_answer, answer)
    taken = sum(atelier.run(_offers_page, page, started_at_ms) for page in said["orders"])
    notes = sum(take_notes_page(atelier, page, own) for page in said["transfers"])
    for told in said.get("pictures", ()):
        _take_picture(atelier, told)
    result = ReadReceipt(
        "read",
        sent=sum(one in (Heard.TAKEN, Heard.KEPT_APART) for one in heard),
        refused=sum(one in (Heard.REFUSED, Heard.OTHER_COPY) for one in heard),
        offers=taken,
        notes=notes,
    )
    with atelier.reading() as db:
        left = day_sheets.backlog_days(db)
    attempt = Attempt(
        "file",
        started_at_ms,
        atelier.clock.now_ms(),
        "trouble" if result.refused else "done",
        sent=result.sent,
        refused=result.refused,
        gaps=heard.count(Heard.KEPT_APART),
        offers=taken,
        notes=notes,
        left=left,
    )
    atelier.run(sync_attempts.add, attempt)
    return result


def _take_picture(atelier: Atelier, told: dict[str, Any]) -> None:
    try:
        picture = heard_picture(told)
    except PictureFault as fault:
        log.warning("the picture %s of the receipt is none: %s", told["sha256"], fault.code)
        return
    atelier.run(pictures.keep, picture, at_ms=atelier.clock.now_ms())


def _sent(sheet: KeptSheet, *, may_replace: bool) -> dict[str, Any]:
    said = {"day": sheet.day, "sheet": json.loads(sheet.body)}
    if sheet.trouble == OTHER_COPY and may_replace:
        said["if_match"] = dispute(sheet).digest
    return said


def _hear_day(atelier: Atelier, said: dict[str, Any]) -> Heard:
    day, status = said["day"], said["status"]
    stored, problem = said.get("stored"), said.get("problem", {})
    with atelier.reading() as db:
        kept = day_sheets.sheet(db, day)
    if kept is None:
        return Heard.CHANGED
    name = SheetName(stored["revision"], stored["digest"]) if stored else SheetName(kept.revision, kept.digest)
    answer = stored if stored and status < 400 else problem
    if answer is stored is None:
        return Heard.CHANGED
    return atelier.run(hearing_centre.hear_day, name, day, status, answer, at_ms=atelier.clock.now_ms())


def _note_answer(db: Any, said: dict[str, Any]) -> None:
    """A receipt says nothing of an answer given since the file was written: that one is still to be sent."""
    given = offers.carried(db, said["allocation"])
    for one in offers.unsent_answers(db):
        if one.allocation == said["allocation"] and one.given == given:
            code = said.get("problem", {}).get("code", "")
            offers.note_answer_sent(db, one.allocation, one.revision, said["status"], code, given=given)


def _offers_page(db: Any, page: dict[str, Any], heard_at_ms: int) -> int:
    """A receipt read late never makes the atelier ask again from further back."""
    before = offers.cursor(db)
    found = take_offers_page(db, page, heard_at_ms)
    if before.isdigit() and (not page["cursor"].isdigit() or int(page["cursor"]) < int(before)):
        offers.keep_cursor(db, before)
    return found

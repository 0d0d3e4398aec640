"""A signed file of day sheets, brought on a stick: taken in with the same checks as over the network, answered by a signed receipt.

The file and the receipt are `SheetsFile` and `ReceiptFile` of the contract. Importing a file twice leaves the same numbers.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from central import telling_ateliers
from central.answering_shares import answer_share
from central.centre import Centre
from central.domain.share_rules import AnswerOutcome
from central.exact_json import NotExact, exact
from central.hearing_machines import hear_machine, heartbeat_answer
from central.reading_sheets import Refused, SheetOffer, read_sheet
from central.sheet_answers import refusal, status, stored_sheet
from central.store import keys
from central.taking_sheets import FILE, SheetAnswer, take_sheets
from central.texts import Words
from contract import schemas, signed_files
from contract.signed_files import BadFile

SHEETS_KIND, RECEIPT_KIND = "sheets", "receipt"
TOGETHER = 64
MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """`held`: sheets of the file that are held now; `refused`: not taken, with the reason in the receipt."""

    atelier: str
    held: int
    refused: int
    receipt: bytes


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """`code`: not_ours, too_large, other_kind, damaged, forged (contract.signed_files), key_dropped, bad_fields."""

    code: str


def import_file(centre: Centre, content: bytes, *, t: Words) -> ImportedFile | RefusedFile:
    """Raises Unavailable: what was taken until then stays, the rest comes with the next try."""
    try:
        opened = signed_files.unpack(content, kind=SHEETS_KIND, centre_public_key=centre.key.public_key)
    except BadFile as error:
        return RefusedFile(error.code)
    if opened.by is None:
        return RefusedFile("forged")
    atelier = opened.by.atelier
    with centre.reading() as db:
        key = keys.with_id(db, opened.by.key_id, atelier=atelier)
    if key is None or key.atelier != atelier or not key.in_force:
        return RefusedFile("key_dropped")
    if schemas.field_faults("SheetsFile", opened.said):
        return RefusedFile("bad_fields")
    return _import(centre, atelier, opened.said, t)


def _import(centre: Centre, atelier: str, said: Mapping[str, Any], t: Words) -> ImportedFile:
    days = [_day_answer(sent, answer, t) for sent, answer in _take_all(centre, atelier, said["sheets"])]
    with centre.writing() as db:
        now = centre.now_ms()
        if "heartbeat" in said:
            hear_machine(db, atelier, said["heartbeat"], at_ms=now)
        answers = [_share_answer(db, atelier, one, t, at_ms=now) for one in said.get("answers", ())]
        shares = list(_pages(telling_ateliers.shares_after, db, atelier, said.get("orders_cursor")))
        receipt = {
            "atelier": atelier,
            "heartbeat": heartbeat_answer(db, atelier, at_ms=now),
            "days": days,
            "answers": answers,
            "orders": shares,
            "pictures": telling_ateliers.pictures_for_stick(db, atelier, said.get("pictures_missing", ()), shares),
            "transfers": list(_pages(telling_ateliers.transfers_after, db, atelier, said.get("transfers_cursor"))),
        }
    packed = signed_files.pack(RECEIPT_KIND, receipt, private_key=centre.key.private_key)
    refused = sum(day["status"] >= 400 for day in days)
    return ImportedFile(atelier, len(days) - refused, refused, packed)


def _take_all(
    centre: Centre, atelier: str, sent: list[Mapping[str, Any]]
) -> Iterator[tuple[Mapping[str, Any], SheetAnswer | Refused]]:
    for start in range(0, len(sent), TOGETHER):
        some = sent[start : start + TOGETHER]
        offers = [_offer(centre, atelier, one) for one in some]
        understood = [offer for offer in offers if isinstance(offer, SheetOffer)]
        centre.partitions.ensure(offer.key.day for offer in understood)
        with centre.writing() as db:
            answers = iter(take_sheets(db, understood, road=FILE, at_ms=centre.now_ms()))
        for one, offer in zip(some, offers, strict=True):
            yield one, offer if isinstance(offer, Refused) else next(answers)


def _offer(centre: Centre, atelier: str, sent: Mapping[str, Any]) -> SheetOffer | Refused:
    try:
        said = exact(sent["sheet"])
    except NotExact:
        return Refused("bad_json")
    return read_sheet(said, atelier=atelier, day=sent["day"], today=centre.today(), if_match=sent.get("if_match", ""))


def _day_answer(sent: Mapping[str, Any], answer: SheetAnswer | Refused, t: Words) -> dict[str, Any]:
    refused = refusal(answer)
    if refused is not None or isinstance(answer, Refused):
        assert refused is not None, "what was not understood is refused"
        return {"day": sent["day"], **_refused(refused.status, refused.code, t, refused.said)}
    return {"day": sent["day"], "status": status(answer), "stored": stored_sheet(answer)}


def _share_answer(db: Connection, atelier: str, said: Mapping[str, Any], t: Words, *, at_ms: int) -> dict[str, Any]:
    outcome = answer_share(db, atelier, said["allocation"], said, at_ms=at_ms).outcome
    if outcome in (AnswerOutcome.NOTED, AnswerOutcome.SAME):
        return {"allocation": said["allocation"], "status": 200}
    refused = _refused(409, str(outcome), t, {}) if outcome else _refused(404, "not_found", t, {})
    return {"allocation": said["allocation"], **refused}


def _refused(status_: int, code: str, t: Words, said: Mapping[str, Any]) -> dict[str, Any]:
    title, detail = t(f"faults.{code}_title"), t(f"faults.{code}_detail")
    problem = {"type": "about:blank", "title": title, "status": status_, "code": code, "detail": detail, **said}
    return {"status": status_, "problem": problem}


def _pages(
    ask: Callable[[Connection, str, int], dict[str, Any]], db: Connection, atelier: str, cursor: str | None
) -> Iterator[dict[str, Any]]:
    """As if the atelier had asked on until there was no more. It said no cursor: it did not ask."""
    for _ in range(MOST_PAGES if cursor is not None else 0):
        page = ask(db, atelier, int(cursor or 0))
        yield page
        if not page["more"]:
            return
        cursor = page["cursor"]

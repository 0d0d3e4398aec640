"""A delivery note and its receipt as signed files: what one atelier writes and another reads with no network between them.

Everything read here was written by somebody else: it is bounded, checked field by field, and believed only with a signature that
the network's centre stands for.
"""

import json
import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from contract import signed_files
from contract.keys import Certificate
from contract.signed_files import BadFile
from floor_app.domain.orders import clean_text
from floor_app.domain.routings import MOST_OPERATIONS, Operation, Routing
from floor_app.domain.transfers import (
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_BUNDLES,
    Note,
    NoteBundle,
    is_bundle_code,
    note_faults,
)
from floor_app.store.network_identity import NetworkIdentity, Trust
from floor_app.store.routings import from_plain, to_plain

NOTE_KIND = "note"
RECEIPT_KIND = "note-receipt"
SCHEMA = 1
LARGEST_FILE = 64 * 1024
LARGEST_INSIDE = 1024 * 1024
NOTE_CODE = re.compile(rf"[A-Za-z0-9][A-Za-z0-9-]{{0,{LONGEST_NOTE - 1}}}", re.ASCII)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What `receiver` says it received of a note: (bundle, pieces). `as_of` grows whenever it says something else."""

    note: str
    receiver: str
    bundles: tuple[tuple[str, int], ...]
    as_of: int


@dataclass(frozen=True, slots=True)
class Refused:
    """`code`: not_ours, too_large, damaged, forged, revoked, expired, other_atelier, own_note, unknown_schema.

    `value`: whom it is about, as the file says it.
    """

    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Checking:
    """What a file is checked against. `today`: ISO day, or "" where our clock is not to be trusted: no certificate is then too old."""

    trust: Trust
    today: str


def pack_note(note: Note, identity: NetworkIdentity) -> bytes:
    """Signed by this atelier. The order of the steps' pieces is that of the routing."""
    said = {
        "schema": SCHEMA,
        "note": note.code,
        "to": note.to,
        "to_name": note.to_name,
        "sent_on": note.sent_on,
        "order": note.order,
        "client": note.client,
        "contract": note.contract,
        "style": note.style,
        "due": note.due,
        "routing": [to_plain(replace(operation, policy=None)) for operation in note.routing.operations],
        "bundles": [_bundle_row(bundle, note.routing) for bundle in note.bundles],
        **({"shared": True} if note.shared else {}),
    }
    return signed_files.pack(NOTE_KIND, said, private_key=identity.private_key, certificate=identity.certificate)


def pack_receipt(receipt: Receipt, identity: NetworkIdentity) -> bytes:
    said = {
        "schema": SCHEMA,
        "note": receipt.note,
        "bundles": [list(bundle) for bundle in receipt.bundles],
        "as_of": receipt.as_of,
    }
    return signed_files.pack(RECEIPT_KIND, said, private_key=identity.private_key, certificate=identity.certificate)


def is_receipt(content: bytes) -> bool:
    """By what it says of itself; `open_receipt` judges it."""
    return content.startswith(b"%b %b " % (signed_files.MAGIC, RECEIPT_KIND.encode("ascii")))


def open_note(content: bytes, checking: Checking) -> Note | Refused:
    """The note of another atelier for this one."""
    said = _opened(content, NOTE_KIND, checking)
    if isinstance(said, Refused):
        return said
    plain, by = said
    note = _read(lambda: _note(plain, by))
    if isinstance(note, Refused):
        return note
    if note.sender == checking.trust.atelier:
        return Refused("own_note", note.to_name)
    if note.to != checking.trust.atelier:
        return Refused("other_atelier", note.to_name)
    return note


def kept_note(content: bytes) -> Note:
    """The note of a file that this atelier signed or checked before it kept it, whatever became of the keys since."""
    plain = json.loads(zlib.decompress(content.partition(b"\n")[2]))
    return _note(plain["said"], Certificate(**plain["by"]))


def open_receipt(content: bytes, checking: Checking) -> Receipt | Refused:
    """What the atelier that signed it received of a note; whether the note is ours is the caller's to know."""
    said = _opened(content, RECEIPT_KIND, checking)
    if isinstance(said, Refused):
        return said
    plain, by = said
    return _read(lambda: _receipt(plain, by))


def _opened(content: bytes, kind: str, checking: Checking) -> tuple[dict[str, Any], Certificate] | Refused:
    """What was said and who signed it, once all is well with both."""
    if len(content) > LARGEST_FILE:
        return Refused("too_large")
    try:
        opened = signed_files.unpack(
            content, kind=kind, centre_public_key=checking.trust.centre_public_key, largest_inside=LARGEST_INSIDE
        )
    except BadFile as error:
        return Refused("not_ours" if error.code == "other_kind" else error.code)
    except ValueError:  # texts that no JSON of ours holds: half a pair of surrogates
        return Refused("damaged")
    if opened.by is None:
        return Refused("forged")  # the centre signs no notes
    if opened.by.key_id in checking.trust.revoked_keys:
        return Refused("revoked", opened.by.name)
    if checking.today and opened.by.until < checking.today:
        return Refused("expired", opened.by.name)
    if not isinstance(opened.said, dict):
        return Refused("damaged")
    if opened.said.get("schema") != SCHEMA:
        return Refused("unknown_schema", opened.by.name)
    return opened.said, opened.by


def _read(read: Callable[[], T]) -> T | Refused:
    """Signed by an atelier of ours and yet not as we write it: a program older or newer than this one, or another one."""
    try:
        return read()
    except (_NotSo, KeyError, ValueError, ArithmeticError):
        return Refused("damaged")


class _NotSo(Exception):
    """A field is not what it has to be."""


def _note(said: dict[str, Any], by: Certificate) -> Note:
    operations = [from_plain(_operation(plain)) for plain in _rows(said["routing"], MOST_OPERATIONS)]
    routing = Routing(tuple(operations))
    note = Note(
        code=_code(said["note"]),
        sender=by.atelier,
        sender_name=clean_text(by.name, limit=LONGEST_NAME),
        to=_text(said["to"]),
        to_name=_text(said["to_name"]),
        sent_on=date.fromisoformat(_text(said["sent_on"])).isoformat(),
        order=_text(said["order"]),
        client=_text(said["client"]),
        contract=_text(said["contract"]),
        style=_text(said["style"]),
        due=date.fromisoformat(_text(said["due"])).isoformat() if said["due"] != "" else "",
        routing=routing,
        bundles=tuple(_bundle(row, operations) for row in _rows(said["bundles"], MOST_BUNDLES)),
        shared=said.get("shared") is True,
    )
    if note_faults(note):
        raise _NotSo
    return note


def _bundle_row(bundle: NoteBundle, routing: Routing) -> list[Any]:
    passed = dict(bundle.steps)
    return [
        *(bundle.code, bundle.number, bundle.bundle_count, bundle.size, bundle.colour, bundle.shade, bundle.roll),
        *(bundle.lay, bundle.ply_from, bundle.ply_to, bundle.quantity, bundle.pieces),
        [passed.get(operation.code, 0) for operation in routing.operations],
    ]


def _bundle(row: Any, operations: Sequence[Operation]) -> NoteBundle:
    if not isinstance(row, list) or len(row) != 13:
        raise _NotSo
    code, number, bundle_count, size, colour, shade, roll, lay, ply_from, ply_to, quantity, pieces, passed = row
    counts = [_number(count) for count in _rows(passed, len(operations))]
    return NoteBundle(
        _text(code),
        *(_number(number), _number(bundle_count)),
        *(_text(size), _text(colour), _text(shade), _text(roll)),
        *(_number(lay), _number(ply_from), _number(ply_to), _number(quantity), _number(pieces)),
        tuple((operation.code, count) for operation, count in zip(operations, counts, strict=True) if count),
    )


def _operation(plain: Any) -> dict[str, Any]:
    """With nothing in it that `from_plain` does not expect; how strict the steps are is for each atelier to say."""
    if not isinstance(plain, dict):
        raise _NotSo
    return {
        "code": _text(plain["code"]),
        "section": _text(plain["section"]),
        "after": [_text(code) for code in _rows(plain["after"], MOST_OPERATIONS)],
        **{name: _text(plain[name]) for name in ("title", "sam_minutes", "picture") if name in plain},
    }


def _receipt(said: dict[str, Any], by: Certificate) -> Receipt:
    rows = _rows(said["bundles"], MOST_BUNDLES)
    bundles = [(_text(code), _number(pieces)) for code, pieces in (_pair(row) for row in rows)]
    if not bundles or len(dict(bundles)) != len(bundles) or not all(is_bundle_code(code) for code, _ in bundles):
        raise _NotSo
    return Receipt(_code(said["note"]), by.atelier, tuple(bundles), _number(said["as_of"]))


def _pair(row: Any) -> tuple[Any, Any]:
    if not isinstance(row, list) or len(row) != 2:
        raise _NotSo
    return row[0], row[1]


def _code(value: Any) -> str:
    if not isinstance(value, str) or not NOTE_CODE.fullmatch(value):
        raise _NotSo
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise _NotSo
    return value


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 2**53:
        raise _NotSo
    return value


def _rows(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise _NotSo
    return value

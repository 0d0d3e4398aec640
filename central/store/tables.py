"""Every table of the centre, and how each may be spread over several machines (`spread`).

`atelier` and `order_code` are the two columns by which a distributed PostgreSQL (Citus) may spread the tables; each primary and unique
key begins with it, and a foreign key joins tables spread alike or leads to a `reference` table, which is small and whole everywhere.
Tables with a day are partitioned by month on PostgreSQL. Times are milliseconds since 1970 (UTC), names ending in `_at_ms`; 0: never.
"""

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB

REFERENCE = "reference"
BY_ATELIER = "atelier"
BY_ORDER = "order_code"

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _text(name: str, default: str | None = "") -> Column[Any]:
    return Column(name, Text, nullable=False, server_default=default)


def _count(name: str) -> Column[Any]:
    return Column(name, Integer, nullable=False, server_default="0")


def _big(name: str) -> Column[Any]:
    return Column(name, BigInteger, nullable=False, server_default="0")


def _flag(name: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False)


def _json(name: str, default: str) -> Column[Any]:
    return Column(name, JSON().with_variant(JSONB(), "postgresql"), nullable=False, server_default=default)


def _day(name: str = "day") -> Column[Any]:
    return Column(name, Date, nullable=False)


def _atelier_key() -> Column[Any]:
    return Column("atelier", Text, ForeignKey("atelier.atelier"), nullable=False)


def _table(name: str, *parts: Any, key: tuple[str, ...], spread: str, by_month: bool = False) -> Table:
    partitions: dict[str, Any] = {"postgresql_partition_by": "RANGE (day)"} if by_month else {}
    return Table(name, metadata, *parts, PrimaryKeyConstraint(*key), info={"spread": spread}, **partitions)


# ---- who is in the network

atelier = _table(
    "atelier",
    _text("atelier", None),
    _text("name", None),
    _text("site", None),  # the four letters its bundle codes begin with
    _big("added_at_ms"),
    _big("may_replace_until_ms"),  # until then it may put its sheets in place of those held: an old card's, a clone's
    UniqueConstraint("site"),
    key=("atelier",),
    spread=REFERENCE,
)

atelier_key = _table(
    "atelier_key",
    _atelier_key(),
    _text("key_id", None),
    _text("public_key", None),
    _text("until", None),  # ISO day: the last its certificate is good for
    _big("given_at_ms"),
    _big("dropped_at_ms"),  # 0: in force
    _text("dropped", ""),  # given_up, replaced, revoked; "" while in force
    Index(None, "key_id"),
    key=("atelier", "key_id"),
    spread=BY_ATELIER,
)

enrolment_code = _table(
    "enrolment_code",
    _atelier_key(),
    _text("code_hash", None),
    _big("made_at_ms"),
    _big("expires_at_ms"),
    _big("used_at_ms"),
    _text("used_by", ""),  # the key it was given for: the same may ask again, an answer may have been lost
    Index(None, "code_hash"),
    key=("atelier", "code_hash"),
    spread=BY_ATELIER,
)

nonce_used = _table(
    "nonce_used",
    _text("atelier", None),
    _text("nonce", None),
    _big("used_at_ms"),
    Index(None, "used_at_ms"),
    key=("atelier", "nonce"),
    spread=BY_ATELIER,
)

machine = _table(
    "machine",
    _atelier_key(),
    _text("version"),
    _count("backlog_days"),
    _count("disk_free_mb"),
    _text("last_backup"),
    _text("clock"),
    Column("clock_ahead_s", BigInteger),  # its clock against ours; null: it did not say
    _json("printers", "[]"),
    _json("scanners", "[]"),
    _big("heard_at_ms"),
    key=("atelier",),
    spread=BY_ATELIER,
)

atelier_news = _table(
    "atelier_news",
    _atelier_key(),
    _day("newest_day"),
    _count("days"),
    _count("days_with_gap"),
    _big("sheet_at_ms"),  # when a sheet last changed here
    key=("atelier",),
    spread=BY_ATELIER,
)

capacity = _table(
    "capacity",
    _atelier_key(),
    _count("pieces_a_week"),
    _text("from_day"),  # ISO day, or ""
    _big("declared_at_ms"),
    key=("atelier",),
    spread=BY_ATELIER,
)

# ---- day sheets

sheet = _table(
    "sheet",
    _atelier_key(),
    _day(),
    Column("revision", Integer, nullable=False),
    _text("digest", None),
    _big("first_event"),
    _big("last_event"),
    _big("event_count"),
    _text("timezone"),
    _text("clock"),
    _json("gaps", "[]"),  # control totals the counts do not bear out: {total, said, found}
    _flag("counted"),
    _big("received_at_ms"),
    _text("road"),  # network, file
    Column("body", LargeBinary, nullable=False),  # canonical JSON, zlib
    key=("atelier", "day"),
    spread=BY_ATELIER,
    by_month=True,
)


def _sheet_rows(name: str, *parts: Any, indexes: tuple[Index, ...] = ()) -> Table:
    """Rows of the newest revision, numbered. `counted`: false where the sheet's figures do not agree with each other."""
    return _table(
        name,
        _text("atelier", None),
        _day(),
        Column("row", Integer, nullable=False),
        _flag("counted"),
        *parts,
        *indexes,
        key=("atelier", "day", "row"),
        spread=BY_ATELIER,
        by_month=True,
    )


def _order_line() -> tuple[Column[Any], ...]:
    return (
        _text("order_code", None),
        _text("allocation", None),
        _text("size", None),
        _text("colour", None),
    )


sheet_cut = _sheet_rows(
    "sheet_cut", *_order_line(), _count("pieces"), indexes=(Index(None, "order_code", "atelier", "day"),)
)

sheet_count = _sheet_rows(
    "sheet_count",
    *_order_line(),
    _text("operation", None),
    _text("section", None),
    _flag("last"),
    _flag("section_last"),
    *(
        _count(name)
        for name in (
            "good",
            "second",
            "rejected",
            "to_rework",
            "from_rework",
            "presumed",
            "declared_missing",
            "defects",
        )
    ),
    indexes=(Index(None, "order_code", "atelier", "day"),),
)

sheet_transfer = _sheet_rows(
    "sheet_transfer",
    _text("note", None),
    _text("direction", None),
    _text("other_atelier", None),
    *_order_line(),
    _count("sent"),
    _count("received"),
    _text("state", None),
    indexes=(Index(None, "order_code", "atelier", "day"), Index(None, "atelier", "note")),
)

sheet_attendance = _sheet_rows("sheet_attendance", _text("section", None), _count("minutes"), _json("lost", "[]"))

sheet_hours = _sheet_rows(
    "sheet_hours",
    _text("contract", None),
    _count("minutes"),
    _text("people", None),  # a number, or "<5"
    indexes=(Index(None, "contract", "day"),),
)

conflict = _table(
    "conflict",
    _atelier_key(),
    _day(),
    _text("digest", None),  # of the sheet that was refused
    _text("code", None),  # other_digest, older_sequence
    Column("revision", Integer, nullable=False),
    _big("last_event"),
    Column("held_revision", Integer, nullable=False),
    _text("held_digest", None),
    _big("held_last_event"),
    _big("found_at_ms"),
    _big("settled_at_ms"),
    key=("atelier", "day", "digest"),
    spread=BY_ATELIER,
)

transfer = _table(
    "transfer",
    _atelier_key(),  # who may read this row: the sender or the receiver; each has one of its own
    _text("sender", None),
    _text("note", None),
    _text("receiver", None),
    _big("sent"),
    _big("received"),
    _count("lines_sent"),  # lines on the sender's sheets: 0 while it has said nothing
    _count("lines_cancelled"),
    _count("lines_received"),
    key=("atelier", "sender", "note", "receiver"),
    spread=BY_ATELIER,
)

# ---- what changed, for each atelier to ask from where it stopped

feed = _table("feed", _atelier_key(), _big("seq"), key=("atelier",), spread=BY_ATELIER)

feed_entry = _table(
    "feed_entry",
    _atelier_key(),
    _text("kind", None),  # allocation, transfer
    _text("subject", None),  # the allocation; of a transfer "sender note receiver"
    _text("order_code"),
    _big("seq"),
    Index(None, "atelier", "kind", "seq"),
    key=("atelier", "kind", "subject"),
    spread=BY_ATELIER,
)

# ---- shared orders

contract = _table(
    "contract",
    _text("contract", None),
    _text("title"),
    _text("buyer"),
    _text("from_day"),
    _text("until_day"),
    _big("insertion_minutes_due"),
    _text("note"),
    key=("contract",),
    spread=REFERENCE,
)

shared_order = _table(
    "shared_order",
    _text("order_code", None),
    _text("client"),
    _text("contract"),
    _text("style"),
    _text("due"),  # ISO day, or ""
    _text("note"),
    _json("routing", "[]"),
    _json("pictures", "[]"),
    _big("added_at_ms"),
    _big("closed_at_ms"),
    _text("picture"),  # which of `pictures` is the style's own
    key=("order_code",),
    spread=BY_ORDER,
)


def _order_key() -> Column[Any]:
    return Column("order_code", Text, ForeignKey("shared_order.order_code"), nullable=False)


order_picture = _table(
    "order_picture",
    _order_key(),
    _text("sha256", None),
    Column("png", LargeBinary, nullable=False),
    _count("width"),
    _count("height"),
    _big("added_at_ms"),
    key=("order_code", "sha256"),
    spread=BY_ORDER,
)


order_line = _table(
    "order_line",
    _order_key(),
    _text("size", None),
    _text("colour", None),
    Column("position", SmallInteger, nullable=False),
    Column("quantity", Integer, nullable=False),
    key=("order_code", "size", "colour"),
    spread=BY_ORDER,
)

allocation = _table(
    "allocation",
    _order_key(),
    _text("allocation", None),
    Column("atelier", Text, ForeignKey("atelier.atelier"), nullable=False),
    Column("revision", Integer, nullable=False),
    _text("state", None),  # proposed, accepted, refused, withdrawn
    _text("due"),
    _text("note"),
    _text("reason"),
    _text("promised"),
    _count("pieces"),
    _big("made_at_ms"),
    _big("changed_at_ms"),
    _big("answered_at_ms"),
    Index(None, "atelier"),
    key=("order_code", "allocation"),
    spread=BY_ORDER,
)

allocation_line = _table(
    "allocation_line",
    _text("order_code", None),
    _text("allocation", None),
    _text("size", None),
    _text("colour", None),
    Column("position", SmallInteger, nullable=False),
    Column("quantity", Integer, nullable=False),
    ForeignKeyConstraint(["order_code", "allocation"], ["allocation.order_code", "allocation.allocation"]),
    key=("order_code", "allocation", "size", "colour"),
    spread=BY_ORDER,
)

FIGURES = ("cut", "sewn", "finished", "second", "rejected", "missing", "in_rework", "shipped", "received", "presumed")
"""Of an order at an atelier, as `central.domain.sheet_figures` works them out of its sheets."""

progress = _table(
    "progress",
    _text("order_code", None),
    _text("atelier", None),
    _text("allocation", None),
    *(_big(name) for name in FIGURES),
    _count("mentions"),  # lines of sheets that say anything of it; 0: none does any more
    Index(None, "atelier"),
    key=("order_code", "atelier", "allocation"),
    spread=BY_ORDER,
)

progress_line = _table(
    "progress_line",
    _text("order_code", None),
    _text("atelier", None),
    _text("allocation", None),
    _text("size", None),
    _text("colour", None),
    *(_big(name) for name in FIGURES),
    _count("mentions"),
    key=("order_code", "atelier", "allocation", "size", "colour"),
    spread=BY_ORDER,
)

progress_day = _table(
    "progress_day",
    _text("order_code", None),
    _text("atelier", None),
    _text("allocation", None),
    _day(),
    *(_big(name) for name in FIGURES),
    _count("mentions"),
    Index(None, "day"),
    key=("order_code", "atelier", "allocation", "day"),
    spread=BY_ORDER,
    by_month=True,
)

order_day = _table(
    "order_day",
    _text("order_code", None),
    _day(),
    *(_big(name) for name in FIGURES),
    _count("mentions"),
    Index(None, "day"),
    key=("order_code", "day"),
    spread=BY_ORDER,
)
"""`progress_day` of all ateliers together: a board of the whole network reads a row for each order and day, not for each atelier."""

buyer_link = _table(
    "buyer_link",
    _order_key(),
    _text("token_hash", None),
    _text("label"),
    _big("made_at_ms"),
    _big("expires_at_ms"),
    _big("revoked_at_ms"),
    Index(None, "token_hash"),
    key=("order_code", "token_hash"),
    spread=BY_ORDER,
)

# ---- people of the network and what they are told

account = _table(
    "account",
    _text("name", None),
    _text("role", None),  # coordinator, atelier, reader
    _text("atelier"),  # of an account of the role atelier
    _text("password_hash"),  # scrypt; "" until one was chosen
    _count("session_version"),
    _big("made_at_ms"),
    _big("closed_at_ms"),
    key=("name",),
    spread=REFERENCE,
)

account_link = _table(
    "account_link",
    _text("token_hash", None),
    Column("name", Text, ForeignKey("account.name"), nullable=False),
    _big("expires_at_ms"),
    _big("used_at_ms"),
    key=("token_hash",),
    spread=REFERENCE,
)

alert = _table(
    "alert",
    _text("atelier"),  # "" for one that is of no single atelier
    _text("kind", None),
    _text("subject", None),
    _json("said", "{}"),
    _big("raised_at_ms"),
    _big("settled_at_ms"),
    _big("sent_at_ms"),
    _count("attempts"),
    _big("next_attempt_at_ms"),
    _text("fault"),
    Index(None, "sent_at_ms", "next_attempt_at_ms"),
    key=("atelier", "kind", "subject"),
    spread=BY_ATELIER,
)

centre_fact = _table("centre_fact", _text("name", None), _text("value", None), key=("name",), spread=REFERENCE)

BY_MONTH = tuple(table for table in metadata.sorted_tables if table.dialect_options["postgresql"]["partition_by"])

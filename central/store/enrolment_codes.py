"""One-time codes by which an atelier gives its first key. Only hashes are kept."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from central.store.tables import enrolment_code


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """`used_by`: the id of the key it was given for, "" before."""

    atelier: str
    expires_at_ms: int
    used_by: str


def hashed(code: str) -> str:
    """SHA-256: a code is 80 random bits, so a slow hash would protect nothing more."""
    return hashlib.sha256(code.encode()).hexdigest()


def add(db: Connection, atelier: str, code: str, *, at_ms: int, expires_at_ms: int) -> None:
    """In place of those of this atelier that wait to be used."""
    waiting = enrolment_code.c.used_by == ""
    db.execute(update(enrolment_code).where(enrolment_code.c.atelier == atelier, waiting).values(expires_at_ms=0))
    db.execute(
        insert(enrolment_code).values(
            atelier=atelier, code_hash=hashed(code), made_at_ms=at_ms, expires_at_ms=expires_at_ms
        )
    )


def find(db: Connection, code: str) -> EnrolmentCode | None:
    row = db.execute(
        select(enrolment_code.c.atelier, enrolment_code.c.expires_at_ms, enrolment_code.c.used_by).where(
            enrolment_code.c.code_hash == hashed(code)
        )
    ).first()
    return EnrolmentCode(*row) if row else None


def use(db: Connection, code: str, *, by: str, at_ms: int) -> bool:
    """False when somebody else used it meanwhile."""
    changed = db.execute(
        update(enrolment_code)
        .where(enrolment_code.c.code_hash == hashed(code), enrolment_code.c.used_by == "")
        .values(used_by=by, used_at_ms=at_ms)
    )
    return changed.rowcount == 1

"""What the centre knows of itself: secrets made at the first start, its public key."""

from sqlalchemy import Connection, select

from central.store.statements import insert_into
from central.store.tables import centre_fact


def fact(db: Connection, name: str) -> str | None:
    return db.execute(select(centre_fact.c.value).where(centre_fact.c.name == name)).scalar()


def keep_first(db: Connection, name: str, value: str) -> str:
    """Kept unless there is one already; the one that is there from now on."""
    db.execute(insert_into(db, centre_fact).values(name=name, value=value).on_conflict_do_nothing())
    return fact(db, name) or value

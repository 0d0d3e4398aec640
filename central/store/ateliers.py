"""Ateliers of the network, when news of each last came, and whether one may replace what is held."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, case, func, insert, select, update

from central.store.statements import insert_into
from central.store.tables import atelier, atelier_news, machine


@dataclass(frozen=True, slots=True)
class Atelier:
    """`site`: the four letters its bundle codes begin with. `may_replace_until_ms`: 0, or until when it may replace sheets held."""

    code: str
    name: str
    site: str
    may_replace_until_ms: int = 0


@dataclass(frozen=True, slots=True)
class AtelierNews:
    """`newest_day`: of its sheets, `None` before the first. `heard_at_ms`: of its machine or a changed sheet, 0: never."""

    atelier: Atelier
    newest_day: date | None
    days: int
    days_with_gap: int
    heard_at_ms: int


@dataclass(frozen=True, slots=True)
class NetworkNews:
    """`ateliers`: how many; `days_with_gap`: of all together; `silent`: codes of those not heard for too long."""

    ateliers: int
    days_with_gap: int
    silent: frozenset[str]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Of sheets taken in together: the newest day among them, how many days more are held, how many more count nowhere."""

    atelier: str
    newest_day: date
    days: int
    days_with_gap: int


def add(db: Connection, new: Atelier, *, at_ms: int) -> None:
    """The caller has looked whether code and letters are free."""
    db.execute(insert(atelier).values(atelier=new.code, name=new.name, site=new.site, added_at_ms=at_ms))


def rename(db: Connection, code: str, name: str) -> None:
    db.execute(update(atelier).where(atelier.c.atelier == code).values(name=name))


def find(db: Connection, code: str) -> Atelier | None:
    row = db.execute(_SELECT.where(atelier.c.atelier == code)).first()
    return Atelier(*row) if row else None


def with_site(db: Connection, site: str) -> Atelier | None:
    row = db.execute(_SELECT.where(atelier.c.site == site)).first()
    return Atelier(*row) if row else None


def known(db: Connection, codes: Collection[str]) -> frozenset[str]:
    """Those of `codes` that are in the network."""
    return frozenset(db.execute(select(atelier.c.atelier).where(atelier.c.atelier.in_(codes))).scalars())


def listed(db: Connection) -> list[AtelierNews]:
    """By name. One statement for the whole network."""
    heard = func.coalesce(machine.c.heard_at_ms, 0)
    changed = func.coalesce(atelier_news.c.sheet_at_ms, 0)
    rows = db.execute(
        _SELECT.add_columns(
            atelier_news.c.newest_day, atelier_news.c.days, atelier_news.c.days_with_gap, heard, changed
        )
        .select_from(
            atelier.outerjoin(atelier_news, atelier_news.c.atelier == atelier.c.atelier).outerjoin(
                machine, machine.c.atelier == atelier.c.atelier
            )
        )
        .order_by(atelier.c.name, atelier.c.atelier)
    )
    return [AtelierNews(Atelier(*row[:4]), row[4], row[5] or 0, row[6] or 0, max(row[7], row[8])) for row in rows]


def overview(db: Connection, *, heard_before_ms: int) -> NetworkNews:
    """Of the whole network, a row for each atelier that is silent. `heard_before_ms`: who last spoke earlier is."""
    joined = atelier.outerjoin(atelier_news, atelier_news.c.atelier == atelier.c.atelier).outerjoin(
        machine, machine.c.atelier == atelier.c.atelier
    )
    count, gaps = db.execute(
        select(func.count(), func.coalesce(func.sum(atelier_news.c.days_with_gap), 0)).select_from(joined)
    ).one()
    quiet = select(atelier.c.atelier).select_from(joined)
    for heard in (machine.c.heard_at_ms, atelier_news.c.sheet_at_ms):
        quiet = quiet.where(func.coalesce(heard, 0) < heard_before_ms)
    return NetworkNews(count, int(gaps), frozenset(db.execute(quiet).scalars()))


def allow_replacing(db: Connection, code: str, *, until_ms: int) -> None:
    """Until then its sheets with `If-Match` are put in place of those held; 0: no more."""
    db.execute(update(atelier).where(atelier.c.atelier == code).values(may_replace_until_ms=until_ms))


def may_replace(db: Connection, codes: Collection[str], *, at_ms: int) -> frozenset[str]:
    allowed = atelier.c.may_replace_until_ms >= at_ms
    return frozenset(db.execute(select(atelier.c.atelier).where(atelier.c.atelier.in_(codes), allowed)).scalars())


def note_news(db: Connection, news: Sequence[TakenIn], *, at_ms: int) -> None:
    """In the order of their codes."""
    statement = insert_into(db, atelier_news)
    new, held = statement.excluded, atelier_news.c
    counted = {
        "newest_day": case((new.newest_day > held.newest_day, new.newest_day), else_=held.newest_day),
        "days": held.days + new.days,
        "days_with_gap": held.days_with_gap + new.days_with_gap,
        "sheet_at_ms": new.sheet_at_ms,
    }
    db.execute(
        statement.on_conflict_do_update(index_elements=["atelier"], set_=counted),
        [
            {
                "atelier": one.atelier,
                "newest_day": one.newest_day,
                "days": one.days,
                "days_with_gap": one.days_with_gap,
                "sheet_at_ms": at_ms,
            }
            for one in news
        ],
    )


_SELECT = select(atelier.c.atelier, atelier.c.name, atelier.c.site, atelier.c.may_replace_until_ms)

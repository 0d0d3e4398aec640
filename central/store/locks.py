"""Locks held to the end of a transaction. SQLite has one writer and needs none."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

_ATELIERS = text(
    "SELECT pg_advisory_xact_lock(1, hashtext(code)) FROM unnest(CAST(:codes AS text[])) WITH ORDINALITY AS a(code, place)"
    " ORDER BY place"
)
_WHOLE = text("SELECT pg_advisory_xact_lock(2, hashtext(:name))")


def lock_ateliers(connection: Connection, codes: Iterable[str]) -> None:
    """Nobody else changes what is theirs meanwhile. Always in the same order, so that two transactions never wait for each other."""
    if connection.dialect.name == "postgresql":
        connection.execute(_ATELIERS, {"codes": sorted(set(codes))})


def lock_whole(connection: Connection, name: str) -> None:
    """One at a time in the whole network: migrations, partitions, site letters."""
    if connection.dialect.name == "postgresql":
        connection.execute(_WHOLE, {"name": name})

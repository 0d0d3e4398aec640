"""The least a durable row costs: one connection, WAL, FULL, and nothing else. Run alone, so that it can be slowed down.

python bare_sqlite.py DATABASE ROWS_A_COMMIT SECONDS → commits, seconds, p50, p95 and p99 of a commit in milliseconds
"""

import sqlite3
import sys
import time
import uuid


def main(path: str, rows_a_commit: int, lasts_s: float) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=wal", "synchronous=full", "wal_autocheckpoint=8192"):
        db.execute(f"PRAGMA {pragma}")
    db.execute(
        "CREATE TABLE IF NOT EXISTS event (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL)"
    )
    times_s: list[float] = []
    started_at = time.perf_counter()
    while time.perf_counter() - started_at < lasts_s:
        begun_at = time.perf_counter()
        db.execute("BEGIN IMMEDIATE")
        for _ in range(rows_a_commit):
            db.execute("INSERT INTO event (id, body) VALUES (?, ?)", (uuid.uuid4().hex, '{"code":"BCDFGHJKLNPRST"}'))
        db.execute("COMMIT")
        times_s.append(time.perf_counter() - begun_at)
    lasted_s = time.perf_counter() - started_at
    times_s.sort()
    print(len(times_s), lasted_s, *(times_s[int(len(times_s) * share)] * 1000 for share in (0.5, 0.95, 0.99)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))

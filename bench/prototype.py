"""The ceiling: the least that keeps the promise « answered means on disk » over HTTP, with no rule, token, check or log."""

import json
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from waitress.server import create_server

THREADS = MOST_IN_A_BATCH = 64


class Scan:
    def __init__(self, body: bytes) -> None:
        self.body = body
        self.recorded = threading.Lock()
        self.recorded.acquire()


waiting: list[Scan] = []
wake = threading.Condition()


def write(path: str) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=wal")
    db.execute("PRAGMA synchronous=full")
    db.execute("PRAGMA wal_autocheckpoint=8192")
    db.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL)")
    while True:
        with wake:
            wake.wait_for(lambda: waiting)
            batch, waiting[:] = waiting[:MOST_IN_A_BATCH], waiting[MOST_IN_A_BATCH:]
        db.execute("BEGIN IMMEDIATE")
        for scan in batch:
            said = json.loads(scan.body)
            db.execute("INSERT INTO event (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING", (said["id"], scan.body))
        db.execute("COMMIT")
        for scan in batch:
            scan.recorded.release()


def answer(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    said = b"hello"
    if environ["REQUEST_METHOD"] == "POST":
        scan = Scan(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        with wake:
            waiting.append(scan)
            wake.notify()
        scan.recorded.acquire()
        said = b'{"answer": "counted"}'
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(said)))])
    return [said]


if __name__ == "__main__":
    threading.Thread(target=write, args=(sys.argv[2],), daemon=True).start()
    create_server(answer, host="127.0.0.1", port=int(sys.argv[1]), threads=THREADS, ident="").run()

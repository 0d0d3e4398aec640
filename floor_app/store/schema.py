"""The tables, one migration a step, appended to and never changed. `create_projections` is also what a rebuild fills anew."""

import sqlite3

import sqlite_utils
from sqlite_utils import Migrations

migrations = Migrations("floor")

EVENT_TABLES = """
CREATE TABLE boot (
    number INTEGER PRIMARY KEY,
    boot_id TEXT NOT NULL UNIQUE
);
CREATE TABLE event (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    id TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 80),
    type TEXT NOT NULL,
    happened_at_ms INTEGER NOT NULL,
    recorded_at_ms INTEGER NOT NULL,
    utc_offset_minutes INTEGER NOT NULL,
    boot INTEGER NOT NULL REFERENCES boot(number),
    monotonic_ms INTEGER NOT NULL,
    clock_trusted INTEGER NOT NULL CHECK (clock_trusted IN (0, 1)),
    station TEXT NOT NULL DEFAULT '',
    body TEXT NOT NULL CHECK (json_valid(body))
);
"""

EVENT_TRIGGERS = """
CREATE TRIGGER event_never_updated BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER event_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
CREATE TRIGGER event_never_replaced BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'an event is recorded once'); END;
"""

PROJECTIONS = """
CREATE TABLE routing (
    id INTEGER PRIMARY KEY,
    style TEXT NOT NULL,
    version INTEGER NOT NULL,
    operations TEXT NOT NULL,
    UNIQUE (style, version)
);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    client TEXT NOT NULL,
    contract TEXT NOT NULL,
    style TEXT NOT NULL,
    due TEXT NOT NULL,
    routing_id INTEGER NOT NULL,
    import_id TEXT NOT NULL,
    source TEXT NOT NULL,
    imported_at_ms INTEGER NOT NULL,
    planned INTEGER NOT NULL,
    finished INTEGER NOT NULL DEFAULT 0,
    closed INTEGER NOT NULL DEFAULT 0,
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX orders_code ON orders (code) WHERE undone = 0;
CREATE INDEX orders_running ON orders (due, id) WHERE undone = 0 AND closed = 0 AND finished < planned;
CREATE INDEX orders_import ON orders (import_id);
CREATE TABLE order_line (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders(id),
    size TEXT NOT NULL,
    colour TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    pieces_cut INTEGER NOT NULL DEFAULT 0,
    UNIQUE (order_id, size, colour)
);
CREATE TABLE lay (
    id INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders(id),
    number INTEGER NOT NULL,
    colour TEXT NOT NULL,
    marker TEXT NOT NULL,
    rolls TEXT NOT NULL,
    plies INTEGER NOT NULL,
    pieces INTEGER NOT NULL,
    last_number INTEGER NOT NULL,
    cut_at_ms INTEGER NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0,
    UNIQUE (order_id, number)
);
CREATE TABLE bundle (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    order_line_id INTEGER NOT NULL REFERENCES order_line(id),
    lay_id INTEGER NOT NULL REFERENCES lay(id),
    number INTEGER NOT NULL,
    shade TEXT NOT NULL,
    roll TEXT NOT NULL,
    ply_from INTEGER NOT NULL,
    ply_to INTEGER NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    status TEXT NOT NULL,
    in_progress INTEGER NOT NULL,
    duplicates INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX bundle_lay ON bundle (lay_id);
CREATE INDEX bundle_line_open ON bundle (order_line_id) WHERE in_progress <> 0;
CREATE TABLE bundle_step (
    bundle_id INTEGER NOT NULL REFERENCES bundle(id),
    operation TEXT NOT NULL,
    good INTEGER NOT NULL DEFAULT 0,
    second INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    in_rework INTEGER NOT NULL DEFAULT 0,
    missing INTEGER NOT NULL DEFAULT 0,
    presumed INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    done_at_ms INTEGER NOT NULL DEFAULT 0,
    waiting INTEGER NOT NULL DEFAULT 0,
    waiting_since_ms INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (bundle_id, operation)
) WITHOUT ROWID;
CREATE INDEX bundle_step_waiting ON bundle_step (operation, waiting_since_ms) WHERE waiting > 0;
CREATE TABLE bundle_event (
    bundle_id INTEGER NOT NULL REFERENCES bundle(id),
    seq INTEGER NOT NULL,
    PRIMARY KEY (bundle_id, seq)
) WITHOUT ROWID;
CREATE TABLE line_step (
    order_line_id INTEGER NOT NULL REFERENCES order_line(id),
    operation TEXT NOT NULL,
    good INTEGER NOT NULL DEFAULT 0,
    second INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    in_rework INTEGER NOT NULL DEFAULT 0,
    missing INTEGER NOT NULL DEFAULT 0,
    presumed INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (order_line_id, operation)
) WITHOUT ROWID;
CREATE TABLE count_hour (
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    operation TEXT NOT NULL,
    order_line_id INTEGER NOT NULL REFERENCES order_line(id),
    good INTEGER NOT NULL DEFAULT 0,
    second INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    to_rework INTEGER NOT NULL DEFAULT 0,
    from_rework INTEGER NOT NULL DEFAULT 0,
    presumed INTEGER NOT NULL DEFAULT 0,
    missing INTEGER NOT NULL DEFAULT 0,
    defects INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, hour, operation, order_line_id)
) WITHOUT ROWID;
CREATE TABLE undone_event (
    seq INTEGER PRIMARY KEY,
    undone_by INTEGER NOT NULL
);
CREATE TABLE station_last (
    station TEXT PRIMARY KEY,
    seqs TEXT NOT NULL,
    bundle TEXT NOT NULL,
    operation TEXT NOT NULL,
    at_ms INTEGER NOT NULL
);
CREATE TABLE help_call (
    station TEXT PRIMARY KEY,
    since_ms INTEGER NOT NULL
);
"""

WORKING_TABLES = """
CREATE TABLE code_reserve (
    site TEXT PRIMARY KEY,
    next_sequence INTEGER NOT NULL
);
CREATE TABLE station_asked (
    station TEXT PRIMARY KEY,
    quantities TEXT NOT NULL DEFAULT '',
    bundle TEXT NOT NULL DEFAULT '',
    choice TEXT NOT NULL DEFAULT '',
    asked_at_ms INTEGER NOT NULL
);
CREATE TABLE print_job (
    id INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL,
    bundle TEXT NOT NULL,
    duplicate INTEGER NOT NULL DEFAULT 0,
    printer TEXT NOT NULL,
    label TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'sending', 'sent', 'confirmed', 'unknown', 'failed', 'cancelled')),
    bytes_sent INTEGER NOT NULL DEFAULT 0,
    bytes_total INTEGER NOT NULL DEFAULT 0,
    rung TEXT NOT NULL DEFAULT '',
    fault TEXT NOT NULL DEFAULT '',
    queued_at_ms INTEGER NOT NULL,
    changed_at_ms INTEGER NOT NULL
);
CREATE INDEX print_job_queue ON print_job (printer, id) WHERE state IN ('queued', 'sending', 'sent');
CREATE INDEX print_job_bundle ON print_job (bundle);
CREATE INDEX print_job_batch ON print_job (batch);
CREATE TABLE account (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('supervisor', 'technician')),
    password_hash TEXT NOT NULL,
    session_version INTEGER NOT NULL DEFAULT 1,
    created_at_ms INTEGER NOT NULL
);
CREATE TABLE access_token (
    id INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('station', 'setup', 'pairing', 'board')),
    subject TEXT NOT NULL,
    label TEXT NOT NULL DEFAULT '',
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL DEFAULT 0,
    used_at_ms INTEGER NOT NULL DEFAULT 0,
    revoked_at_ms INTEGER NOT NULL DEFAULT 0
);
"""


@migrations()
def create_events(db: sqlite_utils.Database) -> None:
    run_script(db.conn, EVENT_TABLES)
    run_script(db.conn, EVENT_TRIGGERS)


@migrations()
def create_projections(db: sqlite_utils.Database) -> None:
    run_script(db.conn, PROJECTIONS)


@migrations()
def create_working_tables(db: sqlite_utils.Database) -> None:
    run_script(db.conn, WORKING_TABLES)


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Statement by statement: `executescript` would commit the transaction it runs in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""

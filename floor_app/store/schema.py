"""The tables, one migration a step, appended to and never changed. `create_projections` is also what a rebuild fills anew."""

import sqlite3

import sqlite_utils
from sqlite_utils import Migrations

from floor_app.store import corrections, event_runs, events

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


SCANNER_PLACES = """
CREATE TABLE scanner_place (
    station TEXT NOT NULL,
    port TEXT NOT NULL,
    vendor TEXT NOT NULL,
    product TEXT NOT NULL,
    serial TEXT NOT NULL,
    called TEXT NOT NULL,
    numbered INTEGER NOT NULL,
    left_at_ms INTEGER NOT NULL,
    from_station TEXT NOT NULL,
    from_port TEXT NOT NULL,
    moved_at_ms INTEGER NOT NULL
);
"""

INSERTION_HOURS = """
CREATE TABLE insertion_hours (
    day TEXT NOT NULL,
    contract TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (day, contract)
) WITHOUT ROWID;
"""

NETWORK_IDENTITY = """
CREATE TABLE network_identity (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    atelier TEXT NOT NULL,
    network TEXT NOT NULL,
    url TEXT NOT NULL,
    certificate TEXT NOT NULL,
    centre_public_key TEXT NOT NULL
);
CREATE TABLE revoked_key (
    key_id TEXT PRIMARY KEY
) WITHOUT ROWID;
"""

# `bundle.sent`, `received`: pieces it left with and came with, each time it did. `lay.note`: "" for a lay cut here; else the note
# its bundles came with, and `cut_as` its number where it was cut, `number` then one below 0 that no lay of ours can have.
TRANSFERS = """
ALTER TABLE bundle ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bundle ADD COLUMN received INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bundle_step ADD COLUMN elsewhere INTEGER NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD COLUMN pieces_sent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE order_line ADD COLUMN pieces_received INTEGER NOT NULL DEFAULT 0;
ALTER TABLE lay ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE lay ADD COLUMN cut_as INTEGER NOT NULL DEFAULT 0;
CREATE TABLE transfer (
    id INTEGER PRIMARY KEY,
    note TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('sent', 'received')),
    atelier TEXT NOT NULL,
    atelier_name TEXT NOT NULL,
    order_code TEXT NOT NULL,
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    sent INTEGER NOT NULL,
    received INTEGER NOT NULL DEFAULT 0,
    settled INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    as_of INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX transfer_note ON transfer (note) WHERE state <> 'undone';
CREATE INDEX transfer_day ON transfer (day);
CREATE TABLE transfer_bundle (
    transfer_id INTEGER NOT NULL REFERENCES transfer(id),
    code TEXT NOT NULL,
    order_line_id INTEGER NOT NULL REFERENCES order_line(id),
    sent INTEGER NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (transfer_id, code)
) WITHOUT ROWID;
CREATE INDEX transfer_bundle_code ON transfer_bundle (code, transfer_id);
"""

# Notes as they were signed: what a printed page or a file says can be said again, letter by letter.
NOTE_FILES = """
CREATE TABLE note_file (
    note TEXT PRIMARY KEY,
    content BLOB NOT NULL,
    kept_at_ms INTEGER NOT NULL
);
"""

# `allocation`: the centre's name for this atelier's share of the order; `sharing_seq`: the last event that shared it or stopped.
SHARING = """
ALTER TABLE orders ADD COLUMN allocation TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN sharing_seq INTEGER NOT NULL DEFAULT 0;
"""

# Which events say more of an earlier event of a lay or a note. Counts taken back are in `undone_event`.
CORRECTIONS = """
CREATE TABLE correction (
    corrected INTEGER NOT NULL,
    by_seq INTEGER NOT NULL,
    PRIMARY KEY (corrected, by_seq)
) WITHOUT ROWID;
CREATE INDEX correction_by ON correction (by_seq);
"""

# Events `first` to `last` came while the clock was wrong by `shift_ms`; `from_hour`, `to_hour`: where they belong, in hours
# from 1970 on the atelier's clock.
CLOCK_SHIFTS = """
CREATE TABLE clock_shift (
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    shift_ms INTEGER NOT NULL,
    utc_offset_minutes INTEGER NOT NULL,
    from_hour INTEGER NOT NULL,
    to_hour INTEGER NOT NULL,
    by_seq INTEGER NOT NULL
);
CREATE INDEX clock_shift_by ON clock_shift (by_seq);
"""

# A day's events are found by their hour, those of an unsure clock by their boot: nothing reads the whole log for them.
EVENT_INDICES = """
CREATE INDEX event_hour ON event ((happened_at_ms / 60000 + utc_offset_minutes) / 60);
CREATE INDEX event_unsure ON event (boot) WHERE clock_trusted = 0;
"""

# Day sheets as they were last worked out and what the centre holds of them; the days still to be worked out anew because of
# events up to `since_seq`. Not derived from the events alone: revisions and what the centre confirmed are in no event.
DAY_SHEETS = """
CREATE TABLE day_sheet (
    day TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    digest TEXT NOT NULL,
    figures_digest TEXT NOT NULL,
    body BLOB NOT NULL,
    as_of INTEGER NOT NULL,
    last_event INTEGER NOT NULL,
    made_at_ms INTEGER NOT NULL,
    acknowledged_revision INTEGER NOT NULL DEFAULT 0,
    acknowledged_digest TEXT NOT NULL DEFAULT '',
    acknowledged_at_ms INTEGER NOT NULL DEFAULT 0,
    trouble TEXT NOT NULL DEFAULT '',
    trouble_detail TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX day_sheet_to_send ON day_sheet (day) WHERE acknowledged_revision < revision;
CREATE TABLE day_to_sum_up (
    day TEXT PRIMARY KEY,
    since_seq INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE summed_up (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    last_seq INTEGER NOT NULL,
    settings TEXT NOT NULL
);
"""

# What was said to the centre, and how it went. Of no event: the floor does not change by it.
SYNC = """
CREATE TABLE sent_sheet (
    day TEXT NOT NULL,
    revision INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (day, revision, digest)
) WITHOUT ROWID;
CREATE TABLE sync_attempt (
    id INTEGER PRIMARY KEY,
    cause TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    sent INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    gaps INTEGER NOT NULL,
    offers INTEGER NOT NULL,
    notes INTEGER NOT NULL,
    left_over INTEGER NOT NULL
);
CREATE TABLE sync_fact (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
"""

# `cut_over`: no more is cut of the order. `offer_answer`: the last answer to each share of a network's order, by the event that gave it.
OFFER_ANSWERS = """
ALTER TABLE orders ADD COLUMN cut_over INTEGER NOT NULL DEFAULT 0;
CREATE TABLE offer_answer (
    allocation TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    answer TEXT NOT NULL CHECK (answer IN ('accepted', 'refused', 'noted')),
    reason TEXT NOT NULL,
    promised TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX orders_allocation ON orders (allocation) WHERE undone = 0 AND allocation <> '';
"""

# Shares as the centre said them last. Of no event: the floor does not change by what the centre says, only by the answer. `taken`:
# the share as it was when it was last accepted, or ""; `told_seq`: the answer (its event) the centre has heard, with its status and code;
# `carried_seq`: the answer last written on a stick.
OFFERS = """
CREATE TABLE offer (
    allocation TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    said TEXT NOT NULL,
    taken TEXT NOT NULL DEFAULT '',
    heard_at_ms INTEGER NOT NULL,
    told_seq INTEGER NOT NULL DEFAULT 0,
    told_status INTEGER NOT NULL DEFAULT 0,
    told_code TEXT NOT NULL DEFAULT '',
    carried_seq INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
"""

# In place of both indices, which every scan wrote a page of. `hour`: as the clock said, counted from 1970.
EVENT_RUNS = """
CREATE TABLE event_run (
    first INTEGER PRIMARY KEY,
    hour INTEGER NOT NULL,
    boot INTEGER NOT NULL,
    clock_trusted INTEGER NOT NULL
);
CREATE INDEX event_run_hour ON event_run (hour);
CREATE INDEX event_run_unsure ON event_run (boot) WHERE clock_trusted = 0;
"""
EVENT_RUNS_KEPT = """
DROP INDEX event_hour;
DROP INDEX event_unsure;
CREATE TRIGGER event_runs_on AFTER INSERT ON event
WHEN NOT EXISTS (SELECT 1 FROM event_run WHERE first = (SELECT max(first) FROM event_run)
    AND hour = (NEW.happened_at_ms / 60000 + NEW.utc_offset_minutes) / 60
    AND boot = NEW.boot AND clock_trusted = NEW.clock_trusted)
BEGIN
    INSERT INTO event_run
    VALUES (NEW.seq, (NEW.happened_at_ms / 60000 + NEW.utc_offset_minutes) / 60, NEW.boot, NEW.clock_trusted);
END;
"""

# Each page a scan changes is written and synced with it, so it changes as few as it can. `bundle_step.counts`: the events that
# counted here, "12,15", in place of a row of each in `bundle_event`; bundles that wait are found by those in progress.
COUNTS_OF_A_STEP = """
ALTER TABLE bundle_step ADD COLUMN counts TEXT NOT NULL DEFAULT '';
DROP INDEX bundle_step_waiting;
"""

COUNTS_MOVED = """
UPDATE bundle_step SET counts = coalesce((SELECT group_concat(seq) FROM (SELECT h.seq AS seq
    FROM bundle_event h CROSS JOIN event e ON e.seq = h.seq AND e.type IN ('step_done', 'step_presumed', 'step_skipped',
        'rework_done', 'pieces_declared_missing') AND e.body ->> 'operation' = bundle_step.operation
    WHERE h.bundle_id = bundle_step.bundle_id ORDER BY h.seq)), '');
DELETE FROM bundle_event WHERE (SELECT e.type FROM event e WHERE e.seq = bundle_event.seq)
    IN ('step_done', 'step_presumed', 'step_skipped', 'rework_done', 'pieces_declared_missing');
"""

# The people's file as a backup carries it; read by who knows the passphrase alone.
SEALED_PEOPLE = """
CREATE TABLE sealed_people (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    content BLOB NOT NULL,
    made_at_ms INTEGER NOT NULL
);
"""

# A station's last count is looked for at the end of the log when somebody takes it back, instead of being written with every scan.
NO_LAST_COUNTS = """
DROP TABLE station_last;
"""

# One statement books a count in every table it changes, instead of seven: between any two, Python lets every other thread go
# first. Nobody reads the view; what is put into it, its trigger books. Pieces are what is added, below 0 what is taken away;
# `waiting` is what waits now, here and at the step where it changed by it (`next_step`, '' for none).
BOOKING = """
DROP VIEW IF EXISTS count_to_book;
CREATE VIEW count_to_book AS
SELECT 0 AS at_ms, 0 AS bundle_id, 0 AS in_progress, '' AS operation,
    0 AS good, 0 AS second, 0 AS rejected, 0 AS in_rework, 0 AS missing, 0 AS presumed, 0 AS skipped,
    0 AS done_at_ms, 0 AS waiting, '' AS counts, '' AS next_step, 0 AS next_waiting,
    0 AS order_id, 0 AS finished, 0 AS order_line_id, '' AS day, 0 AS hour, 0 AS hour_good, 0 AS hour_second, 0 AS hour_rejected,
    0 AS hour_to_rework, 0 AS hour_from_rework, 0 AS hour_presumed, 0 AS hour_missing
WHERE 0;
CREATE TRIGGER count_booked INSTEAD OF INSERT ON count_to_book
BEGIN
    INSERT INTO bundle_step (bundle_id, operation, good, second, rejected, in_rework, missing, presumed, skipped, done_at_ms,
        waiting, waiting_since_ms, counts)
    VALUES (NEW.bundle_id, NEW.operation, NEW.good, NEW.second, NEW.rejected, NEW.in_rework, NEW.missing, NEW.presumed, NEW.skipped,
        NEW.done_at_ms, NEW.waiting, iif(NEW.waiting, NEW.at_ms, 0), NEW.counts)
    ON CONFLICT DO UPDATE SET good = good + excluded.good, second = second + excluded.second,
        rejected = rejected + excluded.rejected, in_rework = in_rework + excluded.in_rework, missing = missing + excluded.missing,
        presumed = presumed + excluded.presumed, skipped = skipped + excluded.skipped, done_at_ms = excluded.done_at_ms,
        waiting = excluded.waiting, counts = trim(counts || ',' || excluded.counts, ','),
        -- stays while any piece still waits: the oldest counts
        waiting_since_ms = CASE WHEN excluded.waiting = 0 THEN 0 WHEN waiting = 0 THEN excluded.waiting_since_ms
            ELSE waiting_since_ms END;
    INSERT INTO bundle_step (bundle_id, operation, waiting, waiting_since_ms)
    SELECT NEW.bundle_id, NEW.next_step, NEW.next_waiting, iif(NEW.next_waiting, NEW.at_ms, 0) WHERE NEW.next_step <> ''
    ON CONFLICT DO UPDATE SET waiting = excluded.waiting,
        waiting_since_ms = CASE WHEN excluded.waiting = 0 THEN 0 WHEN waiting = 0 THEN excluded.waiting_since_ms
            ELSE waiting_since_ms END;
    UPDATE bundle SET in_progress = NEW.in_progress WHERE id = NEW.bundle_id AND in_progress <> NEW.in_progress;
    INSERT INTO line_step VALUES (NEW.order_line_id, NEW.operation, NEW.good, NEW.second, NEW.rejected, NEW.in_rework, NEW.missing,
        NEW.presumed, NEW.skipped)
    ON CONFLICT DO UPDATE SET good = good + excluded.good, second = second + excluded.second,
        rejected = rejected + excluded.rejected, in_rework = in_rework + excluded.in_rework, missing = missing + excluded.missing,
        presumed = presumed + excluded.presumed, skipped = skipped + excluded.skipped;
    UPDATE orders SET finished = finished + NEW.finished WHERE id = NEW.order_id AND NEW.finished <> 0;
    INSERT INTO count_hour (day, hour, operation, order_line_id, good, second, rejected, to_rework, from_rework, presumed, missing)
    VALUES (NEW.day, NEW.hour, NEW.operation, NEW.order_line_id, NEW.hour_good, NEW.hour_second, NEW.hour_rejected,
        NEW.hour_to_rework, NEW.hour_from_rework, NEW.hour_presumed, NEW.hour_missing)
    ON CONFLICT DO UPDATE SET good = good + excluded.good, second = second + excluded.second,
        rejected = rejected + excluded.rejected, to_rework = to_rework + excluded.to_rework,
        from_rework = from_rework + excluded.from_rework, presumed = presumed + excluded.presumed,
        missing = missing + excluded.missing;
END;
"""

# Which picture a style has. What a picture shows is of no event: it came from a person's file, or from the centre.
STYLE_PICTURES = """
CREATE TABLE style_picture (
    style TEXT PRIMARY KEY,
    picture TEXT NOT NULL
) WITHOUT ROWID;
"""
PICTURES = """
CREATE TABLE picture (
    name TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    png BLOB NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    kept_at_ms INTEGER NOT NULL
);
"""

# What a rebuild fills anew: every script here is also run by a migration below.
PROJECTION_SCRIPTS = (
    PROJECTIONS,
    INSERTION_HOURS,
    TRANSFERS,
    SHARING,
    CORRECTIONS,
    CLOCK_SHIFTS,
    OFFER_ANSWERS,
    EVENT_RUNS,
    COUNTS_OF_A_STEP,
    NO_LAST_COUNTS,
    BOOKING,
    STYLE_PICTURES,
)


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


@migrations()
def create_scanner_place(db: sqlite_utils.Database) -> None:
    run_script(db.conn, SCANNER_PLACES)


@migrations()
def create_insertion_hours(db: sqlite_utils.Database) -> None:
    run_script(db.conn, INSERTION_HOURS)


@migrations()
def create_network_identity(db: sqlite_utils.Database) -> None:
    run_script(db.conn, NETWORK_IDENTITY)


@migrations()
def create_transfers(db: sqlite_utils.Database) -> None:
    run_script(db.conn, TRANSFERS)
    run_script(db.conn, NOTE_FILES)


@migrations()
def create_day_sheets(db: sqlite_utils.Database) -> None:
    for script in (SHARING, CORRECTIONS, CLOCK_SHIFTS, EVENT_INDICES, DAY_SHEETS):
        run_script(db.conn, script)
    corrections.book_all(db)


@migrations()
def create_sync(db: sqlite_utils.Database) -> None:
    run_script(db.conn, SYNC)


@migrations()
def create_offers(db: sqlite_utils.Database) -> None:
    run_script(db.conn, OFFER_ANSWERS)
    run_script(db.conn, OFFERS)


@migrations()
def create_event_runs(db: sqlite_utils.Database) -> None:
    run_script(db.conn, EVENT_RUNS)
    event_runs.book(db, 1, events.last_seq(db))
    run_script(db.conn, EVENT_RUNS_KEPT)


@migrations()
def book_leanly(db: sqlite_utils.Database) -> None:
    run_script(db.conn, COUNTS_OF_A_STEP)
    run_script(db.conn, COUNTS_MOVED)


@migrations()
def create_sealed_people(db: sqlite_utils.Database) -> None:
    run_script(db.conn, SEALED_PEOPLE)


@migrations()
def look_for_last_counts(db: sqlite_utils.Database) -> None:
    run_script(db.conn, BOOKING)  # first: the trigger before it wrote to the table that goes
    run_script(db.conn, NO_LAST_COUNTS)


@migrations()
def create_pictures(db: sqlite_utils.Database) -> None:
    run_script(db.conn, STYLE_PICTURES)
    run_script(db.conn, PICTURES)


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Statement by statement: `executescript` would commit the transaction it runs in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""

"""The one writer: a thread that takes everything waiting, runs it in one transaction, commits to disk, and only then answers."""

import contextlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlite_utils

MOST_IN_A_BATCH = 64
IDLE_BEFORE_CHECKPOINT_S = 0.5
PAGES_A_COMMIT = 7  # a scan alone changes 8 pages, each scan more with it about one more
PAGES_WORTH_A_CHECKPOINT = 250
PAGES_TOO_MANY = 8192  # 32 MiB of WAL: checkpoint even under load, before the card fills

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
log = logging.getLogger(__name__)


_DISK_TROUBLE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
}


class StoreFull(Exception):
    """No room or no working disk: nothing was recorded, nothing was lost, try again when there is."""


class WriterStopped(Exception):
    """The service is stopping: nothing was recorded."""


class _Command:
    """`decided`, where somebody waits for it: the result is there, and stands unless the disk or another of the batch fails."""

    __slots__ = ("answered", "decided", "error", "result", "run")

    def __init__(self, run: Callable[[sqlite_utils.Database], Any], *, early: bool = False) -> None:
        self.run = run
        self.result: Any = None
        self.error: BaseException | None = None
        self.answered = _held_lock()
        self.decided = _held_lock() if early else None

    def tell_decided(self) -> None:
        decided, self.decided = self.decided, None
        if decided is not None:
            decided.release()

    def tell_answered(self) -> None:
        self.tell_decided()
        self.answered.release()


def _held_lock() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


class Writer:
    """Owns the writing connection. `run` may be called from any thread but the writer's own."""

    def __init__(self, database: sqlite_utils.Database) -> None:
        self._database = database
        self._connection: sqlite3.Connection = database.conn
        self._waiting: queue.SimpleQueue[_Command | None] = queue.SimpleQueue()
        self._stopping = self._ended = False
        self._wal_pages = 0
        self.commits = 0  # grows with every commit: what a page that shows the floor compares
        self._thread = threading.Thread(target=self._loop, name="writer", daemon=True)
        self._thread.start()

    def run(
        self, command: Callable[Concatenate[sqlite_utils.Database, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`command(db, …)` inside a transaction; returns after the commit is on disk. An exception undoes this command only.

        It may run twice, the first time undone, when another of its batch fails: outside `db` it changes nothing that matters.
        """
        waiting = _Command(lambda database: command(database, *args, **kwargs))
        self._hand_over(waiting)
        result: R = self._outcome(waiting)
        return result

    def run_with(
        self,
        meanwhile: Callable[[R], T],
        command: Callable[Concatenate[sqlite_utils.Database, P], R],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> tuple[R, T]:
        """As `run`, and `meanwhile(result)` worked out by the caller's thread while the disk syncs. Both are given after the commit.

        It may be worked out for a result that then does not stand: outside itself it changes nothing.
        """
        waiting = _Command(lambda database: command(database, *args, **kwargs), early=True)
        decided = waiting.decided
        self._hand_over(waiting)
        assert decided is not None, "asked for above"
        decided.acquire()
        early: R = waiting.result
        made = meanwhile(early) if waiting.error is None else None
        result: R = self._outcome(waiting)
        if made is None or result is not early:
            made = meanwhile(result)
        return result, made

    def _hand_over(self, command: _Command) -> None:
        if self._stopping:
            raise WriterStopped
        self._waiting.put(command)
        if self._ended:  # since it was asked: nobody else looks after what waits
            self._refuse_waiting()

    def _outcome(self, command: _Command) -> Any:
        command.answered.acquire()
        if command.error is not None:
            raise command.error
        return command.result

    def stop(self) -> None:
        """Finishes what waits, checkpoints, closes."""
        self._stopping = True
        self._waiting.put(None)
        self._thread.join()
        self._ended = True
        self._refuse_waiting()

    def _refuse_waiting(self) -> None:
        """What was asked while the writer stopped."""
        while refused := self._taken(block=False):
            for command in refused:
                command.error = WriterStopped()
                command.tell_answered()

    def _loop(self) -> None:
        while batch := self._next_batch():
            self._commit(batch)
            for command in batch:
                command.tell_answered()
            if self._wal_pages > PAGES_TOO_MANY:
                self._checkpoint()
        self._checkpoint()
        self._connection.close()

    def _next_batch(self) -> list[_Command]:
        """Everything that waits, up to the limit; empty when stopping and nothing waits. Idle, it checkpoints."""
        while not self._stopping:
            if taken := self._taken(block=True):
                return taken
            if self._wal_pages > PAGES_WORTH_A_CHECKPOINT:
                self._checkpoint()
        return self._taken(block=False)

    def _taken(self, *, block: bool) -> list[_Command]:
        """What waits, in order, up to the limit. `block`: waits a while for the first."""
        taken: list[_Command] = []
        try:
            while len(taken) < MOST_IN_A_BATCH:
                command = self._waiting.get(block, IDLE_BEFORE_CHECKPOINT_S)
                if command is not None:
                    taken.append(command)
                block = False
        except queue.Empty:
            pass
        return taken

    def _commit(self, batch: list[_Command]) -> None:
        try:
            fault = self._all_together(batch)
            if fault is not None and len(batch) == 1:
                batch[0].error = fault
            elif fault is not None:
                self._each_by_itself(batch)
        except sqlite3.Error as error:
            log.error("nothing of a batch of %d was recorded: %s", len(batch), error)
            self._undo_all(batch, error)
        else:
            self.commits += 1
            self._wal_pages += PAGES_A_COMMIT + len(batch)

    def _all_together(self, batch: list[_Command]) -> Exception | None:
        """The usual: no command fails. When one does, nothing of the batch is kept and this is why."""
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        try:
            for command in batch:
                command.result = command.run(self._database)
        except Exception as error:
            if _is_disk_trouble(error):
                raise  # the whole transaction may be gone
            execute("ROLLBACK")
            return error
        for command in batch:
            command.tell_decided()
        execute("COMMIT")
        return None

    def _each_by_itself(self, batch: list[_Command]) -> None:
        """All of the batch once more, so that only the commands that fail are undone. Two statements a command dearer."""
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        for command in batch:
            execute("SAVEPOINT command")
            try:
                command.result = command.run(self._database)
            except Exception as error:
                if _is_disk_trouble(error):
                    raise
                command.result, command.error = None, error
                execute("ROLLBACK TO command")
            execute("RELEASE command")
        execute("COMMIT")

    def _undo_all(self, batch: list[_Command], error: sqlite3.Error) -> None:
        if self._connection.in_transaction:
            # A disk that reads nothing may refuse even this: the next batch then fails at its BEGIN and comes here again.
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
        for command in batch:
            command.result = None
            command.error = StoreFull(str(error))

    def _checkpoint(self) -> None:
        """Passive: never waits for a reader. Off the path of a scan, because it syncs twice. What fails waits for a commit."""
        try:
            busy, in_wal, moved = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error as error:
            log.error("checkpoint failed: %s", error)
            self._wal_pages = PAGES_WORTH_A_CHECKPOINT
            return
        self._wal_pages = 0 if in_wal == moved else PAGES_WORTH_A_CHECKPOINT
        log.debug("checkpoint: busy %s, %s pages, %s moved", busy, in_wal, moved)


def _is_disk_trouble(error: Exception) -> bool:
    """The primary result code is the low byte (sqlite.org/rescode.html)."""
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _DISK_TROUBLE

"""Group commit: whoever waits is served together, by one thread, in one transaction; each is answered after the commit."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from central.store.database import Unavailable

MOST_IN_A_BATCH = 64

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class _Waiting(Generic[Asked, Answer]):
    __slots__ = ("answer", "answered", "asked", "error")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: list[Answer] = []
        self.error: Exception | None = None
        self.answered = threading.Event()


class Batcher(Generic[Asked, Answer]):
    """`work` serves many in one transaction, an answer for each in their order. It may be called again for one alone."""

    def __init__(self, name: str, work: Callable[[Sequence[Asked]], Sequence[Answer]]) -> None:
        self._work = work
        self._waiting: queue.SimpleQueue[_Waiting[Asked, Answer] | None] = queue.SimpleQueue()
        self._door = threading.Lock()
        self._stopping = False
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self._thread.start()

    def ask(self, asked: Asked) -> Answer:
        """Returns after the commit. Raises Unavailable, and whatever `work` raises for this one alone."""
        waiting: _Waiting[Asked, Answer] = _Waiting(asked)
        with self._door:
            if self._stopping:
                raise Unavailable("stopping")
            self._waiting.put(waiting)
        waiting.answered.wait()
        if waiting.error is not None:
            raise waiting.error
        return waiting.answer[0]

    def stop(self) -> None:
        """Serves who waits, then ends."""
        with self._door:
            self._stopping = True
            self._waiting.put(None)
        self._thread.join()

    def _loop(self) -> None:
        last = False
        while not last:
            batch, last = self._next_batch()
            if batch:
                self._serve(batch)
            for waiting in batch:
                waiting.answered.set()

    def _next_batch(self) -> tuple[list[_Waiting[Asked, Answer]], bool]:
        """Everything that waits, up to the limit; and whether it is the last."""
        batch: list[_Waiting[Asked, Answer]] = []
        block = True
        while len(batch) < MOST_IN_A_BATCH:
            try:
                waiting = self._waiting.get(block)
            except queue.Empty:
                break
            if waiting is None:
                return batch, True
            batch.append(waiting)
            block = False
        return batch, False

    def _serve(self, batch: Sequence[_Waiting[Asked, Answer]]) -> None:
        """When it fails, each by itself: one that cannot be served takes nobody with it. A database that is away fails all."""
        fault = self._together(batch)
        alone = len(batch) > 1 and fault is not None and not isinstance(fault, Unavailable)
        for waiting in batch:
            waiting.error = self._together([waiting]) if alone else fault

    def _together(self, batch: Sequence[_Waiting[Asked, Answer]]) -> Exception | None:
        try:
            answers = self._work([waiting.asked for waiting in batch])
        except Unavailable as error:
            return error
        except Exception as error:
            log.exception("a batch of %d failed", len(batch))
            return error  # to who asked: this thread outlives whatever was brought to it
        for waiting, answer in zip(batch, answers, strict=True):
            waiting.answer = [answer]
        return None

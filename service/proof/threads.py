"""Threads for what takes a core for a while: few, behind everybody else, with a short queue."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
_NICE = 10  # a tenth of a core that others want, a whole one when they do not: sched(7)


class Crowded(Exception):
    """As many wait as may wait."""


@dataclass(slots=True)
class Place:
    """One turn at the threads; what it began is counted until it ends, also when nobody waits."""

    pool: ThreadPoolExecutor
    begun: Future[Any] | None = None

    async def run(self, work: Callable[[], T]) -> T:
        """What work returns, from one of the threads; once per place."""
        future = self.pool.submit(work)
        self.begun = future
        return await asyncio.wrap_future(future)


class Threads:
    """A bounded number of threads, and of those who wait for them."""

    def __init__(self, count: int, waiting: int) -> None:
        self._most = count + waiting
        self._taken = 0
        self._pool = ThreadPoolExecutor(count, "hash", initializer=_step_back)

    @contextmanager
    def place(self) -> Iterator[Place]:
        """A place in the queue, from before the first question. Errors: Crowded."""
        if self._taken >= self._most:
            raise Crowded
        self._taken += 1
        place = Place(self._pool)
        try:
            yield place
        finally:
            # Whoever leaves early frees a place that waits at once, one that works when it is done.
            if place.begun is None or place.begun.done() or place.begun.cancel():
                self._leave()
            else:
                loop = asyncio.get_running_loop()
                place.begun.add_done_callback(lambda _: loop.call_soon_threadsafe(self._leave))

    def close(self) -> None:
        """Lets what runs end by itself; what waits is not begun."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _leave(self) -> None:
        self._taken -= 1


def _step_back() -> None:
    """On Linux a thread has a priority of its own: requests come before hashes."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)

"""One run: taken up, batch by batch until it is done, given back when the worker ends."""

import asyncio
import os
import random
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from service.jobs import ledger
from service.jobs.events import JobBegun, JobFinished, JobHanded, JobKept, JobLost
from service.jobs.queue import Again
from service.waiting import WaitingRoom

TRIES = 5  # of a run whose function is refused
PAUSES_S = (10.0, 40.0, 160.0, 600.0)  # between them
HOPELESS = ("42",)  # SQLSTATE classes that no second try will change: no such function, no right
BUSY_PAUSE_S = 2.0  # while the batch of a killed runner comes to its end
_AWAY_FIRST_S, _AWAY_LONGEST_S = 0.5, 15.0


class Runner:
    """Does the runs that the queue gives this process, under a name of its own."""

    def __init__(
        self, pool: ledger.Pool, room: WaitingRoom, tell: Callable[[object], None]
    ) -> None:
        self._pool = pool
        self._room = room
        self._tell = tell
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self.is_leaving = False

    async def run(self, run_id: int) -> None:
        """Until the run is over. Errors: Again gives it back to the queue."""
        found = await self._patiently(ledger.BEGIN, (run_id, self._name))
        if found["state"] == "busy":
            raise Again(BUSY_PAUSE_S)
        if found["state"] != "go":
            return
        job, began = str(found["job"]), time.monotonic()
        self._tell(JobBegun(job, run_id, found["late_s"]))
        batches = rows = 0
        while not self.is_leaving:
            try:
                done = await self._patiently(
                    ledger.STEP, (run_id, self._name), int(found["timeout_s"])
                )
            except Exception as error:
                await self._refused(job, run_id, int(found["failures"]), began, error)
                return
            if done["state"] == "lost":  # somebody took us for dead, or it is over
                return
            if done["state"] == "busy":  # what we asked on a connection that was lost goes on
                raise Again(BUSY_PAUSE_S)
            batches, rows = batches + 1, rows + int(done["count"])
            if done["state"] == "done":
                took_s = time.monotonic() - began
                self._tell(JobFinished(job, run_id, took_s, batches, rows))
                return
        await self._patiently(ledger.SETTLE, (run_id, self._name, False, None))
        self._tell(JobHanded(job, run_id))
        raise Again(0.0)

    async def _refused(
        self, job: str, run_id: int, failures: int, began: float, error: Exception
    ) -> None:
        """Notes why, and gives it back for another try or for good."""
        reason = ledger.reason_of(error)
        is_over = failures + 1 >= TRIES or reason.startswith(HOPELESS)
        await self._patiently(ledger.SETTLE, (run_id, self._name, is_over, reason))
        if is_over:
            self._tell(JobLost(job, run_id, time.monotonic() - began, reason))
            return
        after_s = PAUSES_S[min(failures, len(PAUSES_S) - 1)] * random.uniform(0.8, 1.2)  # noqa: S311
        self._tell(JobKept(job, run_id, reason, round(after_s, 1)))
        raise Again(after_s)

    async def _patiently(
        self, statement: str, arguments: tuple[Any, ...], limit_s: int = ledger.SHORT_S
    ) -> Mapping[str, Any]:
        """Asks again, ever more slowly, while the database is away. A batch that was done and whose
        answer was lost is asked for again: what it did stands in the tables."""
        pause_s = _AWAY_FIRST_S
        while True:
            try:
                return await ledger.settled(self._pool, statement, arguments, limit_s)
            except Exception as error:
                if not ledger.is_away(error):
                    raise
                if self.is_leaving:
                    raise Again(0.0) from error
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))  # noqa: S311
            await self._room.opened.wait()
            pause_s = min(_AWAY_LONGEST_S, pause_s * 2)

"""What runs on a clock: procrastinate, with one generic task, and a schedule that is a table.

Every worker looks at the schedule and takes runs from the queue; PostgreSQL lets no two of them
have the same run. What a job does is a function of the database (sql/core/job.sql).
"""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from aiohttp import web
from procrastinate import App, JobContext
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException
from procrastinate.worker import Worker

from service.config import Config
from service.jobs import ledger
from service.jobs.events import JobsMeasured, JobsMissed
from service.jobs.queue import Queue, Retries
from service.jobs.runner import Runner
from service.waiting import WaitingRoom

HEARTBEAT_S = 3.0
STALLED_S = 15.0  # who gave no sign for so long is taken for dead, and what it had is taken over
MEND_S = 3.0  # between two looks for what nobody has
_PAUSE_S = 2.0  # before a worker of the queue that ended by itself is replaced
_ABORT_POLL_S = 3600.0  # nobody aborts runs by way of the queue


class Jobs:
    """The runs of this process: begins, ends and mends with the service."""

    def __init__(self, config: Config, room: WaitingRoom, tell: Callable[[object], None]) -> None:
        self._config = config
        self._room = room
        self._tell = tell
        self._poll_s = config.jobs_poll_ms / 1000
        self._pool = ledger.opened_pool(config)
        self._queue = Queue(room)
        self._app = App(connector=self._queue)
        self._runner = Runner(self._pool, room, tell)
        self._task = self._app.task(name="run", pass_context=True, retry=Retries())(self._run)
        self._worker: Worker | None = None
        self._held: set[int] = set()
        self._troubles: dict[str, str] = {}

    async def lifetime(self, app: web.Application) -> AsyncIterator[None]:
        """For app.cleanup_ctx."""
        if not self._config.jobs_enabled:
            yield
            return
        voice = _Voice(self._tell)
        log = logging.getLogger("procrastinate")
        log.addHandler(voice)
        log.propagate = False
        await self._pool.open(wait=False)
        await self._app.open_async(self._pool)
        working = asyncio.create_task(self._keep_working())
        keepers = [
            asyncio.create_task(self._keep(self._look, self._poll_s)),
            asyncio.create_task(self._keep(self._mend, MEND_S)),
        ]
        yield
        await self.leave(app)
        await asyncio.wait([working], timeout=self._drain_s + 1.0)
        for task in (working, *keepers):
            task.cancel()
        await asyncio.gather(working, *keepers, return_exceptions=True)
        await self._pool.close(timeout=1.0)
        log.removeHandler(voice)

    async def leave(self, app: web.Application) -> None:
        """For app.on_shutdown: batches that run come to their end, and none is begun."""
        self._runner.is_leaving = True
        self._queue.is_patient = False
        if self._worker is not None:
            self._worker.stop()  # type: ignore[no-untyped-call]

    @property
    def _drain_s(self) -> float:
        return max(0.5, self._config.shutdown_timeout_s - 1.0)

    async def _run(self, context: JobContext, run_id: int) -> None:
        """The one task: a run by its key."""
        job_id = context.job.id
        assert job_id is not None
        self._held.add(job_id)
        try:
            await self._runner.run(run_id)
        finally:
            self._held.discard(job_id)

    async def _keep_working(self) -> None:
        """A worker of the queue; another one when it ends by itself."""
        while not self._runner.is_leaving:
            await self._room.opened.wait()
            self._worker = Worker(
                self._app,
                concurrency=self._config.jobs_at_once,
                fetch_job_polling_interval=self._poll_s,
                abort_job_polling_interval=_ABORT_POLL_S,
                shutdown_graceful_timeout=self._drain_s,
                listen_notify=False,
                delete_jobs="always",
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT_S,
                stalled_worker_timeout=STALLED_S,
            )
            await self._guarded("queue", self._worker.run)
            if not self._runner.is_leaving:
                await asyncio.sleep(_PAUSE_S * random.uniform(0.5, 1.0))  # noqa: S311

    async def _keep(self, work: Callable[[], Coroutine[Any, Any, None]], every_s: float) -> None:
        # Workers that start together do not look together.
        await asyncio.sleep(random.uniform(0, min(1.0, every_s)))  # noqa: S311
        while not self._runner.is_leaving:
            if self._room.is_open:
                await self._guarded(work.__name__.strip("_"), work)
            await asyncio.sleep(every_s)

    async def _look(self) -> None:
        """Makes the runs that are due, and hands them to the queue in the same transaction."""
        async with self._pool.connection() as connection, connection.transaction():
            found = await ledger.asked(connection, ledger.LOOK, (), ledger.SHORT_S)
            for offer in found["offers"]:
                try:
                    async with connection.transaction():
                        await self._task.configure(
                            lock=offer["job"], queueing_lock=offer["job"], connection=connection
                        ).defer_async(run_id=offer["id"])
                except AlreadyEnqueued:  # it waits there for its next try
                    continue
        rows = [(one["name"], one["late_s"], one["running_s"]) for one in found["delays"]]
        self._tell(JobsMeasured(rows))

    async def _mend(self) -> None:
        """Gives back what dead workers had, and what the queue says that we have and we do not."""
        manager = self._app.job_manager
        forgotten = list(await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_S))
        worker_id = self._worker.worker_id if self._worker else None
        if worker_id is not None:
            ours = await manager.list_jobs_async(status="doing", worker_id=worker_id)
            suspects = {job.id: job for job in ours if job.id not in self._held}
            if suspects:
                await asyncio.sleep(MEND_S)  # the word of its end may be on its way
                still = await manager.list_jobs_async(status="doing", worker_id=worker_id)
                forgotten += [
                    job for job in still if job.id in suspects and job.id not in self._held
                ]
        for job in forgotten:
            try:
                await manager.retry_job(job)
            except ProcrastinateException:  # somebody else has done so just now
                continue

    async def _guarded(self, what: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Whatever happens in it, there will be another time; the same trouble is told once."""
        try:
            await work()
        except Exception as error:
            cause = error.__cause__ if isinstance(error.__cause__, Exception) else error
            reason = f"{what}: {ledger.reason_of(cause)}"
            if reason != self._troubles.get(what) and not ledger.is_away(cause):
                self._tell(JobsMissed(reason))
            self._troubles[what] = reason
            return
        self._troubles.pop(what, None)


class _Voice(logging.Handler):
    """What procrastinate itself calls an error, without the values that it was about."""

    def __init__(self, tell: Callable[[object], None]) -> None:
        super().__init__(logging.ERROR)
        self._say = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Tells of one."""
        error = record.exc_info[1] if record.exc_info else None
        kind = f" {type(error).__name__}" if error else ""
        self._say(JobsMissed(f"{record.module}.{record.funcName}{kind}"))

"""procrastinate as this service uses it: qualified names, no session state, patience.

No LISTEN, no prepared statement and no setting of a session: it works behind a pooler that hands
out connections by the transaction.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import psycopg
from procrastinate import PsycopgConnector, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy

from service.waiting import WaitingRoom

Answer = TypeVar("Answer")
_NAME = re.compile(r"\bprocrastinate_")
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 5.0


class Again(Exception):
    """The run is to be taken up again, by any worker, after so many seconds."""

    def __init__(self, after_s: float) -> None:
        super().__init__(f"again after {after_s} s")
        self.after_s = after_s


class Retries(BaseRetryStrategy):
    """What asks for it goes back to the queue, and so does what the end of a worker cut off."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When, or none: the run is over."""
        if isinstance(exception, Again):
            return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=exception.after_s))
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_at=datetime.now(UTC))
        return None


class Queue(PsycopgConnector):
    """procrastinate's way to its tables; what it asks while the database is away is asked again."""

    def __init__(self, room: WaitingRoom) -> None:
        super().__init__()
        self._room = room
        self.is_patient = True

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        """As its parent's."""
        ask = super().execute_query_async
        await self._patiently(lambda: ask(_qualified(query), **arguments))

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        """As its parent's."""
        ask = super().execute_query_one_async
        return await self._patiently(lambda: ask(_qualified(query), **arguments))

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        """As its parent's."""
        ask = super().execute_query_all_async
        return await self._patiently(lambda: ask(_qualified(query), **arguments))

    async def execute_query_all_async_with_connection(
        self, connection: Any, query: Any, **arguments: Any
    ) -> list[dict[str, Any]]:
        """As its parent's; inside somebody's transaction nothing is asked twice."""
        rows: list[dict[str, Any]] = await super().execute_query_all_async_with_connection(
            connection, _qualified(query), **arguments
        )
        return rows

    async def _patiently(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                return await ask()
            except ConnectorException as error:
                is_away = isinstance(error.__cause__, psycopg.OperationalError)
                if not (is_away and self.is_patient):
                    raise
            await asyncio.sleep(pause_s)
            await self._room.opened.wait()
            pause_s = min(_LONGEST_PAUSE_S, pause_s * 2)


def _qualified(query: str) -> Any:
    return _NAME.sub("queue.procrastinate_", query)

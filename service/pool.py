"""psycopg-pool for what is slow, cancellable or administrative, and the fallback for everything.

Behind a transaction pooler (FAST_LANE=off) nothing is prepared and no session setting is relied on;
the limits then stand on the role.
"""

import asyncio
import select
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import AsyncConnection, AsyncRawCursor
from psycopg.adapt import Buffer, Dumper
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from service.config import Config
from service.connection import limited_dsn, stopped_after
from service.errors import AWAY_SQLSTATES, DatabaseAway, DatabaseRefused
from service.waiting import WaitingRoom

Connection = AsyncConnection[tuple[Any, ...]]
_TRIES = 3  # of what may be asked again and whose connection breaks each time
_IDLE_S = 300.0  # an overflow connection is closed after five idle minutes


@dataclass(frozen=True, slots=True)
class PoolWaited:
    """A slow route had its connection after so long."""

    waited_s: float


class AsItIs(Dumper):
    """Bytes are the text of an argument already; its type stands in the statement."""

    oid = 0

    def dump(self, obj: Any) -> Buffer:
        return bytes(obj)


class Pool:
    """An Executor: each call has a connection of its own, and leaving cancels its statement.

    Reads need no read-only connection: a GET's function is stable, so it writes nothing.
    """

    def __init__(self, config: Config, room: WaitingRoom, tell: Callable[[object], None]) -> None:
        self._config = config
        self._room = room
        self._tell = tell
        self._losses = 0
        self._is_direct = config.fast_lane
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            limited_dsn(config, "tideline pool") if self._is_direct else config.database_url,
            kwargs={
                "autocommit": True,
                "cursor_factory": AsyncRawCursor,
                "prepare_threshold": 5 if self._is_direct else None,
            },
            min_size=1 if self._is_direct else config.db_pool_size,
            max_size=config.db_pool_size + config.db_max_overflow,
            max_waiting=config.db_pool_waiting,
            timeout=config.db_pool_timeout_ms / 1000,
            max_idle=_IDLE_S,
            reconnect_timeout=1.0,
            configure=_configure,
            check=_check,
            open=False,
            name="tideline",
        )

    async def open(self) -> None:
        """Begins to connect; does not wait for a database that is away."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Closes every connection."""
        await self._pool.close(timeout=1.0)

    def size(self) -> tuple[int, int, int]:
        """Connections there are, may be, and requests that wait for one."""
        stats = self._pool.get_stats()
        return stats["pool_size"], self._pool.max_size, stats["requests_waiting"]

    async def call(
        self,
        statement: bytes,
        arguments: tuple[bytes | None, ...],
        *,
        is_read: bool,
        timeout_ms: int,
        is_repeatable: bool = False,
    ) -> Sequence[bytes | None]:
        """The first row's columns. Errors: DatabaseRefused, DatabaseAway, TimeoutError.

        A read whose connection broke waits in the room and is asked again; so is a write that is
        repeatable, and no other.
        """
        wait_ms = self._config.database_wait_ms
        limit_s = max(self._config.request_timeout_ms, wait_ms + timeout_ms) / 1000
        try:
            async with asyncio.timeout(limit_s):
                for _ in range(_TRIES - 1):
                    await self._enter()
                    try:
                        return await self._left_alone(statement, arguments, timeout_ms)
                    except DatabaseAway as away:
                        if isinstance(away.__cause__, PoolTimeout | TooManyRequests):
                            raise  # every connection is busy: the database itself may be well
                        self._room.lost(away.reason)
                        if not (is_read or is_repeatable):
                            raise DatabaseAway(away.reason, is_outcome_unknown=True) from away
                await self._enter()
                return await self._left_alone(statement, arguments, timeout_ms)
        except TimeoutError:
            if is_read:
                raise
            raise DatabaseAway("the write took too long", is_outcome_unknown=True) from None

    async def _enter(self) -> None:
        """Waits for the database; after an outage, replaces the connections it cost."""
        await self._room.enter()
        if self._losses != self._room.losses:
            self._losses = self._room.losses
            await self._pool.check()

    async def _left_alone(
        self,
        statement: bytes,
        arguments: tuple[bytes | None, ...],
        timeout_ms: int,
    ) -> Sequence[bytes | None]:
        """The call, in a task that nobody waits for once it is late or its caller has left.

        Ending a statement on a server that hangs takes psycopg up to ten seconds.
        """
        task = asyncio.ensure_future(self._call(statement, arguments, timeout_ms))
        try:
            return await asyncio.shield(task)
        finally:
            if not task.done():
                task.cancel()
                task.add_done_callback(lambda late: late.cancelled() or late.exception())

    async def _call(
        self,
        statement: bytes,
        arguments: tuple[bytes | None, ...],
        timeout_ms: int,
    ) -> Sequence[bytes | None]:
        began = time.perf_counter()
        try:
            async with self._pool.connection() as connection:
                self._tell(PoolWaited(time.perf_counter() - began))
                async with stopped_after(connection, timeout_ms / 1000):
                    cursor = await connection.execute(statement, arguments)
                result = cursor.pgresult
                if result is None or result.ntuples == 0:
                    return (None,)
                return [result.get_value(0, column) for column in range(result.nfields)]
        except (PoolTimeout, TooManyRequests) as error:
            raise DatabaseAway(f"{type(error).__name__}: {error}") from error
        except psycopg.Error as error:
            raise translated(error) from error


async def _check(connection: Connection) -> None:
    """Refuses a connection that was closed while it lay idle: it has something to say unasked.

    No round trip; without it the first write after a lost connection has an unknown outcome.
    """
    idle = select.poll()
    idle.register(connection.fileno(), select.POLLIN)
    if idle.poll(0):
        await connection.close()  # so that the pool makes a new one instead of offering it again
        raise psycopg.OperationalError("closed while idle")


async def _configure(connection: Connection) -> None:
    connection.adapters.register_dumper(bytes, AsItIs)


def translated(error: psycopg.Error) -> Exception:
    """What an error of psycopg means to the service."""
    diagnosis = error.diag
    code = error.sqlstate
    if code is None or code.startswith(AWAY_SQLSTATES):
        return DatabaseAway(str(error))
    return DatabaseRefused(
        code,
        diagnosis.message_primary or "",
        diagnosis.message_detail or "",
        diagnosis.column_name,
        diagnosis.message_hint or "",
    )

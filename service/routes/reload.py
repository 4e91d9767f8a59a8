"""The routes that are served now: read at the start, and again when their table changes."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from psycopg import AsyncConnection

from service.config import Config
from service.routes import ROUTES_SQL, STAMP_SQL, compiled
from service.routes.table import Table

RETRY_S = 1.0  # between two attempts while the database is away


@dataclass(frozen=True, slots=True)
class RoutesLoaded:
    """A new table of routes is served."""

    count: int


@dataclass(frozen=True, slots=True)
class RoutesKept:
    """New routes could not be read; the old ones are served on."""

    reason: str


class LiveRoutes:
    """Holds the table that is served; a connection of its own listens for a newer one."""

    def __init__(self, config: Config, dsn: str, tell: Callable[[object], None]) -> None:
        self.table = Table()
        self._poll_s = config.routes_poll_ms / 1000
        self._dsn = dsn
        self._tell = tell
        self._stamp: str | None = None
        self._refused: str | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether any table was read since the start."""
        return self._stamp is not None

    async def start(self) -> None:
        """Reads the routes if the database is there, and keeps looking for newer ones."""
        first = asyncio.Event()
        self._task = asyncio.create_task(self._keep(first))
        await first.wait()

    async def stop(self) -> None:
        """Ends the listening."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _keep(self, first: asyncio.Event) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(
                    self._dsn, autocommit=True, prepare_threshold=None
                ) as connection:
                    await self._follow(connection, first)
            except (psycopg.Error, OSError) as error:
                self._tell(RoutesKept(f"{type(error).__name__}: {error}"))
            finally:
                first.set()
            await asyncio.sleep(RETRY_S)

    async def _follow(self, connection: AsyncConnection, first: asyncio.Event) -> None:
        """Listens before it reads, so that no change falls between the two."""
        await connection.execute("listen routes")
        while True:
            await self._refresh(connection)
            first.set()
            # A notice ends the wait early; the poll finds what no notice told of.
            async for _ in connection.notifies(timeout=self._poll_s, stop_after=1):
                pass

    async def _refresh(self, connection: AsyncConnection) -> None:
        row = await (await connection.execute(STAMP_SQL)).fetchone()
        stamp = str(row[0]) if row else ""
        if stamp in (self._stamp, self._refused):
            return
        rows = await (await connection.execute(ROUTES_SQL)).fetchall()
        try:
            self.table = Table.of([compiled(row[0]) for row in rows])
        except Exception as error:  # Whatever it is: what is served already stays served.
            self._refused = stamp  # said once, not every second
            self._tell(RoutesKept(f"{type(error).__name__}: {error}"))
            return
        self._stamp = stamp
        self._refused = None
        self._tell(RoutesLoaded(len(rows)))

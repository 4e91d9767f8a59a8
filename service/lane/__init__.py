"""The fast lane: few connections in pipeline mode, fed once per tick of the event loop.

Figures: docs/limits.md 2. Reads share connections and syncs; a write has a connection of its own.
"""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import psycopg

from service.config import Config
from service.connection import connect, limited_dsn
from service.errors import DatabaseAway
from service.lane.call import Call, LaneLost, LaneOverstayed, Limits, Owner, Row, fail, tell_end
from service.lane.group import Group
from service.lane.wire import Wire
from service.waiting import WaitingRoom

WATCH_EVERY_S = 0.05
RECONNECT_S = 0.5  # between two attempts while other connections of the lane work
SUSPECT_EVERY_S = 1.0  # a silent connection makes the room ask for the database this often
MAX_TRIES = 6  # a statement that kills its server each time is not sent for ever


class Lane:
    """An executor for short statements; see docs/limits.md 2 for why the pool object is none."""

    def __init__(
        self, config: Config, room: WaitingRoom, tell: Callable[[object], None] = lambda event: None
    ) -> None:
        self._room = room
        self._tell = tell
        self._connect_timeout_s = float(config.connect_timeout_s)
        self._wait_s = config.database_wait_ms / 1000
        self._request_s = config.request_timeout_ms / 1000
        self._queue_size = config.lane_queue_size
        self._sizes = config.read_lane_connections, config.write_lane_connections
        self._reads, self._writes = (
            Group(
                limited_dsn(
                    config,
                    f"tideline lane {name}",
                    is_read=is_read,
                    statement_timeout_ms=config.lane_timeout_ms,
                ),
                Limits(depth, config.lane_statements, config.lane_timeout_ms / 1000),
            )
            for is_read, name, depth in ((True, "reads", config.lane_depth), (False, "writes", 1))
        )
        self._tasks: list[asyncio.Task[None]] = []
        self._is_pumping = False
        self._is_closed = False
        self._suspected_at = 0.0
        room.count_in(self._reads.queue)
        room.count_in(self._writes.queue)

    async def start(self) -> None:
        """Connects; returns when all tried, or soon if the database is away: later it is found."""
        self._loop = asyncio.get_running_loop()
        ready = [asyncio.Event() for _ in range(sum(self._sizes))]
        groups = [self._reads] * self._sizes[0] + [self._writes] * self._sizes[1]
        self._tasks = [
            self._loop.create_task(self._keep(group, done))
            for group, done in zip(groups, ready, strict=True)
        ]
        self._tasks.append(self._loop.create_task(self._watch()))
        for task in self._tasks:
            task.add_done_callback(partial(tell_end, self._tell))
        with suppress(TimeoutError):
            async with asyncio.timeout(self._connect_timeout_s):
                await asyncio.gather(*(done.wait() for done in ready))

    async def call(
        self,
        statement: bytes,
        arguments: tuple[bytes | None, ...],
        *,
        is_read: bool,
        timeout_ms: int,
        is_repeatable: bool = False,
    ) -> Row:
        """The first row of the statement, a column each; nulls when there is none.

        Errors: DatabaseRefused, DatabaseAway, TimeoutError.
        """
        group = self._reads if is_read else self._writes
        if self._is_closed or self._room.is_full or len(group.queue) >= self._queue_size:
            raise DatabaseAway(self._room.reason or "too many requests wait for the database")
        loop = self._loop
        now = loop.time()
        timeout_s = timeout_ms / 1000
        call = Call(
            statement,
            arguments,
            is_read,
            is_read or is_repeatable,
            loop.create_future(),
            now + self._wait_s,
            now + min(self._request_s, self._wait_s + timeout_s),
            timeout_s,
        )
        group.queue.append(call)
        self._pump_soon()
        return await call.answer

    async def close(self) -> None:
        """Ends the connections; who still waits is sent away."""
        self._is_closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for group in (self._reads, self._writes):
            for wire in list(group.wires):
                wire.drop("the service is closing")
            group.empty("the service is closing")

    def _pump_soon(self) -> None:
        if not self._is_pumping:
            self._is_pumping = True
            self._loop.call_soon(self._pump)

    def _pump(self) -> None:
        """Sends what waits, as far as the connections have places."""
        self._is_pumping = False
        now = self._loop.time()
        for group in (self._reads, self._writes):
            if not group.queue:
                continue
            for wire in list(group.wires):
                if not group.queue or not self._room.is_open:
                    break
                batch = group.take(wire.places, now)
                if batch:
                    wire.send(batch, now)

    def _owner(self, group: Group) -> Owner:
        def again(call: Call) -> None:
            call.tries += 1
            now = self._loop.time()
            call.enter_by = min(now + self._wait_s, call.deadline)
            if call.tries > MAX_TRIES or self._is_closed:
                fail(call, DatabaseAway("sent too often without an answer"))
            elif not call.answer.done():
                group.queue.appendleft(call)
                self._pump_soon()

        def unknown(call: Call, reason: str) -> None:
            fail(call, DatabaseAway(reason, is_outcome_unknown=True))

        def lost(reason: str) -> None:
            if not self._is_closed:
                self._tell(LaneLost(reason))
                self._room.lost(reason)

        def overstayed(call: Call) -> None:
            self._tell(LaneOverstayed(call.statement))

        return Owner(again, unknown, self._pump, lost, overstayed)

    async def _keep(self, group: Group, tried: asyncio.Event) -> None:
        """Holds one connection open: when it is lost, waits for the database and makes another."""
        owner = self._owner(group)
        while True:
            connection = None
            try:
                await self._room.opened.wait()
                connection = await connect(group.dsn, self._connect_timeout_s)
                wire = Wire(connection, group.limits, owner)
            except (psycopg.Error, OSError) as error:
                if connection is not None:
                    await connection.close()
                if not group.wires:
                    self._room.lost(str(error))
                tried.set()
                await asyncio.sleep(RECONNECT_S * random.uniform(0.5, 1.5))  # noqa: S311
                continue
            group.wires.append(wire)
            tried.set()
            self._pump_soon()
            await wire.ended.wait()
            group.wires.remove(wire)

    async def _watch(self) -> None:
        """Answers who waited too long, and asks for the database when a connection is silent."""
        while True:
            await asyncio.sleep(WATCH_EVERY_S)
            now = self._loop.time()
            for group in (self._reads, self._writes):
                group.sweep(now, self._room.reason)
                is_suspect = [wire.watch(now) for wire in list(group.wires)]
                if any(is_suspect) and now >= self._suspected_at + SUSPECT_EVERY_S:
                    self._suspected_at = now
                    self._room.lost("a connection is silent")
            if self._room.is_open:
                self._pump_soon()

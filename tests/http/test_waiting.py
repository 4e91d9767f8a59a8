"""The waiting room: seats, order, one prober, and nobody waits longer than told."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from service.config import Config
from service.errors import DatabaseAway
from service.waiting import DatabaseFound, DatabaseLost, WaitingRoom


class Database:
    """Answers the prober, or not."""

    def __init__(self) -> None:
        self.is_there = True
        self.hangs = False
        self.probes: list[float] = []
        self.told: list[object] = []

    async def probe(self) -> None:
        self.probes.append(time.monotonic())
        if self.hangs:
            await asyncio.sleep(60)
        if not self.is_there:
            raise OSError("nobody there")

    def told_of(self, kind: type) -> int:
        return sum(isinstance(event, kind) for event in self.told)


@asynccontextmanager
async def room_of(database: Database, **settings: Any) -> AsyncIterator[WaitingRoom]:
    room = WaitingRoom(Config(**settings), database.probe, database.told.append)
    try:
        yield room
    finally:
        await room.close()


async def enters(room: WaitingRoom, note: Callable[[], None] = lambda: None) -> bool:
    try:
        await room.enter()
    except DatabaseAway:
        return False
    note()
    return True


async def test_an_open_room_keeps_nobody() -> None:
    async with room_of(Database()) as room:
        for _ in range(1000):
            entering = room.enter()
            with pytest.raises(StopIteration):  # done at its first step: it never waits
                entering.send(None)
        assert not room.is_full


async def test_there_is_one_prober_however_many_lose_their_connection() -> None:
    database = Database()
    database.is_there = False
    async with room_of(database) as room:
        for _ in range(50):
            room.lost("broken")
        await asyncio.sleep(0.55)
        assert 2 <= len(database.probes) <= 7
        assert database.told_of(DatabaseLost) == 1
        database.is_there = True
        await asyncio.wait_for(room.opened.wait(), 5)
        assert room.is_open
        assert room.reason == ""
        assert database.told_of(DatabaseFound) == 1


async def test_a_lost_connection_alone_costs_one_probe() -> None:
    database = Database()
    async with room_of(database) as room:
        room.lost("one backend was terminated")
        assert not room.is_open
        await asyncio.wait_for(room.opened.wait(), 5)
        assert len(database.probes) == 1


async def test_first_come_first_served_and_not_all_at_once() -> None:
    database = Database()
    database.is_there = False
    async with room_of(database, db_pool_size=5) as room:
        room.lost("broken")
        entered: list[tuple[int, float]] = []

        def note(number: int) -> Callable[[], None]:
            return lambda: entered.append((number, time.monotonic()))

        tasks = [asyncio.create_task(enters(room, note(number))) for number in range(23)]
        await asyncio.sleep(0.05)
        database.is_there = True
        await asyncio.gather(*tasks)
        assert [number for number, _ in entered] == list(range(23))
        assert entered[-1][1] - entered[0][1] >= 0.035  # five batches, 10 ms apart
        late = asyncio.create_task(enters(room, note(99)))
        assert await late


async def test_seats_are_limited_and_queues_take_seats_too() -> None:
    database = Database()
    database.is_there = False
    async with room_of(database, waiting_room_size=10, database_wait_ms=200) as room:
        queue = ["a", "b", "c"]
        room.count_in(queue)
        room.lost("broken")
        began = time.monotonic()
        tasks = [asyncio.create_task(enters(room)) for _ in range(20)]
        await asyncio.sleep(0.02)
        assert sum(task.done() for task in tasks) == 13
        assert room.seated == 10
        assert not any(await asyncio.gather(*tasks))
        assert 0.19 < time.monotonic() - began < 2
        assert room.seated == 3


async def test_who_leaves_gives_the_seat_back() -> None:
    database = Database()
    database.is_there = False
    async with room_of(database) as room:
        room.lost("broken")
        tasks = [asyncio.create_task(enters(room)) for _ in range(20)]
        await asyncio.sleep(0.01)
        for task in tasks[:15]:
            task.cancel()
        await asyncio.sleep(0.01)
        assert room.seated == 5
        database.is_there = True
        assert all(await asyncio.gather(*tasks[15:]))


async def test_a_probe_that_hangs_is_given_up() -> None:
    database = Database()
    database.hangs = True
    async with room_of(database, connect_timeout_s=1) as room:
        room.lost("broken")
        await asyncio.sleep(0.5)
        database.hangs = False
        assert not room.is_open
        await asyncio.wait_for(room.opened.wait(), 10)


async def test_closing_sends_everybody_away() -> None:
    database = Database()
    database.is_there = False
    async with room_of(database) as room:
        room.lost("broken")
        task = asyncio.create_task(room.enter())
        await asyncio.sleep(0.01)
        await room.close()
        with pytest.raises(DatabaseAway):
            await task

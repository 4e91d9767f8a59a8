"""The fast lane over a network that fails: each caller has an answer in time, and its own."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from service.errors import DatabaseAway
from service.lane.call import LaneLost
from service.waiting import DatabaseFound
from tests.faults.proxy import Proxy, proxied
from tests.support.lane import (
    MARK,
    READ,
    SLOW_MARK,
    WAIT,
    marks,
    note,
    open_lane,
    prepare_database,
)
from tests.support.server import Server


@pytest.fixture(scope="module")
def name(logins: Server, new_database: Any) -> Iterator[str]:
    made = new_database(empty=True)
    prepare_database(logins.dsn(made))
    yield made
    new_database.drop(made)


@pytest.fixture
def admin(logins: Server, name: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(logins.dsn(name), autocommit=True) as connection:
        connection.execute("truncate api.marks")
        yield connection


@pytest.fixture
async def proxy(logins: Server, name: str) -> AsyncIterator[Proxy]:
    parts = conninfo_to_dict(logins.login_dsn(name))
    async with proxied(str(parts.get("host")), int(parts.get("port") or 5432)) as found:
        yield found


@pytest.fixture
def dsn(logins: Server, name: str, proxy: Proxy) -> str:
    """The same database through the proxy, over TCP."""
    return make_conninfo(logins.login_dsn(name), host="127.0.0.1", port=proxy.port)


async def test_reads_survive_a_reset_in_the_middle(dsn: str, proxy: Proxy) -> None:
    async with open_lane(dsn) as lane:
        for round_number in range(5):
            proxy.latency_s = 0.005
            reads = [asyncio.create_task(lane.read(READ, b"%d" % n)) for n in range(1, 301)]
            await asyncio.sleep(0.01 * round_number)
            proxy.reset()
            assert await asyncio.gather(*reads) == [note(n) for n in range(1, 301)]
        assert lane.told_of(LaneLost) >= 5


@pytest.mark.parametrize("cut_after", [1, 3, 40, 400, 5000, 60000])
async def test_reads_survive_an_answer_cut_in_the_middle_of_a_frame(
    dsn: str, proxy: Proxy, cut_after: int
) -> None:
    async with open_lane(dsn) as lane:
        proxy.cut_after = cut_after
        big = b"z" * 100_000
        reads = [lane.read(READ, b"%d" % n) for n in range(1, 101)]
        answers = await asyncio.gather(lane.read(b"select $1::text", big), *reads)
        assert answers == [big, *(note(n) for n in range(1, 101))]
        assert lane.told_of(LaneLost) >= 1


async def test_reads_survive_a_reset_while_they_are_sent(dsn: str, proxy: Proxy) -> None:
    async with open_lane(dsn) as lane:
        big = b"q" * 5_000_000
        proxy.stop_reading("up")
        reads = [asyncio.create_task(lane.read(b"select $1::text", big)) for _ in range(2)]
        reads += [asyncio.create_task(lane.read(READ, b"%d" % n)) for n in range(1, 30)]
        await asyncio.sleep(0.2)
        proxy.reset()
        proxy.heal()
        answers = await asyncio.gather(*reads)
        assert answers == [big, big, *(note(n) for n in range(1, 30))]


async def test_a_write_whose_answer_is_lost_is_not_sent_again(
    dsn: str, proxy: Proxy, admin: psycopg.Connection[Any]
) -> None:
    async with open_lane(dsn) as lane:
        await lane.write(MARK, b"1")
        proxy.stop_reading("down")
        write = asyncio.create_task(lane.write(MARK, b"2"))
        await asyncio.sleep(0.2)
        proxy.reset()
        proxy.heal()
        with pytest.raises(DatabaseAway) as lost:
            await write
        assert lost.value.is_outcome_unknown
        await lane.write(MARK, b"3")
    assert marks(admin) == {1: 1, 2: 1, 3: 1}


async def test_a_write_that_was_never_sent_waits_and_runs_once(
    dsn: str, proxy: Proxy, admin: psycopg.Connection[Any]
) -> None:
    async with open_lane(dsn) as lane:
        proxy.refuses = True
        proxy.reset()
        await asyncio.sleep(0.1)
        writes = [asyncio.create_task(lane.write(MARK, b"%d" % n)) for n in range(20)]
        await asyncio.sleep(0.4)
        assert marks(admin) == {}
        proxy.heal()
        await asyncio.gather(*writes)
    assert marks(admin) == dict.fromkeys(range(20), 1)


async def test_a_slow_network_is_only_slow(dsn: str, proxy: Proxy) -> None:
    async with open_lane(dsn) as lane:
        proxy.latency_s = 0.1
        answers = await asyncio.gather(*(lane.read(READ, b"%d" % n) for n in range(1, 65)))
        assert answers == [note(n) for n in range(1, 65)]
        assert lane.told_of(LaneLost) == 0


async def test_everybody_is_answered_in_a_black_hole_and_served_after_it(
    dsn: str, proxy: Proxy, admin: psycopg.Connection[Any]
) -> None:
    times = {"request_timeout_ms": 2500, "database_wait_ms": 1500, "lane_timeout_ms": 1000}
    async with open_lane(dsn, **times) as lane:

        async def timed(number: int) -> tuple[float, bool]:
            await asyncio.sleep(number * 0.01)
            began = time.monotonic()
            try:
                if number % 4:
                    await lane.read(READ, b"1")
                else:
                    await lane.write(MARK, b"%d" % number)
            except (DatabaseAway, TimeoutError):
                return time.monotonic() - began, False
            return time.monotonic() - began, True

        proxy.black_hole()
        callers = [asyncio.create_task(timed(number)) for number in range(200)]
        await asyncio.sleep(3)
        proxy.heal()
        healed = time.monotonic()
        results = await asyncio.gather(*callers)
        while True:
            try:
                assert await lane.read(READ, b"5") == note(5)
                break
            except (DatabaseAway, TimeoutError):
                await asyncio.sleep(0.05)
        steady_s = time.monotonic() - healed
        slowest = max(took for took, _ in results)
        print(
            f"\nblack hole of 3 s: {len(results)} callers, {sum(ok for _, ok in results)} served,"
            f" slowest answer {slowest:.2f} s, steady {steady_s:.2f} s after it"
        )
        assert slowest <= 3
        assert steady_s <= 5
        assert lane.told_of(DatabaseFound) >= 1
    assert all(count == 1 for count in marks(admin).values())


async def test_a_connection_that_alone_is_silent_is_replaced(dsn: str, proxy: Proxy) -> None:
    async with open_lane(dsn, read_lane_connections=1, lane_timeout_ms=200) as lane:
        assert await lane.read(READ, b"1") == note(1)
        for link in list(proxy._links):
            for task in link.tasks:
                task.cancel()  # Nothing flows on the old connections; new ones are fine.
        began = time.monotonic()
        assert await lane.read(READ, b"2") == note(2)
        print(f"\nsilent connection replaced after {time.monotonic() - began:.2f} s")


async def test_no_room_means_an_answer_at_once(dsn: str, proxy: Proxy) -> None:
    async with open_lane(dsn, waiting_room_size=50, database_wait_ms=1500) as lane:
        proxy.refuses = True
        proxy.reset()
        await asyncio.sleep(0.05)
        began = time.monotonic()
        outcomes: list[float] = []

        async def one() -> None:
            with pytest.raises(DatabaseAway):
                await lane.read(READ, b"1")
            outcomes.append(time.monotonic() - began)

        await asyncio.gather(*(one() for _ in range(200)))
        outcomes.sort()
        assert outcomes[149] < 1, "who has no seat waits for nothing"
        assert outcomes[150] > 1.4, "who has one waits"
        assert outcomes[-1] < 3
        proxy.heal()
        await asyncio.sleep(0.4)
        assert await lane.read(READ, b"1") == note(1)


async def test_leaving_and_slow_work_beside_resets_leak_nothing(dsn: str, proxy: Proxy) -> None:
    async with open_lane(dsn) as lane:
        for _ in range(3):
            tasks = [asyncio.create_task(lane.read(WAIT, b"0.05", b"x")) for _ in range(50)]
            tasks += [asyncio.create_task(lane.write(SLOW_MARK, b"9", b"0.05")) for _ in range(20)]
            await asyncio.sleep(0.03)
            for task in tasks[::2]:
                task.cancel()
            proxy.reset()
            await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.3)
        assert lane.room.seated == 0
        assert await lane.read(READ, b"1") == note(1)


async def test_without_free_connections_the_lane_waits_and_comes_back(
    logins: Server, name: str, admin: psycopg.Connection[Any]
) -> None:
    """SQLSTATE 53300: the database lets nobody in, then it does."""
    async with open_lane(logins.login_dsn(name), database_wait_ms=400) as lane:
        await lane.write(MARK, b"1")
        admin.execute(f"alter database {name} connection limit 0")
        try:
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where usename = 'service' and datname = current_database()"
            )
            await asyncio.sleep(0.1)
            began = time.monotonic()
            with pytest.raises(DatabaseAway):
                await lane.read(READ, b"1")
            assert time.monotonic() - began < 4  # database_wait_ms is 400 here
            admin.execute(f"alter database {name} connection limit 1")
            await asyncio.sleep(0.5)
        finally:
            admin.execute(f"alter database {name} connection limit -1")
        await asyncio.sleep(1)
        assert await lane.read(READ, b"2") == note(2)
        await lane.write(MARK, b"2")
    assert marks(admin) == {1: 1, 2: 1}

"""The fast lane: each caller gets its own answer, whatever its neighbours do."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from random import Random
from typing import Any

import psycopg
import pytest
import uvloop

from service.errors import DatabaseAway, DatabaseRefused
from service.lane.call import LaneLost, LaneOverstayed, LaneTaskUnexpected
from service.lane.wire import Wire
from tests.support.lane import (
    MARK,
    PAIR,
    READ,
    REFUSE,
    SHOUT,
    SLOW_MARK,
    WAIT,
    Asked,
    marks,
    note,
    open_lane,
    prepare_database,
)
from tests.support.server import Server


@pytest.fixture(scope="module")
def name(logins: Server, new_database: Any) -> Iterator[str]:
    """A database with the small schema, for all tests of this file."""
    made = new_database(empty=True)
    prepare_database(logins.dsn(made))
    yield made
    new_database.drop(made)


@pytest.fixture
def dsn(logins: Server, name: str) -> str:
    return logins.login_dsn(name)


@pytest.fixture
def admin(logins: Server, name: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(logins.dsn(name), autocommit=True) as connection:
        yield connection


@pytest.fixture
async def lane(dsn: str) -> AsyncIterator[Asked]:
    async with open_lane(dsn) as asked:
        yield asked


async def running(admin: psycopg.Connection[Any], tag: str) -> int:
    """Statements of the lane that run now and have this in their text."""
    row = admin.execute(
        "select count(*) from pg_stat_activity where state = 'active'"
        " and application_name like 'tideline lane%%' and query like %s",
        (f"%{tag}%",),
    ).fetchone()
    assert row is not None
    return int(row[0])


async def test_the_first_row_comes_as_bytes(lane: Asked) -> None:
    assert await lane.read(READ, b"7") == note(7)
    row = await lane.lane.call(
        b"select 1, null, $1::text", ("é".encode(),), is_read=True, timeout_ms=2000
    )
    assert row == (b"1", None, "é".encode())
    assert await lane.read(b"select 1 where false") is None
    assert await lane.read(b"select $1::text", None) is None


async def test_a_connection_has_the_role_and_every_limit(lane: Asked) -> None:
    question = (
        b"select current_user, current_setting('search_path'),"
        b" current_setting('statement_timeout'),"
        b" current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'),"
        b" current_setting('transaction_read_only')"
    )
    read = await lane.lane.call(question, (), is_read=True, timeout_ms=2000)
    write = await lane.lane.call(question, (), is_read=False, timeout_ms=2000)
    assert read == (b"service", b"", b"3s", b"1s", b"5s", b"on")
    assert write == (b"service", b"", b"3s", b"1s", b"5s", b"off")


async def test_a_read_cannot_write(lane: Asked) -> None:
    with pytest.raises(DatabaseRefused) as refused:
        await lane.read(MARK, b"1")
    assert refused.value.sqlstate == "25006"


async def test_a_refusal_brings_code_message_detail_and_field(lane: Asked) -> None:
    with pytest.raises(DatabaseRefused) as refused:
        await lane.read(REFUSE, b"PT422", "zu groß".encode())
    error = refused.value
    assert (error.sqlstate, error.message, error.detail, error.field) == (
        "PT422",
        "zu groß",
        "internal",
        "amount",
    )


async def test_an_error_in_a_shared_sync_hurts_nobody_else(dsn: str) -> None:
    async with open_lane(dsn, read_lane_connections=1) as lane:
        calls = []
        for number in range(1, 401):
            if number % 5 == 0:
                calls.append(lane.read(REFUSE, b"PT404", b"none %d" % number))
            elif number % 7 == 0:
                calls.append(lane.read(b"selec %d" % number))
            else:
                calls.append(lane.read(READ, b"%d" % number))
        answers = await asyncio.gather(*calls, return_exceptions=True)
        for number, answer in enumerate(answers, 1):
            if number % 5 == 0:
                assert isinstance(answer, DatabaseRefused)
                assert answer.message == f"none {number}"
            elif number % 7 == 0:
                assert isinstance(answer, DatabaseRefused)
                assert answer.sqlstate == "42601"
            else:
                assert answer == note(number)


async def test_a_statement_is_prepared_once_and_their_number_is_bounded(dsn: str) -> None:
    async with open_lane(dsn, read_lane_connections=1, lane_statements=8) as lane:
        count = b"select count(*) from pg_catalog.pg_prepared_statements"
        for _ in range(50):
            await lane.read(READ, b"1")
        assert await lane.read(count) == b"2"
        for number in range(50):
            assert await lane.read(b"select %d" % number) == b"%d" % number
        assert int(await lane.read(count)) <= 8
        assert await lane.read(READ, b"3") == note(3)


async def test_a_statement_that_the_server_forgot_is_prepared_again(dsn: str) -> None:
    async with open_lane(dsn, read_lane_connections=1, write_lane_connections=1) as lane:
        await lane.read(READ, b"1")
        await lane.read(b"deallocate all")
        answers = await asyncio.gather(*(lane.read(READ, b"%d" % number) for number in range(1, 9)))
        assert answers == [note(number) for number in range(1, 9)]
        await lane.write(MARK, b"100")
        await lane.write(b"deallocate all")
        await lane.write(MARK, b"100")


async def test_a_plan_whose_result_changes_is_made_again(
    dsn: str, admin: psycopg.Connection[Any]
) -> None:
    admin.execute("create function api.changing() returns int language sql as 'select 1'")
    admin.execute("grant execute on function api.changing() to service")
    async with open_lane(dsn, read_lane_connections=1, write_lane_connections=1) as lane:
        for ask in (lane.read, lane.write):
            assert await ask(b"select api.changing()") in (b"1", b"one")
        admin.execute("drop function api.changing()")
        admin.execute(
            "create function api.changing() returns text language sql as $$select 'one'$$"
        )
        admin.execute("grant execute on function api.changing() to service")
        for ask in (lane.read, lane.write):
            assert await ask(b"select api.changing()") == b"one"


async def test_a_write_counts_only_once_it_is_committed(lane: Asked, dsn: str) -> None:
    with pytest.raises(DatabaseRefused) as refused:
        await lane.write(PAIR, b"1", b"2")  # The deferred key breaks at the commit.
    assert refused.value.sqlstate == "23503"
    assert await lane.write(PAIR, b"3", b"3") == b'{"id" : 3}'
    assert await lane.write(PAIR, b"4", b"3") == b'{"id" : 4}'


async def test_notices_are_no_answers(lane: Asked) -> None:
    answers = await asyncio.gather(*(lane.read(SHOUT, b"%d" % number) for number in range(40)))
    assert answers == [b"%d" % number for number in range(40)]


async def test_a_megabyte_goes_both_ways_beside_small_neighbours(lane: Asked) -> None:
    big = b"x" * 1_000_000
    echo = b"select $1::text"
    calls = [lane.read(echo, big), *(lane.read(READ, b"%d" % n) for n in range(1, 30))]
    calls += [lane.read(echo, b"y" * 3_000_000), lane.write(echo, big)]
    answers = await asyncio.gather(*calls)
    assert answers[0] == answers[-1] == big
    assert answers[-2] == b"y" * 3_000_000
    assert answers[1:30] == [note(n) for n in range(1, 30)]


async def test_arguments_that_are_no_bytes_fail_alone(lane: Asked) -> None:
    wrong: Any = (5,)
    answers = await asyncio.gather(
        lane.read(READ, b"1"),
        lane.lane.call(READ, wrong, is_read=True, timeout_ms=2000),
        lane.read(READ, b"2"),
        return_exceptions=True,
    )
    assert answers[0] == note(1)
    assert isinstance(answers[1], TypeError)
    assert answers[2] == note(2)


async def test_the_server_ends_a_slow_statement_and_its_neighbours_are_answered(dsn: str) -> None:
    async with open_lane(dsn, read_lane_connections=1, lane_timeout_ms=300) as lane:
        answers = await asyncio.gather(
            *(lane.read(READ, b"%d" % number) for number in range(1, 5)),
            lane.read(WAIT, b"5", b"slow"),
            *(lane.read(READ, b"%d" % number) for number in range(1, 5)),
            return_exceptions=True,
        )
        slow = answers.pop(4)
        assert isinstance(slow, DatabaseRefused)
        assert slow.sqlstate == "57014"
        assert answers == [note(number) for number in range(1, 5)] * 2
        assert lane.told_of(LaneOverstayed) == 1


async def test_a_shorter_time_of_its_own_ends_a_statement(
    dsn: str, admin: psycopg.Connection[Any]
) -> None:
    async with open_lane(dsn) as lane:
        began = time.monotonic()
        with pytest.raises(DatabaseRefused) as refused:
            await lane.read(WAIT, b"1.9", b"short", timeout_ms=200)
        assert refused.value.sqlstate == "57014"
        assert lane.told_of(LaneOverstayed) == 1
        assert time.monotonic() - began < 1.9  # the statement's own time
        await asyncio.sleep(0.5)
        assert await running(admin, "api.wait") == 0


@pytest.mark.parametrize("is_read", [True, False])
async def test_a_statement_whose_caller_left_is_cancelled(
    lane: Asked, admin: psycopg.Connection[Any], is_read: bool
) -> None:
    task = asyncio.create_task(
        lane.lane.call(WAIT, (b"1.9", b"left"), is_read=is_read, timeout_ms=2000)
    )
    await asyncio.sleep(0.1)
    assert await running(admin, "api.wait") == 1
    task.cancel()
    await asyncio.sleep(0.7)
    assert await running(admin, "api.wait") == 0
    assert await lane.read(READ, b"1") == note(1)


async def test_a_cancel_that_hits_a_neighbour_costs_it_nothing(dsn: str) -> None:
    async with open_lane(dsn, read_lane_connections=1) as lane:
        first = asyncio.create_task(lane.read(WAIT, b"0.2", b"first"))
        others = [asyncio.create_task(lane.read(WAIT, b"0.5", b"other %d" % n)) for n in range(3)]
        await asyncio.sleep(0.05)
        first.cancel()
        assert await asyncio.gather(*others) == [b"other %d" % n for n in range(3)]


async def test_who_leaves_the_queue_never_reaches_the_database(
    dsn: str, admin: psycopg.Connection[Any]
) -> None:
    async with open_lane(dsn, write_lane_connections=1) as narrow:
        slow = asyncio.create_task(narrow.write(SLOW_MARK, b"201", b"0.3"))
        waiting = [asyncio.create_task(narrow.write(MARK, b"202")) for _ in range(20)]
        await asyncio.sleep(0.1)
        for task in waiting:
            task.cancel()
        await slow
        await narrow.write(MARK, b"203")
    made = marks(admin)
    assert (made.get(201), made.get(202), made.get(203)) == (1, None, 1)


async def test_five_thousand_at_once_are_all_answered(lane: Asked) -> None:
    began = time.perf_counter()
    calls = [lane.read(READ, b"%d" % (number % 1000 + 1)) for number in range(5000)]
    answers = await asyncio.gather(*calls)
    assert answers == [note(number % 1000 + 1) for number in range(5000)]
    print(f"\n5,000 reads queued at once: {time.perf_counter() - began:.2f} s")


async def test_the_queue_is_bounded(dsn: str) -> None:
    async with open_lane(dsn, lane_queue_size=100) as lane:
        calls = [lane.read(READ, b"1") for _ in range(300)]
        answers = await asyncio.gather(*calls, return_exceptions=True)
        assert answers.count(note(1)) == 100
        assert sum(isinstance(answer, DatabaseAway) for answer in answers) == 200


async def test_who_waits_too_long_in_the_queue_is_told_and_not_sent(dsn: str) -> None:
    async with open_lane(dsn, write_lane_connections=1, database_wait_ms=200) as lane:
        slow = asyncio.create_task(lane.write(SLOW_MARK, b"301", b"1.9"))
        await asyncio.sleep(0.02)
        with pytest.raises(DatabaseAway):
            await lane.write(MARK, b"302")
        assert not slow.done()
        await slow


@pytest.mark.parametrize("error", [OSError("no descriptor left"), RuntimeError("a bug")])
async def test_a_connection_that_cannot_be_taken_in_is_closed_and_made_again_or_told_of(
    dsn: str, admin: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    failures = [error]

    def wire(*given: Any) -> Wire:
        if failures:
            raise failures.pop()
        return Wire(*given)

    monkeypatch.setattr("service.lane.Wire", wire)
    async with open_lane(dsn, read_lane_connections=1, write_lane_connections=1) as lane:
        if isinstance(error, OSError):
            assert await lane.read(READ, b"1") == note(1)
            await lane.write(MARK, b"501")
            assert lane.told_of(LaneTaskUnexpected) == 0
            query = """select count(*) from pg_stat_activity
                where datname = current_database() and application_name like 'tideline lane%'"""
            assert admin.execute(query).fetchone() == (2,)
        else:
            await asyncio.sleep(0)  # the task's end is told in the next round of the loop
            assert lane.told_of(LaneTaskUnexpected) == 1


async def test_copy_ends_its_connection_and_nothing_else(lane: Asked) -> None:
    with pytest.raises(DatabaseAway):
        await lane.read(b"copy (select 1) to stdout")
    assert await lane.read(READ, b"1") == note(1)


async def storm(dsn: str, admin: psycopg.Connection[Any], seed: int) -> None:
    """Reads, writes, refusals, slow statements, leaving callers and killed backends, at random."""
    random = Random(seed)
    acknowledged: set[int] = set()
    unknown: set[int] = set()
    first = 1_000_000 * (seed + 1)

    async def one(number: int, lane: Asked) -> None:
        await asyncio.sleep(random.random() * 0.4)
        kind = random.random()
        if kind < 0.45:
            key = random.randint(1, 1000)
            assert await lane.read(READ, b"%d" % key) == note(key)
        elif kind < 0.6:
            tag = b"no %d" % number
            with pytest.raises(DatabaseRefused) as refused:
                await lane.read(REFUSE, b"PT404", tag)
            assert refused.value.message == tag.decode()
        elif kind < 0.65:
            tag = b"wait %d" % number
            try:
                async with asyncio.timeout(random.choice((0.03, 0.5, 5))):
                    assert await lane.read(WAIT, b"%f" % (random.random() * 0.1), tag) == tag
            except TimeoutError:
                pass
        elif kind < 0.7:
            text = bytes([random.choice(b"abcdef")]) * random.randint(1, 200_000)
            assert await lane.read(b"select $1::text", text) == text
        elif kind < 0.9:
            unknown.add(first + number)
            try:
                answer = await lane.write(MARK, b"%d" % (first + number))
            except DatabaseAway as error:
                if not error.is_outcome_unknown:
                    unknown.discard(first + number)
            else:
                assert answer == b'{"marked" : %d}' % (first + number)
                unknown.discard(first + number)
                acknowledged.add(first + number)
        elif kind < 0.95:
            with pytest.raises(DatabaseRefused) as refused:
                await lane.write(PAIR, b"%d" % (first + number), b"-1")
            assert refused.value.sqlstate == "23503"
        else:
            task = asyncio.create_task(lane.write(MARK, b"%d" % -(first + number)))
            await asyncio.sleep(random.random() * 0.003)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def killer() -> None:
        for _ in range(4):
            await asyncio.sleep(random.random() * 0.15)
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name like 'tideline lane%' and datname = current_database()"
                " order by random() limit 1"
            )

    async with open_lane(dsn, lane_timeout_ms=1000, waiting_room_size=2000) as lane:
        await asyncio.gather(killer(), *(one(number, lane) for number in range(1500)))
        assert lane.told_of(LaneLost) > 0
    made = marks(admin)
    assert all(made.get(number) == 1 for number in acknowledged)
    assert all(made.get(number, 0) <= 1 for number in unknown)
    assert all(count == 1 for number, count in made.items() if abs(number) >= first)
    print(f"\nseed {seed}: {len(acknowledged)} acknowledged, {len(unknown)} unknown")


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order_each_caller_gets_its_own_answer(
    dsn: str, admin: psycopg.Connection[Any], seed: int
) -> None:
    """On both event loops: the service runs on uvloop, tools on Python's own."""
    run = uvloop.run if seed % 2 else asyncio.run
    run(storm(dsn, admin, seed))

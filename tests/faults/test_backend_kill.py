"""F2: one server process ends; no read fails, and what was acknowledged is recorded."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

import aiohttp
import psycopg
import pytest
import uvloop

from tests.faults.load import Load
from tests.faults.nemesis import Cluster
from tests.support.lane import open_lane
from tests.support.service import Service

RATE = 60.0
OUTAGE_S = 1.5
BESIDE_S = 1.0  # what service and client may add to a server that itself takes longer than usual


async def add_accounts(
    url: str, headers: dict[str, str], until: asyncio.Event
) -> tuple[dict[str, int], float]:
    """Creates accounts one after another; the status by name, and seconds of the slowest."""
    statuses: dict[str, int] = {}
    slowest_s = 0.0
    async with aiohttp.ClientSession(headers=headers) as session:

        async def writer(number: int) -> None:
            nonlocal slowest_s
            count = 0
            while not until.is_set():
                count += 1
                name = f"account {number}.{count}"
                began = time.monotonic()
                async with session.post(url, json={"name": name}) as answer:
                    statuses[name] = answer.status
                slowest_s = max(slowest_s, time.monotonic() - began)
                await asyncio.sleep(0.02)

        await asyncio.gather(*(writer(number) for number in range(4)))
    return statuses, slowest_s


async def backend_of(cluster: Cluster, kind: str) -> int:
    """A server process of this kind, once the server is there and has one."""
    async with asyncio.timeout(20):
        while True:
            with suppress(psycopg.OperationalError, IndexError):
                return (await asyncio.to_thread(cluster.backends, kind))[0]
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("fault", ["terminated", "killed"])
async def test_no_read_fails_and_no_acknowledged_write_is_lost(
    cluster: Cluster, start: Callable[..., Service], fault: str
) -> None:
    service = start()
    user = service.new_user()
    url = f"{service.url}/api/v2/users/me/accounts"
    ends = asyncio.Event()
    said = cluster.log_size()
    async with Load(url, user.headers, RATE) as load:
        writing = asyncio.create_task(add_accounts(url, user.headers, ends))
        for kind in ("tideline lane reads", "tideline lane writes"):
            await asyncio.sleep(1)
            backend = await backend_of(cluster, kind)
            if fault == "killed":
                os.kill(backend, signal.SIGKILL)  # The server ends all others and recovers.
            else:
                await asyncio.to_thread(cluster.terminate, kind)
        await asyncio.sleep(1.5)
        ends.set()
        statuses, slowest_write_s = await writing
    outage_s = max(load.slowest(), slowest_write_s)
    crashes_s = cluster.crashes(said)
    print(
        f"\nF2 {fault}: {len(load.outcomes)} reads {dict(load.statuses())}, slowest"
        f" {load.slowest():.2f} s; {len(statuses)} writes, slowest {slowest_write_s:.2f} s,"
        f" {sum(status == 503 for status in statuses.values())} of unknown outcome;"
        f" its crashes took the server {[round(away_s, 2) for away_s in crashes_s]} s"
    )
    assert set(load.statuses()) == {200}
    assert len(crashes_s) == (2 if fault == "killed" else 0)
    assert outage_s <= max(OUTAGE_S, BESIDE_S + max(crashes_s, default=0.0))
    assert set(statuses.values()) <= {201, 503}
    with psycopg.connect(cluster.admin) as connection:
        rows = connection.execute(
            "select name, count(*) from data.accounts where user_id = %s group by name",
            (user.user_id,),
        ).fetchall()
    made: dict[str, int] = dict(rows)
    assert all(made[name] == 1 for name, status in statuses.items() if status == 201)
    assert all(count == 1 for count in made.values())
    assert set(made) <= set(statuses)


@pytest.mark.parametrize("run", [uvloop.run, asyncio.run])
def test_a_server_process_that_says_a_word_and_leaves_reads_unread_is_missed(
    cluster: Cluster, run: Callable[..., None]
) -> None:
    """The last bytes and the error behind them are told as one: nobody is called a second time."""

    async def story() -> None:
        times = {"database_wait_ms": 10_000, "request_timeout_ms": 20_000}  # No outage is so long.
        async with open_lane(cluster.login, read_lane_connections=1, **times) as lane:
            echo = b"select $1::pg_catalog.text"
            assert await lane.read(echo, b"before") == b"before"
            backend = cluster.backends("tideline lane reads")[0]
            os.kill(backend, signal.SIGSTOP)
            texts = [b"%d" % number for number in range(8)]
            reads = [asyncio.create_task(lane.read(echo, text)) for text in texts]
            await asyncio.sleep(0.05)
            os.kill(backend, signal.SIGQUIT)
            os.kill(backend, signal.SIGCONT)  # It warns its client and ends; so do all others.
            time.sleep(0.2)  # noqa: ASYNC251 - the loop is elsewhere until both have arrived
            assert await asyncio.gather(*reads) == texts

    run(story())

"""F2: one server process ends; no read fails, and what was acknowledged is recorded."""

import asyncio
import os
import signal
import time
from collections.abc import Callable

import aiohttp
import psycopg
import pytest

from tests.faults.load import Load
from tests.faults.nemesis import Cluster
from tests.support.service import Service

RATE = 60.0


async def add_accounts(url: str, headers: dict[str, str], until: asyncio.Event) -> dict[str, int]:
    """Creates accounts one after another; the status by name."""
    statuses: dict[str, int] = {}
    async with aiohttp.ClientSession(headers=headers) as session:

        async def writer(number: int) -> None:
            count = 0
            while not until.is_set():
                count += 1
                name = f"account {number}.{count}"
                async with session.post(url, json={"name": name}) as answer:
                    statuses[name] = answer.status
                await asyncio.sleep(0.02)

        await asyncio.gather(*(writer(number) for number in range(4)))
    return statuses


@pytest.mark.parametrize("fault", ["terminated", "killed"])
async def test_no_read_fails_and_no_acknowledged_write_is_lost(
    cluster: Cluster, start: Callable[..., Service], fault: str
) -> None:
    service = start()
    user = service.new_user()
    url = f"{service.url}/api/v2/users/me/accounts"
    ends = asyncio.Event()
    async with Load(url, user.headers, RATE) as load:
        writing = asyncio.create_task(add_accounts(url, user.headers, ends))
        fell = 0.0
        for kind in ("tideline lane reads", "tideline lane writes"):
            await asyncio.sleep(1)
            backends = await asyncio.to_thread(cluster.backends, kind)
            fell = fell or time.monotonic()
            if fault == "killed":
                os.kill(backends[0], signal.SIGKILL)  # The server ends all others and recovers.
            else:
                await asyncio.to_thread(cluster.terminate, kind)
        await asyncio.sleep(1.5)
        ends.set()
        statuses = await writing
    outage_s = load.slowest()
    print(
        f"\nF2 {fault}: {len(load.outcomes)} reads {dict(load.statuses())}, slowest"
        f" {outage_s:.2f} s; {len(statuses)} writes, {sum(s == 503 for s in statuses.values())}"
        f" of unknown outcome"
    )
    assert set(load.statuses()) == {200}
    assert outage_s <= 1.5
    assert set(statuses.values()) <= {201, 503}
    with psycopg.connect(cluster.admin) as connection:
        rows = connection.execute(
            "select name, count(*) from data.accounts where user_id = %s group by name",
            (user.user_id,),
        ).fetchall()
    made = dict(rows)
    assert all(made[name] == 1 for name, status in statuses.items() if status == 201)
    assert all(count == 1 for count in made.values())
    assert set(made) <= set(statuses)

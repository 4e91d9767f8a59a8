"""D2: one key is one effect, however many ask at once and whatever dies meanwhile.

TIDELINE_NIGHTLY=1 asks for 1,000 keys instead of 10.
"""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import aiohttp
import psycopg
import pytest

from tests.faults.nemesis import Cluster, children
from tests.support.service import Service, User

KEYS = 1000 if os.environ.get("TIDELINE_NIGHTLY") == "1" else 10
CALLERS = 200  # at once, with one key
STRANGERS = 20  # requests with the same key and another body
WRITERS = 8
FAULTS = 12 if os.environ.get("TIDELINE_NIGHTLY") == "1" else 4
QUIET: dict[str, Any] = {"LIMITS": "all=10000000", "LOG_LEVEL": "warning"}


def session(user: User) -> aiohttp.ClientSession:
    """A client that opens as many connections as it has requests."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(total=30),
        headers=user.headers,
    )


def booking(account: int, number: int) -> dict[str, Any]:
    """A request that says by itself which one it is."""
    return {
        "account_id": account,
        "amount": 0.01,
        "transaction_date": "2026-01-02",
        "description": f"number {number}",
    }


async def open_account(asking: aiohttp.ClientSession, home: str) -> int:
    """Where the bookings go."""
    async with asking.post(f"{home}/accounts", json={"name": "Wallet"}) as answer:
        return int((await answer.json())["data"]["id"])


async def book(
    asking: aiohttp.ClientSession,
    home: str,
    key: str,
    body: dict[str, Any],
    path: str = "transactions",
) -> tuple[int, str, Any]:
    """Status, whether it was a replay, and what was answered."""
    headers = {"Idempotency-Key": key}
    sent = {"items": [body]} if path.endswith("batch") else body
    async with asking.post(f"{home}/{path}", json=sent, headers=headers) as answer:
        told = await answer.json()
        replayed = answer.headers.get("Idempotency-Replayed", "")
        return answer.status, replayed, told.get("data", told.get("code"))


def counted(dsn: str, user: User) -> dict[str, int]:
    """How often each booking stands in the ledger; fails when a balance is not its sum."""
    with psycopg.connect(dsn) as connection:
        faults = connection.execute(
            "select * from core.balance_faults(%s)", (user.user_id,)
        ).fetchall()
        rows = connection.execute(
            "select description, count(*) from data.transactions where user_id = %s group by 1",
            (user.user_id,),
        ).fetchall()
    assert faults == []
    return dict(rows)


@pytest.mark.timeout(1800)
async def test_the_same_key_at_once_is_one_effect(
    cluster: Cluster, start: Callable[..., Service]
) -> None:
    service = start("--workers", "2", **QUIET)
    user = service.new_user()
    home = f"{service.url}/api/v2/users/me"
    statuses: Counter[int] = Counter()
    refused: Counter[tuple[int, Any]] = Counter()
    began = time.monotonic()
    async with session(user) as asking:
        account = await open_account(asking, home)
        for number in range(KEYS):
            body = booking(account, number)
            told = await asyncio.gather(
                *(book(asking, home, f"key-{number}", body) for _ in range(CALLERS))
            )
            statuses.update(status for status, _, _ in told)
            assert [replayed for _, replayed, _ in told].count("") == 1, "one of them did it"
            assert all(data == told[0][2] for _, _, data in told), "all have its answer"
            others = await asyncio.gather(
                *(
                    book(asking, home, f"key-{number}", body | {"amount": 1 + other})
                    for other in range(STRANGERS)
                )
            )
            refused.update((status, code) for status, _, code in others)
    took_s = time.monotonic() - began
    made = counted(cluster.admin, user)
    print(
        f"\nD2: {CALLERS} at once x {KEYS} keys over 2 workers: {dict(statuses)}, {len(made)} rows;"
        f" another body: {dict(refused)}; {took_s:.1f} s"
    )
    assert statuses == {201: CALLERS * KEYS}
    assert refused == {(422, "idempotency_mismatch"): STRANGERS * KEYS}
    assert made == {f"number {number}": 1 for number in range(KEYS)}


async def keep_booking(
    user: User, home: str, path: str, until: asyncio.Event
) -> tuple[dict[int, int], int]:
    """Status by number of what several writers booked, and how often a client asked again."""
    statuses: dict[int, int] = {}
    retries = 0
    async with session(user) as asking:
        account = await open_account(asking, home)

        async def writer(first: int) -> None:
            nonlocal retries
            number = first
            while not until.is_set():
                body = booking(account, number)
                while True:  # who hears nothing asks again, with the same key
                    try:
                        statuses[number], _, _ = await book(asking, home, f"n-{number}", body, path)
                        break
                    except aiohttp.ClientError:
                        retries += 1
                        await asyncio.sleep(0.05)
                number += WRITERS

        await asyncio.gather(*(writer(first) for first in range(WRITERS)))
    return statuses, retries


@pytest.mark.timeout(300)
@pytest.mark.parametrize("fault", ["terminated", "pool", "killed", "worker"])
async def test_what_dies_under_keyed_writes_fails_none_and_doubles_none(
    cluster: Cluster, start: Callable[..., Service], fault: str
) -> None:
    service = start("--workers", "2", **QUIET)
    user = service.new_user()
    ends = asyncio.Event()
    path = "transactions/batch" if fault == "pool" else "transactions"  # one lane, one pool
    writing = asyncio.create_task(keep_booking(user, f"{service.url}/api/v2/users/me", path, ends))
    deaths = 0
    for _ in range(FAULTS if fault in ("terminated", "pool") else 1):
        await asyncio.sleep(0.7)
        deaths += await strike(cluster, service, fault)
    await asyncio.sleep(2)
    ends.set()
    statuses, retries = await writing
    made = counted(cluster.admin, user)
    told = dict(Counter(statuses.values()))
    print(
        f"\nD2 {fault}: {deaths} ended, {len(statuses)} keyed writes {told}, {retries} asked again"
        f" by the client, {len(made)} rows, {max(made.values())} of each"
    )
    assert told == {201: len(statuses)}, "none failed"
    assert made == {f"number {number}": 1 for number in statuses}, "none is doubled or missing"
    assert retries == 0 or fault == "worker", "the service asks again by itself"


async def strike(cluster: Cluster, service: Service, fault: str) -> int:
    """Lets something die; how many of it."""
    if fault in ("terminated", "pool"):
        like = "tideline pool" if fault == "pool" else "tideline lane writes"
        return await asyncio.to_thread(cluster.terminate, like)
    if fault == "worker":
        os.kill(children(service.pid)[0], signal.SIGKILL)
        return 1
    backends = await asyncio.to_thread(cluster.backends, "tideline lane writes")
    os.kill(backends[0], signal.SIGKILL)  # the server ends all others and recovers
    return 1

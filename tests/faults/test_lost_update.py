"""D3: no edit is lost: each says which version it means, and only one of them can be right.

TIDELINE_NIGHTLY=1 asks for 1,000 edits of each kind instead of 150.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import aiohttp
import psycopg
import pytest

from tests.faults.nemesis import Cluster
from tests.support.service import Service, User

WRITERS = 50
EDITS = 1000 if os.environ.get("TIDELINE_NIGHTLY") == "1" else 150


async def add_one(asking: aiohttp.ClientSession, path: str, field: str) -> int:
    """Reads a number, and writes the next one for the version that was read; the status."""
    async with asking.get(path) as answer:
        tag = answer.headers["ETag"]
        value = (await answer.json())["data"][field]
    count = int(str(value).rpartition(" ")[2]) if isinstance(value, str) else int(value)
    body: dict[str, Any] = {field: f"edit {count + 1}" if isinstance(value, str) else count + 1}
    async with asking.patch(path, json=body, headers={"If-Match": tag}) as answer:
        await answer.read()
        return answer.status


async def made(asking: aiohttp.ClientSession, path: str, **body: Any) -> str:
    """The path of something new."""
    headers = {"Idempotency-Key": "first"}
    async with asking.post(path, json=body, headers=headers) as answer:
        assert answer.status == 201
        return f"{path}/{(await answer.json())['data']['id']}"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["account", "transaction", "recurring item", "user"])
async def test_the_last_value_is_the_number_of_edits_that_were_done(
    cluster: Cluster, start: Callable[..., Service], kind: str
) -> None:
    service = start("--workers", "2", LIMITS="all=10000000", LOG_LEVEL="warning")
    user = service.new_user()
    home = f"{service.url}/api/v2/users/me"
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), headers=user.headers
    ) as asking:
        path, field = await place(asking, home, kind)
        left = iter(range(EDITS))

        async def writer() -> list[int]:
            return [await add_one(asking, path, field) for _ in left]

        told = Counter(
            status
            for statuses in await asyncio.gather(*(writer() for _ in range(WRITERS)))
            for status in statuses
        )
        async with asking.get(path) as answer:
            last = (await answer.json())["data"]
    value = int(str(last[field]).rpartition(" ")[2].partition(".")[0])
    print(f"\nD3 {kind}: {WRITERS} writers, {EDITS} edits: {dict(told)}, last value {value}")
    assert set(told) == {200, 412}
    assert sum(told.values()) == EDITS
    assert value == told[200] == last["version"] - 1
    assert moved(cluster.admin, user) == []


async def place(asking: aiohttp.ClientSession, home: str, kind: str) -> tuple[str, str]:
    """What is edited, and the field of it that counts; it begins with 0."""
    if kind == "user":
        return home, "reserve"
    account = await made(asking, f"{home}/accounts", name="edit 0")
    number = int(account.rpartition("/")[2])
    if kind == "account":
        return account, "name"
    if kind == "transaction":
        body = {"amount": 0, "transaction_date": "2026-01-02", "description": "counted"}
        return await made(asking, f"{home}/transactions", account_id=number, **body), "amount"
    rule = {"kind": "income", "amount": 1, "frequency": "daily", "anchor_on": "2026-01-02"}
    path = f"{home}/recurring-items"
    return await made(asking, path, account_id=number, name="edit 0", **rule), "name"


def moved(dsn: str, user: User) -> list[Any]:
    """Accounts whose balance is not what their bookings say."""
    with psycopg.connect(dsn) as connection:
        query = "select * from core.balance_faults(%s)"
        return connection.execute(query, (user.user_id,)).fetchall()

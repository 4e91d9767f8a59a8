"""L1: limits are exact over several workers. L2: without Redis they are bounded, and what guards
log-in and codes is not moved by anything that happens to Redis.

In full with TIDELINE_NIGHTLY=1: 10,000 requests instead of 2,000.
"""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.faults.cache import OwnRedis
from tests.support.asking import Client
from tests.support.service import Service, User

REQUESTS = 10_000 if os.environ.get("TIDELINE_NIGHTLY") == "1" else 2_000
CONNECTIONS = 500
WORKERS = 4
UNITS = 50  # of a budget user
WINDOW_S = 3600
PRODUCTION = "budget=50 mid_tier=100 professional=200 enterprise=500 anonymous=100000"
PATH = "/api/v2/users/me/accounts"
SAID = ("Limit", "Remaining", "Reset")
PAUSE_S, GUESSES = 6, 10  # five guesses are free, then pauses double: 2, 4, 8 s


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    redis = OwnRedis(tmp_path)
    redis.start()
    yield redis
    redis.stop()


def begin(factory: Callable[..., Service], redis: OwnRedis, **settings: object) -> Service:
    """Four workers that count in this Redis as production does."""
    return factory(
        "--workers", str(WORKERS), RATELIMIT_ENABLED="on", RATELIMIT_STORAGE_URL=redis.url,
        LIMITS=PRODUCTION, LOG_LEVEL="warning", READ_LANE_CONNECTIONS=1, WRITE_LANE_CONNECTIONS=1,
        **settings,
    )  # fmt: skip


class Attack:
    """Requests of one user, and what each was answered."""

    def __init__(self, service: Service, user: User) -> None:
        self._url = service.url + PATH
        self._headers = user.headers
        self.statuses: Counter[int] = Counter()
        self.heads: list[tuple[int, dict[str, int]]] = []

    async def many(self, count: int) -> None:
        """So many at once."""
        async with self._session() as session:
            await asyncio.gather(*(self._one(session) for _ in range(count)))

    async def until(self, end: asyncio.Event, callers: int) -> None:
        """Without a pause, until told to end."""
        async with self._session() as session:

            async def keep() -> None:
                while not end.is_set():
                    await self._one(session)

            await asyncio.gather(*(keep() for _ in range(callers)))

    def _session(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            headers=self._headers,
            connector=aiohttp.TCPConnector(limit=CONNECTIONS),
            timeout=aiohttp.ClientTimeout(total=120),
        )

    async def _one(self, session: aiohttp.ClientSession) -> None:
        async with session.get(self._url) as answer:
            body = await answer.json(content_type=None)
            self.statuses[answer.status] += 1
            said = {name: int(answer.headers[f"RateLimit-{name}"]) for name in SAID}
            said["Retry-After"] = int(answer.headers.get("Retry-After", 0))
            self.heads.append((answer.status, said))
            assert body["success"] is (answer.status == 200)
            assert ("data" in body) is (answer.status == 200)


async def test_a_budget_user_is_admitted_exactly_fifty_times(
    service_factory: Callable[..., Service], own_redis: OwnRedis
) -> None:
    # The machine of the tests may be slow; whether Redis counts exactly is what is asked here.
    service = begin(service_factory, own_redis, REDIS_TIMEOUT_MS=5000)
    user = service.new_user(tier="budget")
    attack = Attack(service, user)
    began = time.monotonic()
    await attack.many(REQUESTS)
    took_s = time.monotonic() - began
    print(f"\nL1 {REQUESTS} requests, {WORKERS} workers: {dict(attack.statuses)} in {took_s:.1f} s")
    assert attack.statuses == {200: UNITS, 429: REQUESTS - UNITS}
    admitted = [said for status, said in attack.heads if status == 200]
    refused = [said for status, said in attack.heads if status == 429]
    assert sorted(said["Remaining"] for said in admitted) == list(range(UNITS))
    assert {said["Remaining"] for said in refused} == {0}
    assert {said["Limit"] for _, said in attack.heads} == {UNITS}
    assert {said["Retry-After"] for said in admitted} == {0}
    assert all(said["Retry-After"] == said["Reset"] for said in refused)
    assert all(WINDOW_S - took_s - 1 <= said["Reset"] <= WINDOW_S for _, said in attack.heads)
    with own_redis.client() as client:
        assert client.get(f"tideline:limit:u:{user.user_id}") == b"50"
    assert "limiter_lost" not in service.log()


@pytest.mark.parametrize("fault", ["killed", "emptied"])
async def test_without_redis_no_more_than_each_workers_limit_is_admitted(
    service_factory: Callable[..., Service], own_redis: OwnRedis, fault: str
) -> None:
    service = begin(service_factory, own_redis)
    attack = Attack(service, service.new_user(tier="budget"))
    end = asyncio.Event()
    running = asyncio.create_task(attack.until(end, callers=24))
    while attack.statuses[200] < UNITS // 2:  # noqa: ASYNC110 - a counter, not an event
        await asyncio.sleep(0.001)  # the attack goes on meanwhile
    if fault == "killed":
        await asyncio.to_thread(own_redis.kill)
        await asyncio.sleep(2.5)
        await asyncio.to_thread(own_redis.start)
        await asyncio.sleep(2.5)  # back in use, and empty
    else:
        for _ in range(4):
            await asyncio.to_thread(own_redis.flush)
            await asyncio.sleep(0.5)
    end.set()
    await running
    print(f"\nL2 Redis {fault} mid-attack, {WORKERS} workers: {dict(attack.statuses)}")
    assert set(attack.statuses) == {200, 429}  # nobody fails because of Redis
    assert UNITS <= attack.statuses[200] <= WORKERS * UNITS
    assert attack.statuses[429] > attack.statuses[200]


def test_what_guards_the_log_in_is_not_moved_by_redis(
    service_factory: Callable[..., Service], own_redis: OwnRedis
) -> None:
    service = begin(service_factory, own_redis)
    service.new_user("somebody@example.org")
    client = Client(service.url)

    def guess() -> tuple[int, int]:
        """Status, and the pause that a refusal asks for."""
        body = {"email": "somebody@example.org", "password": "wrong but long enough"}
        reply = client.ask("POST", "/api/v2/login", body, is_keyed=False)
        code = {401: "wrong_credentials", 429: "too_many_attempts"}[reply.status]
        assert reply.json["code"] == code
        return reply.status, int(reply.headers.get("Retry-After", 0))

    evaluated, pause_s, free_at = 0, 0, 0.0
    while pause_s < PAUSE_S:
        own_redis.flush()
        status, pause_s = guess()
        if status == 401:
            evaluated += 1
            assert time.monotonic() >= free_at  # FLUSHALL has shortened no pause
        else:
            free_at = max(free_at, time.monotonic() + pause_s - 1)
            time.sleep(0.1)
    own_redis.flush()
    own_redis.kill()
    until = time.monotonic() + pause_s - 2
    refused = Counter(guess()[0] for _ in iter(lambda: time.monotonic() < until, False))
    client.close()
    print(f"\nL2 log-in, FLUSHALL before each guess: {evaluated} evaluated, then {dict(refused)}")
    assert evaluated <= GUESSES
    assert set(refused) == {429}

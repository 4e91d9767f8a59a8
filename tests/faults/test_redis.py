"""F5, the limiter's part: Redis killed, hung, slow or emptied under load. No request fails, few
notice, and it is in use again soon after its return.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.cache import OwnRedis
from tests.faults.load import Load
from tests.faults.proxy import Proxy
from tests.support.asking import Client
from tests.support.service import Service

RATE = 60.0
# Two shared cores under other people's work add to every figure: the claim itself, 60 ms and then
# 3 ms more at the 99th percentile, is held at night, on a machine of its own.
IS_FULL = os.environ.get("TIDELINE_NIGHTLY") == "1"
FIRST_S, AFTER_S, TIMEOUT_S = (0.060, 0.003, 0.050) if IS_FULL else (0.350, 0.150, 0.200)
BACK_S = 5.0
TURNS = 1 if IS_FULL else 4  # a busy machine may be late enough to look like a Redis that is
FAULTS = ["killed", "hung", "slow", "emptied"]


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[OwnRedis]:
    redis = OwnRedis(tmp_path)
    redis.start()
    yield redis
    redis.stop()


def decided(client: Client, by: str) -> float:
    """Requests that were decided so, as /metrics tells."""
    text = client.ask("GET", "/metrics").body.decode()
    wanted = f'tideline_rate_limit_decisions_total{{by="{by}",decision="admitted"}}'
    return sum(float(line.split()[1]) for line in text.splitlines() if line.startswith(wanted))


async def back_after(client: Client, healed: float) -> float:
    """Seconds from healed until Redis decides again."""
    before = decided(client, "redis")
    while decided(client, "redis") == before:
        await asyncio.sleep(0.02)
        assert time.monotonic() < healed + 4 * BACK_S
    return time.monotonic() - healed


@pytest.mark.parametrize("fault", FAULTS)
async def test_no_request_fails_whatever_happens_to_redis(
    service_factory: Callable[..., Service], own_redis: OwnRedis, fault: str
) -> None:
    proxy = Proxy("127.0.0.1", own_redis.port)
    await proxy.start()
    proxied = f"redis://127.0.0.1:{proxy.port}/0"
    service = await asyncio.to_thread(
        service_factory,
        RATELIMIT_ENABLED="on",
        RATELIMIT_STORAGE_URL=proxied if fault == "slow" else own_redis.url,
        LIMITS="all=1000000",
        REDIS_TIMEOUT_MS=int(TIMEOUT_S * 1000),
    )
    user = service.new_user()
    client = Client(service.url)
    url = f"{service.url}/api/v2/users/me/accounts"
    async with Load(url, user.headers, RATE) as load:
        await asyncio.sleep(2)
        fell = time.monotonic()
        if fault == "killed":
            await asyncio.to_thread(own_redis.kill)
        elif fault == "hung":
            own_redis.signal(signal.SIGSTOP)
        elif fault == "slow":
            proxy.latency_s = 4 * TIMEOUT_S
        else:
            await asyncio.to_thread(own_redis.flush)
        await asyncio.sleep(3)
        alone = decided(client, "worker")
        healed = time.monotonic()
        if fault == "killed":
            await asyncio.to_thread(own_redis.start)
        elif fault == "hung":
            own_redis.signal(signal.SIGCONT)
        elif fault == "slow":
            proxy.latency_s = 0.0
        back_s = await back_after(client, healed)
        await asyncio.sleep(0.5)
    client.close()
    log = service.log()
    await asyncio.to_thread(service.stop)
    await proxy.stop()
    usual, first = load.p99(until=fell), load.p99(fell, fell + 1)
    after = load.p99(fell + 1, healed)
    print(
        f"\nF5 {fault}: {dict(load.statuses())}, p99 {usual * 1000:.1f} ms, in the first second"
        f" {first * 1000:.1f}, after it {after * 1000:.1f}, in use again after {back_s:.2f} s"
    )
    assert set(load.statuses()) == {200}
    assert first - usual <= FIRST_S
    assert after - usual <= AFTER_S
    assert back_s <= BACK_S
    lost, found = (log.count(f'"event": "limiter_{turn}"') for turn in ("lost", "found"))
    assert found == lost <= TURNS  # a line for each turn, not for each request
    if fault == "emptied":
        assert alone == 0 or lost  # a Redis that has forgotten still counts
    else:
        assert alone >= RATE  # nobody waited for it
        assert lost


async def test_a_service_starts_without_redis_and_finds_it_later(
    service_factory: Callable[..., Service], own_redis: OwnRedis
) -> None:
    own_redis.kill()
    service = await asyncio.to_thread(
        service_factory,
        RATELIMIT_ENABLED="on",
        RATELIMIT_STORAGE_URL=own_redis.url,
        LIMITS="budget=5",
    )
    user = service.new_user(tier="budget")
    client = Client(service.url, user.token)
    path = "/api/v2/users/me/accounts"
    assert [client.ask("GET", path).status for _ in range(6)] == [200] * 5 + [429]
    await asyncio.to_thread(own_redis.start)
    other = Client(service.url, service.new_user(tier="enterprise").token)
    began = time.monotonic()
    while decided(client, "redis") == 0:
        other.ask("GET", path)
        await asyncio.sleep(0.05)
        assert time.monotonic() < began + BACK_S
    # What a worker has seen used up stays so, although Redis knows nothing of it.
    assert client.ask("GET", path).status == 429
    client.close()
    other.close()
    assert service.has_logged('"limiter_found"')

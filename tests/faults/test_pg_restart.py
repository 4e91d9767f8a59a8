"""F1: PostgreSQL is restarted under load, and nobody who only reads notices more than a wait."""

import asyncio
import time
from collections.abc import Callable

import pytest

from tests.faults.load import Load
from tests.faults.nemesis import Cluster
from tests.support.service import Service

RATE = 60.0  # reads a second; about 1 % of what one worker can do


@pytest.mark.parametrize(
    ("fault", "fast_lane"),
    [("restart", "on"), ("long restart", "on"), ("kill", "on"), ("restart", "off")],
)
async def test_no_read_fails_while_postgresql_restarts(
    cluster: Cluster, start: Callable[..., Service], fault: str, fast_lane: str
) -> None:
    service = start(FAST_LANE=fast_lane)
    user = service.new_user()
    url = f"{service.url}/api/v2/users/me/accounts"
    async with Load(url, user.headers, RATE) as load:
        await asyncio.sleep(0.7)
        fell = time.monotonic()
        if fault == "kill":
            outage_s = await asyncio.to_thread(cluster.kill)
        else:
            outage_s = await asyncio.to_thread(
                cluster.restart, 2.0 if fault == "long restart" else 0.0
            )
        healed = time.monotonic()
        await asyncio.sleep(1)
    before, during = load.p99(until=fell), load.p99(since=fell - 0.5, until=healed)
    steady_s = load.steady_after(healed, max(0.1, 5 * before))
    print(
        f"\nF1 {fault}, fast lane {fast_lane}: away {outage_s:.2f} s,"
        f" {len(load.outcomes)} reads {dict(load.statuses())},"
        f" p99 before {before * 1000:.0f} ms, during {during:.2f} s, steady {steady_s:.2f} s after"
    )
    assert outage_s <= 3.0, "the machine is too slow for this test"
    assert set(load.statuses()) == {200}
    assert during <= outage_s + 1
    assert steady_s <= 5

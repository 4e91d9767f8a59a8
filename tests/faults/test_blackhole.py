"""F6: PostgreSQL hangs, or the network to it does: everybody has an answer in time, 503 or not."""

import asyncio
import time
from collections.abc import Callable

import pytest

from tests.faults.load import Load
from tests.faults.nemesis import Cluster
from tests.faults.proxy import proxied
from tests.support.service import Service

RATE = 40.0
# Longer than any request may last, of the 10 s of the full form; and the same at half the times.
FORMS = {
    "stopped": (6.0, 5.5, {}),
    "black hole": (3.0, 3.0, {"REQUEST_TIMEOUT_MS": 2500, "DATABASE_WAIT_MS": 1500}),
}


@pytest.mark.parametrize("fault", FORMS)
async def test_every_request_is_answered_in_time(
    cluster: Cluster, start: Callable[..., Service], fault: str
) -> None:
    hole_s, answer_s, settings = FORMS[fault]
    async with proxied("127.0.0.1", cluster.port) as proxy:
        # In a thread: the proxy must work while the service starts.
        service = await asyncio.to_thread(
            start,
            DATABASE_URL=cluster.tcp_url(proxy.port),
            DATABASE_URL_DIRECT=cluster.admin,
            **settings,
        )
        user = await asyncio.to_thread(service.new_user)
        reads = f"{service.url}/api/v2/users/me/accounts"
        slow = f"{service.url}/api/v2/users/me/forecast?days=30"
        async with (
            Load(reads, user.headers, RATE) as load,
            Load(slow, user.headers, 5.0) as other,
            Load(f"{service.url}/live", {}, 10.0) as live,
        ):
            await asyncio.sleep(1)
            fell = time.monotonic()
            if fault == "stopped":
                cluster.freeze()
            else:
                proxy.black_hole()
            await asyncio.sleep(hole_s)
            if fault == "stopped":
                await asyncio.to_thread(cluster.heal)
            else:
                proxy.heal()
            healed = time.monotonic()
            await asyncio.sleep(2.5)
    before = load.p99(until=fell)
    steady_s = load.steady_after(healed, max(0.1, 5 * before))
    print(
        f"\nF6 {fault} {hole_s:.0f} s:"
        f" reads {dict(load.statuses())}, slowest {load.slowest():.2f} s;"
        f" forecasts {dict(other.statuses())}, slowest {other.slowest():.2f} s;"
        f" /live {dict(live.statuses())}, slowest {live.slowest():.2f} s; steady {steady_s:.2f} s"
    )
    for answers in (load, other):
        assert set(answers.statuses()) <= {200, 503}
        assert answers.slowest() <= answer_s + min(1.0, live.slowest())  # the machine's own
    assert set(live.statuses()) == {200}
    assert steady_s <= 5

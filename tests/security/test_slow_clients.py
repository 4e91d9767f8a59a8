"""Clients that never finish a head or a body are hung up on in time, and nobody else notices.

In full (TIDELINE_NIGHTLY=1): 1,000 slow heads and 500 slow bodies against the limits that are in
force by default. In short: a tenth of both, against limits a fifth as long.
"""

import asyncio
import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from tests.support.asking import Client
from tests.support.service import Service

IS_FULL = os.environ.get("TIDELINE_NIGHTLY") == "1"
HEADS, BODIES = (1000, 500) if IS_FULL else (100, 50)
SETTINGS = {} if IS_FULL else {"HEADER_TIMEOUT_MS": 2000, "BODY_TIMEOUT_MS": 4000}
CLOSED_WITHIN_S = 25.0 if IS_FULL else 12.0  # the limit, two seconds of linger, and the crowd
DRIP_S = 2.0 if IS_FULL else 0.5
COMING_PER_S = 200  # as slowhttptest does by default
STEADY_S = 3.0
TIMES = 1.5
# A shared machine's own jitter, below which a ratio says nothing; under a whole run it is larger.
GRAIN_S = 0.02 if IS_FULL else 0.25
PATH = "/api/v2/users/me/accounts"


class Ending(NamedTuple):
    """How a slow client fared: how long it was borne, and what it was told last."""

    kind: str
    took_s: float
    heard: bytes


async def drip(url: str, kind: str, token: str, number: int) -> Ending:
    """Speaks forever, a few bytes at a time, until the other side hangs up."""
    parts = urlsplit(url)
    await asyncio.sleep(number / COMING_PER_S)
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
    heads = {
        "head": head,
        "body": f"{head}Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n",
        "chunks": f"{head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    }
    drops = {"head": b"X-More: and more\r\n", "body": b" ", "chunks": b"1\r\n \r\n"}
    heard = b""

    async def speak() -> None:
        writer.write(heads[kind].encode())
        while True:
            writer.write(drops[kind])
            await writer.drain()
            await asyncio.sleep(DRIP_S)

    speaking = asyncio.create_task(speak())
    try:
        heard = await reader.read(-1)
    except ConnectionError:
        pass
    finally:
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)
        writer.close()
    return Ending(kind, time.monotonic() - began, heard)


def p99_s(client: Client, until: Callable[[], bool]) -> float:
    """Ninety-nine of a hundred requests of somebody else took no longer."""
    took = []
    while not until() or len(took) < 100:
        began = time.perf_counter()
        assert client.ask("GET", PATH).status == 200
        took.append(time.perf_counter() - began)
        time.sleep(0.005)
    return statistics.quantiles(took, n=100)[98]


async def everybody(url: str, token: str) -> list[Ending]:
    """All slow clients, one after the other and then at once."""
    kinds = ["head"] * HEADS + ["body"] * (BODIES // 2) + ["chunks"] * (BODIES - BODIES // 2)
    slow = (drip(url, kind, token, number) for number, kind in enumerate(kinds))
    return list(await asyncio.gather(*slow))


def crowd(url: str, token: str) -> list[Ending]:
    """The slow clients in a process of their own, so that the one who measures does not wait."""
    return asyncio.run(everybody(url, token))


@pytest.mark.timeout(120)
@pytest.mark.slow
def test_slow_clients_are_hung_up_on_and_nobody_else_waits(
    service_factory: Callable[..., Service],
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * (HEADS + BODIES)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this machine lets a process open {hard} files: {wanted} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    service = service_factory(RATELIMIT_ENABLED="off", **SETTINGS)
    user = service.new_user()
    with Client(service.url, user.token) as client:
        until = time.monotonic() + STEADY_S
        steady_s = p99_s(client, lambda: time.monotonic() > until)
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawn) as process:
            coming = process.submit(crowd, service.url, user.token)
            crowded_s = p99_s(client, coming.done)
            endings = coming.result()

    longest = {kind: max(e.took_s for e in endings if e.kind == kind) for kind, *_ in endings}
    print(
        f"{HEADS} slow heads, {BODIES} slow bodies: closed within "
        + ", ".join(f"{kind} {took_s:.1f} s" for kind, took_s in longest.items())
        + f"; p99 of others {steady_s * 1000:.1f} -> {crowded_s * 1000:.1f} ms"
    )
    assert max(longest.values()) <= CLOSED_WITHIN_S
    for ending in endings:
        if ending.kind == "head":
            assert ending.heard == b"", "half a head is no request and gets no answer"
        else:
            assert ending.heard.startswith(b"HTTP/1.1 408 "), ending
            assert ending.heard.count(b"HTTP/1.1 ") == 1
    assert crowded_s <= max(TIMES * steady_s, steady_s + GRAIN_S)

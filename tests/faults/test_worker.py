"""F3: a worker dies or is asked to end under load; the clients of two workers hardly notice."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tests.faults.load import Load
from tests.faults.nemesis import children
from tests.http.conftest import publish
from tests.support.service import Service

RATE = 60.0


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGTERM])
async def test_no_request_fails_beside_a_second_worker(
    start: Callable[..., Service], fault: signal.Signals
) -> None:
    service = start("--workers", "2")
    user = service.new_user()
    url = f"{service.url}/api/v2/users/me/accounts"
    workers = children(service.pid)
    assert len(workers) == 2
    async with Load(url, user.headers, RATE, retries=1) as load:
        await asyncio.sleep(1)
        fell = time.monotonic()
        os.kill(workers[0], fault)
        while len(set(children(service.pid)) - {workers[0]}) < 2:
            await asyncio.sleep(0.02)
            assert time.monotonic() - fell < 20
        back_s = time.monotonic() - fell
        await asyncio.sleep(2)
    print(
        f"\nF3 {fault.name}: {dict(load.statuses())}, the other worker began after {back_s:.2f} s"
    )
    assert set(load.statuses()) == {200}
    assert back_s <= 20  # a tenth of it on an idle machine


async def test_what_runs_is_finished_before_the_end(start: Callable[..., Service]) -> None:
    service = start()
    user = service.new_user()
    url = f"{service.url}/api/v2/users/me/accounts"
    async with Load(url, user.headers, RATE * 2) as load:
        await asyncio.sleep(1)
        status = await asyncio.to_thread(service.stop)
        ended = time.monotonic()
    before_the_end = [o.status for o in load.outcomes if o.began < ended - 0.5]
    print(f"\nSIGTERM under load: exit {status}, {len(before_the_end)} requests, all answered")
    assert status == 0
    assert set(before_the_end) == {200}


def test_a_draining_service_refuses_new_connections_at_once(
    service_factory: Callable[..., Service],
) -> None:
    service = service_factory("--workers", "2")
    publish(service)
    parts = urlsplit(service.url)
    address = (parts.hostname, parts.port)
    user = service.new_user()
    with socket.create_connection(address, timeout=10) as held:
        held.sendall(
            b"GET /api/v2/users/me/probe/wait?seconds=3 HTTP/1.1\r\nHost: x\r\n"
            + f"Authorization: Bearer {user.token}\r\n\r\n".encode()
        )
        time.sleep(0.5)
        service.process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 5
        while True:
            try:
                socket.create_connection(address, timeout=1).close()
            except ConnectionRefusedError:
                break
            except OSError:
                pass  # accepted by nobody and reset: still listening a moment ago
            assert time.monotonic() < until
            time.sleep(0.02)
        assert service.process.poll() is None  # what was begun is waited for
        assert held.recv(100).startswith(b"HTTP/1.1 200 ")
    assert service.stop() == 0

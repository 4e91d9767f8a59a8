"""The socket's side: what the parser refuses has our shape, and nobody lingers for long."""

import asyncio
import gzip
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from service.config import Config
from service.front import Entrance, Front
from service.observe import Observer
from tests.http.test_observe import requests
from tests.support.asking import Client
from tests.support.service import Service, User

POST = "POST /api/v2/users/me/probe/echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n"


def talk(service: Service, sent: bytes, within_s: float = 6) -> tuple[bytes, float]:
    """Everything that comes back until the service closes, and after how long it did."""
    parts = urlsplit(service.url)
    began = time.monotonic()
    with socket.create_connection((parts.hostname, parts.port), timeout=within_s) as connection:
        connection.sendall(sent)
        heard = b""
        while part := connection.recv(65536):
            heard += part
    return heard, time.monotonic() - began


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"\x16\x03\x01\x02\x00\r\n\r\n", 400, "bad_request"),
        (b"GET /health HTTP/1.1\r\n\r\n", 400, "bad_request"),
        (b"GET /health HTTP/1.1\r\nHost: x\r\nX: a\x1bb\r\n\r\n", 400, "bad_request"),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431, "head_too_large"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9000 + b"\r\n\r\n", 431, "head_too_large"),
    ],
)
def test_what_the_parser_refuses_is_a_problem_too(
    probed: Service, sent: bytes, status: int, code: str
) -> None:
    heard, _ = talk(probed, sent)
    head, _, body = heard.partition(b"\r\n\r\n")
    told = json.loads(body)
    assert (told["status"], told["code"], told["success"]) == (status, code, False)
    assert b"content-type: application/problem+json" in head.lower()
    assert heard.count(b"Server: tideline") == 1


@pytest.mark.parametrize("sent", [b"", b"GET /hea", b"GET /health HTTP/1.1\r\nHost: x\r\nX"])
def test_a_head_that_never_ends_is_hung_up_on(probed: Service, sent: bytes) -> None:
    heard, took_s = talk(probed, sent)
    assert heard == b""
    assert 2.5 < took_s < 4.5  # HEADER_TIMEOUT_MS is 3000 here


def test_a_body_that_never_ends_is_408_and_hung_up_on(probed: Service, someone: User) -> None:
    head = POST.format(someone.token) + "Content-Type: application/json\r\nContent-Length: 99\r\n"
    heard, took_s = talk(probed, f"{head}\r\n{{".encode())
    assert heard.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"slow_body"' in heard
    assert took_s < 1.5 + 2 + 1  # BODY_TIMEOUT_MS here, and the time to linger


def test_a_client_that_asks_first_is_told_to_go_on(probed: Service, someone: User) -> None:
    head = POST.format(someone.token) + "Content-Type: application/json\r\nContent-Length: 13\r\n"
    sent = f'{head}Expect: 100-continue\r\nConnection: close\r\n\r\n{{"name": "a"}}'.encode()
    heard, _ = talk(probed, sent)
    assert heard.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n")


def test_two_requests_at_once_are_answered_in_order(probed: Service) -> None:
    heard, _ = talk(
        probed,
        b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
        b"GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    )
    assert heard.index(b"200 OK") < heard.index(b"404 Not Found")


def test_what_the_parser_refuses_is_counted(probed: Service, nobody: Client) -> None:
    before = requests(nobody, route="none", status="400")
    talk(probed, b"GET /health HTTP/1.1\r\n\r\n")
    assert requests(nobody, route="none", status="400") == before + 1


@asynccontextmanager
async def fronted(entrance: Entrance) -> AsyncIterator[int]:
    """The port of our front with another entrance behind it."""
    front = Front(entrance, Config(), Observer(Config()))
    server = await asyncio.get_running_loop().create_server(front, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await front.shutdown(1)


async def heard_from(port: int, sent: bytes) -> bytes:
    """Everything that comes back until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    heard = await reader.read()
    writer.close()
    return heard


async def test_a_fault_outside_of_every_room_is_in_the_log_under_its_id(
    capfd: pytest.CaptureFixture[str],
) -> None:
    async def broken(request: web.BaseRequest) -> web.StreamResponse:
        raise RuntimeError("secret")

    async with fronted(broken) as port:
        heard = await heard_from(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    head, _, body = heard.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 500 ")
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    [told] = [line for line in lines if line.get("request_id") == json.loads(body)["request_id"]]
    assert (told["event"], told["kind"]) == ("request_unexpected", "RuntimeError")
    assert "secret" not in json.dumps(lines)


async def test_a_packed_body_stays_packed() -> None:
    sizes: list[int] = []

    async def count(request: web.BaseRequest) -> web.StreamResponse:
        sizes.append(len(await request.content.read()))
        response = web.Response()
        response.force_close()
        return response

    bomb = gzip.compress(bytes(50_000_000))
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}"
    async with fronted(count) as port:
        await heard_from(port, f"{head}\r\n\r\n".encode() + bomb)
    assert sizes == [len(bomb)]


def test_a_header_may_stand_in_several_lines(probed: Service, someone: User) -> None:
    head = (
        "GET /api/v2/users/me/probe/large?size=5000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"Authorization: Bearer {someone.token}\r\n"
    )
    both = "Accept-Encoding: identity;q=0.1\r\nAccept-Encoding: gzip\r\n"
    heard, _ = talk(probed, f"{head}{both}\r\n".encode())
    assert b"Content-Encoding: gzip\r\n" in heard
    tag = heard.partition(b"ETag: ")[2].partition(b"\r\n")[0].decode()
    both = f'If-None-Match: W/"other"\r\nIf-None-Match: {tag}\r\n'
    heard, _ = talk(probed, f"{head}{both}\r\n".encode())
    assert heard.startswith(b"HTTP/1.1 304 ")

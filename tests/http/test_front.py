"""The socket's side: what the parser refuses has our shape, and nobody lingers for long."""

import json
import socket
import time
from urllib.parse import urlsplit

import pytest

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

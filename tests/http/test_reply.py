"""An answer as bytes: status line, headers once each, and a length whenever there may be a body."""

import socket
from urllib.parse import urlsplit

import pytest

from service.exchange import Answer
from service.reply import SECURITY_HEADERS, head
from tests.support.service import Service

JSON = {"Content-Type": "application/json"}


def lines(data: bytes) -> list[str]:
    """The lines of a head, which must end with an empty one."""
    assert data.endswith(b"\r\n\r\n")
    return data.decode().split("\r\n")[:-2]


def test_a_head_has_every_header_once() -> None:
    first, *rest = lines(head(Answer(200, b"{}", dict(JSON)), True, is_old=False))
    assert first == "HTTP/1.1 200 OK"
    names = [line.partition(": ")[0] for line in rest]
    assert sorted(names) == sorted([*SECURITY_HEADERS, *JSON, "Content-Length", "Date"])
    assert "Content-Length: 2" in rest


def test_an_answer_s_own_policy_stands_alone() -> None:
    own = {"Content-Security-Policy": "default-src 'self'"}
    said = lines(head(Answer(200, b"", own), True, is_old=False))
    assert [line for line in said if line.startswith("Content-Security-Policy")] == [
        "Content-Security-Policy: default-src 'self'"
    ]
    assert "Server: tideline" in said


@pytest.mark.parametrize(
    ("keep_alive", "is_old", "given", "said"),
    [
        (True, False, {}, []),
        (False, False, {}, ["Connection: close"]),
        (False, False, {"Connection": "close"}, ["Connection: close"]),
        (True, True, {}, ["Connection: keep-alive"]),
        (False, True, {}, []),
    ],
)
def test_who_closes_is_said(
    keep_alive: bool, is_old: bool, given: dict[str, str], said: list[str]
) -> None:
    found = lines(head(Answer(200, b"", dict(given)), keep_alive, is_old=is_old))
    assert [line for line in found if line.startswith("Connection")] == said
    assert found[0] == f"HTTP/1.{0 if is_old else 1} 200 OK"


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "a\nb", "a\rb"])
def test_a_header_cannot_begin_another(value: str) -> None:
    with pytest.raises(ValueError, match="inside a header"):
        head(Answer(200, b"", {"Allow": value}), True, is_old=False)


def test_not_modified_has_neither_body_nor_length() -> None:
    said = lines(head(Answer(304, b"", {"ETag": 'W/"a"'}), True, is_old=False))
    assert said[0] == "HTTP/1.1 304 Not Modified"
    assert not [line for line in said if line.startswith("Content-")][1:]  # the policy alone


@pytest.mark.parametrize(
    ("request_line", "more", "first"),
    [
        (b"HEAD /health HTTP/1.1", b"Connection: close\r\n", b"HTTP/1.1 200 OK"),
        (b"HEAD /health HTTP/1.0", b"", b"HTTP/1.0 200 OK"),
        (b"GET /health HTTP/1.0", b"", b"HTTP/1.0 200 OK"),
    ],
)
def test_head_and_old_clients(
    service: Service, request_line: bytes, more: bytes, first: bytes
) -> None:
    parts = urlsplit(service.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        connection.sendall(request_line + b"\r\nHost: x\r\n" + more + b"\r\n")
        heard = b""
        while part := connection.recv(65536):
            heard += part
    start, _, body = heard.partition(b"\r\n\r\n")
    assert start.startswith(first)
    assert b"Content-Length: 18" in start
    assert body == (b"" if request_line.startswith(b"HEAD") else b'{"status":"alive"}')

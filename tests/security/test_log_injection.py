"""Hostile text in headers, paths and fields: one JSON object a line in the log, and nothing raw.

That the page shows a name as text: tests/web/test_page.py and tests/security/test_static.py.
"""

import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest

from tests.support.asking import Client
from tests.support.service import Service, User

FORGED = '{"event":"request","status":200,"user":"forged"}'
HOSTILE = {
    "line feed": f"a\n{FORGED}",
    "carriage return": f"a\r{FORGED}",
    "both": f"a\r\n{FORGED}",
    "next line": f"a\x85{FORGED}",
    "line separator": f"a\u2028{FORGED}",
    "vertical tab": f"a\x0b\x0c{FORGED}",
    "colour": "\x1b[2J\x1b[31mroot\x1b[0m",
    "title of the window": "\x1b]0;owned\x07",
    "backspace": "abc\x08\x08\x08xyz",
    "direction": "\u202egpj.exe",
    "quote": '","level":"error","event":"forged","x":"',
    "markup": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "format": "%s%n${jndi:ldap://x/y}{0}",
}


@pytest.fixture(scope="module")
def noted(service_factory: Any) -> Iterator[Service]:
    """A service that writes every line it has."""
    service = service_factory(LOG_LEVEL="debug", COURIER_POLL_MS=100)
    yield service
    service.stop()


@pytest.fixture(scope="module")
def someone(noted: Service) -> User:
    """Whoever asks."""
    return noted.new_user()


def lines_after(service: Service, begin: int) -> list[dict[str, Any]]:
    """What was written since, once it is all there; fails for a line that is not one object."""
    time.sleep(0.3)
    written = service.log_path.read_bytes()[begin:]
    raw = [byte for byte in written if (byte < 32 and byte != 10) or byte == 127]
    assert raw == []
    text = written.decode("utf-8")
    assert not set("\x85\u2028\u2029\u202e") & set(text)
    found = [json.loads(line) for line in text.splitlines()]
    assert all(isinstance(line, dict) and "event" in line for line in found)
    assert not any(line["event"] == "forged" or line.get("user") == "forged" for line in found)
    return found


def raw_answer(service: Service, request: bytes) -> int:
    """The status that these bytes are answered with; 0 when the connection is closed instead."""
    parts = urlsplit(service.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        connection.sendall(request)
        head = connection.recv(65536)
    return int(head.split()[1]) if head else 0


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("header", ["User-Agent", "X-Request-ID", "X-Forwarded-For", "Origin"])
def test_a_header_is_no_line_of_the_log(
    noted: Service, someone: User, header: str, kind: str
) -> None:
    begin = noted.log_path.stat().st_size
    request = (
        f"GET /api/v2/users/me/accounts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"Authorization: Bearer {someone.token}\r\n{header}: {HOSTILE[kind]}\r\n\r\n"
    )
    assert raw_answer(noted, request.encode()) in (0, 200, 400)
    requests = [line for line in lines_after(noted, begin) if line["event"] == "request"]
    assert len(requests) <= 1
    for line in requests:
        assert line["request_id"].isascii()
        assert line["request_id"].replace("-", "").isalnum()


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_path_is_no_line_of_the_log(noted: Service, kind: str) -> None:
    begin = noted.log_path.stat().st_size
    for path in (f"/api/v2/{quote(HOSTILE[kind], safe='')}", f"/?a={quote(HOSTILE[kind])}"):
        request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert raw_answer(noted, request.encode()) < 500
    requests = [line for line in lines_after(noted, begin) if line["event"] == "request"]
    assert requests[0]["route"] == "none"


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_name_is_no_line_of_the_log(noted: Service, someone: User, kind: str) -> None:
    begin = noted.log_path.stat().st_size
    client = Client(noted.url, someone.token)
    reply = client.ask("POST", "/api/v2/users/me/accounts", {"name": HOSTILE[kind]})
    assert reply.status in (201, 422)
    if reply.status == 201:  # what is taken comes back as it was, as JSON that no browser renders
        assert reply.data["name"] == HOSTILE[kind]
        assert reply.headers["Content-Type"].startswith("application/json")
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
    client.close()
    requests = [line for line in lines_after(noted, begin) if line["event"] == "request"]
    assert len(requests) == 1


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_message_that_development_prints_is_one_line(
    noted: Service, someone: User, kind: str
) -> None:
    begin = noted.log_path.stat().st_size
    with psycopg.connect(noted.dsn, autocommit=True) as connection:
        connection.execute(
            "select core.message_add(%s, 'mail', 'ada@example.org', 'new_login', %s::jsonb)",
            (
                someone.user_id,
                json.dumps({"client_ip": "192.0.2.1", "user_agent": HOSTILE[kind]}),
            ),
        )
    until = time.monotonic() + 10
    while b"message_sent" not in noted.log_path.read_bytes()[begin:]:
        assert time.monotonic() < until
        time.sleep(0.05)
    printed = [line for line in lines_after(noted, begin) if line["event"] == "message_printed"]
    assert len(printed) == 1
    assert printed[0]["text"].count("\n") == 7  # those of the template

"""Framing: what is not exactly one well-formed request gets one refusal, and the connection ends.

Every case hides a second request where a lenient reader would see one; a second
answer is a smuggled request.
"""

import re
import socket
from urllib.parse import urlsplit

import pytest

from tests.support.service import Service

HIDDEN = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
POST = b"POST /api/v2/users/me/accounts HTTP/1.1\r\nHost: x\r\n"
GET = b"GET /health HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(HIDDEN)
LAST = b"Connection: close\r\n\r\n"
JSON = b"Content-Type: application/json\r\n"
SILENT_S = 5.0

CASES: dict[str, bytes] = {
    # Two ways to say where a body ends.
    "length and chunked": POST + LENGTH + CHUNKED + b"\r\n0\r\n\r\n" + HIDDEN,
    "chunked and length": POST + CHUNKED + LENGTH + b"\r\n0\r\n\r\n" + HIDDEN,
    "two lengths that differ": POST + b"Content-Length: 0\r\n" + LENGTH + b"\r\n" + HIDDEN,
    "two lengths that agree": POST + LENGTH + LENGTH + b"\r\n" + HIDDEN,
    "a list of lengths": POST + b"Content-Length: 0, 38\r\n\r\n" + HIDDEN,
    "chunked twice": POST + CHUNKED + CHUNKED + b"\r\n0\r\n\r\n" + HIDDEN,
    "chunked is not last": POST + b"Transfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n" + HIDDEN,
    "unknown transfer coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n" + HIDDEN,
    "coding behind a tab": POST + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "coding with a space in its name": POST
    + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"
    + HIDDEN,
    "chunked in HTTP/1.0": POST.replace(b"/1.1", b"/1.0")
    + CHUNKED
    + LENGTH
    + b"\r\n0\r\n\r\n"
    + HIDDEN,
    # A length that is none.
    "negative length": POST + b"Content-Length: -1\r\n\r\n" + HIDDEN,
    "signed length": POST + b"Content-Length: +5\r\n\r\n" + HIDDEN,
    "hexadecimal length": POST + b"Content-Length: 0x5\r\n\r\n" + HIDDEN,
    "length with a space": POST + b"Content-Length: 1 0\r\n\r\n" + HIDDEN,
    "length with an underscore": POST + b"Content-Length: 1_0\r\n\r\n" + HIDDEN,
    "length of other digits": POST + "Content-Length: ٣\r\n\r\n".encode() + HIDDEN,
    "empty length": POST + b"Content-Length: \r\n\r\n" + HIDDEN,
    "length beyond counting": POST + b"Content-Length: 9" + b"9" * 40 + b"\r\n\r\n" + HIDDEN,
    # Chunks that are none.
    "chunk size is no number": POST + JSON + CHUNKED + b"\r\nzz\r\n" + HIDDEN,
    "chunk size is negative": POST + JSON + CHUNKED + b"\r\n-1\r\n\r\n" + HIDDEN,
    "chunk size with 0x": POST + JSON + CHUNKED + b"\r\n0x2\r\n{}\r\n0\r\n\r\n" + HIDDEN,
    "chunk longer than its size": POST + JSON + CHUNKED + b"\r\n1\r\n{}\r\n0\r\n\r\n" + HIDDEN,
    "chunk size beyond counting": POST + JSON + CHUNKED + b"\r\nfffffffffffffffffff\r\n" + HIDDEN,
    "a length behind the last chunk": POST
    + JSON
    + CHUNKED
    + b"\r\n2\r\n{}\r\n0\r\nContent-Length: 38\r\n\r\n"
    + HIDDEN,
    "NUL in a chunk's extension": POST
    + JSON
    + CHUNKED
    + b"\r\n2;a=\x00\r\n{}\r\n0\r\n\r\n"
    + HIDDEN,
    "chunk ends with a bare LF": POST + JSON + CHUNKED + b"\r\n2\n{}\n0\n\n" + HIDDEN,
    # Lines that are none.
    "lines end with a bare LF": b"GET /health HTTP/1.1\nHost: x\n\n" + HIDDEN,
    "one line ends with a bare LF": b"GET /health HTTP/1.1\r\nHost: x\nX-A: b\r\n\r\n" + HIDDEN,
    "folded header": GET + b"X-A: one\r\n two\r\n\r\n" + HIDDEN,
    "folded first header": b"GET /health HTTP/1.1\r\n Host: x\r\n\r\n" + HIDDEN,
    "header without a colon": GET + b"nonsense\r\n\r\n" + HIDDEN,
    "header without a name": GET + b": value\r\n\r\n" + HIDDEN,
    "space before the colon": GET + b"X-A : b\r\n\r\n" + HIDDEN,
    "NUL in a header": GET + b"X-A: a\x00b\r\n\r\n" + HIDDEN,
    "bare CR in a header": GET + b"X-A: a\rX-B: b\r\n\r\n" + HIDDEN,
    "name with a bracket": GET + b"X[A]: b\r\n\r\n" + HIDDEN,
    "name that is not ASCII": GET + "X-Ä: b\r\n\r\n".encode() + HIDDEN,
    # Requests that are too much.
    "one huge header": GET + b"X-A: " + b"a" * 100_000 + b"\r\n\r\n" + HIDDEN,
    "a thousand headers": GET
    + b"".join(b"X-%d: a\r\n" % n for n in range(1000))
    + b"\r\n"
    + HIDDEN,
    "more headers than we count": GET
    + b"".join(b"X-%d: a\r\n" % n for n in range(100))
    + b"\r\n"
    + HIDDEN,
    "a huge path": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN,
    "a header name of 100 kB": GET + b"X" * 100_000 + b": a\r\n\r\n" + HIDDEN,
    # Request lines that are none.
    "no version": b"GET /health\r\n\r\n" + HIDDEN,
    "unknown version": b"GET /health HTTP/3.7\r\nHost: x\r\n\r\n" + HIDDEN,
    "another protocol": b"GET /health SPDY/1.1\r\nHost: x\r\n\r\n" + HIDDEN,
    "method with a colon": b"GE:T /health HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN,
    "no method": b" /health HTTP/1.1\r\nHost: x\r\n\r\n" + HIDDEN,
    "HTTP/2 without being asked": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN,
    "TLS to a plain port": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,
    "no host": b"GET /health HTTP/1.1\r\n\r\n" + HIDDEN,
    "two hosts": GET + b"Host: y\r\n\r\n" + HIDDEN,
}

# Well-formed requests that this service has no use for: one refusal; what follows is a new request.
UNWANTED: dict[str, bytes] = {
    "unknown method": b"BREW /health HTTP/1.1\r\nHost: x\r\n" + LAST,
    "CONNECT": b"CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n" + LAST,
    "TRACE": b"TRACE /health HTTP/1.1\r\nHost: x\r\n" + LAST,
    "absolute address of another host": b"GET http://example.org/api/v2/users/me HTTP/1.1\r\n"
    b"Host: example.org\r\n" + LAST,
    "asterisk": b"GET * HTTP/1.1\r\nHost: x\r\n" + LAST,
    "dots in the path": b"GET /web/../../etc/passwd HTTP/1.1\r\nHost: x\r\n" + LAST,
    "encoded dots": b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n" + LAST,
    "bad percent": b"GET /api/v2/users/%zz HTTP/1.1\r\nHost: x\r\n" + LAST,
    "compressed body": POST + JSON + b"Content-Encoding: gzip\r\nConnection: close\r\n"
    b"Content-Length: 3\r\n\r\nabc",
}


def talk(service: Service, sent: bytes) -> tuple[list[int], bytes, bool]:
    """Statuses that came back, everything that came back, and whether the other side hung up."""
    parts = urlsplit(service.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=SILENT_S) as connection:
        received, is_closed = b"", False
        try:
            connection.sendall(sent)
            while part := connection.recv(65536):
                received += part
            is_closed = True
        except TimeoutError:
            pass
        except (ConnectionResetError, BrokenPipeError):
            is_closed = True
        return [int(code) for code in STATUS.findall(received)], received, is_closed


@pytest.mark.parametrize("name", CASES)
def test_a_malformed_request_gets_one_refusal_and_the_end(service: Service, name: str) -> None:
    statuses, received, is_closed = talk(service, CASES[name])
    assert len(statuses) == 1, f"one answer, no second one: {received!r}"
    assert 400 <= statuses[0] < 500, received[:500]
    assert is_closed, f"the connection stays open: {received[:500]!r}"
    assert b"Traceback" not in received


@pytest.mark.parametrize("name", UNWANTED)
def test_an_unwanted_request_gets_one_refusal(service: Service, name: str) -> None:
    statuses, received, is_closed = talk(service, UNWANTED[name])
    assert len(statuses) == 1, received
    assert 400 <= statuses[0] < 500, received[:500]
    assert is_closed
    assert b"root:" not in received
    assert b"Traceback" not in received


def test_forty_ways_are_tried() -> None:
    assert len(CASES) >= 40


def test_what_a_browser_sends_is_not_too_much(service: Service) -> None:
    headers = b"".join(b"X-%d: a\r\n" % n for n in range(90))
    statuses, received, _ = talk(service, GET + headers + b"Connection: close\r\n\r\n")
    assert statuses == [200], received


def test_the_service_is_well_after_all_this(service: Service) -> None:
    statuses, received, _ = talk(service, GET + b"Connection: close\r\n\r\n")
    assert statuses == [200], received

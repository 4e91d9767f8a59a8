"""An Answer as bytes of HTTP/1.1 (RFC 9110, 9112): head and body in one write.

aiohttp's own Response builds and walks a dictionary of headers for each answer: twice the cost.
"""

import time
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpVersion10

from service.exchange import Answer

SECURITY_HEADERS = {
    "Server": "tideline",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_BODILESS = frozenset({204, 304})
_LINES = "".join(f"{name}: {value}\r\n" for name, value in SECURITY_HEADERS.items())
_STATUS_LINES = {status.value: f"{status.value} {status.phrase}\r\n" for status in HTTPStatus}


class Reply(web.StreamResponse):
    """What aiohttp's connection asks of a response, for an answer that is all there."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(status=answer.status)
        self._answer = answer

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Writes the whole answer. Errors: ConnectionError when the client has left."""
        answer = self._answer
        # An answer says only ever `Connection: close`: the rest of a body is not wanted.
        self._keep_alive = request.keep_alive and "Connection" not in answer.headers
        data = head(answer, self._keep_alive, is_old=request.version == HttpVersion10)
        if request.method != "HEAD" and answer.status not in _BODILESS:
            data += answer.body
        self._eof_sent = True
        await request.writer.write(data)
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing: `prepare` has written everything."""


def head(answer: Answer, keep_alive: bool, *, is_old: bool, is_stream: bool = False) -> bytes:
    """Status line and headers. Errors: ValueError for a header that would be more than one line.

    A stream has no length: it comes in chunks, or to the end of the connection.
    """
    headers = answer.headers
    own = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    if not own.count("\r") == own.count("\n") == len(headers):
        raise ValueError("a line ends inside a header")
    lines = _LINES
    if not SECURITY_HEADERS.keys().isdisjoint(headers):
        kept = {name: value for name, value in SECURITY_HEADERS.items() if name not in headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in kept.items())
    if is_stream:
        own += "" if is_old else "Transfer-Encoding: chunked\r\n"
    elif answer.status not in _BODILESS:
        own += f"Content-Length: {len(answer.body)}\r\n"
    if is_old and keep_alive:
        own += "Connection: keep-alive\r\n"
    elif not (is_old or keep_alive or "Connection" in headers):
        own += "Connection: close\r\n"
    version = "HTTP/1.0" if is_old else "HTTP/1.1"
    status = _STATUS_LINES[answer.status]
    return f"{version} {status}{lines}{own}Date: {_date(int(time.time()))}\r\n\r\n".encode()


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    """The Date of every answer of this second."""
    return formatdate(second, usegmt=True)

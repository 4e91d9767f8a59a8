"""One connection to Redis that carries whole batches: bytes out, a reply each, in their order.

redis-py costs more than the query that a limit guards; its parser in C, used alone, does not.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from typing import Any, cast

import hiredis
from redis.asyncio.connection import parse_url

Reply = Any  # what hiredis makes of it: int, bytes, list, or a ReplyError


class Wire(asyncio.Protocol):
    """A connection; whoever asks is called with the reply, and nobody any more once it is lost."""

    def __init__(self, lost: Callable[[str], None]) -> None:
        self._lost = lost
        self._reader = hiredis.Reader()
        self._waiting: deque[Callable[[Reply], None]] = deque()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A library's hook: bytes may be sent from now on."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """A library's hook: hands each complete reply to whom it belongs."""
        try:
            self._reader.feed(data)
            while self._waiting and (reply := self._reader.gets()) is not False:
                self._waiting.popleft()(reply)
        except hiredis.ProtocolError as error:
            self.connection_lost(error)

    def connection_lost(self, error: Exception | None) -> None:
        """A library's hook: tells it once."""
        if self._transport is not None:
            self.close()
            self._lost(str(error) if error else "the connection was closed")

    @property
    def is_open(self) -> bool:
        """False once the connection is closed or lost."""
        return self._transport is not None

    def ask(self, words: tuple[Any, ...], then: Callable[[Reply], None]) -> None:
        """Sends a command; `then` gets its reply."""
        assert self._transport is not None
        self._waiting.append(then)
        self._transport.write(hiredis.pack_command(words))

    def close(self) -> None:
        """Drops the connection; what was asked is not answered."""
        if self._transport is not None:
            self._transport.abort()
            self._transport = None
        self._waiting.clear()


async def connect(url: str, lost: Callable[[str], None]) -> Wire:
    """A connection that is logged in. Errors: OSError, ValueError for a URL that is none."""
    parts = parse_url(url)
    loop = asyncio.get_running_loop()
    if path := parts.get("path"):
        _, wire = await loop.create_unix_connection(lambda: Wire(lost), path)
    else:
        host, port = parts.get("host", "127.0.0.1"), parts.get("port", 6379)
        context = _context(parts) if url.startswith("rediss:") else None
        _, wire = await loop.create_connection(lambda: Wire(lost), host, port, ssl=context)
    try:
        if password := parts.get("password"):
            await said(wire, "AUTH", parts.get("username", "default"), password)
        if number := parts.get("db"):
            await said(wire, "SELECT", number)
    except BaseException:
        wire.close()
        raise
    return wire


async def said(wire: Wire, *words: Any) -> Reply:
    """The reply to one command. Errors: OSError when it is an error."""
    answer: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

    def take(reply: Reply) -> None:
        if not answer.done():
            answer.set_result(reply)

    wire.ask(words, take)
    reply = await answer
    if isinstance(reply, hiredis.ReplyError):
        raise OSError(str(reply))
    return reply


def _context(parts: Any) -> ssl.SSLContext:
    """Certificates are checked; `?ssl_ca_certs=file` names who signed them."""
    return ssl.create_default_context(cafile=parts.get("ssl_ca_certs"))

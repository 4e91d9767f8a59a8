"""A streamed Answer as bytes of HTTP/1.1 (RFC 9112, 7.1): a head, then chunks as they come.

When a page fails or time is up the connection is torn down before the last chunk: a client can
never take what it has for the whole. Without chunks (HTTP/1.0) it is reset, not ended.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpVersion10

from service.exchange import Answer
from service.reply import head

_RESET = struct.pack("ii", 1, 0)  # struct linger: closing is a reset, which nobody takes for an end


class Pour(web.StreamResponse):
    """What aiohttp's connection asks of a response, for an answer that is not all there yet."""

    def __init__(self, answer: Answer, most_s: float, stall_s: float) -> None:
        super().__init__(status=answer.status)
        self._answer = answer
        self._most_s = most_s
        self._stall_s = stall_s

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Writes the whole answer, or cuts the connection. Errors: the client has left."""
        answer = self._answer
        assert answer.chunks is not None
        assert answer.stream is not None
        is_old = request.version == HttpVersion10
        # Who does not know chunks knows the end by the end of the connection.
        self._keep_alive = request.keep_alive and not is_old
        self._eof_sent = True
        outcome = "left"
        try:
            lines = head(answer, self._keep_alive, is_old=is_old, is_stream=True)
            writer: Any = request.writer
            await writer.write(lines)
            if request.method == "HEAD":
                outcome = "whole"
                return None
            if not is_old:
                writer.enable_chunking()
            await self._written(writer, answer.chunks)
            outcome = "whole"
        except (asyncio.CancelledError, ConnectionError):
            raise
        except Exception:  # whatever it was: what was sent is not the whole
            outcome = "cut"
            self._keep_alive = False
        finally:
            answer.stream.close(outcome)
            if outcome != "whole":
                _tear_down(request.transport, is_reset=is_old)
        return None

    async def _written(self, writer: Any, chunks: AsyncIterator[bytes]) -> None:
        async with asyncio.timeout(self._most_s), aclosing(chunks) as pieces:  # type: ignore[type-var]
            async for piece in pieces:
                if piece:
                    async with asyncio.timeout(self._stall_s):
                        await writer.write(piece)
                        await writer.drain()
            async with asyncio.timeout(self._stall_s):
                await writer.write_eof()

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing: `prepare` has written everything."""


def _tear_down(transport: asyncio.Transport | None, *, is_reset: bool) -> None:
    """Ends a connection so that it shows: what was not sent by now never is."""
    if transport is None or transport.is_closing():  # its socket may be somebody else's by now
        return
    connection = transport.get_extra_info("socket") if is_reset else None
    if connection is not None:
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport.abort()

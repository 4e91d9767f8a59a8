"""A streamed Answer as bytes of HTTP/1.1 (RFC 9112, 7.1): a head, then chunks as they come.

When a page fails or time is up the connection is torn down before the last chunk: a client can
never take what it has for the whole.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import HttpVersion10

from service.exchange import Answer
from service.reply import head


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
            if request.transport is not None:
                request.transport.abort()
        finally:
            answer.stream.close(outcome)
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

"""A TCP proxy that does to PostgreSQL (or Redis) what networks do. No privileges needed.

Faults act on connections that are open and on those to come, until heal() is called.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

CHUNK = 65536
Direction = Literal["up", "down"]  # up: from the client to the server


@dataclass(eq=False)
class Link:
    """One client's connection and what it is connected to."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def abort(self) -> None:
        """Resets both sides; what is under way is lost."""
        for writer in (self.client, self.server):
            writer.transport.abort()
        for task in self.tasks:
            task.cancel()


class Proxy:
    """Listens on 127.0.0.1 and passes bytes on, unless told to do otherwise."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._host, self._port = host, port  # a host that begins with / is a unix socket folder
        self.tls = tls  # ends here: the server behind speaks plain
        self._links: set[Link] = set()
        self._flows: dict[Direction, asyncio.Event] = {
            "up": asyncio.Event(),
            "down": asyncio.Event(),
        }
        self._server: asyncio.Server | None = None
        self.latency_s: float
        self.cut_after: int | None  # bytes to the client, then both sides are reset
        self.refuses: bool
        self.heal()

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def connections(self) -> int:
        return len(self._links)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.reset()
        await asyncio.sleep(0)

    def black_hole(self) -> None:
        """Nothing passes in either direction; connecting still works, as with a hung machine."""
        self.stop_reading("up")
        self.stop_reading("down")

    def stop_reading(self, direction: Direction) -> None:
        """Bytes of this direction stay where they are, until the sender's buffers are full."""
        self._flows[direction].clear()

    def reset(self) -> None:
        """Resets every open connection."""
        for link in list(self._links):
            link.abort()
        self._links.clear()

    def heal(self) -> None:
        """Ends every fault; what was held back flows on."""
        self.latency_s, self.cut_after, self.refuses = 0.0, None, False
        for flow in self._flows.values():
            flow.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuses:
            writer.transport.abort()
            return
        if self.tls:
            await reader.readexactly(8)  # libpq asks for TLS first
            writer.write(b"S")
            await writer.start_tls(self.tls)
        try:
            if self._host.startswith("/"):
                path = f"{self._host}/.s.PGSQL.{self._port}"
                from_server, to_server = await asyncio.open_unix_connection(path)
            else:
                from_server, to_server = await asyncio.open_connection(self._host, self._port)
        except OSError:
            writer.transport.abort()
            return
        link = Link(writer, to_server)
        self._links.add(link)
        link.tasks = [
            asyncio.create_task(self._pass(link, "up", reader, to_server)),
            asyncio.create_task(self._pass(link, "down", from_server, writer)),
        ]

    async def _pass(
        self,
        link: Link,
        direction: Direction,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                if self.latency_s:
                    await asyncio.sleep(self.latency_s)
                await self._flows[direction].wait()
                if direction == "down":
                    if self.cut_after is not None and len(data) >= self.cut_after:
                        writer.write(data[: self.cut_after])
                        with suppress(TimeoutError):
                            await asyncio.wait_for(writer.drain(), 0.05)
                        self.cut_after = None
                        break
                    if self.cut_after is not None:
                        self.cut_after -= len(data)
                writer.write(data)
                await writer.drain()
        link.abort()
        self._links.discard(link)


@asynccontextmanager
async def proxied(host: str, port: int, tls: ssl.SSLContext | None = None) -> AsyncIterator[Proxy]:
    """A running proxy in front of host and port."""
    proxy = Proxy(host, port, tls)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()

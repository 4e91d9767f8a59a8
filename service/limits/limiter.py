"""Who may pass: asked of Redis for all requests of a tick at once, of the own memory without it.

Figures: docs/limits.md 7. Two calls are under way at most: what comes meanwhile shares the next.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha1
from pathlib import Path
from typing import Any

import hiredis

from service.config import Config
from service.limits.events import LimiterFound, LimiterLost, LimitsDecided
from service.limits.memory import WINDOW_S, Ask, Memory
from service.limits.wire import Reply, Wire, connect, said

SCRIPT = (Path(__file__).parent / "script.lua").read_bytes()
_SHA = sha1(SCRIPT, usedforsecurity=False).hexdigest()  # the name that Redis gives it
_WINDOW_MS = int(WINDOW_S * 1000)
_OPEN_S = 1.0  # the breaker: so long Redis is left alone after a failure
_DEPTH = 2  # calls under way: with one, who just missed it would wait for two
_GRACE_S = 0.005  # after a tick that took long, the reply may be there and not read yet


class Limiter:
    """The limits of one worker."""

    def __init__(self, config: Config, tell: Callable[[object], None] = lambda event: None) -> None:
        self._url = config.ratelimit_storage_url or config.cache_redis_url
        self._timeout_s = config.redis_timeout_ms / 1000
        self._tell = tell
        self._memory = Memory(config.ratelimit_memory_size)
        self._wire: Wire | None = None
        self._lost_at = 0.0
        self._finder: asyncio.Task[None] | None = None
        self._queue: list[Ask] = []
        self._sent: deque[tuple[float, list[Ask]]] = deque()  # calls under way, and since when
        self._watch: asyncio.TimerHandle | None = None
        self._is_pumping = False
        self._alone = [0, 0]  # refused and admitted here since the last tick

    async def start(self) -> None:
        """Connects; returns when that worked or failed: later it is tried again."""
        self._loop = asyncio.get_running_loop()
        if self._url:
            try:
                self._wire = await self._connected()
            except Exception as error:  # Nothing of Redis keeps the service from starting.
                self._lose(str(error) or type(error).__name__)

    async def close(self) -> None:
        """Lets Redis go; whoever still waits is judged by the memory."""
        if self._finder is not None:
            self._finder.cancel()
            await asyncio.gather(self._finder, return_exceptions=True)
        if self._wire is not None:
            self._wire.close()
            self._wire = None
        self._stand_in()

    def ask(self, key: str, limit: int, cost: int) -> Ask:
        """Takes a request in; it is settled now, or when `settled` returns."""
        ask = Ask(key, limit, cost)
        window = self._memory.windows.get(key)
        if self._wire is None or (
            # What is used up stays so until the window ends: nobody needs to be asked.
            window is not None and window.used + cost > limit and window.ends_at > self._loop.time()
        ):
            self._alone_for(ask)
            return ask
        self._queue.append(ask)
        if len(self._sent) < _DEPTH:
            self._pump_soon()
        return ask

    async def settled(self, ask: Ask) -> None:
        """Returns when it is known whether the request may pass, in REDIS_TIMEOUT_MS at most."""
        if not ask.is_settled:
            ask.waiter = self._loop.create_future()
            await ask.waiter

    def _pump_soon(self) -> None:
        if not self._is_pumping:
            self._is_pumping = True
            self._loop.call_soon(self._pump)

    def _pump(self) -> None:
        """Sends what the tick has brought, as one call; tells what was decided without one."""
        self._is_pumping = False
        refused, admitted = self._alone
        if refused or admitted:
            self._alone = [0, 0]
            self._tell(LimitsDecided("worker", admitted, refused))
        if self._wire is not None and self._queue and len(self._sent) < _DEPTH:
            asks, self._queue = self._queue, []
            self._send(self._wire, asks, "EVALSHA", _SHA)

    def _send(self, wire: Wire, asks: list[Ask], *how: str | bytes) -> None:
        words: list[Any] = [*how, len(asks)]
        words += [ask.key for ask in asks]
        words.append(_WINDOW_MS)
        for ask in asks:
            words += (ask.limit, ask.cost)
        wire.ask(tuple(words), self._answered)
        self._sent.append((self._loop.time(), asks))
        if self._watch is None:
            self._watch = self._loop.call_later(self._timeout_s, self._look)

    def _answered(self, reply: Reply) -> None:
        if isinstance(reply, hiredis.ReplyError):
            if str(reply).startswith("NOSCRIPT") and self._wire is not None:
                self._send(self._wire, self._sent.popleft()[1], "EVAL", SCRIPT)
            else:
                self._lose(str(reply))
            return
        _, sent = self._sent.popleft()
        admitted = self._memory.learn(sent, reply, self._loop.time())
        _wake(sent)
        self._tell(LimitsDecided("redis", admitted, len(sent) - admitted))
        if self._queue:
            self._pump_soon()

    def _look(self, is_sure: bool = False) -> None:
        """Looks at the call under way when its time may be over; one timer serves many calls."""
        self._watch = None
        if not self._sent:
            return
        left_s = self._sent[0][0] + self._timeout_s - self._loop.time()
        if left_s > 0:
            self._watch = self._loop.call_later(left_s, self._look)
        elif not is_sure:
            self._watch = self._loop.call_later(_GRACE_S, self._look, True)
        else:
            self._lose(f"no answer within {self._timeout_s * 1000:.0f} ms")

    def _lose(self, reason: str) -> None:
        """Opens the breaker: from now on this worker counts for itself."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None
        if self._finder is None:
            self._lost_at = self._loop.time()
            self._tell(LimiterLost(reason))
            self._finder = self._loop.create_task(self._find())
        self._stand_in()

    def _stand_in(self) -> None:
        """Judges by the memory whom Redis has not answered."""
        unanswered = [ask for _, asks in self._sent for ask in asks] + self._queue
        self._sent.clear()
        self._queue = []
        for ask in unanswered:
            self._alone_for(ask)
        _wake(unanswered)

    def _alone_for(self, ask: Ask) -> None:
        self._memory.decide(ask, self._loop.time())
        self._alone[ask.is_admitted] += 1
        self._pump_soon()

    async def _find(self) -> None:
        """Tries once a second, so that no request waits for a Redis that is away."""
        while True:
            await asyncio.sleep(_OPEN_S)
            with suppress(Exception):  # whatever keeps us from Redis, it is tried again
                self._wire = await self._connected()
                break
        self._finder = None
        self._tell(LimiterFound((self._loop.time() - self._lost_at) * 1000))

    async def _connected(self) -> Wire:
        """A connection that knows the script, all within the time that Redis has."""
        async with asyncio.timeout(self._timeout_s):
            wire = await connect(self._url, self._lose)
            try:
                await said(wire, "SCRIPT", "LOAD", SCRIPT)
            except BaseException:
                wire.close()
                raise
        if not wire.is_open:
            raise OSError("the connection was closed at once")
        return wire


def _wake(settled: list[Ask]) -> None:
    """Lets those go on who wait."""
    for ask in settled:
        if ask.waiter is not None and not ask.waiter.done():
            ask.waiter.set_result(None)

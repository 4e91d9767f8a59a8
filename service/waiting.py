"""What happens to requests while the database is away: they wait here, one prober looks for it.

Sizes and times: docs/limits.md 3. Lane and pool share one room, so that one probe serves both.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sized
from dataclasses import dataclass

from service.config import Config
from service.errors import DatabaseAway

PROBE_EVERY_S = 0.1  # docs/limits.md 3
ENTER_EVERY_S = 0.01  # one batch of the queue outside may enter in this time


@dataclass(frozen=True, slots=True)
class DatabaseLost:
    """The door closed: requests wait from now on."""

    reason: str


@dataclass(frozen=True, slots=True)
class DatabaseFound:
    """The door opened after so many milliseconds."""

    away_ms: float


class WaitingRoom:
    """Open while the database answers; closed, it seats a limited number of requests in order."""

    def __init__(
        self,
        config: Config,
        probe: Callable[[], Awaitable[None]],
        tell: Callable[[object], None] = lambda event: None,
    ) -> None:
        self.opened = asyncio.Event()
        self.opened.set()
        self._seats = config.waiting_room_size
        self._at_once = config.db_pool_size
        self._wait_s = config.database_wait_ms / 1000
        self._probe = probe
        self._probe_timeout_s = float(config.connect_timeout_s)
        self._tell = tell
        self._line: deque[asyncio.Future[None]] = deque()
        self._queues: list[Sized] = []
        self._prober: asyncio.Task[None] | None = None
        self._usher: asyncio.TimerHandle | None = None
        self.reason = ""
        self.losses = 0  # how often the door closed: whoever kept connections since should look

    @property
    def is_open(self) -> bool:
        """True while the database answers, as far as anybody knows."""
        return self.opened.is_set()

    @property
    def is_full(self) -> bool:
        """True when nobody more may wait for the database; never while it is there."""
        return not self.opened.is_set() and self.seated >= self._seats

    @property
    def seated(self) -> int:
        """Requests that wait, in the room and in the queues that were counted in."""
        return len(self._line) + sum(map(len, self._queues))

    def count_in(self, queue: Sized) -> None:
        """From now on whoever waits in this queue takes a seat too."""
        self._queues.append(queue)

    def lost(self, reason: str) -> None:
        """Somebody's connection broke: close the door and look for the database."""
        self.reason = reason
        if self._prober is None:
            self.opened.clear()
            self.losses += 1
            self._tell(DatabaseLost(reason))
            self._prober = asyncio.get_running_loop().create_task(self._look())

    async def enter(self) -> None:
        """Returns when the database may be asked: at once, or first come first served.

        Errors: DatabaseAway when the room is full or the wait (at most database_wait_ms) is over.
        """
        if self.is_open and not self._line:
            return
        if self.is_full:
            raise DatabaseAway(f"waiting room is full: {self.reason}")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._line.append(turn)
        try:
            async with asyncio.timeout(self._wait_s):
                await turn
        except TimeoutError:
            raise DatabaseAway(f"waited in vain: {self.reason}") from None
        finally:
            if not turn.done() or turn.cancelled():
                self._line = deque(other for other in self._line if other is not turn)

    async def close(self) -> None:
        """Ends the prober and sends everybody away."""
        if self._usher:
            self._usher.cancel()
        if self._prober:
            self._prober.cancel()
            await asyncio.gather(self._prober, return_exceptions=True)
        for turn in self._line:
            if not turn.done():
                turn.set_exception(DatabaseAway("the service is closing"))

    async def _look(self) -> None:
        """One probe after another until one comes through. A probe may hang, so it has a limit."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            began_probe = loop.time()
            try:
                async with asyncio.timeout(self._probe_timeout_s):
                    await self._probe()
                break
            except Exception as error:  # Whatever keeps the probe away keeps the requests away.
                self.reason = str(error) or type(error).__name__
            await asyncio.sleep(max(0.0, began_probe + PROBE_EVERY_S - loop.time()))
        self._prober = None
        self.reason = ""
        self.opened.set()
        self._tell(DatabaseFound((loop.time() - began) * 1000))
        self._admit()

    def _admit(self) -> None:
        """Lets in one pool's worth of requests, then the next a little later: no stampede."""
        self._usher = None
        entered = 0
        while self._line and entered < self._at_once and self.is_open:
            turn = self._line.popleft()
            if not turn.done():
                turn.set_result(None)
                entered += 1
        if self._line and self.is_open:
            self._usher = asyncio.get_running_loop().call_later(ENTER_EVERY_S, self._admit)

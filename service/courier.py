"""Who carries messages out: claims what is due, hands it to its gateway, says what became of it.

Every worker has one; PostgreSQL lets no two of them have the same message (core.message_claim). No
request waits for it, and while the database is away it asks nothing.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from service.config import Config
from service.errors import DatabaseAway, DatabaseRefused
from service.exchange import Executor
from service.gateways import (
    Gateway,
    Message,
    MessageKept,
    MessageLost,
    MessageSent,
    Refused,
    Unreachable,
)
from service.gateways.outbox import Outbox
from service.refuse import place_of

AT_ONCE = 16  # messages of one worker on their way
SOONEST_S = 0.2  # between two claims, however many writes gave a hint
_SETTLE_S = 40.0  # the lease is 60 s, of which an attempt takes at most 15
_SETTLE_PAUSE_S = 1.0
_STOP_S = 5.0  # what is not out by then is claimed by another worker once its lease ends


@dataclass(frozen=True, slots=True)
class CourierMissed:
    """A round came to nothing: the database refused what the courier asks."""

    reason: str


class Courier:
    """Looks for messages once in a while, at once after a hint, and ends with the service."""

    def __init__(
        self,
        config: Config,
        executor: Executor,
        is_up: Callable[[], bool],
        gateways: Mapping[str, Gateway],
        tell: Callable[[object], None],
    ) -> None:
        # Development may look at what it sent; elsewhere a secret leaves its row when it is sent.
        self._outbox = Outbox(
            executor, config.page_url, is_kept=config.environment == "development"
        )
        self._is_up = is_up
        self._gateways = gateways
        self._tell = tell
        self._poll_s = config.courier_poll_ms / 1000
        self._attempt_s = config.gateway_timeout_ms / 1000
        self._hint = asyncio.Event()
        self._round: asyncio.Task[None] | None = None
        self._carried: set[asyncio.Task[None]] = set()
        self._trouble: str | None = None

    def nudge(self) -> None:
        """Something may have been queued: look soon."""
        self._hint.set()

    async def lifetime(self, app: web.Application) -> AsyncIterator[None]:
        """For app.cleanup_ctx: runs as long as the service, and lets what is on its way arrive."""
        keeper = asyncio.create_task(self._keep_looking())
        yield
        keeper.cancel()
        if self._round:  # what it claims just now would lie until its lease ends
            await asyncio.wait([self._round], timeout=_STOP_S)
        if self._carried:
            await asyncio.wait(self._carried, timeout=_STOP_S)
        for task in self._carried:
            task.cancel()
        await asyncio.gather(keeper, *self._carried, return_exceptions=True)
        for gateway in self._gateways.values():
            await gateway.close()

    async def _keep_looking(self) -> None:
        # Workers that start together do not ask together.
        await asyncio.sleep(random.uniform(0, min(1.0, self._poll_s)))  # noqa: S311
        while True:
            if self._is_up():
                self._round = asyncio.create_task(self._look())
                await asyncio.shield(self._round)
            await asyncio.sleep(min(SOONEST_S, self._poll_s))
            try:
                async with asyncio.timeout(max(0.0, self._poll_s - SOONEST_S)):
                    await self._hint.wait()
            except TimeoutError:
                continue
            finally:
                self._hint.clear()

    async def _look(self) -> None:
        """One round; whatever happens in it, there will be another one."""
        try:
            free = AT_ONCE - len(self._carried)
            if free > 0:
                messages = await self._outbox.claim(free)
                for message in messages:
                    task = asyncio.create_task(self._carry(message))
                    self._carried.add(task)
                    task.add_done_callback(self._carried.discard)
                if len(messages) == free:
                    self.nudge()  # there may be more
            self._trouble = None
        except (DatabaseAway, TimeoutError):
            return  # the waiting room tells of it
        except Exception as error:
            if isinstance(error, DatabaseRefused):
                reason = f"{error.sqlstate} {error.message}"
            else:
                reason = f"{type(error).__name__} {place_of(error)}"
            if reason != self._trouble:  # once, not every second
                self._trouble = reason
                self._tell(CourierMissed(reason))

    async def _carry(self, message: Message) -> None:
        """One attempt, and what became of it."""
        outcome, code = "sent", ""
        try:
            async with asyncio.timeout(self._attempt_s):
                await self._gateways[message.channel].send(message)
        except Refused as refusal:
            outcome, code = "failed", str(refusal)
        except Unreachable as trouble:
            outcome, code = "away", str(trouble)
        except TimeoutError:
            outcome, code = "away", "no_answer"
        except Exception as error:
            outcome, code = "away", "unexpected"
            self._tell(CourierMissed(f"{type(error).__name__} {place_of(error)}"))
        status = await self._settle(message, outcome, code)
        said = (message.channel, message.template, message.delivery_id, message.attempt)
        if outcome == "sent":
            self._tell(MessageSent(*said))
        else:
            self._tell((MessageLost if status == "failed" else MessageKept)(*said, code))

    async def _settle(self, message: Message, outcome: str, code: str) -> str | None:
        """The status now. Asked again while the lease lasts, so that nothing is sent twice."""
        until = time.monotonic() + _SETTLE_S
        while time.monotonic() < until:
            try:
                return await self._outbox.settle(message, outcome, code)
            except (DatabaseAway, TimeoutError):
                await asyncio.sleep(_SETTLE_PAUSE_S)
            except DatabaseRefused as error:
                self._tell(CourierMissed(f"{error.sqlstate} {error.message}"))
                return None
        return None

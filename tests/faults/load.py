"""A steady load of reads over HTTP during a fault, and what became of each of them."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

import aiohttp

LIMIT_S = 8.0  # longer than anything may take: a client that would wait for ever waits so long


@dataclass
class Outcome:
    """One request: when it began, how long it took, its status (0: no answer at all)."""

    began: float
    took_s: float
    status: int


@dataclass
class Load:
    """Requests at a fixed rate until stopped, however slow the answers are."""

    url: str
    headers: dict[str, str]
    rate: float
    retries: int = 0  # after a connection that broke: the client's one reconnect
    outcomes: list[Outcome] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _runner: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Load":
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=LIMIT_S),
            headers=self.headers,
        )
        self._runner = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._runner is not None
        self._runner.cancel()
        await asyncio.gather(self._runner, *self._tasks, return_exceptions=True)
        await self._session.close()

    async def _run(self) -> None:
        due = time.monotonic()
        while True:
            due += 1 / self.rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            task = asyncio.create_task(self._one())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _one(self) -> None:
        began = time.monotonic()
        status = 0
        for _ in range(self.retries + 1):
            try:
                async with self._session.get(self.url) as answer:
                    await answer.read()
                    status = answer.status
                    break
            except (aiohttp.ClientError, TimeoutError):
                continue
        self.outcomes.append(Outcome(began, time.monotonic() - began, status))

    def statuses(self) -> Counter[int]:
        """How many requests ended in which status."""
        return Counter(outcome.status for outcome in self.outcomes)

    def p99(self, since: float = 0.0, until: float = float("inf")) -> float:
        """Seconds that 99 of 100 requests begun in this time stayed under."""
        took = sorted(o.took_s for o in self.outcomes if since <= o.began < until)
        return took[min(len(took) - 1, int(len(took) * 0.99))] if took else 0.0

    def slowest(self) -> float:
        """Seconds of the slowest request."""
        return max(outcome.took_s for outcome in self.outcomes)

    def steady_after(self, healed: float, limit_s: float) -> float:
        """Seconds from healed until every later request was 200 within limit_s."""
        late = [o.began + o.took_s for o in self.outcomes if o.status != 200 or o.took_s > limit_s]
        return max([end - healed for end in late if end > healed], default=0.0)

"""What a worker knows of windows: it spares Redis what is refused anyway, and stands in for it.

A worker never admits more in a window than the limit by its own count, whatever Redis says or
forgets: so however Redis fails, all of them together admit at most workers times limit.
"""

from asyncio import Future
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

WINDOW_S = 3600.0


@dataclass(slots=True)
class Window:
    """Units used at least, and when (loop time) the window ends at the latest."""

    used: int
    ends_at: float


class Ask:
    """One request that wants to pass. Once it is settled: whether it may, and what to tell it."""

    __slots__ = ("cost", "is_admitted", "is_settled", "key", "left_s", "limit", "used", "waiter")

    def __init__(self, key: str, limit: int, cost: int) -> None:
        self.key = key
        self.limit = limit
        self.cost = cost
        self.is_settled = self.is_admitted = False
        self.used = 0
        self.left_s = 1  # until the window ends, rounded up
        self.waiter: Future[None] | None = None


@dataclass(slots=True)
class Memory:
    """Windows by key, not more than `size`: the one that was begun first is forgotten first."""

    size: int
    windows: dict[str, Window] = field(default_factory=dict)

    def decide(self, ask: Ask, now: float) -> None:
        """Settles by what is known here alone."""
        window = self.windows.get(ask.key)
        if window is None or window.ends_at <= now:
            window = self._begun(ask.key, now + WINDOW_S)
        ask.is_admitted = window.used + ask.cost <= ask.limit
        if ask.is_admitted:
            window.used += ask.cost
        ask.used = window.used
        ask.left_s = max(1, ceil(window.ends_at - now))
        ask.is_settled = True

    def learn(self, asks: Sequence[Ask], told: Sequence[int], now: float) -> int:
        """Settles by what Redis says (see script.lua); how many were admitted."""
        windows = self.windows
        admitted = 0
        for ask, used, ends_ms in zip(asks, told[::2], told[1::2], strict=True):
            window = windows.get(ask.key)
            if window is None or window.ends_at <= now:
                window = self._begun(ask.key, now + ends_ms / 1000)
            if used < 0:
                used = -1 - used
                window.ends_at = now + ends_ms / 1000
            # Redis knows what all workers let pass, unless it has forgotten: then this one knows.
            elif (at_least := window.used + ask.cost) <= ask.limit:
                ask.is_admitted = True
                admitted += 1
                if used < at_least:
                    used = at_least
            if used > window.used:
                window.used = used
            ask.used = window.used
            ask.left_s = (ends_ms + 999) // 1000
            ask.is_settled = True
        return admitted

    def _begun(self, key: str, ends_at: float) -> Window:
        self.windows.pop(key, None)
        while len(self.windows) >= self.size:
            del self.windows[next(iter(self.windows))]
        window = self.windows[key] = Window(0, ends_at)
        return window

"""What a worker knows of windows: it spares Redis what is refused anyway, and stands in for it.

A worker never admits more in a window than the limit by its own count, whatever Redis says or
forgets: so however Redis fails, all of them together admit at most workers times limit.
"""

from asyncio import Future
from dataclasses import dataclass, field

WINDOW_S = 3600.0


@dataclass(slots=True)
class Window:
    """Units used at least, and when (loop time) the window ends at the latest."""

    used: int
    ends_at: float


@dataclass(slots=True)
class Ask:
    """One request that wants to pass; `used` and `ends_at` are for its headers."""

    key: str
    limit: int
    cost: int
    is_settled: bool = False
    is_admitted: bool = False
    used: int = 0
    ends_at: float = 0.0
    waiter: Future[None] | None = None


@dataclass(slots=True)
class Memory:
    """Windows by key, not more than `size`: the one that was begun first is forgotten first."""

    size: int
    windows: dict[str, Window] = field(default_factory=dict)

    def open(self, key: str, now: float) -> Window | None:
        """The window of a key, if one is known and still runs."""
        window = self.windows.get(key)
        if window is not None and window.ends_at <= now:
            del self.windows[key]
            return None
        return window

    def decide(self, ask: Ask, now: float) -> None:
        """Settles by what is known here alone."""
        window = self.open(ask.key, now) or self._begin(ask.key, now + WINDOW_S)
        ask.is_admitted = window.used + ask.cost <= ask.limit
        if ask.is_admitted:
            window.used += ask.cost
        ask.used, ask.ends_at, ask.is_settled = window.used, window.ends_at, True

    def learn(self, ask: Ask, used: int, ends_at: float, now: float) -> None:
        """Settles by what Redis says; `used` below 0 is a refusal, see script.lua."""
        window = self.open(ask.key, now) or self._begin(ask.key, ends_at)
        if used < 0:
            window.used, window.ends_at = max(window.used, -1 - used), ends_at
        else:
            # Redis knows more than one worker, unless it has forgotten: then the worker does.
            ask.is_admitted = window.used + ask.cost <= ask.limit
            window.used = max(window.used + (ask.cost if ask.is_admitted else 0), used)
        ask.used, ask.ends_at, ask.is_settled = window.used, ends_at, True

    def _begin(self, key: str, ends_at: float) -> Window:
        while len(self.windows) >= self.size:
            del self.windows[next(iter(self.windows))]
        window = self.windows[key] = Window(0, ends_at)
        return window

"""What this worker knows of sessions, and the question that several requests share.

It lives at most a second, so a session that is revoked is dead by then.
"""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Generic, NamedTuple, TypeVar

from service.config import Config
from service.errors import DatabaseAway, DatabaseRefused
from service.exchange import Caller, Executor
from service.routes.binding import AS_IDENTITY

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
# <user_id>.<43 characters of base64url>, 32 random bytes.
_TOKEN = re.compile(r"([1-9][0-9]{0,17})\.[A-Za-z0-9_-]{43}", re.ASCII)
_READ = (
    f"select api.caller_read(_user_id => $2::bigint, _token_hash => $3::bytea) {AS_IDENTITY}"
).encode()
_TOUCH = (
    f"select api.session_touch(_user_id => $2::bigint, _token_hash => $3::bytea) {AS_IDENTITY}"
).encode()
_TIMEOUT_MS = 2000


class Known(NamedTuple):
    """A caller, and whether their session was last noted as seen so long ago that it is due."""

    caller: Caller
    is_due: bool


def digest_of(token: str) -> bytes:
    """What is kept of a token, here and in the database."""
    return sha256(token.encode("utf-8", "replace")).digest()


@dataclass(slots=True)
class Memory(Generic[K, V]):
    """Answers of the last second, bounded in number; whoever asks meanwhile shares the question."""

    lives_s: float
    size: int
    known: dict[K, tuple[V, float]] = field(default_factory=dict)
    asking: dict[K, tuple[asyncio.Task[V], float]] = field(default_factory=dict)

    def get(self, key: K) -> V | None:
        """What is known and still young."""
        remembered = self.known.get(key)
        if remembered and remembered[1] > time.monotonic():
            return remembered[0]
        return None

    def forget(self, key: K) -> None:
        """What is asked for it from here on is asked anew."""
        self.known.pop(key, None)
        self.asking.pop(key, None)

    async def ask(self, key: K, question: Callable[[], Awaitable[V]]) -> V:
        """The answer to a question, which is asked once for all who want it now."""
        # A question that hangs may be from before a revocation: after a while a new one is asked.
        task, fresh_until = self.asking.get(key, (None, 0.0))
        if task is None or fresh_until <= time.monotonic():
            task = asyncio.ensure_future(self._answer(key, question))
            self.asking[key] = task, time.monotonic() + self.lives_s
            task.add_done_callback(partial(self._answered, key))
        # Whoever leaves takes only their own wait along, not the question that others share.
        return await asyncio.shield(task)

    def _answered(self, key: K, task: asyncio.Task[V]) -> None:
        """Forgets a question, unless a newer one has taken its place."""
        if self.asking.get(key, (None, 0.0))[0] is task:
            del self.asking[key]

    async def _answer(self, key: K, question: Callable[[], Awaitable[V]]) -> V:
        self.known.pop(key, None)
        asked = time.monotonic()
        found = await question()
        if found is not None:
            while len(self.known) >= self.size:
                del self.known[next(iter(self.known))]  # the one that was learned first
            self.known[key] = (found, asked + self.lives_s)
        return found


class Sessions:
    """Callers by the hash of their token."""

    def __init__(self, config: Config, executor: Executor) -> None:
        self._executor = executor
        self.memory: Memory[bytes, Known | None] = Memory(
            config.session_memory_ms / 1000, config.session_memory_size
        )
        self._touching: set[asyncio.Task[None]] = set()

    async def known(self, token: str, digest: bytes) -> Known | None:
        """The caller behind a token; None for a token that is not, or no longer, good."""
        remembered = self.memory.get(digest)
        if remembered:
            return remembered
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            return None
        user_id = parts[1].encode()
        return await self.memory.ask(digest, partial(self._read, user_id, digest))

    async def _read(self, user_id: bytes, digest: bytes) -> Known | None:
        given = (user_id, user_id, b"\\x" + digest.hex().encode())
        row = await self._executor.call(_READ, given, is_read=True, timeout_ms=_TIMEOUT_MS)
        if not row[0]:
            return None
        found = json.loads(row[0])
        caller = Caller(
            found["id"],
            found["public_id"],
            found["tier"],
            found["role"],
            found.get("kind", "session"),
            is_read_only=found.get("is_read_only", False),
        )
        is_due = bool(found.get("is_touch_due"))
        if is_due:  # nobody waits for it
            task = asyncio.ensure_future(self._touch(given))
            self._touching.add(task)
            task.add_done_callback(self._touching.discard)
        return Known(caller, is_due)

    async def _touch(self, given: tuple[bytes, ...]) -> None:
        try:
            await self._executor.call(_TOUCH, given, is_read=False, timeout_ms=_TIMEOUT_MS)
        except (DatabaseAway, DatabaseRefused, TimeoutError):
            return  # it stays due: the next second tries again

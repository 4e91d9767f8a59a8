"""Who is asking: token -> Caller; and whether the route's access lets that caller in.

What a worker remembers of a session lives at most a second, so a revoked one is dead by then.
"""

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256

from service.config import Config
from service.errors import NOT_FOUND, Problem, problem
from service.exchange import Answer, Caller, Exchange, Executor, Handler
from service.routes.binding import AS_IDENTITY, OWNER

# <user_id>.<43 characters of base64url>, 32 random bytes.
_TOKEN = re.compile(r"([1-9][0-9]{0,17})\.[A-Za-z0-9_-]{43}", re.ASCII)
_READ = (
    f"select api.caller_read(_user_id => $2::bigint, _token_hash => $3::bytea) {AS_IDENTITY}"
).encode()
_READ_TIMEOUT_MS = 2000


@dataclass(slots=True)
class Sessions:
    """What this worker knows of sessions, and the question that several requests share."""

    config: Config
    executor: Executor
    known: dict[bytes, tuple[Caller, float]] = field(default_factory=dict)
    asking: dict[bytes, tuple[asyncio.Task[Caller | None], float]] = field(default_factory=dict)

    async def caller(self, token: str) -> Caller | None:
        """The caller behind a token; None for a token that is not, or no longer, good."""
        digest = _hash(token)
        remembered = self.known.get(digest)
        if remembered and remembered[1] > time.monotonic():
            return remembered[0]
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            return None
        # A question that hangs may be from before a revocation: after a while a new one is asked.
        task, fresh_until = self.asking.get(digest, (None, 0.0))
        if task is None or fresh_until <= time.monotonic():
            task = asyncio.ensure_future(self._ask(parts[1], digest))
            self.asking[digest] = task, time.monotonic() + self.config.session_memory_ms / 1000
            task.add_done_callback(partial(self._answered, digest))
        # Whoever leaves takes only their own wait along, not the question that others share.
        return await asyncio.shield(task)

    def _answered(self, digest: bytes, task: asyncio.Task[Caller | None]) -> None:
        """Forgets a question, unless a newer one has taken its place."""
        if self.asking.get(digest, (None, 0.0))[0] is task:
            del self.asking[digest]

    async def _ask(self, user_id: str, digest: bytes) -> Caller | None:
        self.known.pop(digest, None)
        asked = time.monotonic()
        row = await self.executor.call(
            _READ,
            (user_id.encode(), user_id.encode(), b"\\x" + digest.hex().encode()),
            is_read=True,
            timeout_ms=_READ_TIMEOUT_MS,
        )
        if not row[0]:
            return None
        found = json.loads(row[0])
        caller = Caller(found["id"], found["public_id"], found["tier"], found["role"])
        while len(self.known) >= self.config.session_memory_size:
            del self.known[next(iter(self.known))]  # the one that was learned first
        self.known[digest] = (caller, asked + self.config.session_memory_ms / 1000)
        return caller


def identify(sessions: Sessions, inner: Handler) -> Handler:
    """Names the caller and keeps out whom the route does not admit."""

    async def identified(exchange: Exchange) -> Answer:
        match = exchange.match
        if match is None or match.route.access == "public":
            return await inner(exchange)
        token = bearer(exchange)
        caller = await sessions.caller(token)
        if caller is None:
            raise Problem(
                401, "unauthenticated", "Send a valid token: Authorization: Bearer <token>."
            )
        exchange.caller = caller
        exchange.owner_id = caller.id
        exchange.session_hash = _hash(token)
        if match.route.access == "admin" and caller.role != "admin":
            raise problem(NOT_FOUND)
        owner = match.values.get(OWNER, "me")
        if owner != "me" and owner.lower() not in ("me", caller.public_id):
            raise problem(NOT_FOUND)
        return await inner(exchange)

    return identified


def bearer(exchange: Exchange) -> str:
    """The token of the Authorization header, empty when there is none."""
    scheme, _, token = exchange.request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _hash(token: str) -> bytes:
    """What is kept of a token, here and in the database."""
    return sha256(token.encode("utf-8", "replace")).digest()

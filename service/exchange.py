"""What travels down the corridor: one request as Exchange, one Answer, and who calls SQL."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from service.routes.table import Match


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking."""

    id: int
    public_id: str
    tier: str
    role: str
    kind: str = "session"  # or api_key
    is_read_only: bool = False  # an API key that may only GET


@dataclass(slots=True)
class Exchange:
    """One request on its way: what the rooms found out about it so far."""

    request: web.BaseRequest
    method: str
    path: str
    query: str
    match: Match | None
    label: str
    request_id: str
    started: float = field(default_factory=time.perf_counter)
    waited_s: float = 0.0  # for the body, which has a limit of its own
    client_ip: str | None = None
    caller: Caller | None = None
    owner_id: int | None = None  # whose data this is about: the caller's, or what a grant opens
    session_hash: bytes | None = None
    database_s: float = 0.0
    headers: dict[str, str] | None = None  # what every answer to it says, a refusal too


class Closing(Protocol):
    """What wants to know how the writing of an answer went."""

    def close(self, outcome: str) -> None:
        """whole, cut (it could not be finished) or left (the client has gone)."""
        ...


@dataclass(slots=True)
class Answer:
    """What goes back; `is_data` marks the bare json of a function, still without its envelope."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    is_data: bool = False
    chunks: AsyncIterator[bytes] | None = None  # of an answer that is not all there yet
    stream: Closing | None = None  # to be closed when they were written, or were not


Handler = Callable[[Exchange], Awaitable[Answer]]
Middleware = Callable[[Handler], Handler]


class Executor(Protocol):
    """Runs one statement; dispatch and auth know nothing else of the database."""

    async def call(
        self,
        statement: bytes,
        arguments: tuple[bytes | None, ...],
        *,
        is_read: bool,
        timeout_ms: int,
        is_repeatable: bool = False,
    ) -> Sequence[bytes | None]:
        """The first row's columns. Errors: DatabaseRefused, DatabaseAway, TimeoutError.

        What is_repeatable is sent again when its connection breaks; a read always is.
        """
        ...

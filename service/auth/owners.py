"""Whose data a coach asks for: the public id of somebody who granted it -> their number.

What a worker remembers of a grant lives as long as what it knows of a session: a second at most.
"""

import re
from functools import partial

from service.auth.sessions import Memory
from service.config import Config
from service.errors import NOT_FOUND, problem
from service.exchange import Caller, Executor
from service.routes import Route
from service.routes.binding import AS_IDENTITY

_PUBLIC_ID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII)
_READ = (
    "select api.owner_read(_caller_id => $2::bigint, _owner_public_id => $3::uuid,"
    f" _scope => $4::text) {AS_IDENTITY}"
).encode()
_TIMEOUT_MS = 2000
_NOBODY = 0  # ids begin at 1: remembered, so that asking again costs nothing


class Owners:
    """Owners by who asks, for whom, and for what."""

    def __init__(self, config: Config, executor: Executor) -> None:
        self._executor = executor
        self._memory: Memory[tuple[int, str, str], int] = Memory(
            config.session_memory_ms / 1000, config.session_memory_size
        )

    async def granting(self, caller: Caller, public_id: str, route: Route) -> int:
        """The owner behind a public id who lets the caller read this. Errors: Problem 404."""
        scope, public_id = route.scope, public_id.lower()
        if scope is None or route.method != "GET" or not _PUBLIC_ID.fullmatch(public_id):
            raise problem(NOT_FOUND)
        key = (caller.id, public_id, scope)
        found = self._memory.get(key)
        if found is None:
            found = await self._memory.ask(key, partial(self._read, *key))
        if found == _NOBODY:
            raise problem(NOT_FOUND)
        return found

    async def _read(self, caller_id: int, public_id: str, scope: str) -> int:
        number = b"%d" % caller_id
        row = await self._executor.call(
            _READ,
            (number, number, public_id.encode(), scope.encode()),
            is_read=True,
            timeout_ms=_TIMEOUT_MS,
        )
        return int(row[0]) if row and row[0] else _NOBODY

"""What the service asks of the outbox of messages: claim and settle (sql/api/message.sql)."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service.exchange import Executor
from service.gateways import Message

_CLAIM = (
    b"select api.message_claim(_limit => $2::integer)"
    b" from pg_catalog.set_config('app.user_id', $1, true)"
)
_SETTLE = (
    b"select api.message_settle(_user_id => $1::bigint, _id => $2::bigint,"
    b" _attempt => $3::integer, _outcome => $4::text, _error_code => $5::text,"
    b" _is_kept => $6::boolean) from pg_catalog.set_config('app.user_id', $1, true)"
)
_TIMEOUT_MS = 2000  # of each statement


class Outbox:
    """The messages of everybody. Errors of each call: DatabaseRefused, DatabaseAway, TimeoutError.

    page_url is where people log in; is_kept leaves a secret in its row after it was sent.
    """

    def __init__(self, executor: Executor, page_url: str, *, is_kept: bool) -> None:
        self._executor = executor
        self._page_url = page_url
        self._is_kept = b"true" if is_kept else b"false"

    async def claim(self, limit: int) -> Sequence[Message]:
        """At most so many messages that nobody else sends while their lease lasts."""
        found = await self._ask(_CLAIM, (b"", b"%d" % limit))
        return [
            Message(**row | {"body": row["body"].replace("{page}", self._page_url)})
            for row in found.get("items", ())
        ]

    async def settle(self, message: Message, outcome: str, code: str) -> str | None:
        """The status after an attempt; None when another sender has claimed the message since."""
        arguments = (
            b"%d" % message.user_id,
            b"%d" % message.id,
            b"%d" % message.attempt,
            outcome.encode(),
            code.encode() or None,
            self._is_kept,
        )
        status: str | None = (await self._ask(_SETTLE, arguments)).get("status")
        return status

    async def _ask(
        self, statement: bytes, arguments: tuple[bytes | None, ...]
    ) -> Mapping[str, Any]:
        row = await self._executor.call(statement, arguments, is_read=False, timeout_ms=_TIMEOUT_MS)
        found: Mapping[str, Any] = json.loads(row[0]) if row and row[0] else {}
        return found


class Hinting:
    """An Executor for writes: what they queued is looked for as soon as they are done."""

    def __init__(self, executor: Executor, hint: Callable[[], None]) -> None:
        self._executor = executor
        self._hint = hint

    async def call(
        self,
        statement: bytes,
        arguments: tuple[bytes | None, ...],
        *,
        is_read: bool,
        timeout_ms: int,
        is_repeatable: bool = False,
    ) -> Sequence[bytes | None]:
        """As the executor behind it."""
        row = await self._executor.call(
            statement,
            arguments,
            is_read=is_read,
            timeout_ms=timeout_ms,
            is_repeatable=is_repeatable,
        )
        self._hint()
        return row

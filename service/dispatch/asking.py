"""Asking a route's function: one call, or one page of a list that is asked for page by page."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from service.dispatch.once import HEADER as KEY_HEADER
from service.errors import (
    NO_VERSION,
    NOT_FOUND,
    REFUSED,
    RETRIED_SQLSTATES,
    DatabaseRefused,
    Problem,
    problem,
    refusal_in,
)
from service.exchange import Exchange, Executor
from service.routes import Route
from service.routes.binding import Once
from service.stream import PAGE_ROWS

TRIES = 4  # one call and at most three retries: docs/limits.md 4
_FIRST_PAUSE_S = 0.005
_SPARE_S = 0.5  # for a page's way to the database and back


def data_of(row: Sequence[bytes | None]) -> bytes:
    """What the function answered. Errors: Problem 404 nothing, and what it refused."""
    data = row[0] if row else None
    if data is None:
        raise problem(NOT_FOUND)
    if data.startswith(REFUSED):  # what it noted of the attempt is kept
        raise refusal_in(data)
    return data


def check_plain(exchange: Exchange) -> None:
    """Nothing, when no header asks for what a stream cannot have. Errors: Problem 400, 412."""
    headers = exchange.request.headers
    if "If-Match" in headers:
        raise problem(NO_VERSION)
    if KEY_HEADER in headers:
        detail = "A streamed answer is not kept to be given again: leave the key out."
        raise Problem(400, "bad_idempotency_key", detail, field=KEY_HEADER)


async def page(
    exchange: Exchange, route: Route, executor: Executor, given: dict[str, Any], cursor: str | None
) -> bytes:
    """One page of a list, as large as they come: the first, or the one that begins at cursor."""
    values = given | {"limit": PAGE_ROWS}
    if cursor is not None:
        values["cursor"] = cursor
    async with asyncio.timeout(route.timeout_ms / 1000 + _SPARE_S):
        return data_of(await ask(exchange, route, executor, values, None, []))


async def ask(
    exchange: Exchange,
    route: Route,
    executor: Executor,
    values: dict[str, Any],
    once: Once | None,
    versions: list[int],
) -> Sequence[bytes | None]:
    """The row of the call; when If-Match names several versions, of the one that stands."""
    identity = b"" if exchange.owner_id is None else b"%d" % exchange.owner_id
    for version in versions[:-1]:
        values["if_match"] = version
        try:
            return await first_row(
                exchange, route, executor, *route.binding.call(values, identity), is_once=False
            )
        except DatabaseRefused as error:
            if error.sqlstate != "PT412":
                raise
    if versions:
        values["if_match"] = versions[-1]
    sent = route.binding.call(values, identity, once)
    return await first_row(exchange, route, executor, *sent, is_once=once is not None)


async def first_row(
    exchange: Exchange,
    route: Route,
    executor: Executor,
    statement: bytes,
    arguments: tuple[bytes | None, ...],
    *,
    is_once: bool,
) -> Sequence[bytes | None]:
    """The first row. What lost to another write is tried again inside the route's time."""
    began = time.perf_counter()
    tries = 0
    try:
        while True:
            tries += 1
            try:
                return await executor.call(
                    statement,
                    arguments,
                    is_read=route.is_read and not is_once,
                    timeout_ms=route.timeout_ms,
                    is_repeatable=is_once,
                )
            except DatabaseRefused as error:
                is_late = time.perf_counter() - began > route.timeout_ms / 1000
                if error.sqlstate not in RETRIED_SQLSTATES or tries == TRIES or is_late:
                    raise
            await asyncio.sleep(_FIRST_PAUSE_S * 2**tries)
    finally:
        exchange.database_s += time.perf_counter() - began

"""One request -> arguments -> one call -> bytes. Nothing here knows what a field means."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from service.condition import versions_of
from service.config import Config
from service.dispatch.intake import read_fields
from service.dispatch.once import key_of, once_of
from service.errors import (
    NO_VERSION,
    NOT_FOUND,
    REFUSED,
    RETRIED_SQLSTATES,
    DatabaseAway,
    DatabaseRefused,
    problem,
    refusal_in,
)
from service.exchange import Answer, Exchange, Executor, Handler
from service.keys import derived
from service.routes import Route
from service.routes.binding import OWNER, Once

TRIES = 4  # one call and at most three retries: docs/limits.md 4
_FIRST_PAUSE_S = 0.005
_AGENT_LENGTH = 500
Prove = Callable[[Exchange, Route, dict[str, Any]], Awaitable[None]]
_EARLY_S = 0.5  # who asks later than that, after a wait for the session, is on a timer


def dispatch(config: Config, choose: Callable[[Route], Executor], prove: Prove) -> Handler:
    """The end of the corridor: what a route's function answers.

    prove finds out what a function wants proved: passwords and captchas, none of which SQL sees.
    """

    server_key = derived(config.secret_key, "server")
    hash_key = derived(config.secret_key, "request hash")

    async def answer(exchange: Exchange) -> Answer:
        match = exchange.match
        if match is None:
            raise problem(NOT_FOUND)
        route = match.route
        key = key_of(exchange, route) if route.method == "POST" else None
        versions = [] if route.is_read else _versions(exchange, route)
        values, body = await read_fields(exchange, match, config)
        route.binding.check(values)
        fill(exchange, route, values, body)
        if "server_key" in route.reserved:
            values["server_key"] = server_key
        if route.proofs:
            await prove(exchange, route, values)
        once = once_of(hash_key, exchange, match, key, body) if key else None
        call = _ask(exchange, route, choose(route), values, once, versions)
        spent_s = time.perf_counter() - exchange.started - exchange.waited_s
        if config.fast_lane and route.is_fast and spent_s < _EARLY_S:
            row = await call  # the lane keeps the limit by itself
        else:
            limit_ms = max(config.request_timeout_ms, config.database_wait_ms + route.timeout_ms)
            try:
                async with asyncio.timeout(max(0.0, limit_ms / 1000 - spent_s)):
                    row = await call
            except TimeoutError:
                if route.is_read:
                    raise
                raise DatabaseAway("the write took too long", is_outcome_unknown=True) from None
        data = row[0] if row else None
        if data is None:
            raise problem(NOT_FOUND)
        if data.startswith(REFUSED):  # what it noted of the attempt is kept
            raise refusal_in(data)
        if once is None:
            return Answer(route.status, data, is_data=True)
        headers = {"Idempotency-Replayed": "true"} if row[2] == b"t" else {}
        return Answer(int(row[1] or route.status), data, headers, is_data=True)

    return answer


def _versions(exchange: Exchange, route: Route) -> list[int]:
    """What If-Match names. Errors: Problem 412 when the route knows no versions to compare with."""
    lines = exchange.request.headers.getall("If-Match", ())
    versions = versions_of(",".join(lines)) if lines else []
    if versions and "if_match" not in route.reserved:
        raise problem(NO_VERSION)
    return versions


def fill(exchange: Exchange, route: Route, values: dict[str, Any], body: bytes) -> None:
    """What the wire does not say: who is asking, from where, and with what body."""
    caller = exchange.caller
    if route.binding.takes_owner:
        values[OWNER] = exchange.owner_id
    for name in route.reserved:
        if name == "body":
            values[name] = body or b"{}"
        elif name == "client_ip":
            values[name] = exchange.client_ip
        elif name == "user_agent":
            said = exchange.request.headers.get("User-Agent", "")[:_AGENT_LENGTH]
            values[name] = said.encode("utf-8", "replace").decode()  # a header may be any bytes
        elif name == "session_hash":
            values[name] = exchange.session_hash
        elif name == "if_match":
            values[name] = None
        elif name in ("caller_id", "caller_tier"):
            values[name] = caller and (caller.id if name == "caller_id" else caller.tier)


async def _ask(
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

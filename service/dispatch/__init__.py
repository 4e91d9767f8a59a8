"""One request -> arguments -> one call -> bytes. Nothing here knows what a field means."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from service.config import Config
from service.dispatch.intake import read_fields
from service.errors import NOT_FOUND, RETRIED_SQLSTATES, DatabaseAway, DatabaseRefused, problem
from service.exchange import Answer, Exchange, Executor, Handler
from service.keys import derived
from service.routes import Route
from service.routes.binding import OWNER

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

    async def answer(exchange: Exchange) -> Answer:
        match = exchange.match
        if match is None:
            raise problem(NOT_FOUND)
        route = match.route
        values, body = await read_fields(exchange, match, config)
        route.binding.check(values)
        _fill(exchange, route, values, body)
        if "server_key" in route.reserved:
            values["server_key"] = server_key
        if route.proofs:
            await prove(exchange, route, values)
        identity = b"" if exchange.owner_id is None else b"%d" % exchange.owner_id
        call = _call(exchange, route, choose(route), *route.binding.call(values, identity))
        spent_s = time.perf_counter() - exchange.started - exchange.waited_s
        if config.fast_lane and route.is_fast and spent_s < _EARLY_S:
            data = await call  # the lane keeps the limit by itself
        else:
            limit_ms = max(config.request_timeout_ms, config.database_wait_ms + route.timeout_ms)
            try:
                async with asyncio.timeout(max(0.0, limit_ms / 1000 - spent_s)):
                    data = await call
            except TimeoutError:
                if route.is_read:
                    raise
                raise DatabaseAway("the write took too long", is_outcome_unknown=True) from None
        if data is None:
            raise problem(NOT_FOUND)
        return Answer(route.status, data, is_data=True)

    return answer


def _fill(exchange: Exchange, route: Route, values: dict[str, Any], body: bytes) -> None:
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
            values[name] = exchange.request.headers.get("User-Agent", "")[:_AGENT_LENGTH]
        elif name == "session_hash":
            values[name] = exchange.session_hash
        elif name == "if_match":
            values[name] = exchange.if_match
        elif name in ("caller_id", "caller_tier"):
            values[name] = caller and (caller.id if name == "caller_id" else caller.tier)


async def _call(
    exchange: Exchange,
    route: Route,
    executor: Executor,
    statement: bytes,
    arguments: tuple[bytes | None, ...],
) -> bytes | None:
    """The function's json. What lost to another write is tried again inside the route's time."""
    began = time.perf_counter()
    tries = 0
    try:
        while True:
            tries += 1
            try:
                row = await executor.call(
                    statement, arguments, is_read=route.is_read, timeout_ms=route.timeout_ms
                )
                return row[0] if row else None
            except DatabaseRefused as error:
                is_late = time.perf_counter() - began > route.timeout_ms / 1000
                if error.sqlstate not in RETRIED_SQLSTATES or tries == TRIES or is_late:
                    raise
            await asyncio.sleep(_FIRST_PAUSE_S * 2**tries)
    finally:
        exchange.database_s += time.perf_counter() - began

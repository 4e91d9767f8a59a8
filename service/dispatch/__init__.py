"""One request -> arguments -> one call -> bytes. Nothing here knows what a field means."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from service.condition import versions_of
from service.config import Config
from service.dispatch.asking import ask, check_plain, data_of, page
from service.dispatch.intake import read_fields
from service.dispatch.once import key_of, once_of
from service.errors import NO_VERSION, NOT_FOUND, DatabaseAway, problem
from service.exchange import Answer, Exchange, Executor, Handler
from service.keys import derived
from service.routes import Route
from service.routes.binding import OWNER
from service.stream import Streams
from service.stream.media import wanted

_AGENT_LENGTH = 500
Prove = Callable[[Exchange, Route, dict[str, Any]], Awaitable[None]]
_EARLY_S = 0.5  # who asks later than that, after a wait for the session, is on a timer


def dispatch(
    config: Config,
    choose: Callable[[Route], Executor],
    prove: Prove,
    streams: Streams,
    slow: Callable[[Route], Executor],
) -> Handler:
    """The end of the corridor: what a route's function answers.

    prove finds out what a function wants proved: passwords and captchas, none of which SQL sees.
    A whole list is read page after page by slow, so that the lane is left to short questions.
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
        if name := wanted(exchange):
            check_plain(exchange)
            fetch = partial(page, exchange, route, slow(route), values)
            return await streams.answer(exchange, route, name, fetch)
        once = once_of(hash_key, exchange, match, key, body) if key else None
        call = ask(exchange, route, choose(route), values, once, versions)
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
        data = data_of(row)
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

"""Who is asking: token -> Caller; and whether the route's access lets that caller in.

A token comes in the Authorization header or, from a browser, in the session's cookie; the header
wins. What a cookie authenticates must also prove that a page of ours sent it.
"""

import asyncio
import json
import math
import time
from collections.abc import Collection
from dataclasses import dataclass

from service.auth import cookie, csrf
from service.auth.owners import Owners
from service.auth.sessions import Sessions, digest_of
from service.config import Config
from service.errors import NOT_FOUND, DatabaseRefused, Problem, problem
from service.exchange import Answer, Caller, Exchange, Executor, Handler
from service.keys import derived
from service.routes import Route
from service.routes.binding import OWNER

SESSION_PATH = "/api/v2/session"
# What SQL may answer about a secret: these come at the step of a clock, whatever they took.
_TELLING = frozenset({401, 403, 404, 409, 410, 429})
_UNKNOWN = Problem(401, "unauthenticated", "Send a valid token: Authorization: Bearer <token>.")


@dataclass(frozen=True, slots=True)
class Door:
    """What the room needs to know: whom it remembers, its key, and whose pages may write."""

    config: Config
    sessions: Sessions
    owners: Owners
    csrf_key: bytes
    origins: Collection[str]

    def proof_of(self, token: str) -> str:
        """The CSRF token of a session."""
        return csrf.proof_of(token, self.csrf_key)


def door(config: Config, executor: Executor, origins: Collection[str] = ()) -> Door:
    """The room's own things, for identify and the page of the session."""
    return Door(
        config,
        Sessions(config, executor),
        Owners(config, executor),
        derived(config.secret_key, "csrf"),
        origins,
    )


def identify(door: Door, inner: Handler) -> Handler:
    """Names the caller and keeps out whom the route does not admit, whatever it is asked for."""

    async def identified(exchange: Exchange) -> Answer:
        match = exchange.match
        if match is None:
            return await inner(exchange)
        route = match.route
        if route.access == "public":
            return await _open(exchange, route, door, inner)
        token, is_cookie = token_of(exchange)
        is_due = await _named(exchange, token, is_cookie, door)
        caller = exchange.caller
        if caller is None:
            raise problem(NOT_FOUND)
        if route.access == "admin" and caller.role != "admin":
            raise problem(NOT_FOUND)
        if not is_cookie:
            answer = await inner(exchange)
        else:
            if route.method != "GET":
                csrf.check(exchange, token, door.csrf_key, door.origins)
            answer = await inner(exchange)
            if is_due:
                cookie.keep(answer, token, door.config.session_cookie_max_age_s)
        if route.cookie == "clear" and exchange.session_hash:
            door.sessions.memory.forget(exchange.session_hash)  # others: within a second
        return _departed(answer, token, route, door) if route.cookie else answer

    return identified


def admit(door: Door, inner: Handler) -> Handler:
    """Keeps callers from what is not theirs; behind the limits, as a grant costs a question."""

    async def admitted(exchange: Exchange) -> Answer:
        match, caller = exchange.match, exchange.caller
        if match and caller:
            owner = match.values.get(OWNER, "me")
            if owner != "me" and owner.lower() not in ("me", caller.public_id):
                exchange.owner_id = await door.owners.granting(caller, owner, match.route)
            if caller.kind != "session":
                _check_key(caller, match.route)
        return await inner(exchange)

    return admitted


def token_of(exchange: Exchange) -> tuple[str, bool]:
    """The token of a request, empty when there is none, and whether it came as a cookie."""
    headers = exchange.request.headers
    said = headers.get("Authorization")
    if said is None:
        token = cookie.token_in(headers)
        return token, bool(token)
    scheme, _, token = said.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else "", False


async def _named(exchange: Exchange, token: str, is_cookie: bool, door: Door) -> bool:
    """Notes the caller on the exchange; whether their cookie is to be sent again.

    Errors: Problem 401, which ends a cookie that speaks for nobody.
    """
    digest = digest_of(token)
    known = await door.sessions.known(token, digest)
    if known is None or (is_cookie and known.caller.kind != "session"):
        gone = cookie.GONE if is_cookie else None
        raise Problem(_UNKNOWN.status, _UNKNOWN.code, _UNKNOWN.detail, headers=gone)
    exchange.caller = known.caller
    exchange.owner_id = known.caller.id
    exchange.session_hash = digest
    return known.is_due


def _check_key(caller: Caller, route: Route) -> None:
    """Nothing, when an API key will do. Errors: Problem 403."""
    if route.needs_login:
        raise Problem(403, "login_required", "An API key will not do here: log in.")
    if caller.is_read_only and route.method != "GET":
        raise Problem(403, "read_only_key", "This API key may only read.")


async def _open(exchange: Exchange, route: Route, door: Door, inner: Handler) -> Answer:
    """A public route: whoever asks. Where an attempt to get in is answered, time tells nothing."""
    if route.cookie:
        csrf.check_origin(exchange.request.headers, door.origins)
    if route.is_read:
        return await inner(exchange)
    try:
        answer = await inner(exchange)
    except DatabaseRefused:
        await _held(exchange, door)
        raise
    except Problem as refusal:
        if refusal.status in _TELLING:
            await _held(exchange, door)
        raise
    if route.cookie != "set":
        await _held(exchange, door)
    return _departed(answer, "", route, door) if route.cookie else answer


async def _held(exchange: Exchange, door: Door) -> None:
    """Waits for the next step since the request began: 53 ms and 141 ms of hashing look alike."""
    exchange.database_s = 0.0  # Server-Timing would tell what the step hides
    step_s = door.config.answer_step_ms / 1000
    if step_s:
        spent_s = time.perf_counter() - exchange.started
        await asyncio.sleep(math.ceil(spent_s / step_s) * step_s - spent_s)


def _departed(answer: Answer, token: str, route: Route, door: Door) -> Answer:
    """The answer of a log-in or log-out, with what the browser is to do about its cookie."""
    if route.cookie == "clear":
        cookie.clear(answer)
    else:
        cookie.move(answer, door.config.session_cookie_max_age_s, door.proof_of)
    return answer


def session_page(door: Door) -> dict[str, Handler]:
    """The handler, by its path, that tells a page after a reload who it speaks for.

    Who brings neither token nor cookie is told so, with nulls: a page asks before it knows.
    """

    async def answer(exchange: Exchange) -> Answer:
        token, is_cookie = token_of(exchange)
        is_due = bool(token) and await _named(exchange, token, is_cookie, door)
        caller = exchange.caller
        data = {
            "user_id": caller and caller.public_id,
            "tier": caller and caller.tier,
            "role": caller and caller.role,
            "kind": caller and caller.kind,
            "csrf_token": door.proof_of(token) if is_cookie else None,
        }
        body = json.dumps(data, separators=(",", ":")).encode()
        answer = Answer(200, body, {"Cache-Control": "no-store"}, is_data=True)
        if is_cookie and is_due:
            cookie.keep(answer, token, door.config.session_cookie_max_age_s)
        return answer

    return {SESSION_PATH: answer}

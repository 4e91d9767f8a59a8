"""What a function wants proved and SQL never sees: passwords become yes, no or a hash.

A route asks by naming a reserved parameter (service/routes/binding.py); the hashing has threads of
its own, a queue that ends, and the same cost for whoever is known and whoever is not.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.config import Config
from service.errors import Problem
from service.exchange import Exchange, Executor
from service.gateways.captcha import Captcha
from service.proof.password import Hashes, Verdict
from service.proof.rules import fault
from service.proof.threads import Crowded, Threads
from service.routes import Route
from service.routes.binding import AS_IDENTITY
from service.routes.proofs import PROOFS

_READ = (
    "select api.password_read(_email => $2::text, _user_id => $3::bigint, _client_ip => $4::inet)"
    f" {AS_IDENTITY}"
).encode()
_READ_TIMEOUT_MS = 2000
_NEW = ("password_hash", "new_password_hash")
_WORDS = ("email", "full_name", "username")  # what a guesser of this password knows


@dataclass(frozen=True, slots=True)
class Known:
    """What the database says of the password's owner."""

    stored: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What came out of the thread."""

    verdict: Verdict | None
    hashes: Mapping[str, str]


class Prover:
    """Fills what a route wants proved; lives as long as the service."""

    def __init__(self, config: Config, executor: Executor, captcha: Captcha) -> None:
        self._executor = executor
        self._captcha = captcha
        self._limit_s = config.request_timeout_ms / 1000
        self._hashes = Hashes(config.hash_memory_kib, config.hash_rounds)
        self._threads = Threads(config.hash_threads, config.hash_queue)

    async def prove(self, exchange: Exchange, route: Route, values: dict[str, Any]) -> None:
        """Puts answers in the place of secrets. Errors: Problem 422 not a password, 503 crowded."""
        secrets = {field: values.pop(field, None) for field in sorted(set(PROOFS.values()))}
        spent_s = time.perf_counter() - exchange.started - exchange.waited_s
        async with asyncio.timeout(max(0.0, self._limit_s - spent_s)):
            if "captcha_ok" in route.proofs:
                values["captcha_ok"] = await self._solved(secrets["captcha_token"], exchange)
            if route.proofs - {"captcha_ok"}:
                await self._passwords(exchange, route, values, secrets)

    def close(self) -> None:
        """Begins no more hashes."""
        self._threads.close()

    async def _solved(self, token: str | None, exchange: Exchange) -> bool | None:
        if token is None:
            return None
        return await self._captcha.verify(token, exchange.client_ip)

    async def _passwords(
        self,
        exchange: Exchange,
        route: Route,
        values: dict[str, Any],
        secrets: Mapping[str, str | None],
    ) -> None:
        try:
            with self._threads.place() as place:
                is_new = route.proofs <= {"password_hash", "captcha_ok"}  # nobody has it yet
                known = Known() if is_new else await self._known(exchange, route, values)
                given = [str(values[name]) for name in _WORDS if values.get(name)]
                words = (*known.words, *given)
                made = await place.run(lambda: self._made(route, secrets, known.stored, words))
        except Crowded:
            raise Problem(
                503, "crowded", "Too many log in or change a password just now. Try again."
            ) from None
        values |= made.hashes
        if made.verdict is not None:
            values["password_ok"] = made.verdict.is_right
            if "checked_hash" in route.reserved:  # it may be replaced while a thread computes
                values["checked_hash"] = known.stored
            if "upgraded_hash" in route.reserved:
                values["upgraded_hash"] = made.verdict.upgraded

    def _made(
        self,
        route: Route,
        secrets: Mapping[str, str | None],
        stored: str | None,
        words: tuple[str, ...],
    ) -> Made:
        """Everything that takes a core, in one go: rules first, they are the cheapest."""
        new = {name: secrets[PROOFS[name]] or "" for name in _NEW if name in route.proofs}
        for name, password in new.items():
            if reason := fault(password, words):
                field = PROOFS[name]
                raise Problem(422, "weak_password", reason, field=field, errors=[(field, reason)])
        verdict = None
        if "password_ok" in route.proofs:
            verdict = self._hashes.verdict(stored, secrets["password"] or "")
        return Made(
            verdict, {name: self._hashes.hashed(password) for name, password in new.items()}
        )

    async def _known(self, exchange: Exchange, route: Route, values: Mapping[str, Any]) -> Known:
        """The stored hash of whoever is meant: of the caller, else of the address given.

        Nobody is meant by what a mail proves; that somebody tries is counted all the same.
        """
        caller = exchange.caller
        number = None if caller is None else b"%d" % caller.id
        is_asked = caller is None and "password_ok" in route.proofs
        email = values.get("email") if is_asked else None
        row = await self._executor.call(
            _READ,
            (
                number or b"",
                None if email is None else str(email).encode(),
                number,
                None if exchange.client_ip is None else exchange.client_ip.encode(),
            ),
            is_read=False,
            timeout_ms=_READ_TIMEOUT_MS,
        )
        found = json.loads(row[0]) if row and row[0] else {}
        return Known(found.get("password_hash"), tuple(found.get("words") or ()))

"""A request with a file -> one call for each part of its rows -> the answer of the last.

Nothing here knows what a row means: another process reads the file, and the function of the route
takes what it found. docs/imports.md tells the calls.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable
from typing import Any

from service.config import Config
from service.dispatch import fill
from service.dispatch.asking import first_row
from service.dispatch.intake import check_once, fields_outside
from service.dispatch.once import key_of, once_of
from service.errors import NOT_FOUND, problem
from service.exchange import Answer, Exchange, Executor
from service.keys import derived
from service.routes import Route
from service.routes.binding import AS_IDENTITY, Once, wrong_fields
from service.upload.arrival import Spooled
from service.upload.feed import Feed
from service.upload.parser import reading
from service.upload.seats import Seats
from service.upload.spool import spool

_KNOWN = (
    f"select known.answer, known.status {AS_IDENTITY} as identity cross join lateral "
    "api.request_known(_user_id => identity::bigint, _key => $2::text, "
    "_request_hash => $3::bytea, _function => $4::text) as known"
).encode()
_KNOWN_MS = 2000


class Uploads:
    """Receives files; lives as long as the service, for what a client that left still leaves."""

    def __init__(self, config: Config, choose: Callable[[Route], Executor]) -> None:
        self._config = config
        self._choose = choose
        self._hash_key = derived(config.secret_key, "request hash")
        self._seats = Seats(config.uploads_at_once, config.uploads_of_one)
        self._parsers = asyncio.Semaphore(config.upload_parsers)
        self._endings: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Waits for what is still to be told of files that broke off."""
        if self._endings:
            await asyncio.wait(self._endings, timeout=1.0)

    async def answer(self, exchange: Exchange) -> Answer:
        """What the function answers to the whole file. Errors: Problem, and those of SQL."""
        match = exchange.match
        if match is None:
            raise problem(NOT_FOUND)
        route = match.route
        key = key_of(exchange, route)
        values, twice = fields_outside(exchange, match)
        check_once(twice)
        route.binding.check(values)
        with self._seats.taken(exchange.owner_id):
            async with asyncio.timeout(self._config.upload_timeout_s):
                async with spool(exchange, match, self._config) as file:
                    for name in file.fields:
                        if name in values:
                            check_once([name])
                    values |= file.fields
                    route.binding.check(values)
                    once = None
                    if key:
                        said = json.dumps(sorted(file.fields.items()), default=str).encode()
                        body = hashlib.sha256(said).digest() + file.digest
                        once = once_of(self._hash_key, exchange, match, key, body)
                        known = await self._known(exchange, route, once)
                        if known:
                            return known
                    fill(exchange, route, values, b"")
                    return await self._read(exchange, route, values, file, once)

    async def _known(self, exchange: Exchange, route: Route, once: Once) -> Answer | None:
        """What this request was answered before anything was opened; None when it is new."""
        identity = b"%d" % (exchange.owner_id or 0)
        digest = b"\\x" + once.request_hash.hex().encode()
        row = await self._choose(route).call(
            _KNOWN,
            (identity, once.key, digest, route.function.encode()),
            is_read=True,
            timeout_ms=_KNOWN_MS,
        )
        if not row or row[0] is None:
            return None
        headers = {"Idempotency-Replayed": "true"}
        return Answer(int(row[1] or route.status), row[0], headers, is_data=True)

    async def _read(
        self,
        exchange: Exchange,
        route: Route,
        values: dict[str, Any],
        file: Spooled,
        once: Once | None,
    ) -> Answer:
        asked = asked_of(route, values)
        feed = Feed(exchange, route, self._choose(route), values, file.told(asked), first_row)
        async with self._parsers, reading(self._config, file, asked) as frames:
            try:
                return await feed.through(frames, once)
            except BaseException as error:
                if feed.is_open:
                    ending = asyncio.create_task(feed.end(error))
                    self._endings.add(ending)
                    ending.add_done_callback(self._endings.discard)
                raise


def asked_of(route: Route, values: dict[str, Any]) -> dict[str, Any]:
    """What the request says of how to read; its mapping as an object. Errors: Problem 422."""
    asked = {name: values[name] for name in route.binding.file_fields if name in values}
    if "mapping" in asked:
        try:
            mapping = json.loads(asked["mapping"])
            is_fine = isinstance(mapping, dict) and all(
                isinstance(one, str) for one in mapping.values()
            )
        except (ValueError, RecursionError):
            is_fine = False
        if not is_fine:
            raise wrong_fields([("mapping", "This is no JSON object of names of columns.")])
        asked["mapping"] = mapping
    return asked

"""What a route's end says when its time is up: a write that was cut off may have been done."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest
from multidict import CIMultiDict

from service.config import Config
from service.dispatch import dispatch
from service.errors import DatabaseAway
from service.exchange import Answer, Exchange
from service.openapi import document
from service.routes import Route, compiled
from service.routes.table import Match
from service.stream import Streams


def route(*parameters: str, volatile: bool) -> Route:
    """A slow route of a function with these parameters, all of them optional texts or bodies."""
    declared = {
        "method": "POST", "path": "/slow", "function": "api.slow", "access": "public",
        "status": 200, "summary": "Slow", "timeout_ms": 1, "is_fast": False, "tags": [],
        "max_body_bytes": 100, "cost": 1, "cache_s": 0, "fields": {}, "answer": {}, "aliases": [],
        "needs_key": False, "needs_login": False, "scope": None, "secret_fields": [],
        "cookie": None, "max_file_bytes": None,
    }  # fmt: skip
    listed = [
        {"name": name, "type": kind, "base": kind, "schema": None, "default": None, "required": 0}
        for name in parameters
        for kind in ["jsonb" if name == "_body" else "text"]
    ]
    return compiled({"route": declared, "volatile": volatile, "parameters": listed})


class Hanging:
    """An executor that never answers."""

    async def call(
        self,
        statement: bytes,
        arguments: tuple[bytes | None, ...],
        *,
        is_read: bool,
        timeout_ms: int,
        is_repeatable: bool = False,
    ) -> Sequence[bytes | None]:
        await asyncio.sleep(60)
        return (None,)


async def nothing_to_prove(exchange: Exchange, route: Route, values: dict[str, Any]) -> None:
    """The routes of this page ask for no proof."""


async def asked(what: Route) -> Answer:
    """The answer to a request for this route, whose time is up after 20 ms."""
    config = Config(request_timeout_ms=20, database_wait_ms=10)
    request = cast(Any, SimpleNamespace(can_read_body=False, headers=CIMultiDict(), remote=None))
    exchange = Exchange(request, what.method, what.path, "", Match(what, {}), what.path, "id")
    streams = Streams(config, lambda _: None)
    slow = lambda _: Hanging()  # noqa: E731 - a chooser, as above
    return await dispatch(config, slow, nothing_to_prove, streams, slow)(exchange)


async def test_a_read_was_too_slow_and_a_write_has_an_unknown_outcome() -> None:
    with pytest.raises(TimeoutError):
        await asked(route(volatile=False))
    with pytest.raises(DatabaseAway) as away:
        await asked(route(volatile=True))
    assert away.value.is_outcome_unknown


@pytest.mark.parametrize(
    ("parameters", "is_open"),
    [(["_body"], True), (["_body", "_client_ip"], True), (["_body", "_name"], False), ([], False)],
)
def test_a_function_of_the_body_alone_takes_any_field(parameters: list[str], is_open: bool) -> None:
    what = route(*parameters, volatile=True)
    operation = document([what])["paths"]["/slow"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert schema["additionalProperties"] is is_open
    assert what.binding.takes_any is is_open
    if is_open:
        what.binding.check({"anything": [1]})

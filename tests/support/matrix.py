"""The stranger's requests: every place where an operation takes an id, and what may come back."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.support.asking import (
    MISSING_ID,
    TABLE_BY_ID,
    Client,
    Operation,
    Reply,
    id_fields,
    operations,
)
from tests.support.household import belongings, check_silent, own_ids
from tests.support.service import Service, User


def seen(reply: Reply) -> tuple[int, Any]:
    """What a stranger can tell answers apart by."""
    document = {**reply.json, "request_id": None, "load_time": None, "timestamp": None}
    return reply.status, json.dumps(document, sort_keys=True)


def put(body: Any, path: tuple[Any, ...], value: int) -> Any:
    """The body with a value set at a path of keys."""
    step, *rest = path
    inner = put(body[step] if _has(body, step) else {}, tuple(rest), value) if rest else value
    if isinstance(body, list):
        return [inner]
    return {**body, step: inner} if isinstance(body, dict) else [inner]


def _has(body: Any, step: Any) -> bool:
    return step in body if isinstance(body, dict) else isinstance(step, int) and len(body) > step


def attacks(
    one: Operation, mine: dict[str, Any], theirs: dict[str, Any]
) -> Iterator[tuple[str, Callable[[Any], tuple[str, dict[str, Any], Any]]]]:
    """(name, request for an id): each id-bearing place of an operation, taken one at a time."""
    base = {**theirs, **{name: value for name, value in mine.items() if value is not None}}
    base["user_id"] = "me"
    query, body = one.plain_query(), one.plain_body(base)
    for name in one.path_fields:
        if name in TABLE_BY_ID:
            yield name, lambda value, n=name: (one.address({**base, n: value}), query, body)
    for name in one.query:
        if name in TABLE_BY_ID:
            yield f"?{name}", lambda value, n=name: (one.address(base), {**query, n: value}, body)
    for path in id_fields(one.body):
        yield (
            ".".join(map(str, path)),
            lambda value, p=path: (one.address(base), query, put(body or {}, p, value)),
        )


def check_foreign_ids(house: Service, owner: User, other: User) -> int:
    """How many places for an id were tried; fails when one tells foreign from missing."""
    mine, theirs = own_ids(house.dsn, other), own_ids(house.dsn, owner)
    before = belongings(house.dsn, owner)
    count = 0
    with Client(house.url, other.token) as client:
        for one in operations(house):
            for name, request in attacks(one, mine, theirs):
                field = name.split(".")[-1].lstrip("?")
                replies = []
                for value in (theirs[field], MISSING_ID):
                    address, query, body = request(value)
                    replies.append(client.ask(one.method, address, body, query=query))
                where = f"{one.method} {one.path} with the owner's {name}"
                refused = (404,) if name in one.path_fields else (200, 404, 422)
                assert replies[0].status in refused, (
                    f"{where}: {replies[0].status} {replies[0].body!r}"
                )
                assert seen(replies[0]) == seen(replies[1]), f"{where}: {replies}"
                check_silent(replies[0], where)
                count += 1
    assert belongings(house.dsn, owner) == before
    return count

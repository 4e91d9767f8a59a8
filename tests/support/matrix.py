"""The stranger's requests: every place where an operation takes an id, and what may come back."""

import json
from collections.abc import Callable, Collection, Iterator
from typing import Any

import psycopg

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
    one: Operation, mine: dict[str, Any], theirs: dict[str, Any], name_in_path: str = "me"
) -> Iterator[tuple[str, Callable[[Any], tuple[str, dict[str, Any], Any]]]]:
    """(name, request for an id): each id-bearing place of an operation, taken one at a time."""
    base = {**theirs, **{name: value for name, value in mine.items() if value is not None}}
    base["user_id"] = name_in_path
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


def check_names(house: Service, owner: User, other: User) -> int:
    """How many routes were tried under the owner's name; fails when one tells it from nobody's."""
    ids = own_ids(house.dsn, owner)
    before = belongings(house.dsn, owner)
    count = 0
    with Client(house.url, other.token) as client:
        for one in operations(house):
            if "user_id" not in one.path_fields:
                continue
            replies = [
                client.ask(
                    one.method,
                    one.address({**ids, "user_id": user_id}),
                    one.plain_body(ids),
                    query=one.plain_query(ids),
                )
                for user_id in (owner.public_id, "00000000-0000-4000-8000-000000000000")
            ]
            where = f"{one.method} {one.path}"
            assert replies[0].status == 404, f"{where}: {replies[0].status} {replies[0].body!r}"
            assert seen(replies[0]) == seen(replies[1]), where
            check_silent(replies[0], where)
            raw = client.ask(one.method, one.address({**ids, "user_id": owner.user_id}), query={})
            assert raw.status == 404, f"{where}: the number inside is no address: {raw.status}"
            count += 1
    assert belongings(house.dsn, owner) == before
    return count


def check_foreign_ids(
    house: Service,
    owner: User,
    other: User,
    *,
    client: User | None = None,
    scopes: Collection[str] = (),
) -> int:
    """How many places for an id were tried; fails when one tells foreign from missing.

    With client, other is a coach who asks under that name, for what the scopes let them see.
    """
    mine, theirs = own_ids(house.dsn, client or other), own_ids(house.dsn, owner)
    readable = paths_of(house.dsn, scopes)
    before = belongings(house.dsn, owner)
    count = 0
    with Client(house.url, other.token) as asking:
        for one in operations(house):
            if client is not None and (one.method, one.path) not in readable:
                continue
            for name, request in attacks(one, mine, theirs, client.public_id if client else "me"):
                field = name.split(".")[-1].lstrip("?")
                replies = []
                for value in (theirs[field], MISSING_ID):
                    address, query, body = request(value)
                    replies.append(asking.ask(one.method, address, body, query=query))
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


def paths_of(dsn: str, scopes: Collection[str]) -> set[tuple[str, str]]:
    """(method, path) of what a grant of these scopes opens."""
    with psycopg.connect(dsn) as connection:
        return set(
            connection.execute(
                "select method, path from api.routes where scope = any (%s)", (list(scopes),)
            ).fetchall()
        )

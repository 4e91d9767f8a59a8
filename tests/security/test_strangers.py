"""Nobody reaches what is another's: every route x every stranger x every id that it takes.

The routes come from the live table, so a new one is in the matrix the moment it is declared. A
foreign id must look exactly like one that does not exist. Tokens: test_tokens.py.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from tests.support.asking import (
    MISSING_ID,
    TABLE_BY_ID,
    Client,
    Operation,
    Reply,
    id_fields,
    operations,
)
from tests.support.household import (
    belongings,
    check_silent,
    own_ids,
    settle,
)
from tests.support.service import Service, User


@pytest.fixture(scope="module")
def house(service_factory: Callable[..., Service]) -> Service:
    return service_factory()


@pytest.fixture(scope="module")
def owner(house: Service) -> User:
    return settle(house)


@pytest.fixture(scope="module")
def other(house: Service) -> User:
    """Another user, who owns one of everything too."""
    user = house.new_user("stranger@example.org")
    client = Client(house.url, user.token)
    made = client.ask("POST", "/api/v2/users/me/accounts", {"name": "mine"})
    assert made.status == 201
    client.close()
    return user


def seen(reply: Reply) -> tuple[int, Any]:
    """What a stranger can tell answers apart by."""
    document = {**reply.json, "request_id": None, "load_time": None, "timestamp": None}
    return reply.status, json.dumps(document, sort_keys=True)


def test_every_route_says_whose_it_is(house: Service) -> None:
    with psycopg.connect(house.dsn) as connection:
        rows = connection.execute("select method, path, access from api.routes").fetchall()
    assert rows
    for method, path, access in rows:
        assert access in ("public", "user", "owner", "admin"), f"{method} {path}"
    declared = {(method, path) for method, path, _ in rows}
    listed = {(one.method, one.path) for one in operations(house) if not one.spec.get("deprecated")}
    assert declared == listed


def test_every_id_on_the_wire_is_known_to_these_tests(house: Service) -> None:
    for one in operations(house):
        names = [*one.path_fields, *one.query, *(path[-1] for path in id_fields(one.body))]
        ids = {name for name in names if name.endswith("_id")} - {"user_id", "external_id"}
        unknown = ids - set(TABLE_BY_ID)
        assert not unknown, f"{one.method} {one.path}: tell tests/support/household.py of {unknown}"


def test_under_the_owner_s_name_a_stranger_finds_nothing(
    house: Service, owner: User, other: User
) -> None:
    """404 for the owner's public id, exactly as for one that nobody has."""
    ids = own_ids(house.dsn, owner)
    before = belongings(house.dsn, owner)
    client = Client(house.url, other.token)
    for one in operations(house):
        if "user_id" not in one.path_fields:
            continue
        replies = [
            client.ask(
                one.method,
                one.address({**ids, "user_id": user_id}),
                one.plain_body(ids),
                query=one.plain_query(),
            )
            for user_id in (owner.public_id, "00000000-0000-4000-8000-000000000000")
        ]
        where = f"{one.method} {one.path}"
        assert replies[0].status == 404, f"{where}: {replies[0].status} {replies[0].body!r}"
        assert seen(replies[0]) == seen(replies[1]), where
        check_silent(replies[0], where)
        raw = client.ask(one.method, one.address({**ids, "user_id": owner.user_id}), query={})
        assert raw.status == 404, f"{where}: the number inside is no address: {raw.status}"
    client.close()
    assert belongings(house.dsn, owner) == before


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


def test_under_their_own_name_a_stranger_s_foreign_ids_are_missing_ids(
    house: Service, owner: User, other: User
) -> None:
    mine, theirs = own_ids(house.dsn, other), own_ids(house.dsn, owner)
    before = belongings(house.dsn, owner)
    client = Client(house.url, other.token)
    count = 0
    for one in operations(house):
        for name, request in attacks(one, mine, theirs):
            field = name.split(".")[-1].lstrip("?")
            replies = []
            for value in (theirs[field], MISSING_ID):
                address, query, body = request(value)
                replies.append(client.ask(one.method, address, body, query=query))
            where = f"{one.method} {one.path} with the owner's {name}"
            in_path = field in one.path_fields and "?" not in name and "." not in name
            refused = (404,) if in_path else (200, 404, 422)
            assert replies[0].status in refused, f"{where}: {replies[0].status} {replies[0].body!r}"
            assert seen(replies[0]) == seen(replies[1]), f"{where}: {replies}"
            check_silent(replies[0], where)
            count += 1
    client.close()
    assert count > 0
    assert belongings(house.dsn, owner) == before


def test_the_same_requests_serve_the_owner(house: Service) -> None:
    """The other side of the matrix: it was the stranger that was refused, not the request."""
    for one in operations(house):
        user = settle(house)
        ids = own_ids(house.dsn, user)
        client = Client(house.url, user.token)
        reply = client.ask(
            one.method, one.address(ids), one.plain_body(ids), query=one.plain_query()
        )
        client.close()
        assert reply.status in (200, 201, 202), f"{one.method} {one.path}: {reply}"

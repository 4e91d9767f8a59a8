"""Nobody reaches what is another's: every route x every stranger x every id that it takes.

The routes come from the live table, so a new one is in the matrix the moment it is declared. A
foreign id must look exactly like one that does not exist. Tokens: test_tokens.py.
"""

import time
from collections.abc import Callable

import psycopg
import pytest

from tests.support.asking import TABLE_BY_ID, Client, id_fields, operations
from tests.support.household import belongings, check_silent, own_ids, settle
from tests.support.matrix import check_foreign_ids, seen
from tests.support.service import Service, User

# Answers by account alone: the classic mistake, in front of the second wall.
FORGETFUL = """
create function core.forgetful_name(_account_id bigint)
returns text
language sql stable
as $$ select name from data.accounts where id = _account_id $$;
call core.cross_owner('core.forgetful_name(bigint)', 'planted, so that the matrix has a leak');

create function api.forgetful_read(_user_id bigint, _account_id api.key)
returns json
language sql stable
as $$ select json_build_object('name', core.forgetful_name(_account_id)) $$;

call api.route(
    'GET /api/v2/users/{user_id}/forgetful/{account_id}', 'api.forgetful_read',
    summary => 'Planted', answer => '{"name": "text"}'
);
"""


@pytest.fixture(scope="module")
def house(service_factory: Callable[..., Service]) -> Service:
    return service_factory()


@pytest.fixture(scope="module")
def owner(house: Service) -> User:
    return settle(house)


@pytest.fixture(scope="module")
def other(house: Service) -> User:
    """Another user, who owns one of everything too."""
    return settle(house, word="stranger", amount=55.0)


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
        ids = {name for name in names if name.endswith("_id")} - {
            "user_id",
            "external_id",
            "public_id",
        }
        unknown = ids - set(TABLE_BY_ID)
        assert not unknown, f"{one.method} {one.path}: tell tests/support/household.py of {unknown}"


def test_under_the_owner_s_name_a_stranger_finds_nothing(
    house: Service, owner: User, other: User
) -> None:
    """404 for the owner's public id, exactly as for one that nobody has."""
    ids = own_ids(house.dsn, owner)
    before = belongings(house.dsn, owner)
    with Client(house.url, other.token) as client:
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
    assert belongings(house.dsn, owner) == before


def test_under_their_own_name_a_stranger_s_foreign_ids_are_missing_ids(
    house: Service, owner: User, other: User
) -> None:
    assert check_foreign_ids(house, owner, other) >= 10


def test_a_route_that_forgets_its_owner_is_found(own_service: Service) -> None:
    """The matrix sees what it is there to see: a planted leak fails it within one run."""
    owner = settle(own_service)
    other = settle(own_service, word="stranger", amount=55.0)
    with psycopg.connect(own_service.dsn, autocommit=True) as connection:
        connection.execute(FORGETFUL)
    until = time.monotonic() + 2
    while not any(one.id == "forgetful_read" for one in operations(own_service)):
        assert time.monotonic() < until, "the planted route is not served"
    with pytest.raises(AssertionError, match="forgetful"):
        check_foreign_ids(own_service, owner, other)


def test_the_same_requests_serve_the_owner(house: Service) -> None:
    """The other side of the matrix: it was the stranger that was refused, not the request."""
    for one in operations(house):
        user = settle(house, role="admin" if one.is_admins else "user")
        ids = own_ids(house.dsn, user)
        with Client(house.url, user.token) as client:
            reply = client.ask(
                one.method, one.address(ids), one.plain_body(ids), query=one.plain_query(ids)
            )
        # A code is mailed, not known here: that the guess was counted is being served.
        served = (422,) if one.id == "phone_check" else (200, 201, 202)
        assert reply.status in served, f"{one.method} {one.path}: {reply}"

"""Nobody reaches what is another's: every route x every caller x every id that it takes.

The routes come from the live table, so a new one is in the matrix the moment it is declared. A
foreign id must look exactly like one that does not exist. Wrong tokens: test_tokens.py; the same
matrix without the first wall: test_rls_only.py.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import pytest

from tests.support.asking import TABLE_BY_ID, Client, Operation, id_fields, operations
from tests.support.household import belongings, check_silent, own_ids, settle
from tests.support.matrix import check_foreign_ids, check_names, seen
from tests.support.service import Service, User, issue_token

GRANTED = ("accounts", "forecast")
# Answers by account alone: the classic mistake.
FORGETFUL = """
create function api.forgetful_read(_user_id bigint, _account_id api.key)
returns json
language sql stable
as $$ select json_build_object('name', name) from data.accounts where id = _account_id $$;

call api.route(
    'GET /api/v2/users/{user_id}/forgetful/{account_id}', 'api.forgetful_read',
    summary => 'Planted', answer => '{"name": "text"}'
);
"""


@dataclass(frozen=True)
class Rule:
    """What a route declares."""

    access: str
    scope: str | None
    function: str


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


@pytest.fixture(scope="module")
def rules(house: Service) -> dict[tuple[str, str], Rule]:
    """Every declared route, by method and path, the other names of its path too."""
    with psycopg.connect(house.dsn) as connection:
        rows = connection.execute(
            "select method, unnest(array_prepend(path, aliases)), access, scope, function"
            " from api.routes"
        ).fetchall()
    return {(row[0], row[1]): Rule(*row[2:]) for row in rows}


def coach_of(house: Service, client: User | None) -> User:
    """A coach with a proved address, whom a client lets see some scopes."""
    address = f"coach.{time.monotonic_ns()}@example.org"
    coach = house.new_user(address, role="coach")
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        connection.execute(
            "update data.user_emails set verified_at = now() where email = %s", (address,)
        )
        if client is not None:
            connection.execute(
                "insert into data.access_grants (user_id, coach_email, scopes) values (%s, %s, %s)",
                (client.user_id, address, list(GRANTED)),
            )
            connection.execute(
                "insert into data.client_addresses (coach_email, public_id, user_id)"
                " values (%s, %s, %s)",
                (address, client.public_id, client.user_id),
            )
    return coach


def ended(house: Service, user: User, change: str) -> str:
    """A token of the user that was good once."""
    with psycopg.connect(house.dsn, autocommit=True) as connection:
        token = issue_token(connection, user.user_id)
        connection.execute(
            f"update data.login_sessions set {change} where id ="
            " (select max(id) from data.login_sessions where user_id = %s)",
            (user.user_id,),
        )
    return token


def expected(caller: str, one: Operation, rule: Rule) -> tuple[int, ...]:
    """Statuses that are right for a caller who names the owner in the path."""
    if rule.access == "public":
        return (200, 201, 202)
    if caller in ("disabled user", "expired session", "revoked session", "none"):
        return (401,)
    if rule.access == "admin":
        return (200, 201, 202) if caller == "admin" else (404,)
    if rule.access == "user":
        return (200, 201, 202)
    if caller == "coach with a grant" and one.method == "GET" and rule.scope in GRANTED:
        return (200,)
    return (404,)


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
        ids = {name for name in names if name.endswith("_id")}
        unknown = ids - set(TABLE_BY_ID) - {"user_id", "public_id", "external_id"}
        assert not unknown, f"{one.method} {one.path}: tell tests/support/household.py of {unknown}"


def test_every_caller_gets_what_the_route_declares_and_no_more(
    house: Service, owner: User, other: User, rules: dict[tuple[str, str], Rule]
) -> None:
    """Every route under the owner's name, for nine callers who are not the owner."""
    callers: dict[str, str | None] = {
        "other user": other.token,
        "coach without a grant": coach_of(house, None).token,
        "coach of another": coach_of(house, other).token,
        "coach with a grant": coach_of(house, owner).token,
        "admin": house.new_user(role="admin").token,
        "disabled user": house.new_user(is_active=False).token,
        "expired session": ended(
            house, owner, "expires_at = now() - interval '1 s', created_at = '2020-01-01'"
        ),
        "revoked session": ended(house, owner, "revoked_at = now()"),
        "none": None,
    }
    ids = own_ids(house.dsn, owner)
    before = belongings(house.dsn, owner)
    count = 0
    for caller, token in callers.items():
        for one in operations(house):
            rule = rules[one.method, one.path]
            wanted = expected(caller, one, rule)
            if one.method != "GET" and rule.access != "owner" and wanted[0] == 200:
                continue  # a log-out, or an admin's edit: it is theirs to do, and it would be done
            with Client(house.url, token) as client:
                reply = client.ask(
                    one.method, one.address(ids), one.plain_body(ids), query=one.plain_query(ids)
                )
            where = f"{one.method} {one.path} as {caller}"
            assert reply.status in wanted, f"{where}: {reply}"
            if reply.status >= 400:
                check_silent(reply, where)
            count += 1
        assert belongings(house.dsn, owner) == before, f"{caller} changed something"
    print(f"\n{count} requests by {len(callers)} callers, 0 leaks")


def test_under_the_owner_s_name_a_stranger_finds_nothing(
    house: Service, owner: User, other: User
) -> None:
    """404 for the owner's public id, exactly as for one that nobody has."""
    assert check_names(house, owner, other) >= 20


def test_under_their_own_name_a_stranger_s_foreign_ids_are_missing_ids(
    house: Service, owner: User, other: User
) -> None:
    assert check_foreign_ids(house, owner, other) >= 10


def test_a_coach_s_grant_reaches_one_owner_s_ids_alone(
    house: Service, owner: User, other: User
) -> None:
    """Under the name of the client, ids of anybody else are ids that nobody has."""
    coach = coach_of(house, owner)
    assert check_foreign_ids(house, other, coach, client=owner, scopes=GRANTED) >= 2


def test_a_route_that_forgets_its_owner_is_held_by_the_second_wall_and_found_without_it(
    own_service: Service,
) -> None:
    """The matrix sees what it is there to see: a planted leak fails it within one run."""
    owner = settle(own_service)
    other = settle(own_service, word="stranger", amount=55.0)
    with psycopg.connect(own_service.dsn, autocommit=True) as connection:
        connection.execute(FORGETFUL)
        until = time.monotonic() + 20
        while not any(one.id == "forgetful_read" for one in operations(own_service)):
            assert time.monotonic() < until, "the planted route is not served"
        check_foreign_ids(own_service, owner, other)
        connection.execute("alter table data.accounts disable row level security")
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


def test_what_looks_the_same_is_compared_without_what_differs_by_request() -> None:
    """seen() hides nothing but the number of the request and the clock."""
    from tests.support.asking import Reply

    one, two = (Reply(404, {}, b'{"detail": "x", "request_id": "%d"}' % n) for n in (1, 2))
    assert seen(one) == seen(two)
    assert seen(one) != seen(Reply(404, {}, b'{"detail": "y", "request_id": "1"}'))

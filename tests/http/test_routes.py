"""Routes: which one a path belongs to, what a signature accepts, how new ones come to be served."""

import time

import psycopg
import pytest

from service import routes
from service.errors import Problem
from service.routes.binding import Binding, Parameter
from service.routes.table import Table
from tests.support.asking import Client
from tests.support.service import Service


def route(method: str, path: str, *aliases: str) -> routes.Route:
    """A route of which only the address matters."""
    return routes.Route(
        method=method, path=path, function=f"api.{len(path)}", access="public", status=200,
        summary="", parameters=(), reserved=frozenset(), timeout_ms=1, is_fast=True, is_read=True,
        max_body_bytes=1, tags=(), cost=1, cache_s=0, fields={}, answer={}, aliases=aliases,
        binding=Binding("api.f", ()),
    )  # fmt: skip


TABLE = Table.of(
    [
        route("GET", "/a/{id}", "/old/{id}/"),
        route("PATCH", "/a/{id}"),
        route("POST", "/a/batch"),
        route("GET", "/a/{id}/b/{other}"),
        route("GET", "/a/fixed/c"),
        route("GET", "/a/{id}/c"),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "template", "values"),
    [
        ("GET", "/a/7", "/a/{id}", {"id": "7"}),
        ("HEAD", "/a/7", "/a/{id}", {"id": "7"}),
        ("GET", "/a/x%20%C3%A4", "/a/{id}", {"id": "x ä"}),
        ("GET", "/old/7/", "/a/{id}", {"id": "7"}),
        ("GET", "/a/batch", "/a/{id}", {"id": "batch"}),
        ("POST", "/a/batch", "/a/batch", {}),
        ("GET", "/a/fixed/c", "/a/fixed/c", {}),
        ("GET", "/a/fixed/b/9", "/a/{id}/b/{other}", {"id": "fixed", "other": "9"}),
        ("GET", "/a/batch/c", "/a/{id}/c", {"id": "batch"}),
    ],
)
def test_a_fixed_piece_wins_and_hides_nothing(
    method: str, path: str, template: str, values: dict[str, str]
) -> None:
    match = TABLE.find(method, path)
    assert match is not None
    assert (match.route.path, match.values) == (template, values)


def test_a_path_may_be_as_long_as_its_route() -> None:
    path = "/{}" + "/a" * 40
    table = Table.of([route("GET", path.format("{id}"))])
    assert table.find("GET", path.format("7")) is not None
    assert table.find("GET", path.format("7") + "/a") is None


@pytest.mark.parametrize(
    "path",
    ["", "/", "/a", "/a/", "a/7", "//a/7", "/a/7/", "/a//b/1", "/a/%ff", "/a/7/b", "/b", "/" * 99],
)
def test_a_path_that_only_resembles_one_is_unknown(path: str) -> None:
    assert TABLE.find("GET", path) is None


def test_a_path_tells_its_methods() -> None:
    assert TABLE.allowed("/a/7") == ["GET", "HEAD", "PATCH"]
    assert TABLE.allowed("/a/batch") == ["GET", "HEAD", "PATCH", "POST"]
    assert TABLE.allowed("/nothing") == []


def test_only_given_fields_stand_in_the_statement() -> None:
    binding = Binding(
        "api.f",
        [
            Parameter("user_id", "bigint", "bigint", {}, required=True),
            Parameter("limit", "api.page_limit", "integer", {"type": "integer"}, required=False),
            Parameter("name", "text", "text", {"type": "string"}, required=False),
        ],
    )
    wall = b"from pg_catalog.set_config('app.user_id', $1, true)"
    assert binding.call({"user_id": 7}, b"7") == (
        b"select api.f(_user_id => $2::bigint) " + wall,
        (b"7", b"7"),
    )
    assert binding.call({"name": "x", "user_id": 7}, b"7") == (
        b"select api.f(_user_id => $2::bigint, _name => $3::text) " + wall,
        (b"7", b"7", b"x"),
    )
    with pytest.raises(Problem):
        binding.call({"user_id": 7, "limit": "many"}, b"7")


def test_statements_kept_are_bounded() -> None:
    names = [f"f{number}" for number in range(12)]
    binding = Binding("api.f", [Parameter(name, "text", "text", {}, False) for name in names])
    for chosen in range(2**12):
        given = {name: "x" for place, name in enumerate(names) if chosen >> place & 1}
        assert len(binding.call(given, b"")[1]) == 1 + len(given)
    assert len(binding._statements) <= 128


def test_what_is_read_is_what_was_declared(shared_database: str) -> None:
    found = {(item.method, item.path): item for item in routes.read(shared_database)}
    listing = found["GET", "/api/v2/users/{user_id}/transactions"]
    assert (listing.function, listing.access, listing.is_read) == (
        "api.transaction_list", "owner", True,
    )  # fmt: skip
    names = {item.name: item for item in listing.parameters}
    assert next(iter(names)) == "user_id"
    assert (names["limit"].pg_type, names["limit"].base) == ("api.page_limit", "integer")
    schema = names["limit"].schema
    assert (schema["type"], schema["minimum"], schema["maximum"]) == ("integer", 1, 200)
    assert not names["limit"].required
    adding = found["POST", "/api/v2/users/{user_id}/transactions"]
    assert not adding.is_read
    assert any(item.required for item in adding.parameters if item.name != "user_id")


def test_routes_that_cannot_be_read_leave_the_old_ones_in_place(own_service: Service) -> None:
    user = own_service.new_user()
    client = Client(own_service.url, user.token)
    with psycopg.connect(own_service.dsn, autocommit=True) as connection:
        connection.execute(
            """update api.routes set fields = '{"limit": {"type": "nonsense"}}'
               where function = 'api.account_list'; notify routes"""
        )
        assert own_service.has_logged("routes_kept")
        assert client.ask("GET", "/api/v2/users/me/accounts").status == 200
        # Said once, not every second; and the next good table is taken.
        time.sleep(1.5)
        assert own_service.log().count("routes_kept") == 1
        connection.execute("update api.routes set fields = '{}', summary = 'Mended'")
        until = time.monotonic() + 2.5  # no notice: the poll finds it
        while b"Mended" not in client.ask("GET", "/openapi.json").body:
            assert time.monotonic() < until
            time.sleep(0.05)
    client.close()


def test_the_listener_comes_back_after_its_connection_died(own_service: Service) -> None:
    client = Client(own_service.url)
    with psycopg.connect(own_service.dsn, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        connection.execute("update api.routes set summary = 'After the loss'")
        until = time.monotonic() + 5
        while b"After the loss" not in client.ask("GET", "/openapi.json").body:
            assert time.monotonic() < until
            time.sleep(0.05)
    client.close()

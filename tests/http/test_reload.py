"""Who listens for routes, as whom; and that no failure takes away the routes that are served."""

import asyncio
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict

from service import schema
from service.config import Config
from service.connection import listening_dsn
from service.observe.health import _migrations
from service.routes import reload
from service.routes.reload import LiveRoutes, RoutesKept, RoutesLoaded


def test_the_listener_is_role_service_whoever_logs_in(shared_database: str) -> None:
    dsn = listening_dsn(Config(database_url_direct=shared_database))
    with psycopg.connect(dsn) as connection:
        asked = "select current_user, current_setting('search_path')"
        assert connection.execute(asked).fetchone() == ("service", "")


def test_a_pooler_is_given_no_options(shared_database: str) -> None:
    dsn = listening_dsn(Config(database_url=shared_database, fast_lane=False))
    assert "options" not in conninfo_to_dict(dsn)


async def until_told(told: list[object], kind: type, count: int = 1) -> None:
    """Returns when so many events of this kind were told."""
    for _ in range(1000):
        if sum(isinstance(event, kind) for event in told) >= count:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(told)


async def test_whatever_a_new_table_breaks_the_old_one_is_served(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    live = LiveRoutes(
        Config(routes_poll_ms=50), listening_dsn(Config(database_url=database)), told.append
    )
    await live.start()
    try:
        served = live.table

        def broken(row: Any) -> Any:
            raise AttributeError("nobody foresaw this")

        monkeypatch.setattr(reload, "compiled", broken)
        async with await AsyncConnection.connect(database, autocommit=True) as connection:
            await connection.execute("update api.routes set summary = 'New'")
            await until_told(told, RoutesKept)
            assert live.table is served
            monkeypatch.undo()
            await connection.execute("update api.routes set summary = 'Newer'; notify routes")
        await until_told(told, RoutesLoaded, 2)
        assert live.table is not served
    finally:
        await live.stop()


async def test_a_network_that_is_away_is_tried_again(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reload, "RETRY_S", 0.01)
    told: list[object] = []
    live = LiveRoutes(Config(), listening_dsn(Config(database_url=database)), told.append)

    async def unreachable(*_: Any, **__: Any) -> Any:
        raise OSError("no route to host")

    with monkeypatch.context() as patched:
        patched.setattr(reload.AsyncConnection, "connect", unreachable)
        await live.start()
        await until_told(told, RoutesKept, 2)
    await until_told(told, RoutesLoaded)
    await live.stop()


@pytest.mark.parametrize("error", [schema.SchemaError("two steps"), OSError("no folder")])
def test_steps_that_cannot_be_read_are_unknown(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def status(dsn: str) -> Any:
        raise error

    monkeypatch.setattr(schema, "status", status)
    assert _migrations("") == "unknown"

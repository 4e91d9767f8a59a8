"""Fixtures of every test: a real server, fresh clones of one template, the real service.

One template per test process, migrated and applied once; its name holds the process id, so that any
number of runs share a server.
"""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pytest_postgresql.executors import NoopExecutor
from pytest_postgresql.factories import postgresql_noproc

from service import schema
from tests.support.server import Place, Server, running, take_after, trusted_login
from tests.support.service import Service, User, add_user, start_service

DATA = Path(os.environ.get("TIDELINE_DATA", Path(__file__).resolve().parents[2] / "shared/data"))
NAME = f"tideline_{os.getpid()}"
_numbers = itertools.count(1)
_started: list[Service] = []  # services of this module
_shared: list[Service] = []  # those of the whole run


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """PostgreSQL and Redis of this run."""
    with running() as found:
        yield found


@pytest.fixture(scope="session")
def place(server: Server) -> Place:
    """The server as pytest-postgresql wants to see it."""
    return server.place()


def load_schema(
    host: str, port: int, user: str, dbname: str, password: str | None, autocommit: bool
) -> None:
    """Makes the template: every step and every routine of this checkout."""
    dsn = make_conninfo(host=host, port=port, user=user, dbname=dbname, password=password)
    schema.migrate(dsn)
    schema.apply(dsn)


template = postgresql_noproc(dbname=NAME, load=[load_schema], depends_on="place")


@pytest.fixture(scope="session")
def logins(server: Server, template: NoopExecutor) -> Server:
    """The server once its roles exist, with a login of role service where there is one."""
    return trusted_login(server, template.template_dbname)


@pytest.fixture(scope="session")
def pg_admin(server: Server) -> str:
    """DSN of the superuser, on the maintenance database."""
    return server.admin_dsn


@pytest.fixture(scope="session")
def redis_url(server: Server) -> str:
    """A Redis that this run may fill and flush."""
    return server.redis_url


@pytest.fixture(scope="session")
def new_database(server: Server, template: NoopExecutor) -> Iterator[Callable[..., str]]:
    """Makes databases and answers their names: a fresh clone, or with empty=True a bare one."""
    made: list[str] = []
    with psycopg.connect(server.admin_dsn, autocommit=True) as admin:

        def make(*, empty: bool = False) -> str:
            name = f"{NAME}_{os.environ.get('PYTEST_XDIST_WORKER', '')}{next(_numbers)}"
            source = "template0" if empty else template.template_dbname
            admin.execute(
                sql.SQL("create database {} template {}").format(
                    sql.Identifier(name), sql.Identifier(source)
                )
            )
            made.append(name)
            if not empty:
                take_after(admin, name, template.template_dbname)
            return name

        def drop(name: str) -> None:
            admin.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )
            made.remove(name)

        make.drop = drop  # type: ignore[attr-defined]
        yield make
        for name in made[:]:
            drop(name)


@pytest.fixture
def database(server: Server, new_database: Any) -> Iterator[str]:
    """DSN (superuser) of a fresh database with everything applied."""
    name = new_database()
    yield server.dsn(name)
    new_database.drop(name)


@pytest.fixture
def empty_database(server: Server, new_database: Any) -> Iterator[str]:
    """DSN (superuser) of a database that has never seen a migration."""
    name = new_database(empty=True)
    yield server.dsn(name)
    new_database.drop(name)


@pytest.fixture
def db(database: str) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection to a fresh database, autocommit."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def shared_database(server: Server, new_database: Any) -> str:
    """DSN (superuser) of one database for the whole run: leave it as you found it."""
    return server.dsn(new_database())


@pytest.fixture
def transaction(shared_database: str) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection inside a transaction that is always rolled back: faster than db."""
    with psycopg.connect(shared_database) as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="session")
def service_factory(
    logins: Server, new_database: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Service]]:
    """Starts services: service_factory("--workers", "2", LOG_LEVEL="debug"), each on a fresh clone.

    database=name runs it on that database instead, wait=False returns before it is ready,
    shared=True lets it run until the end of the run instead of the module's.
    """
    folder = tmp_path_factory.mktemp("service")

    def start(
        *arguments: str, database: str | None = None, shared: bool = False, **settings: Any
    ) -> Service:
        name = database or new_database()
        service = start_service(logins, name, folder, *arguments, **settings)
        (_shared if shared else _started).append(service)
        return service

    yield start
    for one in (*_started, *_shared):
        one.stop()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """A module's services end with it: all together they would want too many connections."""
    if nextitem is None or nextitem.getparent(pytest.Module) is not item.getparent(pytest.Module):
        while _started:
            _started.pop().stop()


@pytest.fixture(scope="session")
def service(service_factory: Callable[..., Service]) -> Service:
    """The service that tests share: make a fresh user, leave the routes and the schema alone."""
    return service_factory(shared=True)


@pytest.fixture
def own_service(service_factory: Callable[..., Service]) -> Iterator[Service]:
    """A service on a database of its own, to change as the test likes."""
    own = service_factory()
    yield own
    own.stop()


@pytest.fixture
def new_user(database: str) -> Callable[..., User]:
    """Adds users to the fresh database of this test."""

    def add(email: str | None = None, **columns: Any) -> User:
        return add_user(database, email, **columns)

    return add


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real inputs."""
    if not DATA.is_dir():
        pytest.skip(f"{DATA} is not there: set TIDELINE_DATA to the folder of real inputs")
    return DATA

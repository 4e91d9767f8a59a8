"""A database to measure: embedded or given, brought to this checkout and filled with households."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from service import embedded, schema
from service.embedded import programs

BENCH = Path(__file__).parent
OUT = BENCH / "out"
SECRET = "bench-bench-bench-bench-bench-bench-bench-A"
AS_OF = "2026-01-15"


@dataclass(frozen=True)
class Seeded:
    """A seeded database: `dsn` may do everything, `service_dsn` is the service's own login."""

    dsn: str
    service_dsn: str
    redis_url: str
    users: int

    def token(self, user_id: int) -> str:
        return f"{user_id}.{SECRET}"


def program(name: str) -> str:
    """Path of a PostgreSQL client program of the wheel that brings the server."""
    return str(programs.postgres_programs(18, None) / name)


def seed(dsn: str, users: int) -> None:
    """Fill a migrated database with `users` households, replacing what is there."""
    subprocess.run(
        [program("psql"), dsn, "-q", "-v", f"users={users}", "-f", str(BENCH / "seed.sql")],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def database_named(dsn: str, name: str) -> str:
    """The same server, another database."""
    return conninfo.make_conninfo(dsn, dbname=name)


@contextmanager
def seeded(users: int, version: int = 18) -> Iterator[Seeded]:
    """A seeded database `bench`, embedded or on BENCH_DATABASE_URL; stopped at the end."""
    given = os.environ.get("BENCH_DATABASE_URL")
    servers = None if given else embedded.start(OUT / f"home{version}", version)
    try:
        admin, login, cache = (
            (servers.database_url_direct, servers.database_url, servers.redis_url)
            if servers
            else (str(given), str(given), os.environ.get("CACHE_REDIS_URL", ""))
        )
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("drop database if exists bench with (force)")
            connection.execute(sql.SQL("create database {}").format(sql.Identifier("bench")))
        dsn = database_named(admin, "bench")
        schema.migrate(dsn)
        schema.apply(dsn)
        seed(dsn, users)
        yield Seeded(dsn, database_named(login, "bench"), cache, users)
    finally:
        if servers is not None:
            servers.stop()

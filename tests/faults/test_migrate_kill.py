"""Migrations killed anywhere: the runner and PostgreSQL itself, -9, at random instants.

TIDELINE_KILLS sets how often (50 before a release), TIDELINE_SEED repeats a run.
"""

import os
import random
import signal
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from service import embedded, schema
from tests.support.dump import routes_of
from tests.support.runners import runners
from tests.support.server import Server, as_url, open_folder

KILLS = int(os.environ.get("TIDELINE_KILLS", "6"))
SEED = int(os.environ.get("TIDELINE_SEED", str(random.randrange(10**6))))
BATCH = 3


def shape_of(dsn: str) -> tuple[object, ...]:
    """What must be the same after a clean run and after one with accidents."""
    with psycopg.connect(dsn) as connection:
        steps = connection.execute(
            "select step, checksum, fingerprint from public.applied_steps order by step"
        ).fetchall()
        rows = connection.execute(
            "select count(*) from data.months union all "
            "select count(*) from data.category_templates"
        ).fetchall()
    return steps, rows, schema.fingerprint(dsn), routes_of(dsn)


def seconds_of_a_clean_run(dsn: str) -> float:
    """How long migrate and apply take here, once everything is imported."""
    with runners(1) as (one,):
        started = time.monotonic()
        one.go(dsn)
        assert one.finish() == (0, "")
        return time.monotonic() - started


def test_the_runner_killed_anywhere(server: Server, new_database: Any, database: str) -> None:
    chance = random.Random(SEED)
    clean = new_database(empty=True)
    whole_s = seconds_of_a_clean_run(server.dsn(clean))
    new_database.drop(clean)
    want = shape_of(database)
    found = []
    for _ in range(0, KILLS, BATCH):
        with runners(BATCH) as started:
            for one in started:
                name = new_database(empty=True)
                one.go(server.dsn(name))
                was_running = one.kill_after(chance.uniform(0, whole_s))
                states = [row.state for row in schema.status(server.dsn(name))]
                found.append((was_running, states.count("applied")))
                schema.migrate(server.dsn(name))
                schema.apply(server.dsn(name))
                assert shape_of(server.dsn(name)) == want, f"TIDELINE_SEED={SEED}"
                new_database.drop(name)
    print(f"TIDELINE_SEED={SEED}: (was running, steps done) {found}")


@pytest.fixture(scope="module")
def cluster() -> Iterator[embedded.Servers]:
    """A PostgreSQL to kill, with its log safe on disk as in production."""
    with open_folder() as folder:
        servers = embedded.start(folder / "home", int(os.environ.get("PG") or 18))
        yield servers
        servers.stop()


def test_a_login_without_superuser_rights_can_migrate(cluster: embedded.Servers) -> None:
    """Runs first on the new cluster: the roles are not there yet, and a plain login makes them."""
    with psycopg.connect(cluster.database_url_direct, autocommit=True) as admin:
        admin.execute("create role dba login createrole createdb password 'dba'")
        admin.execute("grant service to dba with admin option")
        admin.execute("create database plain owner dba")
    dsn = as_url(cluster.database_url_direct, "plain", user="dba", password="dba")
    assert schema.migrate(dsn)
    assert schema.apply(dsn).routes > 0
    with psycopg.connect(as_url(cluster.database_url, "plain")) as service:
        assert service.execute("select count(*) > 0 from api.routes").fetchone() == (True,)
        assert service.execute("show search_path").fetchone() == ('""',)
        assert service.execute("show lock_timeout").fetchone() == ("1s",)
    newest = schema.rollback(dsn, 1)
    assert schema.migrate(dsn) == newest
    assert schema.apply(dsn).routes > 0


def test_postgresql_killed_anywhere(cluster: embedded.Servers, database: str) -> None:
    chance = random.Random(SEED)
    want = shape_of(database)
    found = []
    admin_dsn = cluster.database_url_direct
    with psycopg.connect(admin_dsn, autocommit=True) as admin:
        admin.execute("create database clean")
    whole_s = seconds_of_a_clean_run(as_url(admin_dsn, "clean"))
    rounds = max(2, KILLS // 3)
    with runners(rounds) as started:
        for number, one in enumerate(started):
            with psycopg.connect(admin_dsn, autocommit=True) as admin:
                admin.execute(f"create database killed_{number}".encode())
            dsn = as_url(admin_dsn, f"killed_{number}")
            one.go(dsn)
            time.sleep(chance.uniform(0, whole_s))
            child = cluster.postgres.child
            assert child is not None
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            status, _ = one.finish()
            assert cluster.revive() == [cluster.postgres.name]
            states = [row.state for row in schema.status(dsn)]
            found.append((status, states.count("applied")))
            schema.migrate(dsn)
            schema.apply(dsn)
            assert shape_of(dsn) == want, f"TIDELINE_SEED={SEED}"
    print(f"TIDELINE_SEED={SEED}: (exit status, steps done) {found}")

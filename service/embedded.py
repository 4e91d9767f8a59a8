"""PostgreSQL and Redis for a machine without servers: programs from two wheels, our life cycle.

Data stay in the home between runs. Nothing is orphaned: the kernel signals both servers when we
die, and one that survived all the same is recognised by program and folder at the next start.
"""

import secrets
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from service import guests, housing, programs
from service.guests import Guest
from service.housing import EmbeddedError, House

DATABASE = "tideline"
LOGINS = ("postgres", "service")
READY_WITHIN_S = 120  # after a crash PostgreSQL replays its log first; usually it takes 0.1 s
ASK_AGAIN_S = 0.02

Progress = Callable[[str], None]


def start(
    home: Path,
    version: int = 18,
    *,
    port: int | None = None,
    settings: Mapping[str, str] | None = None,
    progress: Progress = lambda line: None,
) -> "Servers":
    """Both servers of this home, ready to be asked; port opens PostgreSQL to 127.0.0.1 as well.

    Call it from a thread that lives as long as the servers shall: they end with it.
    Errors: EmbeddedError, of which HomeInUse when another run holds the home.
    """
    if sys.platform != "linux":
        raise EmbeddedError(
            "The embedded servers need Linux; set DATABASE_URL and CACHE_REDIS_URL to use your own."
        )
    house = housing.settle(home)
    lock = housing.hold(house.folder / "servers.lock")
    servers = Servers(house, version, port, settings or {}, lock, progress)
    try:
        servers.start()
    except BaseException:
        servers.stop()
        raise
    return servers


class Servers:
    """Two running servers and how to reach them.

    database_url logs in as `service`, database_url_direct as the superuser; all are Unix sockets.
    """

    def __init__(
        self,
        house: House,
        version: int,
        port: int | None,
        settings: Mapping[str, str],
        lock: IO[str],
        progress: Progress,
    ) -> None:
        self.version = version
        self._house = house
        self._lock = lock
        self._progress = progress
        self._passwords = _passwords(house.folder / "pgpass")
        self.programs = programs.postgres_programs(version, house.account)
        self.postgres = guests.postgres(house, self.programs, version, port, settings)
        self.redis = guests.redis(house)
        where = f"{DATABASE}?host={quote(str(house.run), safe='')}&port={port or 5432}"
        self.database_url_direct, self.database_url = (
            f"postgresql://{login}:{self._passwords[login]}@/{where}" for login in LOGINS
        )
        self.redis_url = f"unix://{quote(str(house.run))}/redis.sock"

    def start(self) -> None:
        """Starts both and waits for their answers; makes the data folder when there is none."""
        began = time.monotonic()
        for guest in (self.postgres, self.redis):
            if guest.clear():
                self._progress(f"{guest.name}: stopped what an earlier run left behind")
        self.redis.start()
        if not self.postgres.folder.exists():
            self._progress(f"PostgreSQL {self.version}: making a data folder")
            self._make_data()
        self.postgres.start()
        self._wait_for_postgres()
        _wait(self.redis, lambda: guests.redis_answers(self._house.run / "redis.sock"))
        self._make_database()
        self._progress(
            f"PostgreSQL {self.version} and Redis: ready after {time.monotonic() - began:.1f} s"
        )

    def revive(self) -> list[str]:
        """Starts again what died since; names of it, in the order of starting."""
        dead = [guest for guest in (self.postgres, self.redis) if not guest.is_running()]
        for guest in dead:
            guest.clear()
            guest.start()
        if self.postgres in dead:
            self._wait_for_postgres()
        return [guest.name for guest in dead]

    def stop(self) -> None:
        """Stops both servers, cleanly when they let us, and frees the home."""
        try:
            self.postgres.stop()
            self.redis.stop()
            if self._house.run.parent != self._house.folder:
                shutil.rmtree(self._house.run, ignore_errors=True)
        finally:
            self._lock.close()

    def _make_data(self) -> None:
        # Made beside its place and moved there when complete: initdb may be killed half-way.
        data = self.postgres.folder
        unfinished = data.with_name(f"{data.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        housing.private_folder(unfinished, self._house.account)
        password = self._house.run / "password"
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        password.write_text(self._passwords["postgres"])
        housing.give(password, self._house.account)
        command: list[str | Path] = [
            *(self.programs / "initdb", "-D", unfinished, "-U", "postgres", "-E", "UTF8"),
            *("--locale=C.UTF-8", "--data-checksums", "--auth=scram-sha-256"),
            f"--pwfile={password}",
        ]
        log = self.postgres.log
        try:
            code = guests.run(command, unfinished, log, self._house.account)
        finally:
            password.unlink()
        if code != 0:
            raise EmbeddedError(f"initdb failed: {guests.last_line(log)} (all of it is in {log})")
        unfinished.rename(data)

    def _wait_for_postgres(self) -> None:
        def answers() -> bool:
            try:
                self._connect("postgres").close()
            except psycopg.OperationalError:
                return False
            return True

        _wait(self.postgres, answers)

    def _make_database(self) -> None:
        """The database, and the login of migration 0001 before it, because ours has a password."""
        with self._connect("postgres") as connection:
            made = connection.execute(
                "select exists (select from pg_catalog.pg_roles where rolname = 'service'),"
                " exists (select from pg_catalog.pg_database where datname = %s)",
                [DATABASE],
            ).fetchone()
            assert made is not None
            has_login, has_database = made
            if not has_login:
                # The verifier instead of the password: statements may end in a log.
                verifier = connection.pgconn.encrypt_password(
                    self._passwords["service"].encode(), b"service", b"scram-sha-256"
                )
                connection.execute(
                    sql.SQL(
                        "create role service login nosuperuser nocreatedb nocreaterole noinherit"
                        " nobypassrls password {}"
                    ).format(sql.Literal(verifier.decode()))
                )
            if not has_database:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            self.database_url_direct, dbname=database, autocommit=True, connect_timeout=5
        )


def _passwords(file: Path) -> dict[str, str]:
    """A password for each login, kept in libpq's own format: PGPASSFILE can point at the file."""
    if not file.exists():
        file.touch(mode=0o600)
        lines = (f"*:*:*:{login}:{secrets.token_urlsafe(24)}\n" for login in LOGINS)
        file.write_text("".join(lines))
    known = (line.split(":") for line in file.read_text().splitlines())
    return {fields[3]: fields[4] for fields in known}


def _wait(guest: Guest, answers: Callable[[], bool]) -> None:
    """Asks until the server answers. Errors: EmbeddedError with its log's last line."""
    deadline = time.monotonic() + READY_WITHIN_S
    while not answers():
        if not guest.is_running():
            reason = guests.last_line(guest.log)
            raise EmbeddedError(f"{guest.name} ended at start: {reason} (more in {guest.log})")
        if time.monotonic() > deadline:
            raise EmbeddedError(f"{guest.name} did not answer within {READY_WITHIN_S} s.")
        time.sleep(ASK_AGAIN_S)

"""PostgreSQL and Redis for a machine without servers: programs from two wheels, our life cycle.

Data stay in the home between runs. Nothing is orphaned: the kernel signals both servers when we
die, and one that survived all the same is recognised by program and folder at the next start.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

from service.embedded import cluster, guests, housing, programs
from service.embedded.guests import Guest
from service.embedded.housing import EmbeddedError, House

DATABASE = "tideline"
READY_WITHIN_S = 120  # after a crash PostgreSQL replays its log first; usually it takes 0.1 s
ASK_AGAIN_S = 0.02

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the two servers to start; what is not wanted runs elsewhere."""

    postgres: bool = True
    redis: bool = True


def start(
    home: Path,
    version: int = 18,
    *,
    wanted: Wanted = Wanted(),
    port: int | None = None,
    settings: Mapping[str, str] | None = None,
    progress: Progress = lambda line: None,
) -> "Servers":
    """The servers of this home, ready to be asked; port opens PostgreSQL to 127.0.0.1 as well.

    Call it from a thread that lives as long as the servers shall: they end with it.
    Errors: EmbeddedError, of which HomeInUse when another run holds the home.
    """
    if sys.platform != "linux":
        raise EmbeddedError(
            "The embedded servers need Linux; set DATABASE_URL and CACHE_REDIS_URL to use your own."
        )
    house = housing.settle(home)
    lock = housing.hold(house.folder / "servers.lock")
    servers = Servers(house, version, wanted, port, settings or {}, lock, progress)
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
        wanted: Wanted,
        port: int | None,
        settings: Mapping[str, str],
        lock: IO[str],
        progress: Progress,
    ) -> None:
        self.version = version
        self._house = house
        self._lock = lock
        self._progress = progress
        self._wanted = wanted
        self._note = house.folder / "servers.json"  # for commands that find us running
        self._passwords = cluster.passwords(house.folder / "pgpass")
        self.programs = programs.postgres_programs(version, house.account)
        self.postgres = guests.postgres(house, self.programs, version, port, settings)
        self.redis = guests.redis(house)
        where = f"{DATABASE}?host={quote(str(house.run), safe='')}&port={port or 5432}"
        self.database_url_direct, self.database_url = (
            f"postgresql://{login}:{self._passwords[login]}@/{where}"
            for login in ("postgres", "service")
        )
        self.redis_url = f"unix://{quote(str(house.run))}/redis.sock"

    def start(self) -> None:
        """Starts both and waits for their answers; makes the data folder when there is none."""
        began = time.monotonic()
        self._note.unlink(missing_ok=True)  # a killed run's; nobody shall knock before we are ready
        for guest in self._guests():
            if guest.clear():
                self._progress(f"{guest.name}: stopped what an earlier run left behind")
        if self._wanted.postgres and not self.postgres.folder.exists():
            self._progress(f"{self.postgres.name}: making a data folder")
            cluster.make_data(
                self._house, self.programs, self.postgres, self._passwords["postgres"]
            )
        for guest in self._guests():
            guest.start()
        for guest in self._guests():
            self._wait(guest)
        if self._wanted.postgres:
            with self._connect("postgres") as connection:
                cluster.make_database(connection, DATABASE, self._passwords["service"])
        housing.write_private(self._note, json.dumps(self.environment()))
        names = " and ".join(guest.name for guest in self._guests())
        self._progress(f"{names}: ready after {time.monotonic() - began:.1f} s")

    def environment(self) -> dict[str, str]:
        """The variables that lead to what runs here."""
        found = {}
        if self._wanted.postgres:
            found["DATABASE_URL"] = self.database_url
            found["DATABASE_URL_DIRECT"] = self.database_url_direct
        if self._wanted.redis:
            found["CACHE_REDIS_URL"] = self.redis_url
        return found

    def revive(self) -> list[str]:
        """Starts again what died since; names of it, in the order of starting."""
        dead = [guest for guest in self._guests() if not guest.is_running()]
        for guest in dead:
            guest.clear()
            guest.start()
            self._wait(guest)
        return [guest.name for guest in dead]

    def stop(self) -> None:
        """Stops both servers, cleanly when they let us, and frees the home."""
        try:
            self._note.unlink(missing_ok=True)
            for guest in self._guests():
                guest.stop()
            if self._house.run.parent != self._house.folder:
                shutil.rmtree(self._house.run, ignore_errors=True)
        finally:
            self._lock.close()

    def _guests(self) -> list[Guest]:
        return [self.postgres] * self._wanted.postgres + [self.redis] * self._wanted.redis

    def _wait(self, guest: Guest) -> None:
        """Asks until it answers. Errors: EmbeddedError with the last line of its log."""
        deadline = time.monotonic() + READY_WITHIN_S
        while not self._answers(guest):
            if not guest.is_running():
                reason = guests.last_line(guest.log)
                raise EmbeddedError(f"{guest.name} ended at start: {reason} (more in {guest.log})")
            if time.monotonic() > deadline:
                raise EmbeddedError(f"{guest.name} did not answer within {READY_WITHIN_S} s.")
            time.sleep(ASK_AGAIN_S)

    def _answers(self, guest: Guest) -> bool:
        if guest is self.redis:
            return guests.redis_answers(self._house.run / "redis.sock")
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            self.database_url_direct, dbname=database, autocommit=True, connect_timeout=5
        )

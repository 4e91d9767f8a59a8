"""What happens to the database in the fault tests: it is restarted, killed, stopped, let go on."""

import os
import signal
import time
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from service.embedded import Servers


@dataclass
class Cluster:
    """A PostgreSQL of our own with every handle that a fault needs."""

    servers: Servers
    port: int
    keeper: Executor
    frozen: list[int] = field(default_factory=list)

    @property
    def admin(self) -> str:
        """DSN of the superuser."""
        return self.servers.database_url_direct

    @property
    def login(self) -> str:
        """DSN of role service over the unix socket."""
        return self.servers.database_url

    def tcp(self, port: int | None = None) -> str:
        """DSN of role service over TCP, to the cluster or to a proxy in front of it."""
        return make_conninfo(self.login, host="127.0.0.1", port=port or self.port)

    def tcp_url(self, port: int | None = None) -> str:
        """The same as a URL."""
        parts = conninfo_to_dict(self.tcp(port))
        return (
            f"postgresql://{parts['user']}:{parts['password']}@127.0.0.1:{parts['port']}"
            f"/{parts['dbname']}"
        )

    @property
    def pid(self) -> int:
        """The postmaster."""
        child = self.servers.postgres.child
        assert child is not None
        return child.pid

    def restart(self, down_s: float = 0.0) -> float:
        """Stops the server (fast shutdown) and starts it again; seconds until it answers."""
        began = time.monotonic()
        self.servers.postgres.stop()
        time.sleep(down_s)
        self._revive()
        return time.monotonic() - began

    def kill(self) -> float:
        """kill -9 of the postmaster, then a start with recovery; seconds until it answers."""
        began = time.monotonic()
        os.kill(self.pid, signal.SIGKILL)
        while self.servers.postgres.is_running():
            time.sleep(0.01)
        self._revive()
        return time.monotonic() - began

    def backends(self, like: str = "tideline lane%") -> list[int]:
        """Process ids of the service's connections."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            rows = connection.execute(
                "select pid from pg_stat_activity where application_name like %s", (like,)
            ).fetchall()
        return [row[0] for row in rows]

    def terminate(self, like: str = "tideline lane%") -> int:
        """pg_terminate_backend for these connections; how many."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            rows = connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name like %s",
                (like,),
            ).fetchall()
        return len(rows)

    def log_size(self) -> int:
        """Bytes of the server's log by now."""
        return self.servers.postgres.log.stat().st_size

    def crashes(self, since: int = 0) -> list[float]:
        """Seconds that the server was away after each SIGKILL of a backend, as its log tells."""
        away_s, fell = [], None
        for line in self.servers.postgres.log.read_bytes()[since:].decode().splitlines():
            if "was terminated by signal 9" in line:
                fell = fell or datetime.fromisoformat(line[:23])
            elif fell and "database system is ready to accept connections" in line:
                away_s.append((datetime.fromisoformat(line[:23]) - fell).total_seconds())
                fell = None
        return away_s

    def freeze(self) -> None:
        """SIGSTOP for the postmaster and everybody below it."""
        self.frozen = [self.pid, *children(self.pid)]
        for pid in self.frozen:
            os.kill(pid, signal.SIGSTOP)

    def heal(self) -> None:
        """Lets a frozen server go on, and starts a dead one."""
        for pid in self.frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self.frozen = []
        self._revive()

    def _revive(self) -> None:
        self.keeper.submit(self.servers.revive).result()


def children(pid: int) -> list[int]:
    """Process ids of its children."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        return [int(child) for child in children.read().split()]

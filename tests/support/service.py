"""A running service: the real process, as `tideline serve` starts it, on a database of its own."""

import base64
import hashlib
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from tests.support.server import Server, free_port

ROOT = Path(__file__).resolve().parents[2]
READY_S = 30.0
STOP_S = 15.0
# Whatever proxy the environment names, it is not between us and ourselves.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class User(NamedTuple):
    """A person in the database and the token that speaks for them."""

    user_id: int
    public_id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """What a request of this user carries."""
        return {"Authorization": f"Bearer {self.token}"}


def add_user(dsn: str, email: str | None = None, **columns: Any) -> User:
    """A new user with an address and a live session; columns are those of data.users."""
    email = email or f"{secrets.token_hex(8)}@example.org"
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute("select core.user_add(_email => %s)", (email,)).fetchone()
        assert row is not None
        user_id = int(row[0])
        if columns:
            assignments = sql.SQL(", ").join(
                sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value))
                for name, value in columns.items()
            )
            connection.execute(
                sql.SQL("update data.users set {} where id = {}").format(assignments, user_id)
            )
        token = issue_token(connection, user_id)
        row = connection.execute(
            "select public_id::text from data.users where id = %s", (user_id,)
        ).fetchone()
        assert row is not None
        return User(user_id, row[0], token)


def issue_token(connection: psycopg.Connection[Any], user_id: int) -> str:
    """Another live session of a user."""
    secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    token = f"{user_id}.{secret}"
    connection.execute(
        "select core.session_issue(%s, %s, interval '1 day')",
        (user_id, hashlib.sha256(token.encode()).digest()),
    )
    return token


@dataclass
class Service:
    """url to ask, dsn (superuser) to look behind; stop() ends it, log() is what it printed."""

    url: str
    dsn: str
    process: subprocess.Popen[bytes]
    log_path: Path
    environment: dict[str, str] = field(repr=False)

    @property
    def pid(self) -> int:
        """Process id of the service, the first one when it has several workers."""
        return self.process.pid

    def new_user(self, email: str | None = None, **columns: Any) -> User:
        """A fresh user of this service: see add_user."""
        return add_user(self.dsn, email, **columns)

    def log(self) -> str:
        """Everything printed so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def has_logged(self, text: str, within_s: float = 5.0) -> bool:
        """Whether this is printed, now or within so many seconds: an answer may be sooner."""
        until = time.monotonic() + within_s
        while text not in self.log():
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def is_ready(self) -> bool:
        """Whether /ready answers 200 now."""
        try:
            with DIRECT.open(f"{self.url}/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def wait_ready(self, within_s: float = READY_S) -> None:
        """Until /ready answers 200; fails with the log when the process ends or time is up."""
        until = time.monotonic() + within_s
        while not self.is_ready():
            assert self.process.poll() is None, f"the service ended:\n{self.log()}"
            assert time.monotonic() < until, f"not ready after {within_s} s:\n{self.log()}"
            time.sleep(0.05)

    def stop(self, signum: int = signal.SIGTERM, within_s: float = STOP_S) -> int:
        """Ends the process by its id; its exit status. What does not drain in time is killed."""
        if self.process.poll() is None:
            self.process.send_signal(signum)
        try:
            return self.process.wait(within_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait(5)


def start_service(
    server: Server,
    database: str,
    folder: Path,
    *arguments: str,
    wait: bool = True,
    **settings: object,
) -> Service:
    """Starts `tideline serve` on a database; settings are environment variables by name."""
    port = free_port()
    environment = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ
    }
    environment |= {
        "PYTHONUNBUFFERED": "1",
        "TIDELINE_ENV": "development",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "DATABASE_URL": server.login_dsn(database),
        "DATABASE_URL_DIRECT": server.dsn(database),
        "CACHE_REDIS_URL": server.redis_url,
        "RATELIMIT_ENABLED": "off",  # tests of limits turn them on
        "JOBS_ENABLED": "off",  # and tests of jobs, which would come at any minute
    }
    environment |= {name: str(value) for name, value in settings.items()}
    folder.mkdir(parents=True, exist_ok=True)
    log_path = folder / f"service-{port}.log"
    with open(log_path, "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service", "serve", *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{environment['PORT']}"
    service = Service(url, server.dsn(database), process, log_path, environment)
    if wait:
        try:
            service.wait_ready()
        except BaseException:
            service.stop(signal.SIGKILL)
            raise
    return service

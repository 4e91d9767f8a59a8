"""Embedded servers in tests: asking them, and a child that starts some and waits to be killed."""

from pathlib import Path

import psycopg

from service.embedded import Servers

ROOT = Path(__file__).resolve().parents[2]
# What a child does that starts servers and waits to be killed.
STARTS_AND_WAITS = """
import sys, time
from pathlib import Path
from service import embedded
servers = embedded.start(Path(sys.argv[1]))
print("ready", flush=True)
time.sleep(600)
"""


def value(servers: Servers, query: str) -> object:
    """The one value that a query of the superuser answers."""
    with psycopg.connect(servers.database_url_direct, autocommit=True) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def keep(servers: Servers, number: int) -> None:
    """Writes a number that a later start must find."""
    with psycopg.connect(servers.database_url_direct) as connection:
        connection.execute(f"create table kept as select {number} as number")  # type: ignore[arg-type]


def child_of(servers: Servers) -> int:
    """Process id of the postmaster."""
    assert servers.postgres.child is not None
    return servers.postgres.child.pid

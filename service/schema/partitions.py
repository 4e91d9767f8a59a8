"""Partitions ahead of time: asks the database to make, detach and drop what its own list says."""

import psycopg

KEEP = "select partition || ': ' || action from core.partition_keep()"
FORGET = "select core.cap_forget()"


def keep(dsn: str) -> list[str]:
    """One line per partition that was made, detached or dropped; none when all is well.

    Errors: psycopg.errors.LockNotAvailable when a table is busy for three seconds: run it again.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("set role owner")
        connection.execute("set lock_timeout = '3s'")
        lines = [str(line) for (line,) in connection.execute(KEEP)]
        connection.execute(FORGET)
    return lines

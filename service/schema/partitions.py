"""Partitions ahead of time, and the end of what nobody needs: the database's own lists say both."""

import psycopg

KEEP = "select partition || ': ' || action from core.partition_keep()"
FORGET = (  # one after the other: two at once could wait for each other's rows
    "select pg_advisory_xact_lock(hashtextextended('core.partition_keep', 0));"
    " select core.cap_forget(), (select count(*) from core.retention_sweep()),"
    " core.message_prune(1000000)"
)


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

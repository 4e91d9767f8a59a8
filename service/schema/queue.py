"""The queue of the workers: procrastinate's own tables and functions, in a schema of their own.

They hold nothing that data.job_runs does not know, so another version of them simply takes their
place: open runs are handed to the new queue when nobody has given a sign of them for a while.
"""

import hashlib
from typing import Any

import psycopg
from procrastinate.schema import SchemaManager
from psycopg import sql

_IS_WANTED = "select pg_catalog.to_regnamespace('queue') is not null"
_STANDING = "select pg_catalog.obj_description('queue'::regnamespace, 'pg_namespace')"
_THINGS = """
select format('drop table if exists %s cascade', oid::regclass)
from pg_catalog.pg_class where relnamespace = 'queue'::regnamespace and relkind = 'r'
union all
select format('drop routine if exists %s cascade', oid::regprocedure)
from pg_catalog.pg_proc where pronamespace = 'queue'::regnamespace
union all
select format('drop type if exists %s cascade', type.oid::regtype)
from pg_catalog.pg_type as type
left join pg_catalog.pg_class as class on class.oid = type.typrelid
where type.typnamespace = 'queue'::regnamespace
  and (type.typtype = 'e' or class.relkind = 'c')
"""
# Each of its functions finds its own tables, whoever calls, and service needs no right on these.
_ROUTINES = """
select format(
    'alter function %s security definer set search_path = queue, pg_temp', oid::regprocedure
)
from pg_catalog.pg_proc where pronamespace = 'queue'::regnamespace
"""
_GRANTS = """
revoke all on all functions in schema queue from public;
grant execute on all functions in schema queue to service;
grant select on queue.procrastinate_jobs, queue.procrastinate_workers to service
"""


def install(connection: psycopg.Connection[Any]) -> bool:
    """Makes the queue that this version needs; False when it stands, or the step is yet to come."""
    if not _value(connection, _IS_WANTED):
        return False
    text = SchemaManager.get_schema()
    mark = f"procrastinate: which worker has which run of a job ({_digest(text)})."
    if _value(connection, _STANDING) == mark:
        return False
    with connection.transaction():
        connection.execute("set local role owner")
        connection.execute("set local lock_timeout = '3s'")
        connection.execute("set local search_path = queue")
        connection.execute("set local client_min_messages = warning")
        for statements in (_THINGS, None, _ROUTINES):
            if statements is None:
                connection.execute(text.encode())
                continue
            for (statement,) in connection.execute(statements.encode()).fetchall():
                connection.execute(statement.encode())
        connection.execute(_GRANTS)
        connection.execute(sql.SQL("comment on schema queue is {}").format(mark))
    return True


def _digest(text: str) -> str:
    """Of their schema and of what is done to it here."""
    return hashlib.sha256(f"{text}{_ROUTINES}{_GRANTS}".encode()).hexdigest()[:16]


def _value(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None

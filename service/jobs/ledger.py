"""What the workers ask of the schedule and the runs (sql/api/job.sql), each in its transaction."""

import asyncio
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from service.config import Config
from service.connection import limited_dsn
from service.errors import AWAY_SQLSTATES

Connection = AsyncConnection[tuple[Any, ...]]
Pool = AsyncConnectionPool[Connection]
SHORT_S = 5  # longest bookkeeping
_GRACE_S = 5.0  # a server that ends nothing by itself is left after that
_WAIT_S = 10.0  # for a connection
# Local to the transaction, so that a pooler may give the connection to somebody else afterwards. A
# batch whose worker was killed ends within two seconds, and lets go of its run.
_LIMITS = (
    "select pg_catalog.set_config('statement_timeout', %s, true),"
    " pg_catalog.set_config('lock_timeout', '3s', true),"
    " pg_catalog.set_config('client_connection_check_interval', '2s', true)"
)
LOOK = "select api.job_look()"
BEGIN = "select api.job_begin(%s::bigint, %s::text)"
STEP = "select api.job_step(%s::bigint, %s::text)"
SETTLE = "select api.job_settle(%s::bigint, %s::text, %s::boolean, %s::text)"


def opened_pool(config: Config) -> Pool:
    """Connections of the jobs of this worker; none is made before it is needed."""
    return AsyncConnectionPool(
        limited_dsn(config, "tideline jobs") if config.fast_lane else config.database_url,
        kwargs={"autocommit": True, "prepare_threshold": None},
        min_size=0,
        max_size=config.jobs_at_once + 2,
        timeout=_WAIT_S,
        reconnect_timeout=1.0,
        check=AsyncConnectionPool.check_connection,
        open=False,
        name="tideline jobs",
    )


async def asked(
    connection: Connection, statement: str, arguments: tuple[Any, ...], limit_s: int
) -> Mapping[str, Any]:
    """The object that a function of api answers, inside a transaction that has begun."""
    async with asyncio.timeout(limit_s + _GRACE_S):
        await connection.execute(_LIMITS, (f"{limit_s}s",))
        cursor = await connection.execute(statement.encode(), arguments)
        row = await cursor.fetchone()
    found: Mapping[str, Any] = row[0] if row and row[0] else {}
    return found


async def settled(
    pool: Pool, statement: str, arguments: tuple[Any, ...], limit_s: int = SHORT_S
) -> Mapping[str, Any]:
    """The same in a transaction of its own. Errors: psycopg.Error, TimeoutError: undone, or lost
    on the way back; see is_away."""
    async with pool.connection() as connection, connection.transaction():
        return await asked(connection, statement, arguments, limit_s)


def is_away(error: Exception) -> bool:
    """Whether an error says that the database was lost, and nothing of what it was asked."""
    if isinstance(error, TimeoutError):
        return True
    if not isinstance(error, psycopg.Error):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(AWAY_SQLSTATES)


def reason_of(error: Exception) -> str:
    """Why a batch failed, without what stood in the rows: code, and the place in the functions."""
    if not isinstance(error, psycopg.Error):
        return type(error).__name__
    places = (error.diag.context or "").splitlines()
    place = next((one for one in places if one.startswith("PL/pgSQL function core.")), "")
    words = [error.sqlstate or "", type(error).__name__, place.removeprefix("PL/pgSQL function ")]
    return " ".join(word for word in words if word)

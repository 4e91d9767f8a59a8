"""How the service connects: one DSN with every limit in it, so that none waits for ever.

Figures: docs/limits.md 1. Settings travel with the start: no round trip.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from service.config import Config

# Seconds until a dead peer is noticed while nothing is sent: idle + interval * count.
KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 1,
    "keepalives_count": 3,
}
CANCEL_TIMEOUT_S = 1.0


def limited_dsn(
    config: Config, name: str, *, is_read: bool = False, statement_timeout_ms: int | None = None
) -> str:
    """database_url with the role, the empty search path and all limits; name is for the DBA."""
    own = conninfo_to_dict(config.database_url).get("options") or ""
    settings = {
        "role": "service",
        "search_path": "",
        "statement_timeout": statement_timeout_ms or config.statement_timeout_ms,
        "lock_timeout": config.lock_timeout_ms,
        "idle_in_transaction_session_timeout": config.idle_in_transaction_timeout_ms,
        "default_transaction_read_only": "on" if is_read else "off",
    }
    options = " ".join([str(own), *(f"-c {key}={value}" for key, value in settings.items())])
    return make_conninfo(
        config.database_url,
        options=options.strip(),
        application_name=name,
        client_encoding="utf8",
        connect_timeout=config.connect_timeout_s,
        tcp_user_timeout=config.tcp_user_timeout_ms,
        **KEEPALIVES,
    )


def direct_dsn(config: Config, name: str) -> str:
    """The direct DSN with its own rights; name is for the DBA."""
    return make_conninfo(
        config.direct_url,
        application_name=name,
        connect_timeout=config.connect_timeout_s,
        tcp_user_timeout=config.tcp_user_timeout_ms,
        **KEEPALIVES,
    )


def listening_dsn(config: Config) -> str:
    """For the connection that is held to listen for routes: as role service, whoever may log in.

    Without a direct DSN behind a pooler it stays as it is: a pooler refuses options.
    """
    dsn = direct_dsn(config, "tideline routes")
    if not (config.fast_lane or config.database_url_direct):
        return dsn
    own = conninfo_to_dict(dsn).get("options") or ""
    return make_conninfo(dsn, options=f"{own} -c role=service -c search_path=".strip())


async def connect(dsn: str, timeout_s: float) -> psycopg.AsyncConnection:
    """A connection that the server has greeted. Errors: psycopg.Error, TimeoutError."""
    async with asyncio.timeout(timeout_s):
        return await psycopg.AsyncConnection.connect(dsn, autocommit=True, prepare_threshold=None)


@asynccontextmanager
async def stopped_after(
    connection: psycopg.AsyncConnection[Any], limit_s: float
) -> AsyncIterator[None]:
    """Cancels the statement inside when its time is over: it ends with 57014, undone.

    A cancel is for a connection, not for a statement: the next one waits until it has arrived.
    """
    loop = asyncio.get_running_loop()
    cancels: list[asyncio.Task[None]] = []
    timer = loop.call_later(limit_s, lambda: cancels.append(loop.create_task(_cancel(connection))))
    try:
        yield
    finally:
        timer.cancel()
        if cancels:
            await asyncio.wait(cancels)


async def _cancel(connection: psycopg.AsyncConnection[Any]) -> None:
    with suppress(psycopg.Error, OSError):
        await connection.cancel_safe(timeout=CANCEL_TIMEOUT_S)


async def probe(dsn: str, timeout_s: float) -> None:
    """Returns when the database lets somebody in. Errors: those of connect."""
    await (await connect(dsn, timeout_s)).close()

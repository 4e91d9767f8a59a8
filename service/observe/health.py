"""Is the service well? /health and /live: the process; /ready: what it needs; /metrics: numbers."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping

import psycopg
from prometheus_client import CONTENT_TYPE_LATEST
from redis.asyncio import Redis
from redis.exceptions import RedisError

from service import schema
from service.config import Config
from service.errors import DatabaseAway, DatabaseRefused, headers_of
from service.exchange import Answer, Exchange, Executor, Handler
from service.observe import Observer
from service.routes.reload import LiveRoutes

_ASK = b"select 1"
_ASK_TIMEOUT_MS = 1000
_LOOK_AGAIN_S = 1.0  # migrations are looked at no more often
_NO_STORE = {"Content-Type": "application/json", "Cache-Control": "no-store"}


class Health:
    """What /ready knows: database, migrations (as of the last look), routes and Redis."""

    def __init__(self, config: Config, direct: str, executor: Executor, routes: LiveRoutes) -> None:
        self._direct = direct
        self._executor = executor
        self._routes = routes
        self._migrations = "unknown"
        self._seen: object = None
        self._looked = 0.0
        self._redis: Redis | None = None
        if config.cache_redis_url:
            limit_s = config.redis_timeout_ms / 1000
            self._redis = Redis.from_url(
                config.cache_redis_url, socket_timeout=limit_s, socket_connect_timeout=limit_s
            )

    async def state(self) -> tuple[bool, Mapping[str, str]]:
        """Whether requests are welcome, and the word for each part; Redis is never required."""
        database = await self._database()
        if database == "up":
            await self._look_at_migrations()
        parts = {
            "database": database,
            "migrations": self._migrations,
            "routes": "loaded" if self._routes.is_loaded else "not loaded",
            "redis": await self._redis_state(),
        }
        # Only a step that is yet to come holds requests up: a newer database (missing) serves old
        # code during a roll-out, and unknown is a login that may not read the history.
        is_ready = database == "up" and self._migrations != "pending" and self._routes.is_loaded
        return is_ready, parts

    async def close(self) -> None:
        """Lets Redis go."""
        if self._redis is not None:
            await self._redis.aclose()

    async def _database(self) -> str:
        try:
            async with asyncio.timeout(_ASK_TIMEOUT_MS / 1000):
                await self._executor.call(_ASK, (), is_read=True, timeout_ms=_ASK_TIMEOUT_MS)
        except (DatabaseAway, DatabaseRefused, TimeoutError):
            return "down"
        return "up"

    async def _look_at_migrations(self) -> None:
        """Again after each reload of routes, and once a second while they are not up to date."""
        table = self._routes.table
        is_same = self._seen is table and self._migrations == "up to date"
        if is_same or time.monotonic() < self._looked + _LOOK_AGAIN_S:
            return
        self._seen, self._looked = table, time.monotonic()
        self._migrations = await asyncio.to_thread(_migrations, self._direct)

    async def _redis_state(self) -> str:
        if self._redis is None:
            return "not used"
        try:
            await self._redis.ping()
        except (RedisError, OSError, TimeoutError):
            return "down"
        return "up"


def _migrations(dsn: str) -> str:
    try:
        states = {step.state for step in schema.status(dsn)}
    except (psycopg.Error, schema.SchemaError, OSError):  # no right to look, or no folder of steps
        return "unknown"
    for word in ("pending", "changed", "missing"):
        if word in states:
            return word
    return "up to date"


def vital_pages(
    health: Health, observer: Observer, measure: Callable[[], None]
) -> dict[str, Handler]:
    """The service's own paths about itself; `measure` brings the gauges up to date."""

    async def live(exchange: Exchange) -> Answer:
        return Answer(200, b'{"status":"alive"}', dict(_NO_STORE))

    async def ready(exchange: Exchange) -> Answer:
        is_ready, parts = await health.state()
        word = "ready" if is_ready else "not ready"
        body = json.dumps({"status": word, **parts}).encode()
        status = 200 if is_ready else 503
        return Answer(status, body, _NO_STORE | headers_of(status))

    async def metrics(exchange: Exchange) -> Answer:
        measure()
        headers = _NO_STORE | {"Content-Type": CONTENT_TYPE_LATEST}
        return Answer(200, observer.metrics.text(), headers)

    return {"/health": live, "/live": live, "/ready": ready, "/metrics": metrics}

"""The usual way: aiohttp, a psycopg pool with its defaults, a parsed answer, json_response."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator

import uvloop
from aiohttp import web
from psycopg_pool import AsyncConnectionPool

POOL: web.AppKey[AsyncConnectionPool] = web.AppKey("pool", AsyncConnectionPool)


async def pool(app: web.Application) -> AsyncIterator[None]:
    async with AsyncConnectionPool(sys.argv[2], min_size=10, max_size=30, open=False) as opened:
        app[POOL] = opened
        yield


async def account(request: web.Request) -> web.Response:
    async with request.app[POOL].connection() as connection:
        cursor = await connection.execute(
            "select api.account_read(_user_id => %s, _account_id => %s)",
            (int(request.match_info["user_id"]), int(request.match_info["account_id"])),
        )
        row = await cursor.fetchone()
    return web.json_response({"success": True, "data": row[0] if row else None})


async def forecast(request: web.Request) -> web.Response:
    async with request.app[POOL].connection() as connection:
        cursor = await connection.execute(
            "select api.forecast_read(_user_id => %s, _as_of => %s)",
            (int(request.match_info["user_id"]), request.query["as_of"]),
        )
        row = await cursor.fetchone()
    return web.json_response({"success": True, "data": row[0] if row else None})


def main() -> None:
    app = web.Application()
    app.cleanup_ctx.append(pool)
    app.router.add_get("/users/{user_id}/accounts/{account_id}", account)
    app.router.add_get("/users/{user_id}/forecast", forecast)
    web.run_app(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop=uvloop.new_event_loop(),
        access_log=None,
        print=None,
    )


if __name__ == "__main__":
    main()

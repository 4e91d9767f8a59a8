"""The ceiling: aiohttp with uvloop that answers a constant of the size of a primary-key read."""

from __future__ import annotations

import sys

import uvloop
from aiohttp import web

BODY = (
    b'{"success":true,"data":{"id":1000,"name":"Checking","type":"checking","bank_name":null,'
    b'"number_masked":null,"currency":"USD","opening_balance":2500.00,"opened_on":"2025-01-01",'
    b'"current_balance":1234.56,"is_active":true},"cached":false,"load_time":0.0004,'
    b'"timestamp":"2026-01-15T12:00:00.000Z"}'
)


async def answer(request: web.Request) -> web.Response:
    return web.Response(body=BODY, content_type="application/json")


def main() -> None:
    app = web.Application()
    app.router.add_get("/{tail:.*}", answer)
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

"""Whose pages may ask us from a browser (CORS): nobody's but our own, until CORS_ORIGINS says so.

A page of a listed origin may send a token or, from the same site, the cookie; the CSRF rules of a
cookie stay. `*` does not exist here. Source: fetch.spec.whatwg.org, CORS protocol.
"""

from collections.abc import Callable

from service.exchange import Answer, Exchange, Handler

_ASKED = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-CSRF-Token, "
    "X-Request-ID"
)
_TOLD = (
    "ETag, Idempotency-Replayed, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
    "Retry-After, Server-Timing, WWW-Authenticate, X-Request-ID"
)
_MEMORY_S = 600  # a browser need not ask again so soon; Chromium caps it at 7200


def share(
    listed: frozenset[str], methods_of: Callable[[str], list[str]], inner: Handler
) -> Handler:
    """Lets pages of the listed origins ask, and read the answers; all others get what they got."""

    async def shared(exchange: Exchange) -> Answer:
        headers = exchange.request.headers
        origin = headers.get("Origin")
        if origin not in listed:
            answer = await inner(exchange)
        elif exchange.method == "OPTIONS" and "Access-Control-Request-Method" in headers:
            answer = _preflight(methods_of(exchange.path)) or await inner(exchange)
        else:
            answer = await inner(exchange)
            answer.headers["Access-Control-Expose-Headers"] = _TOLD
        if origin in listed:
            answer.headers["Access-Control-Allow-Origin"] = origin
            answer.headers["Access-Control-Allow-Credentials"] = "true"
        known = answer.headers.get("Vary")
        answer.headers["Vary"] = f"{known}, Origin" if known else "Origin"
        return answer

    return shared


def _preflight(methods: list[str]) -> Answer | None:
    """What may be sent to this path; None where there is nothing."""
    if not methods:
        return None
    headers = {
        "Access-Control-Allow-Methods": ", ".join(methods),
        "Access-Control-Allow-Headers": _ASKED,
        "Access-Control-Max-Age": str(_MEMORY_S),
        "Cache-Control": "no-store",
    }
    return Answer(204, b"", headers)

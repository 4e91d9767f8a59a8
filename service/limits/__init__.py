"""May this request pass? So many units an hour for each tier, whichever worker is asked.

Log-in and code limits are others and live in PostgreSQL: what protects them may not vanish.
"""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address, ip_network
from math import ceil

from service.errors import Problem
from service.exchange import Answer, Exchange, Handler
from service.limits.limiter import Limiter
from service.limits.memory import Ask
from service.stream import COST
from service.stream.media import wanted
from service.tiers import ANONYMOUS

_PREFIX = "tideline:limit:"  # of our own: whoever empties a cache leaves the limits alone
_NETWORK_BITS = 64  # of an IPv6 address: what one customer is given


def limit(limiter: Limiter, hourly: Mapping[str, int], inner: Handler) -> Handler:
    """Lets a caller pass while units of the hour are left, and says on every answer how many."""
    least = min(hourly.values())

    async def limited(exchange: Exchange) -> Answer:
        match = exchange.match
        if match is None:
            return await inner(exchange)
        caller, route = exchange.caller, match.route
        if caller is None:
            key, most = _PREFIX + place_of(exchange.client_ip), hourly[ANONYMOUS]
        else:
            key, most = f"{_PREFIX}u:{caller.id}", hourly.get(caller.tier, least)
        ask = limiter.ask(key, most, cost_of(exchange))
        if ask.is_settled or not (route.is_read and route.is_fast) or wanted(exchange):
            await limiter.settled(ask)
            exchange.headers = told(ask, {})
            if not ask.is_admitted:
                raise refusal(ask)
            return await inner(exchange)
        # A short read leaves nothing behind: its question goes out together with ours, and its
        # answer is given to nobody who may not have it.
        try:
            answer = await inner(exchange)
        except Exception:
            await limiter.settled(ask)
            exchange.headers = told(ask, {})
            if not ask.is_admitted:
                raise refusal(ask) from None
            raise
        if not ask.is_settled:
            await limiter.settled(ask)
        if not ask.is_admitted:
            exchange.headers = told(ask, {})
            raise refusal(ask)
        told(ask, answer.headers)
        return answer

    return limited


def cost_of(exchange: Exchange) -> int:
    """Units that a request uses: its route's, five times for a whole list; none to log out."""
    if exchange.match is None:
        return 0
    route = exchange.match.route
    if wanted(exchange):
        return route.cost * COST
    return 0 if route.cookie == "clear" and not route.proofs else route.cost


def told(ask: Ask, headers: dict[str, str]) -> dict[str, str]:
    """The headers with what every answer of a limited route says."""
    headers["RateLimit-Limit"] = str(ask.limit)
    headers["RateLimit-Remaining"] = str(max(0, ask.limit - ask.used))
    headers["RateLimit-Reset"] = str(ask.left_s)
    return headers


def refusal(ask: Ask) -> Problem:
    """429, and when to come back."""
    detail = f"This hour allows {ask.limit} requests. Try again in {_spoken(ask.left_s)}."
    return Problem(429, "rate_limited", detail, headers={"Retry-After": str(ask.left_s)})


@lru_cache(maxsize=4096)
def place_of(address: str | None) -> str:
    """Where an anonymous request counts: its address, or the /64 that an IPv6 address is in."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "a:unknown"
    if found.version == 6:
        found = found.ipv4_mapped or ip_network((found, _NETWORK_BITS), strict=False)[0]
    return f"a:{found}"


def _spoken(seconds: int) -> str:
    """`1 second`, `40 seconds`, `12 minutes`: rounded up."""
    count, word = (seconds, "second") if seconds < 120 else (ceil(seconds / 60), "minute")
    return f"{count} {word}{'' if count == 1 else 's'}"

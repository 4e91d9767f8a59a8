"""Idempotency-Key: what a POST that is sent twice is known by. docs/decisions/076 says why."""

import hashlib
import hmac
import json
import re

from service.errors import Problem
from service.exchange import Exchange
from service.routes import Route
from service.routes.binding import OWNER, Once
from service.routes.table import Match

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[!-~]{1,255}")


def key_of(exchange: Exchange, route: Route) -> bytes | None:
    """The key of a request, None without one.

    Errors: Problem 400 two keys or a strange one, or none where the route needs one. Without a
    caller it has no effect: nobody is there to keep an answer for.
    """
    keys = exchange.request.headers.getall(HEADER, ())
    if not keys:
        if route.needs_key:
            detail = "Send an Idempotency-Key: a new one for each thing that is to be done once."
            raise Problem(400, "idempotency_key_required", detail, field=HEADER)
        return None
    if len(keys) > 1 or not _KEY.fullmatch(keys[0]):
        detail = "An Idempotency-Key is one text of 1 to 255 visible ASCII characters."
        raise Problem(400, "bad_idempotency_key", detail, field=HEADER)
    return keys[0].encode() if exchange.owner_id is not None else None


def once_of(hash_key: bytes, exchange: Exchange, match: Match, key: bytes, body: bytes) -> Once:
    """The key with the hash of the request: method, route, ids, query, and body byte by byte.

    The owner's name in the path is not part of it: `me` and a public id are the same request.
    """
    route = match.route
    ids = {name: value for name, value in match.values.items() if name != OWNER}
    words = json.dumps([route.method, route.path, ids, exchange.query]).encode()
    return Once(key, hmac.digest(hash_key, words + b"\n" + body, hashlib.sha256))

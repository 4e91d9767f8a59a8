"""Did a page of ours send this write, or another site in the visitor's browser?

A browser adds the cookie by itself, so a write must bring what only our page has: json, a header
that a form cannot send, in it a proof of the very session, and, where the browser says it, an
origin of ours. OWASP, Cross-Site Request Forgery Prevention (HMAC of the session).
"""

import base64
import hashlib
import hmac
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from service.errors import Problem
from service.exchange import Exchange

HEADER = "X-CSRF-Token"


def proof_of(token: str, key: bytes) -> str:
    """What the page of this session sends with its writes; it says nothing of the token."""
    digest = hmac.new(key, token.encode("utf-8", "replace"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def check(exchange: Exchange, token: str, key: bytes, origins: Collection[str]) -> None:
    """Nothing, when the write comes from a page of ours. Errors: Problem 403 cross_site."""
    headers = exchange.request.headers
    check_origin(headers, origins)
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    takes_file = exchange.match is not None and exchange.match.route.max_file_bytes is not None
    if kind != "application/json" and not takes_file:  # a file is of any type: the proof decides
        raise _cross_site("With a cookie, a write is sent as application/json.")
    given = headers.get(HEADER, "").encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(given, proof_of(token, key).encode()):
        raise _cross_site(f"With a cookie, a write needs the session's own {HEADER}.")


def check_origin(headers: Mapping[str, str], origins: Collection[str]) -> None:
    """Nothing, when the browser names no other site. Errors: Problem 403 cross_site.

    origins are those that were configured; our own is whatever Host the request asks for.
    """
    origin, site = headers.get("Origin"), headers.get("Sec-Fetch-Site")
    if origin is not None and origin in origins:
        return
    is_own = origin is None or _host_of(origin) == headers.get("Host")
    if not is_own or site not in (None, "same-origin", "none"):
        raise _cross_site("Another site sent this.")


def _host_of(origin: str) -> str:
    """Host and port of an origin; empty, which is nobody's, for what is none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:  # a bracket that is never closed
        return ""


def _cross_site(detail: str) -> Problem:
    return Problem(403, "cross_site", detail)

"""What is no route: the page and its files, the document of the API, and what is missing."""

import json
import mimetypes
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

from service.errors import AWAY, NOT_FOUND, Problem, problem
from service.exchange import Answer, Exchange, Handler
from service.openapi import document
from service.routes.reload import LiveRoutes

WEB = Path(__file__).resolve().parent / "web"
_ALIASES = {"/": "/index.html", "/docs": "/docs.html"}
# Only what the service itself serves may run, look or be asked; nobody may frame it.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# None of it is used here; what slips into the page shall not use it either.
PERMISSIONS = ", ".join(
    f"{name}=()"
    for name in (
        *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone"),
        *("midi", "payment", "serial", "usb", "xr-spatial-tracking"),
    )
)


def page_handlers(live: LiveRoutes) -> dict[str, Handler]:
    """Handlers of the page's files (read once, at the start) and of /openapi.json, by path."""
    handlers = {
        f"/{path.relative_to(WEB).as_posix()}": _file(path)
        for path in sorted(WEB.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    handlers |= {alias: handlers[name] for alias, name in _ALIASES.items() if name in handlers}
    return handlers | {"/openapi.json": _openapi(live)}


def unrouted(live: LiveRoutes, own: Mapping[str, Handler]) -> Handler:
    """Answers what has no route: an own path, or the right refusal."""

    async def answer(exchange: Exchange) -> Answer:
        handler = own.get(exchange.path)
        allowed = ["GET", "HEAD"] if handler else live.table.allowed(exchange.path)
        if handler and exchange.method in allowed:
            return await handler(exchange)
        if allowed:
            raise Problem(
                405,
                "method_not_allowed",
                f"This path answers {', '.join(allowed)}.",
                headers={"Allow": ", ".join(allowed)},
            )
        raise problem(NOT_FOUND if live.is_loaded else AWAY)

    return answer


def _file(path: Path) -> Handler:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind == "application/javascript":
        kind += "; charset=utf-8"
    headers = {
        "Content-Type": kind,
        "ETag": f'W/"{blake2b(body, digest_size=12).hexdigest()}"',
        "Cache-Control": "no-cache",
        "Content-Security-Policy": PAGE_POLICY,
        "Permissions-Policy": PERMISSIONS,
    }

    async def answer(exchange: Exchange) -> Answer:
        return Answer(200, body, dict(headers))

    return answer


def _openapi(live: LiveRoutes) -> Handler:
    """The document of the table that is served now; made once per table."""
    made: list[tuple[object, bytes]] = []

    async def answer(exchange: Exchange) -> Answer:
        table = live.table
        if not made or made[0][0] is not table:
            text = json.dumps(document(table.routes), ensure_ascii=False, separators=(",", ":"))
            made[:] = [(table, text.encode())]
        headers = {"Content-Type": "application/json", "Cache-Control": "no-cache"}
        return Answer(200, made[0][1], headers)

    return answer

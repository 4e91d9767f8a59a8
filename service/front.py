"""The socket's side: aiohttp's low-level server, whose own refusals have the same shape as ours."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from service.config import Config
from service.errors import INTERNAL, PROBLEM_TYPE, Problem, problem
from service.exchange import Answer
from service.observe import Observer
from service.reply import Reply

Entrance = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
ENTRANCE: web.AppKey[Entrance] = web.AppKey("entrance")
OBSERVER: web.AppKey[Observer] = web.AppKey("observer")
_HEAD_BYTES = 8190  # of the request line and of each header
_HEADERS = 100  # of one request; a browser behind two proxies sends about 40
_LINGER_S = 2.0  # for what is left of a body that was refused


class Connection(web.RequestHandler):
    """One connection. A library's hook: what cannot be parsed is refused here, not in a handler."""

    __slots__ = ("_observer",)

    def __init__(self, manager: web.Server, observer: Observer, **settings: Any) -> None:
        super().__init__(manager, **settings)
        self._observer = observer

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """One problem, and the connection is closed: what follows cannot be trusted."""
        if request.writer.output_size > 0:
            raise ConnectionError("part of an answer was sent already")
        found = problem(INTERNAL)
        if isinstance(exc, LineTooLong):
            found = Problem(431, "head_too_large", f"A line is longer than {_HEAD_BYTES} bytes.")
        elif status < 500:
            found = Problem(400, "bad_request", "This is not a request in HTTP/1.1.")
        request_id = self._observer.request_id(None)
        self._observer.refused(found.status, request_id, exc)
        headers = {
            "Content-Type": PROBLEM_TYPE,
            "Cache-Control": "no-store",
            "Connection": "close",
            "X-Request-ID": request_id,
        }
        return Reply(Answer(found.status, found.body(request_id), headers))


class Front(web.Server):
    """Makes a Connection for each client."""

    def __init__(self, entrance: Entrance, config: Config, observer: Observer) -> None:
        super().__init__(entrance, handler_cancellation=True)
        self._observer = observer
        self._settings: dict[str, Any] = {
            "access_log": None,
            "keepalive_timeout": config.header_timeout_ms / 1000,
            "lingering_time": _LINGER_S,
            "max_line_size": _HEAD_BYTES,
            "max_field_size": _HEAD_BYTES,
            "max_headers": _HEADERS,
            "auto_decompress": False,  # such a body is refused: unpacked, it may be a thousandfold
        }

    def __call__(self) -> Connection:
        return Connection(self, self._observer, loop=self._loop, **self._settings)


@asynccontextmanager
async def opened(app: web.Application, config: Config) -> AsyncIterator[web.ServerRunner]:
    """A runner for sites, from the start of the rooms until everything that ran is answered."""
    app.freeze()
    runner = web.ServerRunner(
        Front(app[ENTRANCE], config, app[OBSERVER]),
        shutdown_timeout=float(config.shutdown_timeout_s),
    )
    try:
        await app.startup()
        await runner.setup()
        yield runner
    finally:
        await app.shutdown()  # what runs beside requests ends while they do
        await runner.cleanup()
        await app.cleanup()

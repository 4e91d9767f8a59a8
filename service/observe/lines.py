"""Log lines: one JSON object each, on standard error, written once per tick of the loop."""

import asyncio
import json
import logging
import os
import sys
from functools import lru_cache
from typing import Any

import structlog

from service.exchange import Exchange
from service.moment import moment


class Sink:
    """Collects the lines of one tick: a write per line would cost more than the line itself."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: list[bytes] = []

    def msg(self, line: bytes) -> None:
        """Takes one line; without a running loop it is written at once."""
        self._lines.append(line)
        if len(self._lines) == 1:
            try:
                asyncio.get_running_loop().call_soon(self.flush)
            except RuntimeError:
                self.flush()

    debug = info = warning = error = msg  # structlog calls the logger by the level's name

    def flush(self) -> None:
        """Writes what was collected. A reader that is gone takes nothing else down."""
        lines, self._lines = self._lines, []
        rest = b"\n".join([*lines, b""]) if lines else b""
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            return


class Lines:
    """What people read: events as structlog renders them, requests by a template."""

    def __init__(self, level: str) -> None:
        least = logging.getLevelNamesMapping()[level.upper()]
        self.has_requests = least <= logging.INFO
        self._sink = Sink(sys.stderr.fileno())
        self._log: Any = structlog.wrap_logger(
            self._sink,
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.processors.JSONRenderer(),
                _encoded,
            ],
            wrapper_class=structlog.make_filtering_bound_logger(least),
            cache_logger_on_first_use=True,
        )

    def event(self, kind: str, fields: dict[str, Any], *, is_trouble: bool) -> None:
        """One line for one event."""
        (self._log.warning if is_trouble else self._log.info)(kind, **fields)

    def request(self, exchange: Exchange, method: str, status: int, took_s: float) -> None:
        """One line for one request: its template and its caller's public id, never what it said."""
        caller = f'"{exchange.caller.public_id}"' if exchange.caller else "null"
        self._sink.msg(
            b'{"method":"%b","route":%b,"status":%d,"ms":%.2f,"db_ms":%.2f,"request_id":"%b",'
            b'"user":%b,"event":"request","level":"info","timestamp":"%b"}'
            % (
                method.encode(),
                _quoted(exchange.label),
                status,
                took_s * 1000,
                exchange.database_s * 1000,
                exchange.request_id.encode(),
                caller.encode(),
                moment(),
            )
        )

    def close(self) -> None:
        """Writes what is left."""
        self._sink.flush()


@lru_cache(maxsize=1024)
def _quoted(label: str) -> bytes:
    """A route's template as JSON; there are as many as routes and files."""
    return json.dumps(label).encode()


def _encoded(_logger: object, _name: str, line: Any) -> bytes:
    return str(line).encode()

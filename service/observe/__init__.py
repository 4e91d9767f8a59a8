"""What happened: rooms tell; this room decides what is written for people and what is counted."""

import itertools
import re
import secrets
import time
from dataclasses import asdict, is_dataclass
from typing import Any

from service.config import Config
from service.exchange import Answer, Exchange, Handler
from service.gateways import MessageKept, MessageLost, MessagePrinted, MessageSent
from service.jobs.events import (
    JobBegun,
    JobFinished,
    JobHanded,
    JobKept,
    JobLost,
    JobsMeasured,
)
from service.limits.events import LimitsDecided
from service.observe.lines import Lines
from service.observe.metrics import Metrics
from service.pool import PoolWaited
from service.refuse import RequestUnexpected, place_of
from service.stream import StreamEnded

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}", re.ASCII)
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_TROUBLE = ("Lost", "Kept", "Missed", "Overstayed", "Unexpected")

_RUNS = {JobFinished: "done", JobKept: "retried", JobLost: "failed", JobHanded: "handed"}
_OUTCOMES = {MessageSent: "sent", MessageKept: "retried", MessageLost: "failed"}


class Observer:
    """Counts and writes; one per process."""

    def __init__(self, config: Config) -> None:
        self.metrics = Metrics()
        self.lines = Lines(config.log_level)
        self._prefix = secrets.token_hex(6)
        self._numbers = itertools.count(1)
        self._counters: dict[tuple[str, str, int], tuple[Any, Any, Any]] = {}

    def note(self, event: object) -> None:
        """Counts an event by its kind; writes it unless it is an everyday one."""
        if isinstance(event, PoolWaited):
            self.metrics.pool_wait_seconds.observe(event.waited_s)
            return
        if isinstance(event, LimitsDecided):
            self.metrics.decided(event.by, event.admitted, event.refused)
            return
        if isinstance(event, JobsMeasured):
            self.metrics.delayed(event.delays)
            return
        if isinstance(event, JobBegun | JobFinished | JobKept | JobLost | JobHanded):
            self._worked(event)
        if isinstance(event, StreamEnded):
            self.metrics.streamed(event.outcome, event.rows)
        if isinstance(event, MessageSent | MessageKept | MessageLost):
            self.metrics.messages.labels(event.channel, _OUTCOMES[type(event)]).inc()
        kind = type(event).__name__
        told = asdict(event) if is_dataclass(event) and not isinstance(event, type) else {}
        said = {
            name: value.decode("utf-8", "replace") if isinstance(value, bytes) else value
            for name, value in told.items()
        }
        name = _CAPITAL.sub("_", kind).lower()
        self.metrics.events.labels(name).inc()
        # A printed message has no other reader than the log's: no level hides it.
        is_weighty = kind.endswith(_TROUBLE) or isinstance(event, MessagePrinted)
        self.lines.event(name, said, is_trouble=is_weighty)

    def _worked(self, event: JobBegun | JobFinished | JobKept | JobLost | JobHanded) -> None:
        """Counts what became of a run."""
        metrics = self.metrics
        if isinstance(event, JobBegun):
            if event.late_s is not None:
                metrics.job_start_delay.observe(event.late_s)
            return
        metrics.job_runs.labels(event.job, _RUNS[type(event)]).inc()
        if isinstance(event, JobFinished | JobLost):
            metrics.job_seconds.labels(event.job).inc(event.took_s)
        if isinstance(event, JobFinished):
            metrics.job_batches.labels(event.job).inc(event.batches)
            metrics.job_rows.labels(event.job).inc(event.rows)

    def request_id(self, given: str | None) -> str:
        """The client's own id when it is a plain word, else a new one."""
        if given is not None and _REQUEST_ID.fullmatch(given):
            return given
        return f"{self._prefix}-{next(self._numbers):x}"

    def refused(self, status: int, request_id: str, error: BaseException | None) -> None:
        """Counts a request that reached no room, and tells of it when the fault is ours."""
        self.metrics.requests.labels("OTHER", "none", str(status)).inc()
        if status >= 500:
            kind, place = type(error).__name__, place_of(error) if error else "before any room"
            self.note(RequestUnexpected(request_id, "none", kind, place))

    def measure(self, pool: tuple[int, int, int], waiting: int, is_up: bool, routes: int) -> None:
        """Brings the gauges up to date; pool is its size, its limit and who waits for it."""
        metrics = self.metrics
        metrics.pool_connections.set(pool[0])
        metrics.pool_limit.set(pool[1])
        metrics.pool_waiting.set(pool[2])
        metrics.waiting_room.set(waiting)
        metrics.database_up.set(is_up)
        metrics.routes.set(routes)
        metrics.weigh()

    def answered(self, exchange: Exchange, status: int, took_s: float) -> None:
        """Counts one request and writes its line."""
        method = exchange.method if exchange.method in _METHODS else "OTHER"
        route = exchange.label
        counters = self._counters.get((method, route, status))
        if counters is None:
            counters = self._counters[method, route, status] = (
                self.metrics.requests.labels(method, route, str(status)),
                self.metrics.request_seconds.labels(method, route),
                self.metrics.database_seconds.labels(route),
            )
        requests, seconds, database_seconds = counters
        requests.inc()
        seconds.observe(took_s)
        if exchange.database_s:
            database_seconds.observe(exchange.database_s)
        if self.lines.has_requests:
            self.lines.request(exchange, method, status, took_s)


def observe(observer: Observer, inner: Handler) -> Handler:
    """Times a request, counts it, writes its line, and gives its answer a name and its timing."""

    async def observed(exchange: Exchange) -> Answer:
        status = 499  # the client left before there was an answer
        try:
            answer = await inner(exchange)
            status = answer.status
        finally:
            took_s = time.perf_counter() - exchange.started
            observer.answered(exchange, status, took_s)
        headers = answer.headers
        if exchange.headers:
            headers |= exchange.headers
        headers["X-Request-ID"] = exchange.request_id
        headers["Server-Timing"] = (
            f"db;dur={exchange.database_s * 1000:.2f}, total;dur={took_s * 1000:.2f}"
        )
        return answer

    return observed

"""What is counted: every metric of the service with its sentence. docs/metrics.md lists them.

Labels carry route templates, never ids. With several workers prometheus_client shares the numbers
through files (PROMETHEUS_MULTIPROC_DIR), so that any worker tells the sum of all.
"""

import os
import resource
import time
from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_DELAYS = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0)
_PAGE_BYTES = resource.getpagesize()


class Metrics:
    """The numbers of one process, and the text that Prometheus reads."""

    def __init__(self) -> None:
        self.registry = own = CollectorRegistry()
        self.requests = Counter(
            "tideline_requests", "Requests answered.", ["method", "route", "status"], registry=own
        )
        self.request_seconds = Histogram(
            "tideline_request_seconds", "From head to answer.", ["method", "route"],
            buckets=_SECONDS, registry=own,
        )  # fmt: skip
        self.database_seconds = Histogram(
            "tideline_database_seconds", "Part of a request that the database took.", ["route"],
            buckets=_SECONDS, registry=own,
        )  # fmt: skip
        self.pool_wait_seconds = Histogram(
            "tideline_pool_wait_seconds", "Wait for a connection of the pool.",
            buckets=_SECONDS, registry=own,
        )  # fmt: skip
        self.pool_connections = _gauge("tideline_pool_connections", "Connections of the pool.", own)
        self.pool_limit = _gauge("tideline_pool_limit", "Connections the pool may have.", own)
        self.pool_waiting = _gauge("tideline_pool_waiting", "Requests waiting for the pool.", own)
        self.waiting_room = _gauge(
            "tideline_waiting_room", "Requests waiting while the database is away.", own
        )
        self.database_up = _gauge("tideline_database_up", "Workers whose database answers.", own)
        self.routes = _gauge("tideline_routes", "Routes served.", own, mode="livemax")
        self.memory = _gauge("tideline_resident_bytes", "Memory of the workers.", own)
        self.processor = _gauge(
            "tideline_cpu_seconds", "Processor time of the workers since their start.", own
        )
        self.started = _gauge(
            "tideline_start_time_seconds", "When the oldest worker started.", own, mode="livemin"
        )
        self.started.set(time.time())
        self.limit_decisions = Counter(
            "tideline_rate_limit_decisions", "Requests that the hourly limits let pass or refused.",
            ["decision", "by"], registry=own,
        )  # fmt: skip
        self.messages = Counter(
            "tideline_messages", "Attempts to send a message.", ["channel", "outcome"],
            registry=own,
        )  # fmt: skip
        self.streams = Counter(
            "tideline_streams", "Whole lists that were streamed.", ["outcome"], registry=own
        )
        self.stream_rows = Counter("tideline_stream_rows", "Rows in them.", registry=own)
        self.job_runs = Counter(
            "tideline_job_runs", "Runs of jobs that ended, or go on later.", ["job", "outcome"],
            registry=own,
        )  # fmt: skip
        self.job_seconds = Counter(
            "tideline_job_seconds", "Time that runs of jobs took.", ["job"], registry=own
        )
        self.job_batches = Counter(
            "tideline_job_batches", "Batches of jobs that were done.", ["job"], registry=own
        )
        self.job_rows = Counter(
            "tideline_job_rows", "What the batches of jobs counted.", ["job"], registry=own
        )
        self.job_start_delay = Histogram(
            "tideline_job_start_delay_seconds", "From the due moment of a run to its begin.",
            buckets=_DELAYS, registry=own,
        )  # fmt: skip
        self.job_late = Gauge(
            "tideline_job_late_seconds", "Since a job was due that nobody has begun.", ["job"],
            registry=own, multiprocess_mode="livemax",
        )  # fmt: skip
        self.job_running = Gauge(
            "tideline_job_running_seconds", "Since the open run of a job was begun.", ["job"],
            registry=own, multiprocess_mode="livemax",
        )  # fmt: skip
        self.events = Counter(
            "tideline_events", "What the rooms told, by kind.", ["event"], registry=own
        )

    def decided(self, by: str, admitted: int, refused: int) -> None:
        """Counts what the limits decided, many requests at once."""
        if admitted:
            self.limit_decisions.labels("admitted", by).inc(admitted)
        if refused:
            self.limit_decisions.labels("refused", by).inc(refused)

    def streamed(self, outcome: str, rows: int) -> None:
        """Counts a list that is over."""
        self.streams.labels(outcome).inc()
        self.stream_rows.inc(rows)

    def delayed(self, delays: Sequence[tuple[str, float, float]]) -> None:
        """How late each job is, and how long its open run has been going on."""
        for job, late_s, running_s in delays:
            self.job_late.labels(job).set(late_s)
            self.job_running.labels(job).set(running_s)

    def weigh(self) -> None:
        """Memory and processor time of this process, as of now."""
        with open("/proc/self/statm", encoding="ascii") as statm:
            self.memory.set(int(statm.read().split()[1]) * _PAGE_BYTES)
        self.processor.set(time.process_time())

    def text(self) -> bytes:
        """The numbers of all workers in Prometheus' text format."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return bytes(generate_latest(self.registry))
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return bytes(generate_latest(together))


def _gauge(name: str, sentence: str, registry: CollectorRegistry, mode: str = "livesum") -> Gauge:
    return Gauge(name, sentence, registry=registry, multiprocess_mode=mode)  # type: ignore[arg-type]

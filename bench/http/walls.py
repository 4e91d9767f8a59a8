"""What the second wall and the limiter cost over HTTP: the service with both, with one, with none.

`python -m bench.http.walls [--users 1000] [--rounds 7] [--seconds 3]` needs wrk and writes
bench/results/walls.json. The database without the wall is a copy whose tables have row security
disabled; everything else, Redis included, is shared. Ratios are taken within a round.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from bench.clock import Spread
from bench.http.load import CONNECTIONS, OURS, PLAN, Target, free_port, load, running, script
from bench.machine import machine
from bench.report import write
from bench.server import AS_OF, Seeded, database_named, seeded

BOTH, NO_LIMITER, NEITHER = "walls and limiter", "walls, no limiter", "neither"
PATHS = {
    "account": f"{OURS}/accounts/{{account}}",
    "forecast": f"{OURS}/forecast?as_of={AS_OF}&fields={PLAN}",
}
ENOUGH = "all=2000000000"  # units an hour: everything is counted and nobody is refused
KEYED = """
select relation.oid::regclass::text
from pg_catalog.pg_class as relation
where relation.relrowsecurity and relation.relkind in ('r', 'p')
"""


@dataclass
class Seen:
    """What the rounds of one server and question showed, in their order."""

    per_s: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    bad: int = 0


@contextmanager
def unwalled(database: Seeded) -> Iterator[tuple[str, str, int]]:
    """DSNs of a copy in which no table has row security, and how many had it."""
    name = "bench_unwalled"
    with psycopg.connect(database_named(database.dsn, "postgres"), autocommit=True) as admin:
        copy = sql.Identifier(name)
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(copy))
        admin.execute(sql.SQL("create database {} template bench").format(copy))
        dsn = database_named(database.dsn, name)
        with psycopg.connect(dsn, autocommit=True) as connection:
            tables = [row[0] for row in connection.execute(KEYED)]
            for table in tables:
                connection.execute(
                    f"alter table {table} disable row level security, no force row level security"
                )
            connection.execute("vacuum analyze")
        try:
            yield dsn, database_named(database.service_dsn, name), len(tables)
        finally:
            admin.execute(sql.SQL("drop database {} with (force)").format(copy))


def cpu_s(port: int) -> float:
    """Processor time of the worker so far, as it says itself."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith("tideline_cpu_seconds "):
                return float(line.split()[1])
    raise RuntimeError("/metrics does not tell the processor time")


def ask(target: Target, question: str, seconds: float, seen: Seen) -> None:
    """One run of the load, and what the worker used for each answer."""
    began = cpu_s(target.port)
    answered = load(target.port, script(target, target.paths[question]), seconds)
    used = cpu_s(target.port) - began
    seen.per_s.append(answered.per_s)
    seen.cpu_us.append(used / max(1.0, answered.per_s * seconds) * 1e6)
    seen.p50_ms.append(answered.p50_ms)
    seen.p99_ms.append(answered.p99_ms)
    seen.bad += answered.bad


def run(database: Seeded, rounds: int, seconds: float) -> dict[str, Any]:
    """Every server runs all the time; one at a time is asked, in an order that changes."""
    chance = random.Random(1)
    seen: dict[str, dict[str, Seen]] = {}
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        about = machine(connection)
    load_before = os.getloadavg()[0]
    with ExitStack() as stack:
        dsn, service_dsn, walled_count = stack.enter_context(unwalled(database))
        walled = {"DATABASE_URL": database.service_dsn, "DATABASE_URL_DIRECT": database.dsn}
        bare = {"DATABASE_URL": service_dsn, "DATABASE_URL_DIRECT": dsn}
        servers: list[Target] = []
        for name, settings in (
            (BOTH, walled | {"RATELIMIT_ENABLED": "on", "LIMITS": ENOUGH}),
            (NO_LIMITER, walled | {"RATELIMIT_ENABLED": "off"}),
            (NEITHER, bare | {"RATELIMIT_ENABLED": "off"}),
        ):
            port = free_port(18_400 + 20 * len(servers))
            command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
            settings |= {"CACHE_REDIS_URL": database.redis_url, "LOG_LEVEL": "warning"}
            stack.enter_context(running(command, port, "/ready", **settings))
            servers.append(Target(name, port, PATHS, {}))
        for question in PATHS:
            seen[question] = {server.name: Seen() for server in servers}
            for number in range(rounds + 1):
                for server in chance.sample(servers, len(servers)):
                    warm = Seen() if number == 0 else seen[question][server.name]
                    ask(server, question, seconds, warm)
    return {
        "machine": about,
        "users": database.users,
        "rounds": rounds,
        "connections": CONNECTIONS,
        "load_average_before": round(load_before, 2),
        "tables_with_row_security": walled_count,
        "answers_per_s": {
            question: {name: Spread.of(one.per_s).json() for name, one in of.items()}
            for question, of in seen.items()
        },
        "of_neither": {
            question: {name: _ratios(one, of[NEITHER]).json() for name, one in of.items()}
            for question, of in seen.items()
        },
        "worker_cpu_us": {
            question: {name: Spread.of(one.cpu_us).json() for name, one in of.items()}
            for question, of in seen.items()
        },
        "latency_ms": {
            f"{question}, {name}": {
                "p50": statistics.median(one.p50_ms),
                "p99": statistics.median(one.p99_ms),
            }
            for question, of in seen.items()
            for name, one in of.items()
        },
        "failed": {
            name: sum(of[name].bad for of in seen.values()) for name in (BOTH, NO_LIMITER, NEITHER)
        },
    }


def _ratios(one: Seen, base: Seen) -> Spread:
    return Spread.of([mine / its for mine, its in zip(one.per_s, base.per_s, strict=True)])


def table(answer: dict[str, Any]) -> list[str]:
    """One line per question and server."""
    lines = [
        f"{answer['tables_with_row_security']} tables with row security; load average before:"
        f" {answer['load_average_before']}.",
        "",
        "| question | service | answers/s (least to most) | of neither, round by round"
        " | worker CPU µs | p50 ms | p99 ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for question, servers in answer["answers_per_s"].items():
        for name, taken in servers.items():
            ratio = answer["of_neither"][question][name]
            waits = answer["latency_ms"][f"{question}, {name}"]
            lines.append(
                f"| {question} | {name} | {Spread(**taken).text()} | {ratio['median']:.1%}"
                f" ({ratio['least']:.0%} to {ratio['most']:.0%}) |"
                f" {answer['worker_cpu_us'][question][name]['median']:.1f} |"
                f" {waits['p50']:.1f} | {waits['p99']:.1f} |"
            )
    return [*lines, "", f"Answers that were not 200: {sum(answer['failed'].values())}"]


def pictures(answer: dict[str, Any]) -> list[tuple[str, str, dict[str, dict[str, float]]]]:
    """None: the table says it."""
    return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    with seeded(options.users) as database:
        answer = run(database, options.rounds, options.seconds)
    write("walls", answer)
    print("\n".join(table(answer)))


if __name__ == "__main__":
    main()

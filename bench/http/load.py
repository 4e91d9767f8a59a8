"""Over HTTP, 32 keep-alive connections, one worker: the service, its peers and bare aiohttp.

`python -m bench.http.load [--users 1000] [--rounds 5] [--seconds 4]` needs wrk and writes
bench/results/http.json. Every server runs all the time; one at a time is asked, in alternation.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench.clock import Spread, alternate
from bench.functions import calls_per_s
from bench.machine import machine
from bench.report import write
from bench.server import AS_OF, BENCH, OUT, SECRET, Seeded, seeded

CONNECTIONS = 32
CALLERS = 100  # users whose tokens the load uses, so that sessions are remembered as in life
OURS = "/api/v2/users/me"
# The plan without the expectation: what was measured from the start, and what the others compute.
PLAN = "date,opening_balance,income,expenses,net_change,closing_balance,balance_status,months"


@dataclass(frozen=True)
class Target:
    """A server and the addresses of what it answers; {user} is the caller's number."""

    name: str
    port: int
    paths: dict[str, str]
    headers: dict[str, str]


def free_port(start: int) -> int:
    """The first free port from `start` on, below the ephemeral range."""
    for port in range(start, 32_700):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("no free port")


@contextmanager
def running(command: list[str], port: int, ready: str, **environment: str) -> Iterator[None]:
    """A server process in a group of its own, from ready to stopped."""
    OUT.mkdir(exist_ok=True)
    with (OUT / f"server-{port}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            env=os.environ | environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            for _ in range(200):
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}{ready}", timeout=1):
                        break
                except OSError as reason:
                    if getattr(reason, "code", None):  # an HTTP answer, whatever its status
                        break
                    if process.poll() is not None:
                        raise RuntimeError(f"{command} ended, see {log.name}") from reason
                    time.sleep(0.05)
            yield
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def script(target: Target, path: str, conditional: str | None = None) -> Path:
    """A wrk script that walks over the callers, each with its own token."""
    lines = [
        "local n = 0",
        "function request()",
        f"  n = n % {CALLERS} + 1",
        f'  local headers = {{["Authorization"] = "Bearer " .. n .. ".{SECRET}"}}',
        *(f'  headers["{name}"] = "{value}"' for name, value in target.headers.items()),
        f'  local path = string.gsub("{path}", "{{user}}", n)',
        '  path = string.gsub(path, "{account}", n * 10)',
        '  return wrk.format("GET", path, headers)',
        "end",
    ]
    OUT.mkdir(exist_ok=True)
    file = OUT / f"{target.name}-{abs(hash(path))}.lua".replace(" ", "-")
    file.write_text("\n".join(lines) + "\n")
    return file


@dataclass(frozen=True)
class Load:
    """What wrk saw: answers per second, latencies in ms, and answers that were not 2xx or 3xx."""

    per_s: float
    p50_ms: float
    p99_ms: float
    bad: int


def load(port: int, lua: Path, seconds: float) -> Load:
    """One run of wrk with 32 connections of one thread."""
    done = subprocess.run(
        [
            "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--latency", "-s", str(lua),
            f"http://127.0.0.1:{port}",
        ],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    scale = {"us": 1e-3, "ms": 1.0, "s": 1e3}

    def percentile(name: str) -> float:
        found = re.search(rf"{name}%\s+([0-9.]+)(us|ms|s)", done.stdout)
        return float(found[1]) * scale[found[2]] if found else float("nan")

    rate = re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    sockets = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", done.stdout)
    return Load(
        float(rate[1]) if rate else 0.0,
        percentile("50"),
        percentile("99"),
        (int(bad[1]) if bad else 0) + (sum(map(int, sockets.groups())) if sockets else 0),
    )


def targets(database: Seeded, stack: ExitStack) -> list[Target]:
    """Start the service twice (fast lane on and off) and its peers."""
    python = sys.executable
    ours = {
        "DATABASE_URL": database.service_dsn,
        "DATABASE_URL_DIRECT": database.dsn,
        "CACHE_REDIS_URL": database.redis_url,
        "LOG_LEVEL": "warning",
        "LIMITS": "all=2000000000",  # everything is counted and nobody is refused
    }
    account = f"{OURS}/accounts/{{account}}"
    paths = {
        "account": account,
        "forecast": f"{OURS}/forecast?as_of={AS_OF}&fields={PLAN}",
        "balance": f"{OURS}/forecast?as_of={AS_OF}&fields=closing_balance",
    }
    peer_paths = {
        "account": "/users/{user}/accounts/{account}",
        "forecast": f"/users/{{user}}/forecast?as_of={AS_OF}",
    }
    found: list[Target] = []
    for name, command, ready, environment, asked in (
        ("tideline", [python, "-m", "service", "serve", "--port"], "/ready", ours, paths),
        (
            "tideline, pool instead of lane",
            [python, "-m", "service", "serve", "--port"],
            "/ready",
            ours | {"FAST_LANE": "off"},
            paths,
        ),
        ("bare aiohttp", [python, "-m", "bench.peers.bare_aiohttp"], "/", {}, {"account": "/"}),
        (
            "aiohttp + psycopg pool",
            [python, "-m", "bench.peers.pool_idiom"],
            "/users/1/accounts/10",
            {},
            peer_paths,
        ),
    ):
        port = free_port(18_100 + 20 * len(found))
        extra = [database.dsn] if "psycopg pool" in name else []
        stack.enter_context(running([*command, str(port), *extra], port, ready, **environment))
        found.append(Target(name, port, asked, {}))
    port = free_port(18_300)
    flask = ["-w", "1", "--threads", "8", "-b", f"127.0.0.1:{port}", "--keep-alive", "30"]
    stack.enter_context(
        running(
            [python, "-m", "gunicorn", *flask, "bench.peers.flask_sqlalchemy:app"],
            port,
            "/users/1/accounts/10",
            DATABASE_URL=database.dsn,
        )
    )
    found.append(Target("Flask + SQLAlchemy", port, peer_paths, {}))
    return found


def run(database: Seeded, rounds: int, seconds: float) -> dict[str, Any]:
    """Answers per second by question and server, with pgbench calling the same function beside."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed: apt-get install wrk")
    questions: dict[str, dict[str, dict[str, float]]] = {}
    latencies: dict[str, dict[str, list[float]]] = {}
    failed: dict[str, int] = {}
    with ExitStack() as stack:
        servers = targets(database, stack)
        for question in ("account", "forecast", "balance"):
            things = {}
            for server in servers:
                if question not in server.paths:
                    continue

                def ask(server: Target = server, question: str = question) -> float:
                    seen = load(server.port, script(server, server.paths[question]), seconds)
                    latencies.setdefault(f"{question}, {server.name}", {"p50": [], "p99": []})
                    latencies[f"{question}, {server.name}"]["p50"].append(seen.p50_ms)
                    latencies[f"{question}, {server.name}"]["p99"].append(seen.p99_ms)
                    failed[server.name] = failed.get(server.name, 0) + seen.bad
                    return seen.per_s

                things[server.name] = ask
            pgbench_script = {
                "account": "account_read",
                "forecast": "forecast_read",
                "balance": "forecast_balance",
            }[question]
            things["pgbench, 2 clients, no HTTP"] = partial(
                calls_per_s,
                database.dsn,
                BENCH / "sql" / f"{pgbench_script}.sql",
                CALLERS,
                2,
                seconds,
            )
            taken = alternate(things, rounds)
            questions[question] = {name: one.json() for name, one in taken.items()}
    with psycopg.connect(database.dsn) as connection:
        about = machine(connection)
    return {
        "machine": about,
        "users": database.users,
        "rounds": rounds,
        "connections": CONNECTIONS,
        "answers_per_s": questions,
        "latency_ms": {
            name: {key: sorted(values)[len(values) // 2] for key, values in of.items()}
            for name, of in latencies.items()
        },
        "failed": failed,
    }


def table(answer: dict[str, Any]) -> list[str]:
    """One line per question and server, with ratios to bare aiohttp and to pgbench."""
    lines = [
        "| question | server | answers/s (least to most) | of bare aiohttp | of pgbench |"
        " p50 ms | p99 ms |",
        "|---|---|---|---|---|---|---|",
    ]
    bare = answer["answers_per_s"]["account"]["bare aiohttp"]["median"]
    for question, servers in answer["answers_per_s"].items():
        base = servers["pgbench, 2 clients, no HTTP"]["median"]
        for name, taken in sorted(
            servers.items(), key=lambda item: item[1]["median"], reverse=True
        ):
            seen = answer["latency_ms"].get(f"{question}, {name}", {})
            waits = f" {seen['p50']:.1f} | {seen['p99']:.1f} |" if seen else " | |"
            lines.append(
                f"| {question} | {name} | {Spread(**taken).text()} |"
                f" {taken['median'] / bare:.1%} | {taken['median'] / base:.0%} |{waits}"
            )
    lines += ["", f"Answers that were not 200: {sum(answer['failed'].values())}"]
    return lines


def pictures(answer: dict[str, Any]) -> list[tuple[str, str, dict[str, dict[str, float]]]]:
    """A picture per question."""
    return [
        (f"http-{question}", f"answers per second: {question}", servers)
        for question, servers in answer["answers_per_s"].items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    options = parser.parse_args()
    with seeded(options.users) as database:
        answer = run(database, options.rounds, options.seconds)
    write("http", answer)
    print("\n".join(table(answer)))


if __name__ == "__main__":
    main()

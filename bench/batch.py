"""Many users in one set-based statement: how time grows with users, and daily balances per second.

`python -m bench.batch [--scales 1000,10000] [--rounds 3]` writes bench/results/batch.json.
"""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

import psycopg

from bench.clock import Spread, alternate, backend_cpu_s
from bench.machine import machine
from bench.report import write
from bench.server import Seeded, seed, seeded

DAYS = 365
# name -> statement over users 1..%s; each must really make every daily balance of every user
STATEMENTS = {
    "rows": (
        "select count(*), sum(closing_balance) from core.forecast_many("
        "array(select generate_series(1, %s)::bigint), '2026-01-15', 365)"
    ),
    "arrays": (
        "select count(*), sum(cardinality(closing_cents)) from core.forecast_many_arrays("
        "array(select generate_series(1, %s)::bigint), '2026-01-15', 365)"
    ),
    "arrays, stored": (
        "create temporary table run on commit drop as select * from core.forecast_many_arrays("
        "array(select generate_series(1, %s)::bigint), '2026-01-15', 365)"
    ),
}


def cpu_s(connection: psycopg.Connection, statement: str, users: int) -> float:
    """CPU seconds of the backend for one statement over `users` households."""
    before = backend_cpu_s(connection)
    with connection.transaction():
        connection.execute(statement, (users,), prepare=False)
    return backend_cpu_s(connection) - before


def run(database: Seeded, scales: list[int], rounds: int) -> dict[str, Any]:
    """CPU seconds by scale and form; every scale is seeded afresh."""
    answer: dict[str, Any] = {"users": max(scales), "rounds": rounds, "days": DAYS}
    by_scale: dict[str, dict[str, dict[str, float]]] = {}
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        connection.execute("set max_parallel_workers_per_gather = 0")
        connection.execute("set statement_timeout = 0")
        answer["machine"] = machine(connection)
        for scale in scales:
            seed(database.dsn, scale)
            taken = alternate(
                {
                    name: partial(cpu_s, connection, statement, scale)
                    for name, statement in STATEMENTS.items()
                },
                rounds,
            )
            by_scale[str(scale)] = {name: one.json() for name, one in taken.items()}
    answer["cpu_s"] = by_scale
    return answer


def table(answer: dict[str, Any]) -> list[str]:
    """One line per scale and form: seconds, µs a user, daily balances per second and core."""
    lines = [
        "| users | form | CPU seconds (least to most) | µs a user |"
        " million daily balances per s and core |",
        "|---|---|---|---|---|",
    ]
    for scale, forms in answer["cpu_s"].items():
        for name, taken in forms.items():
            median = taken["median"]
            lines.append(
                f"| {int(scale):,} | {name} | {Spread(**taken).text()} |"
                f" {median / int(scale) * 1e6:.1f} |"
                f" {int(scale) * answer['days'] / median / 1e6:.2f} |"
            )
    return lines


def pictures(answer: dict[str, Any]) -> list[tuple[str, str, dict[str, dict[str, float]]]]:
    """Microseconds of CPU per user, by scale and form."""
    spreads = {
        f"{int(scale):,} users, {name}": {
            key: value / int(scale) * 1e6 for key, value in taken.items()
        }
        for scale, forms in answer["cpu_s"].items()
        for name, taken in forms.items()
    }
    return [("batch", "CPU microseconds per user of 365 days", spreads)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scales", default="1000,10000")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    scales = [int(scale) for scale in options.scales.split(",")]
    with seeded(scales[0]) as database:
        answer = run(database, scales, options.rounds)
    write("batch", answer)
    print("\n".join(table(answer)))


if __name__ == "__main__":
    main()

"""One forecast of 365 days and 12 rules: SQL against the loop of old and against numpy.

`python -m bench.forecast [--users 1000] [--rounds 7]` prints a table and writes
bench/results/forecast.json. Wall time of one client, and CPU of its backend where it is SQL.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import psycopg
from psycopg.types.string import TextLoader

from bench.clock import Spread, alternate, backend_cpu_s, wall_us
from bench.machine import machine
from bench.peers import day_loop, numpy_columns
from bench.report import RESULTS, write
from bench.server import AS_OF, Seeded, seeded

START = date.fromisoformat(AS_OF)
DAYS = 365

# name -> statement with the user's id as its only parameter
STATEMENTS = {
    "select 1": "select %s::bigint",
    "SQL, balance as columns": (
        "select api.forecast_read(_user_id => %s, _as_of => '2026-01-15',"
        " _fields => 'closing_balance')"
    ),
    "SQL, all columns": "select api.forecast_read(_user_id => %s, _as_of => '2026-01-15')",
    "SQL, an object per day": (
        "select api.forecast_read(_user_id => %s, _as_of => '2026-01-15', _format => 'rows')"
    ),
}


def statement_work(connection: psycopg.Connection, statement: str) -> Callable[[int], object]:
    """Run a statement for a user, prepared, its answer as unparsed bytes."""
    cursor = connection.cursor()

    def work(user_id: int) -> object:
        return cursor.execute(statement, (user_id,), prepare=True).fetchone()

    return work


def peers(connection: psycopg.Connection) -> dict[str, tuple[Callable[[int], object], int]]:
    """Name -> (work for a user, times a round)."""

    def loop(writes: day_loop.Writes) -> Callable[[int], object]:
        return lambda user_id: day_loop.forecast(connection, user_id, START, DAYS, writes)

    loops: dict[str, tuple[Callable[[int], object], int]] = {
        f"Python loop, {writes.value}": (loop(writes), 3) for writes in day_loop.Writes
    }
    return loops | {
        "numpy, balance as columns": (
            lambda user_id: numpy_columns.columns(
                connection, user_id, START, DAYS, ("closing_balance",)
            ),
            150,
        ),
        "numpy, all columns": (
            lambda user_id: numpy_columns.columns(connection, user_id, START, DAYS),
            100,
        ),
    }


def agree(connection: psycopg.Connection, users: int) -> None:
    """Every way gives the same closing balances, or nothing is measured."""
    for user_id in range(1, min(users, 50) + 1):
        by_sql = connection.execute(STATEMENTS["SQL, all columns"], (user_id,)).fetchone()
        by_loop = [
            float(day[5])
            for day in day_loop.forecast(connection, user_id, START, DAYS, day_loop.Writes.NONE)
        ]
        by_numpy = json.loads(numpy_columns.columns(connection, user_id, START, DAYS))
        assert by_sql is not None
        assert by_sql[0]["columns"]["closing_balance"] == by_loop
        assert by_numpy["columns"]["closing_balance"] == by_loop


def run(database: Seeded, rounds: int) -> dict[str, Any]:
    """Wall microseconds of every way, and CPU microseconds of the SQL ones."""
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        connection.execute(day_loop.TABLE)
        connection.execute("truncate cashflow")
        agree(connection, database.users)
        connection.adapters.register_loader("json", TextLoader)
        ways = {
            name: (statement_work(connection, statement), 1000 if name == "select 1" else 300)
            for name, statement in STATEMENTS.items()
        } | peers(connection)
        wall = alternate(
            {
                name: partial(wall_us, work, times, database.users)
                for name, (work, times) in ways.items()
            },
            rounds,
        )

        def cpu_us(name: str) -> float:
            work, times = ways[name]
            before = backend_cpu_s(connection)
            wall_us(work, times, database.users)
            return (backend_cpu_s(connection) - before) / times * 1e6

        cpu = alternate({name: partial(cpu_us, name) for name in STATEMENTS}, rounds)
        connection.execute("drop table cashflow")
        return {
            "machine": machine(connection),
            "users": database.users,
            "rounds": rounds,
            "days": DAYS,
            "wall_us": {name: one.json() for name, one in wall.items()},
            "cpu_us": {name: one.json() for name, one in cpu.items()},
        }


def table(answer: dict[str, Any]) -> list[str]:
    """The published lines: wall, ratio to the best SQL, CPU, ratio to select 1."""
    best = answer["wall_us"]["SQL, balance as columns"]["median"]
    one = answer["cpu_us"]["select 1"]["median"]
    lines = [
        "| one forecast, 365 days, 12 rules | wall µs (least to most) | ratio to the first SQL |"
        " backend CPU µs | ratio to select 1 |",
        "|---|---|---|---|---|",
    ]
    for name, taken in sorted(answer["wall_us"].items(), key=lambda item: item[1]["median"]):
        cpu = answer["cpu_us"].get(name)
        lines.append(
            f"| {name} | {Spread(**taken).text()} | {taken['median'] / best:.2f} | "
            + (f"{Spread(**cpu).text()} | {cpu['median'] / one:.1f} |" if cpu else "| |")
        )
    return lines


def pictures(answer: dict[str, Any]) -> list[tuple[str, str, dict[str, dict[str, float]]]]:
    """Name of the file, unit, and the spreads to draw."""
    return [("forecast", "wall microseconds per forecast", answer["wall_us"])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with seeded(options.users) as database:
        answer = run(database, options.rounds)
    write("forecast", answer)
    print("\n".join(table(answer)), f"\n{RESULTS / 'forecast.json'}")


if __name__ == "__main__":
    main()

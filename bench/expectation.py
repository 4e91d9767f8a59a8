"""One expectation of 365 days against the plan alone: what knowing how sure it is costs.

`python -m bench.expectation [--users 200] [--rounds 7] [--pg 18]` writes
bench/results/expectation.json, the versions side by side. The fit is of the seeded owners
themselves.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import psycopg

from bench.clock import Spread, alternate, backend_cpu_s
from bench.expected import fit
from bench.machine import machine
from bench.report import RESULTS, read, write
from bench.server import AS_OF, Seeded, seeded

DAYS = 365
PLAN = "plan"
GOAL = 3
TOTAL = "core.scope_rows($1, '{as_of}', {days}, 0)"
ALL = "core.expectation_arrays(array[$1], '{as_of}', {days})"
# Name of the way -> what it asks for one owner, and whether what the ledger says of the day was
# looked for beforehand (core.expectation_store), as the nightly run does it for every owner.
WAYS = {
    PLAN: ("core.forecast_many_arrays(array[$1], '{as_of}', {days})", False),
    "expectation of the total, kept": (TOTAL, True),
    "expectation of the total, from the ledger": (TOTAL, False),
    "expectation of accounts and total, kept": (ALL, True),
    "expectation of accounts and total, from the ledger": (ALL, False),
}
# Bookings are put on days and amounts that repeat for a third of them, as bills do.
GROW = """
insert into data.transactions (
    user_id, account_id, amount, transaction_date, description, counterparty
)
select
    1,
    10,
    case when n % 3 = 0 then -20 - n % 17 else -1 - (n * 7919) % 9000 / 100.0 end,
    case when n % 3 = 0
        then (date '2025-01-20' + make_interval(months => n / 3 % 12))::date
        else date '2025-01-16' + n * 363 / 1000
    end,
    'Card payment ' || n,
    case when n % 3 = 0 then 'Payee ' || n / 36 else 'Shop ' || n % 300 end
from generate_series(1, 1000) as n
"""
BALANCES = """
update data.accounts as account
set current_balance = opening_balance + (
    select coalesce(sum(amount), 0)
    from data.transactions as booking
    where booking.user_id = account.user_id and booking.account_id = account.id
)
where user_id = 1
"""


@dataclass(frozen=True)
class Owner:
    """Who is asked, how often a round."""

    users: range
    calls: int


def owners(users: int) -> dict[str, Owner]:
    """By how many bookings a year they have."""
    return {
        "100 bookings": Owner(range(2, users), 20),
        "1,100 bookings": Owner(range(1, 2), 5),
        "10,000 bookings": Owner(range(users + 1, users + 2), 1),
    }


def measured(
    connection: psycopg.Connection[Any], owner: Owner, name: str, walls: list[float]
) -> float:
    """CPU microseconds of the backend a call; the wall microseconds go to walls."""
    asked = [owner.users[number % len(owner.users)] for number in range(owner.calls)]
    _, is_kept = WAYS[name]
    connection.execute("truncate data.expectation_states")
    if is_kept:
        connection.execute("select core.expectation_store(%s, %s)", (asked, AS_OF))
    statement = f"execute way_{list(WAYS).index(name)}"
    before, began = backend_cpu_s(connection), time.perf_counter()
    for user_id in asked:
        connection.execute(f"{statement} ({user_id})".encode())
    walls.append((time.perf_counter() - began) / owner.calls * 1e6)
    return (backend_cpu_s(connection) - before) / owner.calls * 1e6


def run(database: Seeded, rounds: int) -> dict[str, Any]:
    """Microseconds of wall and of the backend's CPU by owner and way."""
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        connection.execute("set statement_timeout = 0")
        connection.execute("set plan_cache_mode = force_generic_plan")
        connection.execute(GROW)
        connection.execute(BALANCES)
        connection.execute("vacuum (analyze) data.transactions, data.accounts")
        refit_s = fit(connection, date.fromisoformat(AS_OF))
        for number, (source, _) in enumerate(WAYS.values()):
            query = f"select * from {source.format(as_of=AS_OF, days=DAYS)}"
            connection.execute(f"prepare way_{number} (bigint) as {query}".encode())
        answer: dict[str, Any] = {}
        for who, owner in owners(database.users).items():
            walls: dict[str, list[float]] = {name: [] for name in WAYS}
            cpu = alternate(
                {name: partial(measured, connection, owner, name, walls[name]) for name in WAYS},
                rounds,
            )
            answer[who] = {
                name: {"cpu_us": one.json(), "wall_us": Spread.of(walls[name][1:]).json()}
                for name, one in cpu.items()
            }
        return {
            "machine": machine(connection),
            "load": os.getloadavg()[0],
            "users": database.users,
            "rounds": rounds,
            "days": DAYS,
            "refit_s": refit_s,
            "owners": answer,
        }


def table(answer: dict[str, Any]) -> list[str]:
    """One line per version, owner and way."""
    lines = [
        f"{DAYS} days of one owner with two accounts and 12 rules. Goal: at most {GOAL} times the"
        " plan, which is of the total alone. *Kept*: the ledger was looked at before, as the night"
        " does it; every booking ends that. Load average of the machine at the end: "
        + ", ".join(
            f"{one['load']:.1f} (PostgreSQL {version})"
            for version, one in answer["versions"].items()
        )
        + ".",
        "",
        "| PostgreSQL | owner with | way | CPU µs (least to most) | wall µs | ratio of CPU |",
        "|---|---|---|---|---|---|",
    ]
    for version, one in answer["versions"].items():
        for who, ways in one["owners"].items():
            plan = ways[PLAN]["cpu_us"]["median"]
            for name, taken in ways.items():
                lines.append(
                    f"| {version} | {who} | {name} | {Spread(**taken['cpu_us']).text()} |"
                    f" {Spread(**taken['wall_us']).text()} |"
                    f" {taken['cpu_us']['median'] / plan:.2f} |"
                )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--pg", type=int, default=18)
    options = parser.parse_args()
    with seeded(options.users, options.pg) as database:
        found = run(database, options.rounds)
    answer = read("expectation") or {"versions": {}}
    answer["versions"][str(options.pg)] = found
    answer["machine"] = found["machine"]
    write("expectation", answer)
    print("\n".join(table(answer)), f"\n{RESULTS / 'expectation.json'}")


if __name__ == "__main__":
    main()

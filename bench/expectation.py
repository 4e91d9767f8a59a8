"""One expectation of 365 days against the plan alone: what knowing how sure it is costs.

`python -m bench.expectation [--users 1000] [--rounds 7] [--pg 18]` writes
bench/results/expectation.json, the versions side by side. Owners have two accounts and 12 rules;
the plan is that of the total alone, the expectation that of each account and of the total. The fit
is of the seeded owners themselves.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import psycopg

from bench.clock import Spread, alternate, backend_cpu_s, wall_us
from bench.expected import fit
from bench.machine import machine
from bench.report import RESULTS, read, write
from bench.server import AS_OF, Seeded, seeded

DAYS = 365
PLAN = "plan, arrays"
GOAL = 3
# Name of the way -> what it asks for one owner.
WAYS = {
    PLAN: "select * from core.forecast_many_arrays(array[$1], '{as_of}', {days})",
    "expectation, arrays": "select * from core.expectation_arrays(array[$1], '{as_of}', {days})",
    "plan, a row a day": "select * from core.forecast_many(array[$1], '{as_of}', {days})",
    "expectation, a row a day": "select * from core.expectation_many(array[$1], '{as_of}', {days})",
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


def worker(connection: psycopg.Connection[Any], number: int) -> Callable[[int], object]:
    """Asks a prepared way for one owner."""
    cursor = connection.cursor()

    def work(user_id: int) -> object:
        return cursor.execute(f"execute way_{number} ({user_id})".encode()).fetchall()

    return work


def run(database: Seeded, rounds: int) -> dict[str, Any]:
    """Microseconds of wall and of the backend's CPU by owner and way."""
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        connection.execute("set statement_timeout = 0")
        connection.execute("set plan_cache_mode = force_generic_plan")
        connection.execute(GROW)
        connection.execute(BALANCES)
        connection.execute("vacuum (analyze) data.transactions, data.accounts")
        refit_s = fit(connection, date.fromisoformat(AS_OF))
        for number, text in enumerate(WAYS.values()):
            query = text.format(as_of=AS_OF, days=DAYS)
            connection.execute(f"prepare way_{number} (bigint) as {query}".encode())
        works = {name: worker(connection, number) for number, name in enumerate(WAYS)}
        owners = {}
        for who, users, calls in (
            ("100 bookings", range(2, database.users), 200),
            ("1,100 bookings", range(1, 2), 100),
            ("10,000 bookings", range(database.users + 1, database.users + 2), 20),
        ):

            def ask(name: str, users: range = users, calls: int = calls) -> tuple[float, float]:
                before = backend_cpu_s(connection)
                wall = wall_us(lambda n: works[name](users[(n - 1) % len(users)]), calls, calls)
                return wall, (backend_cpu_s(connection) - before) / calls * 1e6

            walls: dict[str, list[float]] = {name: [] for name in WAYS}

            def cpu(name: str, walls: dict[str, list[float]] = walls, ask: Any = ask) -> float:
                wall, taken = ask(name)
                walls[name].append(wall)
                return float(taken)

            taken = alternate({name: partial(cpu, name) for name in WAYS}, rounds)
            owners[who] = {
                name: {
                    "cpu_us": one.json(),
                    "wall_us": Spread.of(walls[name][1:]).json(),
                }
                for name, one in taken.items()
            }
        return {
            "machine": machine(connection),
            "users": database.users,
            "rounds": rounds,
            "days": DAYS,
            "refit_s": refit_s,
            "owners": owners,
        }


def table(answer: dict[str, Any]) -> list[str]:
    """One line per version, owner and way."""
    lines = [
        f"{DAYS} days, one owner at a time; the plan of the total alone, the expectation of both"
        f" accounts and the total. Goal: at most {GOAL} times the plan's arrays.",
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
    parser.add_argument("--users", type=int, default=1000)
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

"""One owner's spending counted live against the same read from the summary, and what that costs.

`python -m bench.spending [--users 10000] [--rounds 5]` writes bench/results/spending.json. The
summary has an index by owner here, which it does not have in the product: its best case.
"""

from __future__ import annotations

import argparse
import time
from functools import partial
from typing import Any

import psycopg

from bench.clock import Spread, alternate, backend_cpu_s
from bench.machine import machine
from bench.report import write
from bench.server import Seeded, seeded

HEAVY = 10_000  # bookings of user 1; the others have 100
QUESTIONS = {
    "live, by month and subcategory": (
        "select core.spending_month(on_day), subcategory_id, sum(amount)"
        " from core.spending_legs($1, '2025-02-01', '2026-01-31') group by 1, 2"
    ),
    "summary, by month and subcategory": (
        "select month_on, subcategory_id, received - spent from mart.user_spending_summary"
        " where user_id = $1 and month_on between '2025-02-01' and '2026-01-31'"
    ),
    "api.spending_read, a year by category": (
        "select api.spending_read($1, '2025-02-01', '2026-01-31')"
    ),
    "api.spending_trends, 12 months": "select api.spending_trends($1, 12, null, '2026-01-15')",
}
GROW = """
insert into data.transactions (
    user_id, account_id, amount, transaction_date, description, counterparty, subcategory_id
)
select
    1, 10, -1 - n % 90, date '2025-01-16' + n * 363 / HEAVY, 'Card payment ' || n,
    'Shop ' || n % 300, 10 + n % 5
from generate_series(1, HEAVY) as n
"""
CHANGE = "update data.transactions set amount = amount - 1 where user_id between 2 and %s"
INDEX = "create index on mart.user_spending_summary (user_id, month_on)"
READY = "vacuum (analyze) data.transactions, data.accounts, mart.user_spending_summary"


def cpu_us(connection: psycopg.Connection, name: str, users: range, calls: int = 200) -> float:
    """CPU microseconds of the backend per answer, over users in turn."""
    before = backend_cpu_s(connection)
    for number in range(calls):
        user_id = users[number % len(users)]
        connection.execute("select set_config('app.user_id', %s, false)", (str(user_id),))
        connection.execute(f"execute {name} ({user_id})".encode())
    spent = backend_cpu_s(connection) - before
    before = backend_cpu_s(connection)
    for number in range(calls):
        connection.execute("select set_config('app.user_id', %s, false)", (str(number),))
    return (spent - (backend_cpu_s(connection) - before)) / calls * 1e6


def refresh_s(connection: psycopg.Connection) -> float:
    """Seconds on the wall until the summary was made anew."""
    began = time.perf_counter()
    connection.execute("select outcome from core.mart_refresh()")
    return time.perf_counter() - began


def run(database: Seeded, rounds: int) -> dict[str, Any]:
    """Microseconds by question for light and heavy owners, and seconds of refreshes."""
    answer: dict[str, Any] = {"users": database.users, "rounds": rounds, "heavy": HEAVY}
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        connection.execute("set statement_timeout = 0")
        # As the api functions have it: made for the values, a plan costs more than it runs.
        connection.execute("set plan_cache_mode = force_generic_plan")
        connection.execute(GROW.replace("HEAVY", str(HEAVY)).encode())
        refreshes = {"everything new": refresh_s(connection)}
        connection.execute(INDEX)
        connection.execute(READY)
        refreshes["nothing changed"] = refresh_s(connection)
        connection.execute((CHANGE % (database.users // 100)).encode())
        refreshes["one owner in a hundred changed"] = refresh_s(connection)
        connection.execute(READY)
        for number, text in enumerate(QUESTIONS.values()):
            connection.execute(f"prepare question_{number} (bigint) as {text}".encode())
        answer["cpu_us"] = {
            who: {
                name: one.json()
                for name, one in alternate(
                    {
                        name: partial(cpu_us, connection, f"question_{number}", users, calls)
                        for number, name in enumerate(QUESTIONS)
                    },
                    rounds,
                ).items()
            }
            for who, users, calls in (
                ("100 bookings", range(2, database.users), 200),
                (f"{HEAVY + 100:,} bookings", range(1, 2), 20),
            )
        }
        row = connection.execute(
            "select pg_total_relation_size('mart.user_spending_summary') / 1048576,"
            " (select count(*) from mart.user_spending_summary),"
            " (select count(*) from data.transactions)"
        ).fetchone()
        assert row is not None
        answer["summary_mb"], answer["summary_rows"], answer["bookings"] = row
        answer["refresh_s"] = refreshes
        answer["machine"] = machine(connection)
    return answer


def table(answer: dict[str, Any]) -> list[str]:
    """One line per owner and question, then one per refresh."""
    lines = ["| owner | question | CPU µs (least to most) | of live |", "|---|---|---|---|"]
    for who, questions in answer["cpu_us"].items():
        live = next(iter(questions.values()))["median"]
        for name, taken in questions.items():
            lines.append(
                f"| {who} | {name} | {Spread(**taken).text()} | {taken['median'] / live:.2f} |"
            )
    lines += [
        "",
        f"| refresh of {answer['summary_rows']:,} rows ({answer['summary_mb']} MB) from"
        f" {answer['bookings']:,} bookings | seconds |",
        "|---|---|",
    ]
    lines += [f"| {name} | {seconds:.1f} |" for name, seconds in answer["refresh_s"].items()]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with seeded(options.users) as database:
        answer = run(database, options.rounds)
    write("spending", answer)
    print("\n".join(table(answer)))


if __name__ == "__main__":
    main()

"""A ledger of a million bookings beside one of a hundred, and batches against plain COPY.

`python -m bench.ledger [--bookings 1000000] [--rounds 5]` writes bench/results/ledger.json; with
`--dsn` it takes a database that is filled already.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from functools import partial
from typing import Any

import psycopg

from bench.clock import Spread, alternate, backend_cpu_s
from bench.machine import machine
from bench.report import write
from bench.server import Seeded, seeded

HEAVY, LIGHT, TAKER = 1, 2, 3  # a million bookings, a hundred, and who takes batches
CALLS = 20
ROWS = 10_000  # of a round of ingest
ORDERS = ("newest", "oldest", "largest", "smallest")
# Ten years of bookings, six words each: a merchant of 2,000 (few have most), a city of ten, a
# number of a million. Every 333,333rd has a word of its own.
FILL = """
insert into data.transactions (
    user_id, account_id, amount, transaction_date, description, counterparty, change_no
)
select
    1,
    10,
    case when n %% 30 = 0 then 3000 + n %% 500 else -(1 + n * 7919 %% 30000 / 100.0) end,
    date '2016-01-01' + (n * 3652 / %(bookings)s)::integer,
    'Card payment ' || (array[
        'London', 'Prague', 'Berlin', 'Zürich', 'Brno', 'Paris', 'Wien', 'Lyon', 'Porto', 'Oslo'
    ])[1 + n * 31 %% 97 %% 10] || ' ' || lpad((n * 7919 %% 1000000)::text, 6, '0')
        || case when n %% 333333 = 77 then ' Xylophone' else '' end,
    (array['Market', 'Cafe', 'Pharmacy', 'Fuel', 'Books', 'Shop', 'Bakery', 'Hotel'])[1 + n %% 8]
        || ' m' || (2000 * pow((n * 48271 %% 65521) / 65521.0, 3))::integer,
    n / 100
from generate_series(1::bigint, %(bookings)s - 100) as n
order by n
"""
SEARCHES = {
    "word of three bookings": "xylophone",
    "word of none": "zebra",
    "word of every booking": "card",
    "word of every tenth": "london",
    "two words": "london bakery",
    "two words that never meet": "london prague",
}
CURSOR = """
select core.place_text(%(order)s, amount_cents, transaction_date, id)
from data.transactions
where user_id = %(user)s
order by {columns}
offset 4949 limit 1
"""


def questions(connection: psycopg.Connection, user: int) -> dict[str, str]:
    """Name -> statement: pages in every order, searches, changes."""
    asked: dict[str, str] = {}
    for order in ORDERS:
        way = "desc" if order in ("newest", "largest") else "asc"
        names = ["amount_cents"] if order in ("largest", "smallest") else []
        columns = ", ".join(f"{name} {way}" for name in [*names, "transaction_date", "id"])
        call = f"select api.transaction_list({user}, _order => '{order}'"
        asked[f"first page, {order}"] = f"{call})"
        row = connection.execute(
            CURSOR.format(columns=columns).encode(), {"order": order, "user": user}
        ).fetchone()
        if row is not None:
            asked[f"page 100, {order}"] = f"{call}, _cursor => '{row[0]}')"
    for name, text in SEARCHES.items():
        asked[f"search, {name}"] = f"select api.transaction_list({user}, _text => '{text}')"
    asked["changes, first page of 50"] = f"select api.sync_read({user}, _limit => 50)"
    return asked


def pages_of(connection: psycopg.Connection, statement: str) -> int:
    """8 kB pages of memory that a statement touches, with everything that it calls."""
    row = connection.execute(
        f"explain (analyze, buffers, format json) {statement}".encode()
    ).fetchone()
    assert row is not None
    plan = row[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def call_us(connection: psycopg.Connection, statement: str) -> float:
    """Microseconds of the backend's CPU for one call."""
    before = backend_cpu_s(connection)
    for _ in range(CALLS):
        connection.execute(statement.encode(), prepare=True)
    return (backend_cpu_s(connection) - before) / CALLS * 1e6


def read(database: Seeded, rounds: int) -> dict[str, Any]:
    """Pages and microseconds of every question, by user."""
    answer: dict[str, Any] = {}
    for user in (HEAVY, LIGHT):
        with psycopg.connect(database.dsn, autocommit=True) as connection:
            connection.execute("select set_config('app.user_id', %s, false)", [str(user)])
            asked = questions(connection, user)
            taken = alternate(
                {name: partial(call_us, connection, text) for name, text in asked.items()},
                rounds,
            )
            for name, spread in taken.items():
                answer.setdefault(name, {})[str(user)] = {
                    "us": spread.json(),
                    "pages": pages_of(connection, asked[name]),
                }
    return answer


def row_of(number: int) -> tuple[Any, ...]:
    """One booking to take."""
    return (
        -1 - number % 90,
        f"2025-0{1 + number % 9}-1{number % 10}",
        f"Card payment {number * 7919 % 1000000}",
        f"Shop {number % 500}",
    )


def account_of(connection: psycopg.Connection) -> int:
    """An account of who takes batches."""
    row = connection.execute(
        "select min(id) from data.accounts where user_id = %s", [TAKER]
    ).fetchone()
    assert row is not None
    return int(row[0])


def batches(connection: psycopg.Connection, size: int) -> float:
    """Rows per second by api.batch_add in batches of that size, each a transaction."""
    account = account_of(connection)
    bodies = []
    for start in range(0, ROWS, size):
        rows = [row_of(number) for number in range(start, start + size)]
        items = [
            {
                "account_id": account,
                "amount": amount,
                "transaction_date": day,
                "description": words,
                "counterparty": name,
            }
            for amount, day, words, name in rows
        ]
        bodies.append(json.dumps(items))
    began = time.perf_counter()
    for body in bodies:
        connection.execute("select api.batch_add(%s, %s)", [TAKER, body], prepare=True)
    return ROWS / (time.perf_counter() - began)


def copied(connection: psycopg.Connection, size: int) -> float:
    """Rows per second by COPY in pieces of that size, each a transaction."""
    account = account_of(connection)
    began = time.perf_counter()
    for start in range(0, ROWS, size):
        with connection.cursor().copy(
            "copy data.transactions (user_id, account_id, amount, transaction_date, description,"
            " counterparty) from stdin"
        ) as copy:
            for number in range(start, start + size):
                copy.write_row((TAKER, account, *row_of(number)))
    return ROWS / (time.perf_counter() - began)


def single_us(connection: psycopg.Connection, statement: str) -> float:
    """Microseconds of the backend's CPU for one write."""
    before = backend_cpu_s(connection)
    for _ in range(200):
        connection.execute(statement.encode(), prepare=True)
    return (backend_cpu_s(connection) - before) / 200 * 1e6


def ingest(database: Seeded, rounds: int) -> dict[str, Any]:
    """Rows per second of each way, and what a single booking and its tick cost."""
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        connection.execute("select set_config('app.user_id', %s, false)", [str(TAKER)])
        account = account_of(connection)
        taken = alternate(
            {
                "api.batch_add, 100 rows": partial(batches, connection, 100),
                "api.batch_add, 1,000 rows": partial(batches, connection, 1000),
                "COPY, 100 rows": partial(copied, connection, 100),
                "COPY, 1,000 rows": partial(copied, connection, 1000),
                "COPY, 10,000 rows": partial(copied, connection, ROWS),
            },
            rounds,
        )
        single = alternate(
            {
                "api.transaction_add": partial(
                    single_us,
                    connection,
                    f"select api.transaction_add({TAKER}, {account}, -1, '2025-01-02', 'x')",
                ),
                "core.clock_tick": partial(
                    single_us, connection, f"select core.clock_tick({TAKER})"
                ),
            },
            rounds,
        )
        row = connection.execute(
            "select count(*) from pg_catalog.pg_index"
            " where indrelid = 'data.transactions'::regclass"
        ).fetchone()
        assert row is not None
    return {
        "rows_per_s": {name: one.json() for name, one in taken.items()},
        "single_us": {name: one.json() for name, one in single.items()},
        "indexes": row[0],
    }


def fill(database: Seeded, bookings: int) -> None:
    """The heavy ledger, in one statement."""
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        connection.execute("set statement_timeout = 0")
        with psycopg.ClientCursor(connection) as cursor:
            cursor.execute(FILL, {"bookings": bookings})
        connection.execute("vacuum (analyze) data.transactions")


def run(database: Seeded, bookings: int, rounds: int) -> dict[str, Any]:
    """Everything, of a filled database."""
    answer: dict[str, Any] = {"users": database.users, "bookings": bookings, "rounds": rounds}
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        answer["machine"] = machine(connection)
    answer["load"] = os.getloadavg()[0]
    answer["read"] = read(database, rounds)
    answer["ingest"] = ingest(database, rounds)
    return answer


def table(answer: dict[str, Any]) -> list[str]:
    """Questions by user, then the ways of ingest."""
    lines = [
        "Pages of 8 kB that a call of the route's function touches, and its CPU in the backend;"
        f" lists of 50. The machine was shared and not kept free: {answer['load']:.0f} processes"
        " wanted to run when it began.",
        "",
        f"| question | {answer['bookings']:,} bookings: pages | µs (least to most) |"
        " 100 bookings: pages | µs (least to most) |",
        "|---|---|---|---|---|",
    ]
    for name, users in answer["read"].items():
        cells = [
            f"{users[user]['pages']:,} | {Spread(**users[user]['us']).text()}"
            if user in users
            else " | "
            for user in (str(HEAVY), str(LIGHT))
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    taken = answer["ingest"]
    best = taken["rows_per_s"]["COPY, 10,000 rows"]["median"]
    lines += [
        "",
        f"Ingest of one owner's bookings into the same table, {taken['indexes']} indexes, beside"
        " the million. COPY checks no owner, moves no balance and ticks no clock.",
        "",
        "| way | rows per second (least to most) | of COPY of 10,000 |",
        "|---|---|---|",
    ]
    for name, one in taken["rows_per_s"].items():
        lines.append(f"| {name} | {Spread(**one).text()} | {one['median'] / best:.2f} |")
    single = {name: Spread(**one) for name, one in taken["single_us"].items()}
    lines += [
        "",
        f"One booking: {single['api.transaction_add'].text()} µs of CPU; a tick of the clock alone,"
        f" which is part of it: {single['core.clock_tick'].text()} µs.",
    ]
    return lines


def pictures(answer: dict[str, Any]) -> list[tuple[str, str, dict[str, dict[str, float]]]]:
    """None: the table says it."""
    return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bookings", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dsn", help="a database that is filled already")
    options = parser.parse_args()
    if options.dsn:
        answer = run(Seeded(options.dsn, options.dsn, "", 3001), options.bookings, options.rounds)
    else:
        with seeded(100) as database:
            fill(database, options.bookings)
            answer = run(database, options.bookings, options.rounds)
    write("ledger", answer)
    print("\n".join(table(answer)))


if __name__ == "__main__":
    main()

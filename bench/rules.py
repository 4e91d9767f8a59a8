"""Rules times bookings: what one statement costs beside one call per booking.

`python -m bench.rules [--bookings 100000] [--rounds 3]` writes bench/results/rules.json.
"""

from __future__ import annotations

import argparse
import time
from functools import partial
from typing import Any

import psycopg

from bench.clock import Spread, alternate
from bench.machine import machine
from bench.report import write
from bench.server import Seeded, seeded

BATCH = 20_000  # bookings of one request of POST /transaction-rules/apply
SAMPLE = 1_000  # bookings that the slow form is asked for: its time is scaled up
# Every rule names one to three texts; every fifth booking meets one, as words of shops repeat.
SEED = """
insert into data.users (id) values (1000000);
select core.category_copy(array[1000000]);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (1000000, 1000000, 'Checking', 'USD', '2000-01-01');
insert into data.transactions (
    user_id, account_id, amount, transaction_date, description, counterparty
)
select
    1000000, 1000000, case when n %% 9 = 0 then 1 else -1 end * (1 + n %% 20000) / 100.0,
    date '2026-01-01' - n %% 3650,
    'Card payment ' || substr(md5(n::text), 1, 8) || ' SHOP' || n %% 250 || ' Praha 5',
    case when n %% 3 > 0 then 'Merchant ' || n %% 400 || ' s.r.o.' end
from generate_series(1, %(bookings)s) as n;
insert into data.transaction_rules (
    user_id, position, name, texts, text_match, text_field, amount_to, subcategory_id, add_tags
)
select
    1000000, n, 'Rule ' || n,
    case n %% 3
        when 0 then array['shop' || n]
        else array['shop' || n || ' ', 'kiosk' || n, 'merchant x' || n]
    end,
    case n %% 10 when 0 then 'word' else 'contains' end,
    case n %% 4 when 0 then 'description' else 'either' end,
    case n %% 5 when 0 then 0 end,
    (
        select id from data.subcategories
        where user_id = 1000000 order by id offset n %% 20 limit 1
    ),
    case n %% 7 when 0 then array['seven'] end
from generate_series(1, %(rules)s) as n;
"""
IDS = """
select array_agg(id order by transaction_date desc, id desc)
from data.transactions where user_id = 1000000
"""
MATCH = "select count(*) from core.condition_matches(1000000, %s)"
RUN = "select (core.ruleset_run(1000000, %s, core.clock_tick(1000000), 'demand')).changed_count"


def took_s(connection: psycopg.Connection, statement: str, batches: list[list[int]]) -> float:
    """Seconds for all batches; what they wrote is rolled back."""
    with connection.transaction(force_rollback=True):
        began = time.perf_counter()
        for batch in batches:
            connection.execute(statement, (batch,), prepare=False)
        return time.perf_counter() - began


def run(database: Seeded, bookings: int, rules: int, rounds: int) -> dict[str, Any]:
    """Seconds by form, over all bookings in batches of a request."""
    answer: dict[str, Any] = {"bookings": bookings, "rules": rules, "rounds": rounds}
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        answer["machine"] = machine(connection)
        connection.execute("set statement_timeout = 0")
        connection.execute(
            SEED.replace("%(bookings)s", str(bookings))
            .replace("%(rules)s", str(rules))
            .replace("%%", "%")
        )
        connection.execute("vacuum analyze data.transactions, data.transaction_rules")
        connection.execute("set role owner")
        connection.execute("select set_config('app.user_id', '1000000', false)")
        row = connection.execute(IDS).fetchone()
        assert row is not None
        keys: list[int] = row[0]
        batches = [keys[place : place + BATCH] for place in range(0, bookings, BATCH)]
        singly = [[key] for key in keys[:: max(1, bookings // SAMPLE)]]
        met = connection.execute(MATCH, (keys,)).fetchone()
        assert met is not None
        answer["met"] = met[0]
        forms = {
            "compared": partial(took_s, connection, MATCH, batches),
            "applied, trail written": partial(took_s, connection, RUN, batches),
        }
        taken = alternate(forms, rounds)
        for batch in batches:  # this time it stays, so that the last form finds nothing to do
            connection.execute(RUN, (batch,))
        taken |= alternate(
            {
                "applied again, nothing to do": partial(took_s, connection, RUN, batches),
                "compared, one call a booking": lambda: (
                    took_s(connection, MATCH, singly) * bookings / len(singly)
                ),
            },
            rounds,
        )
        answer["seconds"] = {name: one.json() for name, one in taken.items()}
    return answer


def table(answer: dict[str, Any]) -> list[str]:
    """One line per form: seconds, bookings and pairs a second."""
    bookings, rules = answer["bookings"], answer["rules"]
    lines = [
        f"{bookings:,} bookings, {rules} rules, {answer['met']:,} pairs that meet",
        "",
        "| form | seconds (least to most) | bookings a second | million pairs a second |",
        "|---|---|---|---|",
    ]
    for name, taken in answer["seconds"].items():
        median = taken["median"]
        lines.append(
            f"| {name} | {Spread(**taken).text()} | {bookings / median:,.0f} |"
            f" {bookings * rules / median / 1e6:.2f} |"
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bookings", type=int, default=100_000)
    parser.add_argument("--rules", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with seeded(10) as database:
        answer = run(database, options.bookings, options.rules, options.rounds)
    write("rules", answer)
    print("\n".join(table(answer)))


if __name__ == "__main__":
    main()

"""A budget is a plain recount of the ledger, and what goes on is a plain loop over its chain.

Any sequence of bookings, edits, drops, splits and transfers; any rules and allocations; and no two
active periods ever share a day, however many write at once.
"""

import itertools
import json
import random
import secrets
import threading
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.laws.test_ledger import take

EXAMPLES = 60
USER = 910_001
ACCOUNTS = (1, 2, 3)  # the last one is in another currency
SUBCATEGORIES = (11, 12, 13, 14)
REFUSALS = ("PT404", "PT409", "PT422")
WRITERS, WRITES = 4, 25
ZERO = Decimal(0)

amounts = st.integers(-9_999, 9_999).map(lambda cents: Decimal(cents) / 100)
days = st.dates(date(2024, 12, 20), date(2025, 4, 10))
place = st.integers(0, 9)
accounts = st.sampled_from(ACCOUNTS)
filed = st.none() | st.sampled_from(SUBCATEGORIES)
writes = st.one_of(
    st.tuples(st.just("add"), accounts, amounts, days, filed, st.booleans()),
    st.tuples(st.just("add"), accounts, amounts, days, filed, st.booleans()),
    st.tuples(st.just("edit"), place, accounts, amounts, days, filed),
    st.tuples(st.just("drop"), place),
    st.tuples(st.just("split"), place, filed, filed),
    st.tuples(st.just("move"), amounts.map(abs), days),
    st.tuples(st.just("link"), place, place),
)
rules = st.sampled_from(["none", "left", "overspent", "both"])
given_money = st.integers(0, 20_000).map(lambda cents: Decimal(cents) / 100)
plans = st.lists(
    st.tuples(
        rules,
        st.dictionaries(
            st.sampled_from(SUBCATEGORIES), st.tuples(given_money, st.booleans()), min_size=1
        ),
    ),
    min_size=3,
    max_size=3,
)


def ask(connection: psycopg.Connection[Any], statement: str, *values: Any) -> Any:
    """The first column, or None when it was refused with a 4xx."""
    try:
        with connection.transaction():
            row = connection.execute(statement.encode(), values).fetchone()
    except psycopg.Error as error:
        if error.sqlstate not in REFUSALS:
            raise
        return None
    assert row is not None
    return row[0]


def settle(connection: psycopg.Connection[Any]) -> None:
    """One owner with accounts in two currencies and a few subcategories."""
    connection.execute("insert into data.users (id, currency) values (%s, 'USD')", [USER])
    connection.execute(
        "insert into data.accounts (user_id, id, name, currency, opened_on) values"
        " (%(u)s, 1, 'A', 'USD', '2024-01-01'), (%(u)s, 2, 'B', 'USD', '2024-01-01'),"
        " (%(u)s, 3, 'C', 'EUR', '2024-01-01')",
        {"u": USER},
    )
    connection.execute(
        "insert into data.categories (user_id, id, name) values (%s, 1, 'All')", [USER]
    )
    connection.execute(
        "insert into data.subcategories (user_id, id, category_id, name)"
        " select %s, id, 1, 'S' || id from unnest(%s) as id",
        [USER, list(SUBCATEGORIES)],
    )
    take(connection, USER)


def do(connection: psycopg.Connection[Any], write: tuple[Any, ...]) -> None:
    """One write through the functions of api; a refusal is as good as a deed."""
    kind, *values = write
    keys = [
        row[0]
        for row in connection.execute(
            "select id from data.transactions where user_id = %s order by id", [USER]
        )
    ]

    def key(index: int) -> int:
        return int(keys[index % len(keys)]) if keys else 999_999

    if kind == "add":
        account, amount, day, subcategory, is_pending = values
        ask(
            connection,
            "select api.transaction_add(%s, %s, %s, %s, 'x', _subcategory_id => %s,"
            " _is_pending => %s)",
            USER, account, amount, day, subcategory, is_pending,
        )  # fmt: skip
    elif kind == "edit":
        index, account, amount, day, subcategory = values
        body = json.dumps({"subcategory_id": subcategory})
        ask(
            connection,
            "select api.transaction_edit(%s, %s, %s, _account_id => %s, _amount => %s,"
            " _transaction_date => %s, _subcategory_id => %s)",
            USER, key(index), body, account, amount, day, subcategory,
        )  # fmt: skip
    elif kind == "drop":
        ask(connection, "select api.transaction_drop(%s, %s)", USER, key(values[0]))
    elif kind == "split":
        row = connection.execute(
            "select amount from data.transactions where user_id = %s and id = %s",
            [USER, key(values[0])],
        ).fetchone()
        whole = row[0] if row else ZERO
        parts = [whole + 1, Decimal(-1)]
        splits = [
            {"amount": str(part), "subcategory_id": subcategory}
            for part, subcategory in zip(parts, values[1:], strict=True)
        ]
        ask(
            connection, "select api.split_set(%s, %s, %s)", USER, key(values[0]), json.dumps(splits)
        )
    elif kind == "move":
        ask(connection, "select api.transfer_add(%s, 1, 2, %s, %s)", USER, *values)
    else:
        ask(
            connection, "select api.transfer_link(%s, %s, %s)", USER, key(values[0]), key(values[1])
        )


def recount(
    connection: psycopg.Connection[Any], first: date, last: date
) -> tuple[dict[int | None, Decimal], Decimal, Decimal]:
    """Net by subcategory, and what came in and went out without one: row by row."""
    splits: dict[int, list[tuple[int | None, Decimal]]] = defaultdict(list)
    for booking, subcategory, amount in connection.execute(
        "select transaction_id, subcategory_id, amount from data.transaction_splits"
        " where user_id = %s",
        [USER],
    ):
        splits[booking].append((subcategory, amount))
    nets: dict[int | None, Decimal] = defaultdict(Decimal)
    came = went = ZERO
    for key, account, amount, day, subcategory, transfer in connection.execute(
        "select id, account_id, amount, transaction_date, subcategory_id, transfer_id"
        " from data.transactions where user_id = %s",
        [USER],
    ):
        if account == 3 or transfer is not None or not first <= day <= last:
            continue
        for filed_under, part in splits.get(key) or [(subcategory, amount)]:
            nets[filed_under] += part
            if filed_under is None:
                came += max(part, ZERO)
                went -= min(part, ZERO)
    return nets, came, went


def carried_on(rule: str, balance: Decimal) -> Decimal:
    """What goes on of a balance."""
    return {
        "none": ZERO,
        "left": max(ZERO, balance),
        "overspent": min(ZERO, balance),
        "both": balance,
    }[rule]


def plan(connection: psycopg.Connection[Any], chain: Any) -> list[int]:
    """Three budgets in a row, each with its own rule and envelopes; their keys."""
    period = ask(connection, "select api.period_add(%s, 'monthly', '2025-01-01')", USER)["id"]
    budgets = [ask(connection, "select api.budget_add(%s, %s, 'B')", USER, period)["id"]]
    for _ in chain[1:]:
        rolled = ask(connection, "select api.roll_next(%s, %s)", USER, budgets[-1])
        budgets.append(rolled["budget"]["id"])
    for budget, (rule, envelopes) in zip(budgets, chain, strict=True):
        ask(
            connection,
            "select api.budget_edit(%s, %s, '{}', _carry_rule => %s)",
            USER,
            budget,
            rule,
        )
        items = [
            {"subcategory_id": key, "amount": str(amount), "is_carried": is_carried}
            for key, (amount, is_carried) in envelopes.items()
        ]
        items = [one | {"amount": float(one["amount"])} for one in items]
        assert ask(
            connection, "select api.allocation_set(%s, %s, %s)", USER, budget, json.dumps(items)
        )
    return budgets


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(writes, max_size=25), plans, st.dates(date(2025, 1, 1), date(2025, 4, 5)))
def test_a_budget_is_a_plain_recount(
    transaction: psycopg.Connection[Any], done: list[Any], chain: Any, as_of: date
) -> None:
    with transaction.transaction(force_rollback=True):
        settle(transaction)
        budgets = plan(transaction, chain)
        for write in done:
            do(transaction, write)
        came: dict[int, Decimal] = {}
        firsts = [date(2025, month, 1) for month in (1, 2, 3, 4)]
        for place_, (budget, (rule, envelopes)) in enumerate(zip(budgets, chain, strict=True)):
            last = min(firsts[place_ + 1] - timedelta(1), as_of)
            nets, received, spent = recount(transaction, firsts[place_], last)
            row = transaction.execute(
                "select core.tally_json(%s, %s, %s)::text", [USER, budget, as_of]
            ).fetchone()
            assert row is not None
            said = json.loads(row[0], parse_float=Decimal, parse_int=Decimal)
            balances = {}
            for key, (amount, _) in sorted(envelopes.items()):
                balances[key] = amount + came.get(key, ZERO) + nets[key]
            seen = {int(one["subcategory_id"]): one for one in said["envelopes"]}
            assert {key: one["remaining"] for key, one in seen.items()} == balances
            assert {key: one["carried"] for key, one in seen.items()} == {
                key: came.get(key, ZERO) for key in envelopes
            }
            assert {key: one["spent"] for key, one in seen.items()} == {
                key: -nets[key] for key in envelopes
            }
            for key, net in nets.items():
                if key is not None and key not in envelopes:
                    received += max(net, ZERO)
                    spent -= min(net, ZERO)
            assert said["income"]["received"] == received
            assert said["totals"]["unallocated"] == spent
            came = {
                key: carried_on(rule if envelopes[key][1] else "none", balance)
                for key, balance in balances.items()
            }


def test_no_two_active_periods_share_a_day_whoever_writes(
    database: str, db: psycopg.Connection[Any]
) -> None:
    db.execute("insert into data.users (id) values (%s)", [USER])
    seed = secrets.randbits(32)
    failures: list[str] = []

    def write(number: int) -> None:
        chance = random.Random(seed + number)
        with psycopg.connect(database, autocommit=True) as own:
            take(own, USER, is_local=False)
            own.execute("set lock_timeout = '5s'")
            for _ in range(WRITES):
                first = date(2025, 1, 1) + timedelta(chance.randrange(120))
                last = first + timedelta(chance.randrange(20))
                try:
                    if chance.random() < 0.3:
                        own.execute(
                            "select api.period_edit(%s, max(id), %s, _starts_on => %s)"
                            " from data.budget_periods where user_id = %s having max(id) > 0",
                            [USER, json.dumps({"starts_on": str(first), "ends_on": str(last)}),
                             first, USER],
                        )  # fmt: skip
                    else:
                        own.execute(
                            "select api.period_add(%s, 'custom', %s, %s)", [USER, first, last]
                        )
                except psycopg.Error as error:
                    if error.sqlstate != "PT409":
                        failures.append(f"{error.sqlstate} {error}")

    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    spans = db.execute(
        "select starts_on, ends_on from data.budget_periods where user_id = %s and is_active"
        " order by starts_on",
        [USER],
    ).fetchall()
    assert failures == [], f"seed {seed}"
    assert len(spans) > 1
    assert all(one[1] < other[0] for one, other in itertools.pairwise(spans)), seed


def test_the_table_itself_lets_no_two_overlap(database: str, db: psycopg.Connection[Any]) -> None:
    """Past every function: whoever comes second waits for the first, and is refused."""
    db.execute("insert into data.users (id) values (%s)", [USER])
    insert = (
        "insert into data.budget_periods (user_id, kind, starts_on, ends_on)"
        " values (%s, 'custom', %s, %s)"
    )
    refused: list[str | None] = []

    def second() -> None:
        with psycopg.connect(database, autocommit=True) as own:
            try:
                own.execute(insert, [USER, date(2025, 1, 31), date(2025, 2, 2)])
            except psycopg.Error as error:
                refused.append(error.sqlstate)

    with psycopg.connect(database) as first:
        first.execute(insert, [USER, date(2025, 1, 1), date(2025, 1, 31)])
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        first.commit()
    waiting.join()
    assert refused == ["23P01"]

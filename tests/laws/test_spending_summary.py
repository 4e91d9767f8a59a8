"""The summary over many users after a refresh is what every user's own legs add up to.

Whatever was booked, split, moved, pending or dropped; in whatever time zone it was refreshed.
"""

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

OWNERS = (-1, -2, -3)
ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Midway", "America/New_York")
amounts = st.integers(-50_000, 50_000).filter(bool).map(lambda cents: Decimal(cents) / 100)
bookings = st.fixed_dictionaries(
    {
        "user_id": st.sampled_from(OWNERS),
        "account_id": st.sampled_from((1, 2)),
        "subcategory_id": st.none() | st.sampled_from((10, 11)),
        "amount": amounts,
        "on_day": st.dates(date(2024, 12, 25), date(2025, 3, 5)),
        "fate": st.sampled_from(("plain", "plain", "pending", "split", "transfer", "dropped")),
        "parts": st.lists(
            st.tuples(amounts, st.none() | st.sampled_from((10, 11))), min_size=1, max_size=3
        ),
    }
)
PEOPLE = """
insert into data.users (id, currency, timezone)
select -n, 'USD', 'UTC' from generate_series(1, 3) as n;
insert into data.accounts (user_id, id, name, currency, opened_on)
select -n, place, 'Account', case place when 1 then 'USD' else 'EUR' end, '2024-01-01'
from generate_series(1, 3) as n cross join generate_series(1, 2) as place;
insert into data.categories (user_id, id, name)
select -n, 1, 'Food' from generate_series(1, 3) as n;
insert into data.subcategories (user_id, id, category_id, name)
select -n, key, 1, 'Sub ' || key
from generate_series(1, 3) as n cross join generate_series(10, 11) as key;
"""
VIEW = """
select user_id, currency, month_on, subcategory_id, spent, received, spent_count, received_count
from mart.user_spending_summary where user_id < 0
"""
LIVE = """
select
    person.id, account.currency, core.spending_month(leg.on_day), coalesce(leg.subcategory_id, 0),
    coalesce(-sum(leg.amount) filter (where leg.amount < 0), 0),
    coalesce(sum(leg.amount) filter (where leg.amount > 0), 0),
    count(*) filter (where leg.amount < 0), count(*) filter (where leg.amount > 0)
from data.users as person
cross join lateral core.spending_legs(person.id, '1900-01-01', '2200-12-31') as leg
inner join data.accounts as account
    on account.user_id = person.id and account.id = leg.account_id
where person.id < 0
group by 1, 2, 3, 4
"""


def book(connection: psycopg.Connection[Any], number: int, one: dict[str, Any]) -> Decimal:
    """Writes a booking to its fate; what it adds to spending and income."""
    is_split = one["fate"] == "split"
    amount = sum((part for part, _ in one["parts"]), Decimal(0)) if is_split else one["amount"]
    connection.execute(
        "insert into data.transactions (user_id, id, account_id, subcategory_id, amount,"
        " transaction_date, description, is_pending, transfer_id)"
        " values (%s, %s, %s, %s, %s, %s, 'x', %s, %s)",
        (
            one["user_id"],
            number,
            one["account_id"],
            None if is_split else one["subcategory_id"],
            amount,
            one["on_day"],
            one["fate"] == "pending",
            number if one["fate"] == "transfer" else None,
        ),
    )
    for part, subcategory in one["parts"] if is_split else ():
        connection.execute(
            "insert into data.transaction_splits (user_id, transaction_id, transaction_date,"
            " amount, subcategory_id) values (%s, %s, %s, %s, %s)",
            (one["user_id"], number, one["on_day"], part, subcategory),
        )
    if one["fate"] == "dropped":
        connection.execute(
            "delete from data.transactions where user_id = %s and id = %s",
            (one["user_id"], number),
        )
    return Decimal(0) if one["fate"] in ("dropped", "transfer") else amount


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ledger=st.lists(bookings, max_size=12), zone=st.sampled_from(ZONES))
def test_the_summary_is_what_everybody_s_legs_add_up_to(
    transaction: psycopg.Connection[Any], ledger: list[dict[str, Any]], zone: str
) -> None:
    with transaction.transaction(force_rollback=True):
        transaction.execute(PEOPLE)
        booked = sum((book(transaction, n, one) for n, one in enumerate(ledger, 1)), Decimal(0))
        transaction.execute("select set_config('timezone', %s, true)", (zone,))
        transaction.execute("select * from core.mart_refresh()")
        view = transaction.execute(VIEW).fetchall()
        assert sorted(view) == sorted(transaction.execute(LIVE).fetchall())
        assert sum((row[5] - row[4] for row in view), Decimal(0)) == booked


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ledger=st.lists(bookings, max_size=12))
def test_every_grouping_adds_up_to_the_ledger_less_transfers(
    transaction: psycopg.Connection[Any], ledger: list[dict[str, Any]]
) -> None:
    with transaction.transaction(force_rollback=True):
        transaction.execute(PEOPLE)
        mine = [one | {"user_id": -1, "account_id": 1} for one in ledger]
        booked = sum((book(transaction, n, one) for n, one in enumerate(mine, 1)), Decimal(0))
        for by in ("category", "subcategory", "account", "month", "counterparty"):
            row = transaction.execute(
                "select sum((item ->> 'net')::numeric), answer #>> '{totals,net}'"
                " from (select core.outlay_json(-1, '2024-09-01', '2024-12-01', '2025-03-31', %s,"
                " true, 'USD', 200) as answer) as asked"
                " left join lateral json_array_elements(answer -> 'items') as item on true"
                " group by 2",
                (by,),
            ).fetchone()
            assert row is not None
            assert (row[0] or 0, Decimal(row[1])) == (booked, booked), by


def test_of_ten_refreshes_at_once_one_runs_and_the_others_say_so(
    db: psycopg.Connection[Any], database: str
) -> None:
    """The one that runs is held until the others have been answered: they do not wait for it."""
    outcomes: list[str] = []

    def refresh() -> None:
        with psycopg.connect(database, autocommit=True) as own:
            row = own.execute("select outcome from core.mart_refresh()").fetchone()
            assert row is not None
            outcomes.append(row[0])

    with db.transaction():
        first = db.execute("select outcome from core.mart_refresh()").fetchone()
        others = [threading.Thread(target=refresh) for _ in range(9)]
        for one in others:
            one.start()
        for one in others:
            one.join(timeout=30)
    assert first == ("refreshed",)
    assert outcomes == ["busy"] * 9
    refresh()
    assert outcomes[-1] == "refreshed"


@pytest.mark.parametrize("role", ["owner", "service"])
def test_nobody_reads_the_summary_but_the_steward(
    transaction: psycopg.Connection[Any], role: str
) -> None:
    transaction.execute(f"set local role {role}".encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        transaction.execute("select from mart.user_spending_summary")

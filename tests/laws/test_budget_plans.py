"""How a budget is read: one partition, the covering index alone, each row of the period once.

Asserted by shape and pages, never by time; for plans made for the values and for kept ones.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.laws.test_ledger_plans import HEAVY, OTHERS, SEED, USERS
from tests.support.plans import Node, pages, plan_of, queries_of, removed, scans
from tests.support.server import Server

PERIODS = """
insert into data.budget_periods (user_id, kind, starts_on, ends_on)
select person, 'yearly', first, (first + interval '1 year')::date - 1
from generate_series(1, 300) as person
cross join (select make_date(2000 + n, 1, 1) as first from generate_series(0, 29) as n) as years
order by first, person;
insert into data.budgets (user_id, budget_period_id, name, currency, chain_id)
select user_id, id, 'B', 'USD', id from data.budget_periods order by starts_on, user_id;
insert into data.budget_allocations (user_id, budget_id, subcategory_id, amount)
select budget.user_id, budget.id, subcategory.id, 100
from data.budgets as budget
join data.subcategories as subcategory on subcategory.user_id = budget.user_id
where budget.user_id <= 40
order by budget.id, subcategory.id;
"""


@pytest.fixture(scope="module")
def budgets(server: Server, new_database: Any) -> Iterator[psycopg.Connection[Any]]:
    """A ledger with thirty years of budgets, vacuumed as autovacuum would."""
    with psycopg.connect(server.dsn(new_database()), autocommit=True) as connection:
        counts = {"users": USERS, "others": OTHERS, "heavy": HEAVY, "light": 100}
        with psycopg.ClientCursor(connection) as cursor:
            cursor.execute(SEED, counts)
        connection.execute(PERIODS)
        for table in ("transactions", "accounts", "recurring_items", "subcategories"):
            connection.execute(f"vacuum (analyze) data.{table}".encode())
        for table in ("budget_periods", "budgets", "budget_allocations", "transaction_splits"):
            connection.execute(f"vacuum (analyze) data.{table}".encode())
        yield connection


@pytest.fixture(params=["force_custom_plan", "force_generic_plan"])
def planned(
    request: pytest.FixtureRequest, budgets: psycopg.Connection[Any]
) -> psycopg.Connection[Any]:
    """The same, with plans made for the values or kept for any."""
    budgets.execute(f"set plan_cache_mode = {request.param}")  # type: ignore[call-overload]
    return budgets


def sums(connection: psycopg.Connection[Any], first: str, last: str) -> Node:
    """Plan of what one period of user 1 was spent on."""
    (query,) = queries_of(connection, "core.envelope_sums")
    held = connection.execute(
        "select array_agg(id) from data.accounts where user_id = 1"
    ).fetchone()
    assert held is not None
    values = {
        "_user_id": ("bigint", 1),
        "_from": ("date", first),
        "_to": ("date", last),
        "_accounts": ("bigint[]", held[0]),
    }
    return plan_of(connection, query, values)


def test_a_period_reads_one_partition_and_no_table(planned: psycopg.Connection[Any]) -> None:
    plan = sums(planned, "2025-06-01", "2025-06-30")
    read = [node for node in scans(plan) if node["Relation Name"].startswith("transactions_")]
    assert read, [(n["Node Type"], n["Relation Name"]) for n in scans(plan)]
    assert len({node["Relation Name"] for node in read}) == 1
    for node in read:
        assert node["Node Type"] == "Index Only Scan"
        assert node["Heap Fetches"] == 0
        assert "transaction_date" in node["Index Cond"]
    others = {n["Relation Name"] for n in scans(plan) if n["Node Type"] == "Seq Scan"}
    assert others <= {"transaction_splits"}  # which is empty here


def test_ten_thousand_bookings_are_read_once_and_looked_at_for_what_is_pending(
    planned: psycopg.Connection[Any],
) -> None:
    plan = sums(planned, "2025-01-01", "2025-12-31")
    year = pages(plan)
    month = pages(sums(planned, "2025-06-01", "2025-06-30"))
    assert year <= 500  # 10,000 entries of the covering index, twice
    assert month <= year / 5


def test_the_active_period_is_one_row_of_one_index(planned: psycopg.Connection[Any]) -> None:
    (query,) = queries_of(planned, "core.period_active")
    plan = plan_of(planned, query, {"_user_id": ("bigint", 7), "_as_of": ("date", "2025-06-01")})
    (scan,) = scans(plan)
    assert scan["Index Name"] == "budget_periods_active"
    assert scan["Actual Rows"] == 1
    assert removed(plan) == 0
    assert pages(plan) <= 4


def test_a_budget_is_found_by_its_period(planned: psycopg.Connection[Any]) -> None:
    (query,) = queries_of(planned, "core.digest_ground")
    key = planned.execute("select max(id) from data.budgets where user_id = 7").fetchone()
    assert key is not None
    plan = plan_of(planned, query, {"_user_id": ("bigint", 7), "_budget_id": ("bigint", key[0])})
    assert "Seq Scan" not in {node["Node Type"] for node in scans(plan)}
    assert removed(plan) == 0

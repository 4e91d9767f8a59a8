"""How spending is counted: one partition, the covering index alone, parts looked at once.

Asserted by shape and pages, never by time; for plans made for the values and for kept ones.
"""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.laws.test_ledger_plans import SEED
from tests.support.plans import Node, pages, plan_of, queries_of, ran, scans
from tests.support.server import Server

COUNTS = {"users": 400, "others": 40, "heavy": 10_000, "light": 100}
SPLIT = """
update data.transactions as booking set subcategory_id = null
from (
    select user_id, id from data.transactions where id % 40 = 0
) as chosen
where booking.user_id = chosen.user_id and booking.id = chosen.id;
insert into data.transaction_splits (user_id, transaction_id, transaction_date, amount)
select user_id, id, transaction_date, amount * share
from data.transactions cross join unnest('{0.25,0.75}'::numeric[]) as share
where subcategory_id is null and amount * share <> 0;
"""


@pytest.fixture(scope="module")
def ledger(server: Server, new_database: Any) -> Iterator[psycopg.Connection[Any]]:
    """A ledger in order of arrival with a fortieth of the bookings split, vacuumed."""
    with psycopg.connect(server.dsn(new_database()), autocommit=True) as connection:
        with psycopg.ClientCursor(connection) as cursor:
            cursor.execute(SEED, COUNTS)
        connection.execute(SPLIT)
        connection.execute("vacuum (analyze) data.transactions, data.transaction_splits")
        connection.execute("vacuum (analyze) data.accounts, data.subcategories, data.categories")
        yield connection


@pytest.fixture(params=["force_custom_plan", "force_generic_plan"])
def planned(
    request: pytest.FixtureRequest, ledger: psycopg.Connection[Any]
) -> psycopg.Connection[Any]:
    """The ledger, with plans made for the values or kept for any."""
    ledger.execute(f"set plan_cache_mode = {request.param}")  # type: ignore[call-overload]
    return ledger


def legs(connection: psycopg.Connection[Any], user_id: int, first: str, last: str) -> Node:
    """Plan of a sum by subcategory over the legs of a range."""
    query = (
        "select subcategory_id, sum(amount) from core.spending_legs(_user_id, _from, _to)"
        " group by subcategory_id"
    )
    values = {
        "_user_id": ("bigint", user_id),
        "_from": ("date", first),
        "_to": ("date", last),
    }
    return plan_of(connection, query, values)


def reads_like_an_index(plan: Node) -> list[Node]:
    """The scans that ran, after checking that none looks at a table or at a second partition."""
    found = scans(plan)
    assert {node["Node Type"] for node in found} == {"Index Only Scan"}, found
    assert {node["Heap Fetches"] for node in found} == {0}, found
    assert len({n["Relation Name"] for n in found if n["Relation Name"][-1].isdigit()}) == 1
    return found


def test_legs_are_read_from_one_partition_and_from_indexes_alone(
    planned: psycopg.Connection[Any],
) -> None:
    found = reads_like_an_index(legs(planned, 1, "2025-01-01", "2025-12-31"))
    assert {node["Index Name"].split("_user_id")[0] for node in found} >= {"transaction_splits_day"}
    bookings = [node for node in found if node["Relation Name"].startswith("transactions_")]
    assert all("transaction_date" in node["Index Cond"] for node in bookings), bookings


def test_the_parts_of_an_owner_are_looked_at_once(planned: psycopg.Connection[Any]) -> None:
    found = reads_like_an_index(legs(planned, 1, "2025-01-01", "2025-12-31"))
    parts = [node for node in found if node["Relation Name"] == "transaction_splits"]
    assert [node["Actual Loops"] for node in parts] == [1, 1], parts


def test_a_month_costs_its_own_rows(planned: psycopg.Connection[Any]) -> None:
    year = legs(planned, 1, "2025-01-01", "2025-12-31")
    month = legs(planned, 1, "2025-06-01", "2025-06-30")
    reads_like_an_index(month)
    assert pages(month) * 3 < pages(year)


def test_legs_of_a_function_are_the_rows_of_its_body(planned: psycopg.Connection[Any]) -> None:
    (query,) = queries_of(planned, "core.spending_legs")
    values = {
        "_user_id": ("bigint", 2),
        "_from": ("date", "2025-01-01"),
        "_to": ("date", "2025-12-31"),
    }
    reads_like_an_index(plan_of(planned, query, values))


RANGE = {
    "_user_id": ("bigint", 1),
    "_earlier": ("date", "2025-07-01"),
    "_from": ("date", "2025-10-01"),
    "_to": ("date", "2025-12-31"),
    "_is_whole": ("boolean", True),
    "_with": ("date", "2025-07-01"),
    "_with_to": ("date", "2025-09-30"),
}
NAMES = {"accounts", "categories", "subcategories"}


def branches_of(connection: psycopg.Connection[Any], function: str) -> list[str]:
    """Every `return query` of a function, those that begin with a CTE too."""
    row = connection.execute(
        "select prosrc from pg_catalog.pg_proc where oid = %s::regproc", [function]
    ).fetchone()
    assert row is not None
    return re.findall(r"return query\s+(.*?);\n", row[0], re.DOTALL)


@pytest.mark.parametrize(
    ("function", "by"),
    [
        ("core.outlay_groups", "category"),
        ("core.outlay_groups", "counterparty"),
        ("core.outlay_groups", "month"),
        ("core.trend_sums", None),
        ("core.trend_cells", None),
        ("core.contrast_rows", None),
        ("core.payee_rows", None),
    ],
)
def test_what_is_answered_reads_the_ledger_from_its_index_alone(
    planned: psycopg.Connection[Any], function: str, by: str | None
) -> None:
    """Names of accounts and categories are few: how they are read is the planner's affair."""
    if by is None:
        (query,) = queries_of(planned, function)
    else:
        months, others = branches_of(planned, function)
        query = months if by == "month" else others
    plan = plan_of(planned, query, RANGE | {"_by": ("text", by)})
    ledger = [node for node in scans(plan) if node["Relation Name"] not in NAMES]
    assert {node["Node Type"] for node in ledger} == {"Index Only Scan"}, ledger
    assert {node["Heap Fetches"] for node in ledger} == {0}, ledger
    parts = {node["Relation Name"] for node in ledger} - {"transaction_splits"}
    assert len(parts) == 1, parts
    assert "Function Scan" not in {node["Node Type"] for node in ran(plan)}

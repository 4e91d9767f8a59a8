"""How a forecast is read: one partition of the ledger, keyed tables by index, whatever is asked.

Asserted by what the server counts in the transaction (scans by table), never by time; for plans
made for the values and for kept ones.
"""

from typing import Any

import psycopg
import pytest

from tests.laws.test_ledger_plans import HEAVY, ledger  # noqa: F401  # a fixture
from tests.support.plans import plan_of, ran, removed, scans

COUNTED = """
select relname, coalesce(seq_scan, 0), coalesce(idx_scan, 0)
from pg_catalog.pg_stat_xact_user_tables
where schemaname = 'data' and coalesce(seq_scan, 0) + coalesce(idx_scan, 0) > 0
"""
SMALL = {"months", "day_texts", "closed_days", "holiday_calendars"}  # the same for everybody
ASKED = {
    "columns": "",
    "rows": ", _format => 'rows'",
    "items": ", _explain => true",
    "accounts": ", _by_account => true",
    "ten years": ", _days => 3660",
}


@pytest.fixture(params=["force_custom_plan", "force_generic_plan"])
def asking(
    ledger: psycopg.Connection[Any],  # noqa: F811
    request: pytest.FixtureRequest,
) -> psycopg.Connection[Any]:
    """The ledger, asked with plans for the values and with plans for any values."""
    ledger.execute(f"set plan_cache_mode = {request.param}")
    return ledger


@pytest.mark.parametrize("asked", ASKED)
def test_a_forecast_reads_one_partition_and_only_by_index(
    asking: psycopg.Connection[Any], asked: str
) -> None:
    statement = f"select api.forecast_read(1, _as_of => '2025-12-31'{ASKED[asked]})"
    with asking.transaction():
        asking.execute(statement)
        counted = asking.execute(COUNTED).fetchall()
    by_table = {name: (sequential, by_index) for name, sequential, by_index in counted}
    partitions = {name for name in by_table if name.startswith("transactions_")}
    assert len(partitions) == 1
    assert {
        name for name, (sequential, _) in by_table.items() if sequential and name not in SMALL
    } == set()


def test_the_ground_of_a_plan_throws_nothing_away(asking: psycopg.Connection[Any]) -> None:
    plan = plan_of(
        asking,
        "select * from core.ground_row(_user_id, _as_of, null, null)",
        {"_user_id": ("bigint", 1), "_as_of": ("date", "2025-12-31")},
    )
    assert removed(plan) == 0
    names = [node["Relation Name"] for node in scans(plan)]
    assert len([name for name in names if name.startswith("transactions_")]) <= 1
    assert all(
        "Index" in node["Node Type"] or "Bitmap" in node["Node Type"] for node in scans(plan)
    )


def test_the_bookings_near_the_day_are_read_from_the_index_alone(
    asking: psycopg.Connection[Any],
) -> None:
    plan = plan_of(
        asking,
        "select id, account_id, recurring_item_id, transaction_date, counterparty, amount"
        " from data.transactions where user_id = _user_id"
        " and transaction_date between _from and _to",
        {
            "_user_id": ("bigint", 1),
            "_from": ("date", "2025-11-05"),
            "_to": ("date", "2025-12-31"),
        },
    )
    (node,) = scans(plan)
    assert node["Node Type"] == "Index Only Scan"
    assert node["Heap Fetches"] == 0
    assert removed(plan) == 0
    assert sum(int(one["Actual Rows"]) for one in ran(plan)) < HEAVY


def test_the_rules_of_a_user_are_found_by_index(asking: psycopg.Connection[Any]) -> None:
    with asking.transaction():
        row = asking.execute(
            "select count(*) from core.forecast_many(array[1, 2, 3]::bigint[], '2025-12-31', 365)"
        ).fetchone()
        counted = {name: sequential for name, sequential, _ in asking.execute(COUNTED).fetchall()}
    assert row == (3 * 365,)
    assert counted["recurring_items"] == 0
    assert counted["accounts"] == 0

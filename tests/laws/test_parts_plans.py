"""How transfers and the check of balances are read: one partition, by index, little thrown away."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support.plans import Node, pages, plan_of, queries_of, ran, removed, scans
from tests.support.server import Server

SEED = """
insert into data.users (id) select generate_series(1, 200);
insert into data.accounts (user_id, id, name, currency, opened_on)
select person.id, person.id * 10 + account, 'Account ' || account, 'USD', '2020-01-01'
from data.users as person cross join generate_series(1, 3) as account
order by account, person.id;
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
select person, person * 10 + 1 + n % 3, (n % 2 * 2 - 1) * (1 + n / 4),
    date '2025-12-31' - n / 20, 'Booking ' || n
from generate_series(1, 200) as person
cross join lateral generate_series(1, case person when 1 then 8000 else 200 end) as n
order by n, person;
update data.transactions set transfer_id = id where id % 10 = 0 and amount < 0;
update data.transactions as leg set transfer_id = leaving.id
from data.transactions as leaving
where leaving.transfer_id = leaving.id and leg.user_id = leaving.user_id
  and leg.amount = -leaving.amount and leg.id > leaving.id and leg.transfer_id is null
  and leg.account_id <> leaving.account_id;
"""


@pytest.fixture(scope="module")
def ledger(server: Server, new_database: Any) -> Iterator[psycopg.Connection[Any]]:
    """A ledger with transfers, vacuumed as autovacuum would."""
    with psycopg.connect(server.dsn(new_database()), autocommit=True) as connection:
        connection.execute(SEED)
        connection.execute("vacuum (analyze) data.transactions")
        connection.execute("vacuum (analyze) data.accounts, data.transaction_splits")
        yield connection


@pytest.fixture(params=["force_custom_plan", "force_generic_plan"])
def planned(
    request: pytest.FixtureRequest, ledger: psycopg.Connection[Any]
) -> psycopg.Connection[Any]:
    """The ledger, with plans made for the values or kept for any."""
    ledger.execute(f"set plan_cache_mode = {request.param}")  # type: ignore[call-overload]
    return ledger


def plan(connection: psycopg.Connection[Any], function: str, **values: tuple[str, Any]) -> Node:
    """Plan of a sql function's body for user 1."""
    [query] = queries_of(connection, function)
    return plan_of(connection, query, {"_user_id": ("bigint", 1)} | values)


def partitions(found: Node) -> set[str]:
    """Parts of the ledger that were read."""
    names = {str(node["Relation Name"]) for node in scans(found)}
    return {name for name in names if name.startswith("transactions_")}


def test_a_page_of_transfers_reads_the_legs_that_leave_and_finds_the_others(
    planned: psycopg.Connection[Any],
) -> None:
    first = {"_before_on": ("date", "2200-12-31"), "_before_id": ("bigint", 1)}
    found = plan(planned, "core.legs_page", **first, _limit=("integer", 51))
    used = {node["Index Name"] for node in ran(found) if "Index Name" in node}
    named = {name.partition("_user_id")[0] for name in used}
    assert len(partitions(found)) == 1
    assert len(used) == 2, used
    assert not [node for node in ran(found) if node["Node Type"] == "Sort"], named
    assert removed(found) <= 51, "each transfer also finds its own leg"
    assert pages(found) <= 6 * 51


def test_a_later_page_of_transfers_reads_no_more(planned: psycopg.Connection[Any]) -> None:
    later = {"_before_on": ("date", "2025-06-01"), "_before_id": ("bigint", 1)}
    found = plan(planned, "core.legs_page", **later, _limit=("integer", 51))
    assert removed(found) <= 51
    assert pages(found) <= 6 * 51


def test_the_check_of_balances_reads_the_owner_s_index_and_no_table(
    planned: psycopg.Connection[Any],
) -> None:
    found = plan(planned, "core.balance_rows")
    [ledger] = [node for node in scans(found) if node["Relation Name"] != "accounts"]
    assert ledger["Node Type"] in ("Index Only Scan", "Index Scan")
    assert removed(found) <= 40 * 20
    assert ledger["Heap Fetches"] == 0
    assert removed(found) == 0


def test_matching_reads_the_days_that_were_asked_for(planned: psycopg.Connection[Any]) -> None:
    days = {"_from": ("date", "2025-12-01"), "_to": ("date", "2025-12-31")}
    found = plan(planned, "core.match_rows", **days)
    assert len(partitions(found)) == 1
    [ledger] = [node for node in scans(found) if node["Relation Name"] in partitions(found)]
    assert ledger["Actual Rows"] <= 40 * 20
    assert ledger["Node Type"] in ("Index Only Scan", "Index Scan")
    assert removed(found) <= 40 * 20

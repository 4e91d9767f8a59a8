"""How a forecast is read: one partition, by index, no row read and thrown away; the same for a
heavy ledger as for a light one. Asserted by shape and pages, never by time.
"""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support.plans import Node, pages, plan_of, queries_of, ran, scans
from tests.support.server import Server

USERS = 2_000
HEAVY = 10_000  # bookings of user 1, all of the year before; user 2 has 100

SEED = """
insert into data.users (id) select generate_series(1, %(users)s);
insert into data.accounts (user_id, id, name, currency, opened_on)
select person, person * 10 + account, 'Account ' || account, 'USD', '2020-01-01'
from generate_series(1, %(users)s) as person cross join generate_series(0, 2) as account
order by account, person;
insert into data.recurring_items (
    user_id, kind, name, amount, account_id, frequency, anchor_on, roll, calendar, expected_from
)
select
    person, 'expense', 'Item ' || item, -5 - item, person * 10,
    (array['weekly', 'monthly', 'monthly', 'quarterly'])[1 + item %% 4],
    date '2025-01-01' + item,
    (array['none', 'next', 'previous'])[1 + item %% 3],
    case when item %% 2 = 0 then 'WEEKENDS' end,
    '2025-06-01'
from generate_series(1, %(users)s) as person cross join generate_series(1, 12) as item
order by item, person;
insert into data.recurring_exceptions (user_id, recurring_item_id, occurrence_on, action)
select user_id, id, '2026-02-01'::date + id::integer %% 27, 'skip'
from data.recurring_items where user_id between 1 and 40;
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
select
    person, person * 10, -5 - n %% 14, date '2025-12-31' - n * 365 / bookings, 'Booking ' || n
from (
    select person, case person when 1 then %(heavy)s else 100 end as bookings
    from generate_series(1, 200) as person
) as owner
cross join lateral generate_series(1, bookings) as n
order by n, person;
"""
# Values of a question about user 1, by the names that the functions use for them.
ASKED: dict[str, tuple[str, Any]] = {
    "_user_id": ("bigint", 1),
    "_as_of": ("date", "2026-01-15"),
    "_start": ("date", "2026-01-15"),
    "_due_from": ("date", "2025-12-15"),
    "_from": ("date", "2026-01-15"),
    "_to": ("date", "2027-01-14"),
    "_days": ("integer", 365),
    "_account_id": ("bigint", None),
    "_active": ("bigint[]", "{10,11,12}"),
    "_covered": ("bigint[]", "{10,11,12}"),
    "_gone_items": ("bigint[]", None),
    "_gone_days": ("date[]", None),
    "_extras": ("core.due[]", None),
    "_opening_cents": ("bigint", 0),
    "_initial_cents": ("bigint", None),
    "_initial_balance": ("numeric", None),
    "_overdue": ("text", "first_day"),
    "_marks": ("date[]", None),
    "_user_ids": ("bigint[]", "{1,2,3,4,5,6,7,8}"),
    "_drafts": ("data.recurring_items[]", None),
    "_pauses": ("core.pause[]", None),
    "v_known": ("bigint[]", None),
}


@pytest.fixture(scope="module")
def ledger(server: Server, new_database: Any) -> Iterator[psycopg.Connection[Any]]:
    """Many households in order of arrival, vacuumed as autovacuum would."""
    with psycopg.connect(server.dsn(new_database()), autocommit=True) as connection:
        with psycopg.ClientCursor(connection) as cursor:
            cursor.execute(SEED, {"users": USERS, "heavy": HEAVY})
        connection.execute("vacuum (analyze) data.transactions")
        connection.execute(
            "vacuum (analyze) data.users, data.accounts, data.recurring_items,"
            " data.recurring_exceptions"
        )
        connection.execute("set max_parallel_workers_per_gather = 0")
        yield connection


@pytest.fixture
def planned(ledger: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """The ledger, with plans kept for any values, as api.forecast_read keeps them."""
    ledger.execute("set plan_cache_mode = force_generic_plan")
    return ledger


def plan(connection: psycopg.Connection[Any], function: str, **changes: tuple[str, Any]) -> Node:
    """Plan of the one statement that a function is, inlined as the callers of it inline it."""
    (query,) = queries_of(connection, function)
    return plan_of(connection, query, ASKED | changes)


def partitions(found: Node) -> set[str]:
    """Partitions of the ledger that were read."""
    names = {node["Relation Name"] for node in scans(found)}
    return {name for name in names if name.startswith("transactions")}


def check_indexes(found: Node) -> None:
    """Every table is read by an index that gives only what is wanted."""
    for node in scans(found):
        assert node["Node Type"] in ("Index Scan", "Index Only Scan", "Bitmap Heap Scan"), node
        assert node.get("Rows Removed by Filter", 0) == 0, node
        assert node.get("Rows Removed by Index Recheck", 0) == 0, node


FORECASTS = ["core.ground_row", "core.step_rows", "core.forecast_days", "core.plan_rows"]


@pytest.mark.parametrize("function", FORECASTS)
def test_a_forecast_reads_by_index_and_wastes_nothing(
    planned: psycopg.Connection[Any], function: str
) -> None:
    check_indexes(plan(planned, function))


@pytest.mark.parametrize("function", ["core.ground_row", "core.forecast_days"])
def test_a_forecast_reads_one_partition(planned: psycopg.Connection[Any], function: str) -> None:
    found = plan(planned, function)
    assert len(partitions(found)) == 1
    reads = [node for node in scans(found) if node["Relation Name"].startswith("transactions")]
    assert [node["Node Type"] for node in reads] == ["Index Only Scan"]
    assert reads[0]["Heap Fetches"] == 0
    assert "transaction_date >=" in reads[0]["Index Cond"]


def test_days_are_never_crossed_with_rules(planned: psycopg.Connection[Any]) -> None:
    """No node handles more rows than occurrences and months need: 12 rules are not 12 x 365."""
    found = plan(planned, "core.step_rows")
    most = max(node["Actual Rows"] * node["Actual Loops"] for node in ran(found))
    assert most < 12 * 60
    sorts = [node for node in ran(found) if node["Node Type"] == "Sort"]
    assert len([node for node in sorts if node["Actual Rows"] > 12]) == 1


@pytest.mark.parametrize("function", FORECASTS)
def test_a_forecast_calls_no_workers(ledger: psycopg.Connection[Any], function: str) -> None:
    """A worker takes longer to come than the plan takes."""
    ledger.execute("set max_parallel_workers_per_gather = 2")
    try:
        for mode in ("force_generic_plan", "auto"):
            ledger.execute(f"set plan_cache_mode = {mode}")
            kinds = {node["Node Type"] for node in ran(plan(ledger, function))}
            assert "Gather" not in kinds, kinds
    finally:
        ledger.execute("set max_parallel_workers_per_gather = 0")
        ledger.execute("reset plan_cache_mode")


def test_ten_years_cost_by_events_not_by_days(planned: psycopg.Connection[Any]) -> None:
    decade = plan(planned, "core.step_rows", _days=("integer", 3660), _to=("date", "2036-01-22"))
    most = max(node["Actual Rows"] * node["Actual Loops"] for node in ran(decade))
    assert most < 12 * 600
    assert pages(decade) < 10 * pages(plan(planned, "core.step_rows"))


def test_ten_thousand_bookings_cost_like_their_last_weeks(
    planned: psycopg.Connection[Any],
) -> None:
    """A forecast of today looks 46 days back and no farther."""
    heavy = plan(planned, "core.ground_row")
    light = plan(planned, "core.ground_row", _user_id=("bigint", 2))
    assert pages(heavy) <= pages(light) + 20
    (read,) = (node for node in scans(heavy) if node["Relation Name"].startswith("transactions"))
    assert read["Actual Rows"] < HEAVY / 8


def test_what_was_posted_is_read_once(planned: psycopg.Connection[Any]) -> None:
    """The statement behind the loop of core.posted_pairs: one partition, by index."""
    row = planned.execute(
        "select prosrc from pg_proc where oid = 'core.posted_pairs'::regproc"
    ).fetchone()
    assert row is not None
    inside = re.search(r"for v_pair in\n(.*?)\n    loop\n", row[0], re.DOTALL)
    assert inside is not None
    found = plan_of(planned, inside[1], ASKED)
    assert "Seq Scan" not in {node["Node Type"] for node in scans(found)}
    assert len(partitions(found)) == 1
    reads = [node for node in scans(found) if node["Relation Name"].startswith("transactions")]
    assert len(reads) == 1
    assert reads[0].get("Rows Removed by Filter", 0) == 0


def test_a_batch_reads_each_owner_in_one_partition(planned: psycopg.Connection[Any]) -> None:
    found = plan(planned, "core.forecast_many_arrays")
    reads = [node for node in scans(found) if node["Relation Name"].startswith("transactions")]
    assert sum(node["Actual Loops"] for node in reads) == 8
    assert {node["Node Type"] for node in reads} == {"Index Only Scan"}


def test_what_is_kept_of_a_ledger_is_read_by_its_key(planned: psycopg.Connection[Any]) -> None:
    """Three rows of one owner among those of all; the ledger itself is not looked at."""
    with planned.transaction(force_rollback=True):
        planned.execute(
            "insert into data.expectation_states"
            " select person.id, place, %s, 0, core.state_held(person.id), 0, 0, 0, 0, 0, 0, 0, 0,"
            " 0, array_fill(0, '{31}'), '{}', '{}'"
            " from data.users as person cross join generate_series(0, 2) as place",
            [ASKED["_as_of"][1]],
        )
        planned.execute("analyze data.expectation_states")
        kept, _ = queries_of(planned, "core.expectation_states")
        found = plan_of(planned, kept, ASKED)
        assert found["Actual Rows"] == 3
        check_indexes(found)
        assert partitions(found) == set()


@pytest.mark.parametrize("owner", [1, 2])
def test_what_a_ledger_says_is_one_read_of_one_partition(
    planned: psycopg.Connection[Any], owner: int
) -> None:
    """The part of core.state_rows that is not detection: what is newer than 401 days, once."""
    (query,) = queries_of(planned, "core.state_rows")
    found = plan_of(planned, query, ASKED | {"_user_id": ("bigint", owner)})
    assert len(partitions(found)) == 1
    reads = [node for node in scans(found) if node["Relation Name"].startswith("transactions")]
    assert len(reads) == 1
    assert reads[0].get("Rows Removed by Filter", 0) == 0
    assert reads[0]["Node Type"] != "Seq Scan"
    looked_at = max(node["Actual Loops"] * node["Actual Rows"] for node in ran(found))
    assert looked_at <= 2 * HEAVY

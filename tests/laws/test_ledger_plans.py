"""How the ledger is read: one partition, one index, nothing thrown away, deep pages like first.

Asserted by shape and pages, never by time; for plans made for the values and for kept ones.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support.plans import Node, pages, plan_of, queries_of, ran, removed, scans
from tests.support.server import Server

USERS = 2_000  # with accounts and rules
OTHERS = 40  # of them with 1,000 bookings each
HEAVY = 10_000  # bookings of user 1
LIGHT = 100  # bookings of user 2

SEED = """
insert into data.users (id) select generate_series(1, %(users)s);
select core.category_copy((select array_agg(id) from data.users where id <= 2 + %(others)s));
insert into data.accounts (user_id, name, currency, opened_on)
select person.id, 'Account ' || account, 'USD', '2020-01-01'
from data.users as person cross join generate_series(1, 3) as account
order by account, person.id;
insert into data.recurring_items (
    user_id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
select user_id, 'expense', 'Item ' || item, -5, id, 'monthly', '2025-01-01', '2025-01-01'
from data.accounts cross join generate_series(1, 4) as item
order by item, user_id;
insert into data.transactions (
    user_id, account_id, amount, transaction_date, description, subcategory_id
)
select
    person.id,
    person.accounts[1 + n %% 3],
    -1 - n %% 90,
    date '2025-12-31' - n * 365 / person.bookings,
    'Booking ' || n,
    person.subcategories[1 + n %% 20]
from (
    select
        person.id,
        case person.id when 1 then %(heavy)s when 2 then %(light)s else 1000 end as bookings,
        (select array_agg(id) from data.accounts where user_id = person.id) as accounts,
        (select array_agg(id) from data.subcategories where user_id = person.id) as subcategories
    from data.users as person
    where person.id <= 2 + %(others)s
) as person
cross join lateral generate_series(1, person.bookings) as n
order by n, person.id;
"""


@pytest.fixture(scope="module")
def ledger(server: Server, new_database: Any) -> Iterator[psycopg.Connection[Any]]:
    """A ledger in order of arrival, vacuumed as autovacuum would."""
    with psycopg.connect(server.dsn(new_database()), autocommit=True) as connection:
        counts = {"users": USERS, "others": OTHERS, "heavy": HEAVY, "light": LIGHT}
        with psycopg.ClientCursor(connection) as cursor:
            cursor.execute(SEED, counts)
        connection.execute("vacuum (analyze) data.transactions")
        connection.execute("vacuum (analyze) data.accounts, data.recurring_items")
        connection.execute("vacuum (analyze) data.subcategories, data.categories")
        yield connection


@pytest.fixture(params=["force_custom_plan", "force_generic_plan"])
def planned(
    request: pytest.FixtureRequest, ledger: psycopg.Connection[Any]
) -> psycopg.Connection[Any]:
    """The ledger, with plans made for the values or kept for any."""
    ledger.execute(f"set plan_cache_mode = {request.param}")  # type: ignore[call-overload]
    return ledger


def page(
    connection: psycopg.Connection[Any], user_id: int, branch: str, **changes: tuple[str, Any]
) -> Node:
    """Plan of one branch of core.ledger_page: text, subcategory, account or plain."""
    found = queries_of(connection, "core.ledger_page")
    query = dict(zip(("text", "subcategory", "account", "plain"), found, strict=True))[branch]
    values: dict[str, tuple[str, Any]] = {
        "_user_id": ("bigint", user_id),
        "v_from": ("date", "1900-01-01"),
        "v_before_on": ("date", "2201-01-01"),
        "v_before_id": ("bigint", 0),
        "_account_id": ("bigint", None),
        "_subcategory_id": ("bigint", None),
        "v_text": ("text", None),
        "_limit": ("integer", 51),
    }
    return plan_of(connection, query, values | changes)


def only_scan(plan: Node) -> Node:
    """The one scan that ran: of one partition, by an index."""
    found = scans(plan)
    assert [node["Node Type"] for node in found] in (["Index Only Scan"], ["Index Scan"]), found
    assert found[0]["Relation Name"].startswith("transactions_")
    return found[0]


def test_a_page_reads_one_index_of_one_partition_and_no_table(
    planned: psycopg.Connection[Any],
) -> None:
    plan = page(planned, 1, "plain")
    scan = only_scan(plan)
    assert scan["Node Type"] == "Index Only Scan"
    assert scan["Heap Fetches"] == 0
    assert removed(plan) == 0
    assert not [node for node in ran(plan) if node["Node Type"] == "Sort"]
    assert pages(plan) <= 8


def test_a_range_of_days_is_a_part_of_the_index(planned: psycopg.Connection[Any]) -> None:
    plan = page(planned, 1, "plain", v_from=("date", "2025-06-01"), _limit=("integer", 201))
    assert removed(plan) == 0
    assert "transaction_date >=" in only_scan(plan)["Index Cond"]


def test_ten_thousand_bookings_page_like_a_hundred(planned: psycopg.Connection[Any]) -> None:
    last = planned.execute(
        "select transaction_date::text, id from data.transactions where user_id = 1"
        " order by transaction_date, id offset 60 limit 1"
    ).fetchone()
    assert last is not None
    cursor = {"v_before_on": ("date", last[0]), "v_before_id": ("bigint", last[1])}
    first, deep = page(planned, 1, "plain"), page(planned, 1, "plain", **cursor)
    light = page(planned, 2, "plain")
    assert removed(deep) == 0
    assert pages(deep) <= pages(first) + 2
    assert pages(first) <= pages(light) + 3


@pytest.mark.parametrize("branch", ["account", "subcategory"])
def test_a_filter_walks_its_own_index(planned: psycopg.Connection[Any], branch: str) -> None:
    row = planned.execute(
        "select account_id, subcategory_id from data.transactions where user_id = 1 limit 1"
    ).fetchone()
    assert row is not None
    wanted = {"account": row[0], "subcategory": row[1]}[branch]
    plan = page(planned, 1, branch, **{f"_{branch}_id": ("bigint", wanted)})
    scan = only_scan(plan)
    assert f"{branch}_id =" in scan["Index Cond"]
    assert removed(plan) == 0
    assert pages(plan) <= 60  # a page of the index, and one of the table for each of 51 rows


def test_text_is_looked_for_in_the_index_alone(planned: psycopg.Connection[Any]) -> None:
    plan = page(planned, 1, "text", v_text=("text", "booking 99"))
    scan = only_scan(plan)
    assert (scan["Node Type"], scan["Heap Fetches"]) == ("Index Only Scan", 0)


@pytest.mark.parametrize(
    ("function", "key"),
    [
        ("core.account_page", "accounts_pkey"),
        ("core.item_page", "recurring_items_pkey"),
        ("core.category_rows", "categories_pkey"),
    ],
)
def test_a_list_by_key_walks_the_key(
    planned: psycopg.Connection[Any], function: str, key: str
) -> None:
    (query,) = queries_of(planned, function)
    values = {
        "_user_id": ("bigint", 7),
        "_after_id": ("bigint", 0),
        "_limit": ("integer", 51),
    }
    plan = plan_of(planned, query, values)
    assert key in {node.get("Index Name") for node in scans(plan)}
    assert "Seq Scan" not in {node["Node Type"] for node in scans(plan)}
    assert removed(plan) == 0


def test_one_booking_is_read_by_its_key(planned: psycopg.Connection[Any]) -> None:
    (query,) = queries_of(planned, "core.ledger_json")
    row = planned.execute("select max(id) from data.transactions where user_id = 7").fetchone()
    assert row is not None
    values = {"_user_id": ("bigint", 7), "_transaction_id": ("bigint", row[0])}
    plan = plan_of(planned, query, values)
    assert "Seq Scan" not in {node["Node Type"] for node in scans(plan)}
    booking = [n for n in scans(plan) if n["Relation Name"].startswith("transactions")]
    assert len(booking) == 1
    assert removed(plan) == 0

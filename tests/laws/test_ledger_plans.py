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
    """Plan of one kept branch of core.ledger_page: keys, account or plain."""
    found = queries_of(connection, "core.ledger_page")
    query = dict(zip(("keys", "account", "plain"), found, strict=True))[branch]
    values: dict[str, tuple[str, Any]] = {
        "_user_id": ("bigint", user_id),
        "v_from": ("date", "1900-01-01"),
        "v_before_on": ("date", "2201-01-01"),
        "v_before_id": ("bigint", 0),
        "_account_id": ("bigint", None),
        "_keys": ("bigint[]", None),
        "_limit": ("integer", 51),
    }
    return plan_of(connection, query, values | changes)


SHEET = {
    "_user_id": "bigint",
    "_from": "date",
    "_to": "date",
    "_account_id": "bigint",
    "_subcategory_ids": "bigint[]",
    "_least": "bigint",
    "_most": "bigint",
    "_is_pending": "boolean",
    "_tag": "text",
    "_cents": "bigint",
    "_on_day": "date",
    "_id": "bigint",
    "_limit": "integer",
}


def sheet(connection: psycopg.Connection[Any], user_id: int, order: str, **given: Any) -> Node:
    """Plan of a list that is planned for its values, by fields of SHEET without the underscore."""
    values = {name: (kind, given.get(name[1:])) for name, kind in SHEET.items()}
    values |= {"_user_id": ("bigint", user_id), "_limit": ("integer", given.get("limit", 51))}
    row = connection.execute(
        "select core.sheet_query(%s, %s)", [order, "subcategory_ids" in given]
    ).fetchone()
    assert row is not None
    query = row[0]
    for number, name in reversed(list(enumerate(SHEET, 1))):
        query = query.replace(f"${number}", name)
    connection.execute("set plan_cache_mode = force_custom_plan")
    return plan_of(connection, query, values)


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


def test_an_account_walks_its_own_index(planned: psycopg.Connection[Any]) -> None:
    row = planned.execute(
        "select account_id from data.transactions where user_id = 1 limit 1"
    ).fetchone()
    assert row is not None
    plan = page(planned, 1, "account", _account_id=("bigint", row[0]))
    assert "account_id =" in only_scan(plan)["Index Cond"]
    assert removed(plan) == 0
    assert pages(plan) <= 60  # a page of the index, and one of the table for each of 51 rows


@pytest.mark.parametrize("order", ["newest", "oldest", "largest", "smallest"])
def test_every_order_walks_an_index_from_its_cursor(
    ledger: psycopg.Connection[Any], order: str
) -> None:
    by_amount = order in ("largest", "smallest")
    index = "amount_cents" if by_amount else "transaction_date"
    way = "desc" if order in ("newest", "largest") else "asc"
    first = sheet(ledger, 1, order)
    assert removed(first) == 0
    assert not [node for node in ran(first) if "Sort" in node["Node Type"]]
    columns = "amount_cents, transaction_date, id" if by_amount else "transaction_date, id"
    columns = ", ".join(f"{column} {way}" for column in columns.split(", "))
    last = ledger.execute(
        f"select amount_cents, transaction_date::text, id from data.transactions"  # type: ignore[arg-type]
        f" where user_id = 1 order by {columns} offset 5000 limit 1"
    ).fetchone()
    assert last is not None
    deep = sheet(ledger, 1, order, cents=last[0] if by_amount else None, on_day=last[1], id=last[2])
    assert index in only_scan(deep)["Index Cond"]
    assert removed(deep) == 0
    assert not [node for node in ran(deep) if "Sort" in node["Node Type"]]
    assert pages(deep) <= pages(first) + 4


def test_amounts_are_a_range_of_their_index(ledger: psycopg.Connection[Any]) -> None:
    plan = sheet(ledger, 1, "smallest", least=-8000, most=-7900)
    assert "amount_cents >=" in only_scan(plan)["Index Cond"]
    assert removed(plan) == 0


def test_subcategories_are_walked_one_by_one(ledger: psycopg.Connection[Any]) -> None:
    row = ledger.execute(
        "select array_agg(distinct subcategory_id) from data.transactions where user_id = 1"
    ).fetchone()
    assert row is not None
    for count in (1, 5):
        plan = sheet(ledger, 1, "newest", subcategory_ids=row[0][:count])
        walked = {node.get("Index Name") for node in scans(plan)}
        assert any("subcategory" in name for name in walked if name), walked
        assert removed(plan) == 0
        # Index and row of 51 bookings a subcategory, and once more for those that are shown.
        assert pages(plan) <= (count + 4) * 2 * 60


@pytest.mark.parametrize("given", [{"is_pending": True}, {"tag": "holiday"}])
def test_what_few_bookings_have_is_an_index_of_few(
    ledger: psycopg.Connection[Any], given: dict[str, Any]
) -> None:
    ledger.execute(
        "update data.transactions set is_pending = true, tags = '{holiday}'"
        " where user_id = 1 and id in"
        " (select id from data.transactions where user_id = 1 order by id limit 20)"
    )
    plan = sheet(ledger, 1, "newest", **given)
    assert plan["Actual Rows"] == 20
    assert removed(plan) == 0
    assert pages(plan) <= 60


def test_keys_are_read_by_key(planned: psycopg.Connection[Any]) -> None:
    keys = planned.execute(
        "select array_agg(id) from (select id from data.transactions where user_id = 1"
        " order by transaction_date limit 51) as known"
    ).fetchone()
    assert keys is not None
    plan = page(planned, 1, "keys", _keys=("bigint[]", keys[0]))
    assert {node.get("Index Name") for node in scans(plan)} == {"transactions_0_pkey"} or all(
        "pkey" in (node.get("Index Name") or "") for node in scans(plan)
    )
    assert removed(plan) == 0
    assert pages(plan) <= 51 * 4


@pytest.mark.parametrize("is_walk", [True, False])
def test_words_are_looked_for_in_one_index(ledger: psycopg.Connection[Any], is_walk: bool) -> None:
    row = ledger.execute(
        "select tableoid::regclass::text, max(transaction_date) - date '2000-01-01'"
        " from data.transactions where user_id = 1 group by 1"
    ).fetchone()
    assert row is not None
    query = ledger.execute(
        "select core.search_query(%s::regclass, 'newest', %s)", [row[0], is_walk]
    ).fetchone()
    assert query is not None
    text = query[0]
    values = {name: (kind, None) for name, kind in SHEET.items()}
    values |= {"_user_id": ("bigint", 1), "_limit": ("integer", 51)}
    values["v_query"] = ("text", "'@booking':* & '@99':*")
    values["v_spans"] = ("integer", 102) if is_walk else ("integer[]", [row[1] // 32])
    for number, name in reversed(list(enumerate(values, 1))):
        text = text.replace(f"${number}", name)
    ledger.execute("set plan_cache_mode = force_custom_plan")
    ledger.execute("set enable_seqscan = off")  # as the function has it
    try:
        plan = plan_of(ledger, text, values, role="steward")
    finally:
        ledger.execute("reset enable_seqscan")
    found = scans(plan)
    assert len(found) == 1
    if is_walk:
        assert found[0]["Actual Rows"] <= 102
    else:
        assert found[0]["Node Type"] == "Bitmap Heap Scan"
        assert found[0]["Plans"][0]["Index Name"].startswith("transactions_")
        assert "tsvector" in found[0]["Recheck Cond"]
        assert removed(plan) == 0
    assert pages(plan) <= 120


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

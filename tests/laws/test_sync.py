"""A copy that asks for changes now and then is the ledger in the end, whatever is written.

Any sequence of writes with pages of any size between them; and many writers while a reader asks.
"""

import json
import random
import secrets
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.laws.test_ledger import drop_user, new_user, take

EXAMPLES = 100
WRITERS, WRITES = 4, 40

steps = st.one_of(
    st.tuples(st.just("add"), st.integers(1, 5)),
    st.tuples(st.just("edit"), st.integers(0, 9)),
    st.tuples(st.just("bulk"), st.integers(0, 9)),
    st.tuples(st.just("drop"), st.integers(0, 9)),
    st.tuples(st.just("bulk_drop"), st.integers(0, 3)),
    st.tuples(st.just("ask"), st.integers(1, 4)),
    st.tuples(st.just("anew"), st.integers(1, 4)),
)


class Copy:
    """What a phone has."""

    def __init__(self, connection: psycopg.Connection[Any], user_id: int) -> None:
        self.connection, self.user_id = connection, user_id
        self.rows: dict[int, dict[str, Any]] = {}
        self.cursor: str | None = None
        self.last = (0, 0)

    def ask(self, limit: int) -> bool:
        """Takes one page; whether there are more."""
        row = self.connection.execute(
            "select core.sync_json(%s, %s, %s)", [self.user_id, self.cursor, limit]
        ).fetchone()
        assert row is not None
        answer = row[0]
        for item in answer["items"]:
            place = (item["change_no"], item["id"])
            assert place > self.last
            self.last = place
            if item["is_dropped"]:
                self.rows.pop(item["id"], None)
            else:
                self.rows[item["id"]] = item["transaction"]
        assert len(answer["items"]) == limit or not answer["has_more"]
        self.cursor = answer["next_cursor"]
        return bool(answer["has_more"])

    def is_the_ledger(self) -> None:
        """Asks until there is no more, and compares."""
        while self.ask(3):
            pass
        found = self.connection.execute(
            "select id, core.ledger_json(%s, id) from data.transactions where user_id = %s",
            [self.user_id, self.user_id],
        ).fetchall()
        assert self.rows == dict(found)


@pytest.fixture(scope="module")
def connection(shared_database: str) -> Iterator[psycopg.Connection[Any]]:
    """Autocommit, so that every call is a transaction of its own, as in service."""
    with psycopg.connect(shared_database, autocommit=True) as opened:
        yield opened


def keys(connection: psycopg.Connection[Any], user_id: int) -> list[int]:
    """Keys of what is in the ledger."""
    return [
        key
        for (key,) in connection.execute(
            "select id from data.transactions where user_id = %s order by id", [user_id]
        )
    ]


def write(connection: psycopg.Connection[Any], user_id: int, account: int, step: Any) -> None:
    """One write, by the functions of core."""
    kind, number = step
    known = keys(connection, user_id)
    some = known[number : number + 3]
    if kind == "add":
        items = [
            {"account_id": account, "amount": n, "transaction_date": "2025-01-01"}
            | {"description": f"Booking {n}"}
            for n in range(1, number + 1)
        ]
        connection.execute("select core.batch_add(%s, %s)", [user_id, json.dumps(items)])
    elif not some:
        return
    elif kind == "edit":
        connection.execute(
            "select core.transaction_edit(%s, %s, '{}', null, 7, null, 'y', null, null, null,"
            " null, null)",
            [user_id, some[0]],
        )
    elif kind == "bulk":
        connection.execute(
            "select core.bulk_edit(%s, %s, '{}', 'z', null, null, null, null, null, null)",
            [user_id, some],
        )
    elif kind == "drop":
        connection.execute("select core.transaction_drop(%s, %s)", [user_id, some[0]])
    else:
        connection.execute("select core.bulk_drop(%s, %s)", [user_id, some])


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(steps, min_size=3, max_size=25))
def test_a_copy_is_the_ledger_in_the_end(
    connection: psycopg.Connection[Any], todo: list[tuple[str, int]]
) -> None:
    user_id = new_user(connection)
    take(connection, user_id, is_local=False)
    try:
        row = connection.execute("select core.account_add(%s, 'A')", [user_id]).fetchone()
        assert row is not None
        copies = [Copy(connection, user_id)]
        for step in todo:
            if step[0] == "anew":
                copies.append(Copy(connection, user_id))
            if step[0] in ("ask", "anew"):
                for copy in copies:
                    copy.ask(step[1])
            else:
                write(connection, user_id, row[0], step)
        for copy in copies:
            copy.is_the_ledger()
    finally:
        drop_user(connection, user_id)


def test_a_copy_made_while_many_write_misses_nothing(
    shared_database: str, connection: psycopg.Connection[Any]
) -> None:
    user_id = new_user(connection)
    take(connection, user_id, is_local=False)
    row = connection.execute("select core.account_add(%s, 'A')", [user_id]).fetchone()
    assert row is not None
    seed = secrets.randbits(32)
    failures: list[str] = []

    def work(number: int) -> None:
        chance = random.Random(seed + number)
        with psycopg.connect(shared_database, autocommit=True) as own:
            take(own, user_id, is_local=False)
            for _ in range(WRITES):
                kind = chance.choice(("add", "add", "edit", "bulk", "drop", "bulk_drop"))
                try:
                    write(own, user_id, row[0], (kind, chance.randint(1, 4)))
                except psycopg.Error as error:
                    if error.sqlstate != "PT404":  # another writer has dropped it
                        failures.append(f"{error.sqlstate} {error}")

    writers = [threading.Thread(target=work, args=(number,)) for number in range(WRITERS)]
    copy = Copy(connection, user_id)
    for one in writers:
        one.start()
    while any(one.is_alive() for one in writers):
        copy.ask(5)
    for one in writers:
        one.join()
    try:
        assert failures == [], f"seed {seed}"
        copy.is_the_ledger()
    finally:
        drop_user(connection, user_id)

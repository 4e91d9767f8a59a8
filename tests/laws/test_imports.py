"""What holds for every file and every ledger that it meets.

Each row comes to exactly one thing; what came once comes to nothing the second time; strict is all
or nothing; undo puts the ledger back as it was; no balance is ever wrong.
"""

import json
from datetime import date, timedelta
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXAMPLES = 60
TEXTS = ("Coffee", "coffee", "Baker", "Card payment", "SQ *Coffee 12")
# Few values, so that rows are often alike, near, or the same under another id.
amounts = st.sampled_from(("-3.50", "-4.00", "-5.00", "10.00"))
days = st.integers(0, 6).map(lambda n: str(date(2026, 3, 1) + timedelta(days=n)))
ids = st.none() | st.sampled_from(("a", "b", "c", "d"))
texts = st.sampled_from(TEXTS)
good = st.fixed_dictionaries(
    {
        "amount": amounts,
        "transaction_date": days,
        "description": texts,
        "counterparty": st.none() | texts,
        "external_id": ids,
        "is_pending": st.booleans(),
    }
)
bad = st.fixed_dictionaries(
    {"amount": st.sampled_from(("", "1.234", "x")), "transaction_date": days, "description": texts}
)
files = st.lists(st.one_of(good, good, good, good, bad), max_size=12)
ledgers = st.lists(st.tuples(amounts, days, texts, ids, st.booleans()), max_size=8)
formats = st.sampled_from(("csv", "ofx"))

# A booking as its owner sees it; what counts writes may be higher afterwards.
LEDGER = """
select
    id, account_id, amount, transaction_date, description, counterparty, external_id, is_pending,
    import_id, import_hash, comment, subcategory_id
from data.transactions where user_id = %s order by id
"""


class House:
    """One owner with one account."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self.user_id = self.one("insert into data.users (currency) values ('USD') returning id")
        self.one("select set_config('app.user_id', %s, true)", str(self.user_id))
        self.account = self.one("select core.account_add(%s, 'A')", self.user_id)

    def one(self, query: str, *values: Any) -> Any:
        """The first value that a statement answers."""
        row = self._connection.execute(query.encode(), values).fetchone()
        assert row is not None
        return row[0]

    def book(self, ledger: list[Any]) -> None:
        """Enters bookings by hand; one whose id is taken stays out."""
        taken: set[str] = set()
        for amount, day, text, external_id, is_pending in ledger:
            known = external_id if external_id not in taken else None
            taken |= {external_id}
            self.one(
                "select core.transaction_add(%s, %s, %s, %s, %s, _external_id => %s,"
                " _is_pending => %s)",
                *(self.user_id, self.account, amount, day, text, known, is_pending),
            )

    def send(self, rows: list[Any], name: str, **options: bool) -> dict[str, Any]:
        """Reads a file in, in parts of five rows."""
        told = "".join(f", _{option} => {value}" for option, value in options.items())
        call = f"select api.import_add(%s, %s, %s, {self.account}{told})"
        file = {"upload_id": None, "part": 0, "is_last": False, "format": name}
        answer = self.one(call, self.user_id, json.dumps(file), "[]")
        lined = [{**row, "line": line} for line, row in enumerate(rows, 2)]
        parts = [lined[start : start + 5] for start in range(0, len(lined), 5)] or [[]]
        upload_id = answer["upload_id"]
        for number, part in enumerate(parts, 1):
            file |= {"upload_id": upload_id, "part": number, "is_last": number == len(parts)}
            answer = self.one(call, self.user_id, json.dumps(file), json.dumps(part))
        assert (
            answer["read_count"]
            == len(rows)
            == sum(answer[f"{kind}_count"] for kind in ("new", "duplicate", "rejected", "matched"))
        )
        self.check()
        return dict(answer)

    def ledger(self) -> list[Any]:
        """All bookings."""
        return self._connection.execute(LEDGER, [self.user_id]).fetchall()

    def check(self) -> None:
        """No balance is wrong, and no row of a file is left but of a preview."""
        faults = self._connection.execute("select * from core.balance_faults(%s)", [self.user_id])
        assert faults.fetchall() == []


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ledger=ledgers, rows=files, name=formats, other=files, other_name=formats)
def test_a_file_adds_once_and_goes_without_a_trace(
    transaction: psycopg.Connection[Any],
    ledger: list[Any],
    rows: list[Any],
    name: str,
    other: list[Any],
    other_name: str,
) -> None:
    with transaction.transaction(force_rollback=True):
        house = House(transaction)
        house.book(ledger)
        house.send(other, other_name)
        before = house.ledger()

        strict = house.send(rows, name, strict=True, dry_run=True)
        assert house.ledger() == before, "a dry run books nothing"
        first = house.send(rows, name)
        assert first["new_count"] == strict["new_count"], "a dry run tells what will be"
        after = house.ledger()
        assert len(after) == len(before) + first["new_count"]

        again = house.send(rows, name)
        assert (again["new_count"], again["matched_count"]) == (0, 0), "what came once is known"
        assert house.ledger() == after, "and changes nothing"
        undone = house.one("select api.import_undo(%s, %s)", house.user_id, first["id"])
        assert (undone["dropped_count"], undone["kept_count"]) == (first["new_count"], 0)
        assert house.ledger() == before, "undo puts the ledger back"
        house.check()

        refused = house.send(rows, name, strict=True)
        expected = "failed" if first["rejected_count"] else "booked"
        assert refused["status"] == expected
        if refused["status"] == "failed":
            assert house.ledger() == before, "strict is all or nothing"

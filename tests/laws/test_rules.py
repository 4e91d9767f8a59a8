"""Rules in SQL equal a plain loop over bookings and rules, and never write over a hand.

The loop below is written from docs/rules.md, not from the SQL: one booking, one rule at a time.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

USER = -1
WORDS = ("cafe", "Café", "rent", "a_b", "100%", "x")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
CENTS = st.integers(-300, 300).filter(bool)


@dataclass
class Booking:
    """As much of a booking as rules look at, and what was set by whom: field -> (rule, value)."""

    id: int
    account_id: int
    cents: int
    day: int
    description: str
    counterparty: str | None
    subcategory_id: int | None
    tags: list[str] = field(default_factory=list)
    set_by: dict[str, tuple[int, Any]] = field(default_factory=dict)


BOOKINGS = st.lists(
    st.builds(
        Booking,
        id=st.just(0),
        account_id=st.sampled_from((1, 2)),
        cents=CENTS,
        day=st.integers(1, 31),
        description=TEXTS,
        counterparty=st.none() | TEXTS,
        subcategory_id=st.none() | st.sampled_from((11, 12)),
        tags=st.lists(st.sampled_from("pqr"), unique=True, max_size=2),
    ),
    min_size=1,
    max_size=6,
)
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "texts": st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True),
        "amount_from": CENTS,
        "amount_to": CENTS,
        "account_ids": st.just([2]),
        "direction": st.sampled_from(("in", "out")),
        "month_days": st.lists(st.sampled_from((1, 15, 31, -1)), min_size=1, max_size=2),
    },
).filter(bool)
ACTIONS = st.fixed_dictionaries(
    {},
    optional={
        "subcategory_id": st.sampled_from((11, 12)),
        "counterparty": st.sampled_from(("One", "Two")),
        "add_tags": st.just(["s"]) | st.just(["p"]),
        "remove_tags": st.just(["q"]) | st.just(["r"]),
        "is_last": st.booleans(),
    },
)
WAYS = st.fixed_dictionaries(
    {
        "text_match": st.sampled_from(("contains", "starts", "equals", "word")),
        "text_field": st.sampled_from(("description", "counterparty", "either")),
        "text_need": st.sampled_from(("any", "all")),
        "amount_by": st.sampled_from(("signed", "size")),
        "is_overwriting": st.booleans(),
    }
)


def sound(rule: dict[str, Any]) -> bool:
    """Whether the table takes it, and a user may write it."""
    least, most = rule.get("amount_from"), rule.get("amount_to")
    is_forward = least is None or most is None or least <= most
    does = {"subcategory_id", "counterparty", "add_tags", "remove_tags"} & rule.keys()
    return is_forward and bool(does or rule.get("is_last"))


RULES = st.lists(
    st.builds(lambda *parts: parts[0] | parts[1] | parts[2], CONDITIONS, ACTIONS, WAYS).filter(
        sound
    ),
    min_size=1,
    max_size=4,
)


def holds(rule: dict[str, Any], booking: Booking) -> bool:
    """Whether a booking meets every condition of a rule."""
    cents = abs(booking.cents) if rule["amount_by"] == "size" else booking.cents
    if "amount_from" in rule and cents < rule["amount_from"]:
        return False
    if "amount_to" in rule and cents > rule["amount_to"]:
        return False
    if "account_ids" in rule and booking.account_id not in rule["account_ids"]:
        return False
    if "direction" in rule and (rule["direction"] == "in") != (booking.cents > 0):
        return False
    days = {booking.day, -1} if booking.day == 31 else {booking.day}  # all days lie in a January
    if "month_days" in rule and not days & set(rule["month_days"]):
        return False
    if "texts" not in rule:
        return True
    fields = {"description": [booking.description], "counterparty": [booking.counterparty]}
    fields["either"] = fields["description"] + fields["counterparty"]
    looked = [text.lower() for text in fields[rule["text_field"]] if text is not None]
    found = [any(fits(rule["text_match"], one.lower(), text) for text in looked)
             for one in rule["texts"]]  # fmt: skip
    return any(found) if rule["text_need"] == "any" else all(found)


def fits(match: str, wanted: str, text: str) -> bool:
    """Whether a text has the wanted one as match says."""
    if match == "contains":
        return wanted in text
    if match == "starts":
        return text.startswith(wanted)
    if match == "equals":
        return wanted == text
    split = [[word for word in re.split(r"[\W_]+", one) if word] for one in (text, wanted)]
    words, few = split
    return any(words[n : n + len(few)] == few for n in range(len(words) - len(few) + 1))


def applied(rules: list[dict[str, Any]], booking: Booking) -> None:
    """What the rules make of one booking, in order."""
    before = list(booking.tags)
    decided: set[str] = set()
    tags: dict[str, bool] = {}
    for number, rule in enumerate(rules, 1):
        if not holds(rule, booking):
            continue
        for name in ("subcategory_id", "counterparty"):
            if name not in rule or name in decided:
                continue
            decided.add(name)
            now, latest = getattr(booking, name), booking.set_by.get(name)
            is_own = latest == (number, now)
            may = rule["is_overwriting"] or (latest is None and now is None) or is_own
            if may and now != rule[name]:
                setattr(booking, name, rule[name])
                booking.set_by[name] = (number, rule[name])
        for tag in rule.get("add_tags", ()):
            tags.setdefault(tag, True)
        for tag in rule.get("remove_tags", ()):
            tags.setdefault(tag, False)
        if rule.get("is_last"):
            break
    kept = [tag for tag in before if tags.get(tag, True)]
    booking.tags = kept + sorted(tag for tag, is_on in tags.items() if is_on and tag not in before)


def planted(db: psycopg.Connection[Any], rules: list[dict[str, Any]], days: list[Booking]) -> None:
    """Everything of the user anew."""
    db.execute("delete from data.users where id = %s", (USER,))
    db.execute(
        """
        insert into data.users (id, currency) values (-1, 'USD');
        insert into data.accounts (user_id, id, name, currency, opened_on)
        values (-1, 1, 'A', 'USD', '2025-01-01'), (-1, 2, 'B', 'USD', '2025-01-01');
        insert into data.categories (user_id, id, name) values (-1, 1, 'C');
        insert into data.subcategories (user_id, id, category_id, name)
        values (-1, 11, 1, 'D'), (-1, 12, 1, 'E')
        """
    )
    for number, rule in enumerate(rules, 1):
        stored = {
            **rule,
            **{name: rule[name] / 100 for name in ("amount_from", "amount_to") if name in rule},
            "user_id": USER, "id": number, "position": number, "name": str(number), "version": 1,
            "is_active": True, "is_last": rule.get("is_last", False),
            "created_at": "2025-01-01", "updated_at": "2025-01-01",
        }  # fmt: skip
        db.execute(
            "insert into data.transaction_rules"
            " select * from jsonb_populate_record(null::data.transaction_rules, %s)",
            (json.dumps(stored),),
        )
    for booking in days:
        db.execute(
            "insert into data.transactions (user_id, id, account_id, amount, transaction_date,"
            " description, counterparty, subcategory_id, tags)"
            " values (-1, %s, %s, %s::numeric / 100, make_date(2025, 1, %s), %s, %s, %s, %s)",
            (booking.id, booking.account_id, booking.cents, booking.day, booking.description,
             booking.counterparty, booking.subcategory_id, booking.tags),
        )  # fmt: skip


def stands(db: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    """What the bookings are now."""
    return db.execute(
        "select id, subcategory_id, counterparty, tags from data.transactions"
        " where user_id = -1 order by id"
    ).fetchall()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rules=RULES, bookings=BOOKINGS, hands=st.lists(st.sampled_from((None, 11, 12)), max_size=4))
def test_rules_do_what_a_plain_loop_does(
    transaction: psycopg.Connection[Any],
    rules: list[dict[str, Any]],
    bookings: list[Booking],
    hands: list[int | None],
) -> None:
    db = transaction
    for number, booking in enumerate(bookings, 1):
        booking.id, booking.set_by = number, {}
    planted(db, rules, bookings)
    first = stands(db)
    ids = [booking.id for booking in bookings]
    run = "select (core.ruleset_run(-1, %s, %s, 'demand')).*"
    for change_no in range(1, 4):
        row = db.execute(run, (ids, change_no)).fetchone()
        for booking in bookings:
            applied(rules, booking)
        wanted = [(one.id, one.subcategory_id, one.counterparty, one.tags) for one in bookings]
        assert stands(db) == wanted, (change_no, rules)
        if change_no == 1:
            if row is not None and row[1] is not None:  # taken back, nothing has happened
                db.execute("savepoint undone")
                db.execute("select core.effect_undo(-1, %s)", (row[1],))
                back = [(*one[:3], sorted(one[3])) for one in stands(db)]
                assert back == [(*one[:3], sorted(one[3])) for one in first]
                db.execute("rollback to savepoint undone")
            # A hand, between two runs, sets or clears.
            for booking, hand in zip(bookings, hands, strict=False):
                booking.subcategory_id = hand
                db.execute(
                    "update data.transactions set subcategory_id = %s"
                    " where user_id = -1 and id = %s",
                    (hand, booking.id),
                )

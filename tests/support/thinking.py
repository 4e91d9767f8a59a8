"""Random changes to a household's schedule, as a scenario says them and as edits that are made."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import psycopg
from hypothesis import strategies as st

from tests.support.day_loop import Question
from tests.support.near_cases import near_cases, near_rules
from tests.support.oracle import Household, Rule
from tests.support.planning import key_of, money, user_of
from tests.support.rule_sets import cases, days_around, rules

Changes = dict[str, Any]
OUTCOME = ("PT404", "PT409", "PT422")


def said(rule: Rule, place: int = 0) -> dict[str, Any]:
    """A rule as the wire has it."""
    fields = asdict(rule)
    for name in ("exceptions", "cents", "account", "to_account"):
        del fields[name]
    fields |= {
        "name": "Thought of",
        "amount": float(money(rule.cents) or 0),
        "account_id": key_of(place, rule.account),
        "to_account_id": None if rule.to_account is None else key_of(place, rule.to_account),
        "month_days": list(rule.month_days) if rule.month_days else None,
    }
    return json.loads(json.dumps(fields, default=str))  # type: ignore[no-any-return]


@st.composite
def thoughts(draw: st.DrawFn) -> tuple[Household, Question, Changes]:
    """A household, what is asked, and changes to every kind of its items."""
    is_near = draw(st.booleans())
    house, asked = draw(near_cases() if is_near else cases())
    today, count = asked.as_of, len(house.accounts)
    new = near_rules(today, count) if is_near else rules(today, count)
    numbers = draw(st.permutations(range(len(house.rules))))
    changes: Changes = {"added": [said(one) for one in draw(st.lists(new, max_size=2))]}
    for number in numbers:
        item = key_of(0, number)
        what = draw(st.sampled_from(["stay", "change", "edit", "remove", "pause", "both"]))
        if what in ("change", "both"):
            changes.setdefault("changed", []).append({"recurring_item_id": item} | said(draw(new)))
        elif what == "edit":
            patch = said(draw(new))
            kept = draw(st.sets(st.sampled_from(sorted(patch)), min_size=1, max_size=3))
            changes.setdefault("changed", []).append(
                {"recurring_item_id": item} | {name: patch[name] for name in kept}
            )
        if what == "remove":
            changes.setdefault("removed", []).append(item)
        if what in ("pause", "both"):
            begin = draw(days_around(today, 45, 60))
            end = begin + timedelta(days=draw(st.integers(0, 120)))
            changes.setdefault("paused", []).append(
                {"recurring_item_id": item, "from_on": str(begin), "to_on": str(end)}
            )
    days = min(asked.days, 400)
    return house, Question(today, days, None, None, asked.overdue, asked.account), changes


def closings(connection: psycopg.Connection[Any], asked: Question) -> list[int]:
    """What the forecast says of each day, in cents."""
    rows = connection.execute(
        "select (closing_balance * 100)::bigint from core.forecast_days("
        "%s, %s, %s, null, %s, %s, %s) order by on_day",
        (
            user_of(0), asked.as_of, asked.days, money(asked.initial_cents), asked.overdue,
            None if asked.account is None else key_of(0, asked.account),
        ),
    ).fetchall()  # fmt: skip
    return [cents for (cents,) in rows]


def compare(
    connection: psycopg.Connection[Any],
    asked: Question,
    changes: Changes | None,
    scenario_ids: list[int] | None = None,
) -> dict[str, Any]:
    """What a comparison says."""
    row = connection.execute(
        "select core.compare_json(%s, %s, %s, %s, %s, %s, %s,"
        " '{date,baseline,scenario,difference}')",
        (
            user_of(0), asked.as_of, asked.days,
            None if asked.account is None else key_of(0, asked.account), asked.overdue,
            scenario_ids, None if changes is None else json.dumps(changes, default=str),
        ),
    ).fetchone()  # fmt: skip
    assert row is not None
    answer: dict[str, Any] = row[0]
    return answer


def cents(amounts: list[float]) -> list[int]:
    """Amounts of the wire in cents."""
    return [round(amount * 100) for amount in amounts]


def carry_out(connection: psycopg.Connection[Any], changes: Changes) -> None:
    """Makes the edits that a scenario thinks of. Errors: those of the edits."""
    user = user_of(0)
    # The household's own keys were given by hand: the next one is after them.
    connection.execute(
        "select setval(pg_get_serial_sequence('data.recurring_items', 'id'), 1000000)"
    )
    for item in changes.get("added", []):
        given = {name: value for name, value in item.items() if value is not None}
        casts = {"month_days": "integer[]", "amount": "numeric"}
        listed = ", ".join(
            f"_{name} => %s::{casts.get(name, 'date' if name.endswith('_on') else 'text')}"
            if isinstance(value, str | list | float)
            else f"_{name} => %s"
            for name, value in given.items()
        ).replace("_expected_from => %s::text", "_expected_from => %s::date")
        connection.execute(
            f"select core.recurring_add({user}, {listed})",  # type: ignore[arg-type]
            list(given.values()),
        )
    for patch in changes.get("changed", []):
        body = {name: value for name, value in patch.items() if name != "recurring_item_id"}
        connection.execute(
            "select core.recurring_edit(%s, %s, %s)",
            (user, patch["recurring_item_id"], json.dumps(body)),
        )
    for item in changes.get("removed", []):
        connection.execute("select core.recurring_drop(%s, %s)", (user, item))
    for pause in changes.get("paused", []):
        skip(connection, user, pause)


def skip(connection: psycopg.Connection[Any], user: int, pause: dict[str, Any]) -> None:
    """Skips every occurrence of an item from one day to another, whatever exception it had."""
    values = {
        "user": user, "item": pause["recurring_item_id"],
        "from": pause["from_on"], "to": pause["to_on"],
    }  # fmt: skip
    connection.execute(
        "delete from data.recurring_exceptions where user_id = %(user)s"
        " and recurring_item_id = %(item)s and occurrence_on between %(from)s and %(to)s",
        values,
    )
    connection.execute(
        """
        insert into data.recurring_exceptions (user_id, recurring_item_id, occurrence_on, action)
        select %(user)s, found.recurring_item_id, found.occurrence_on, 'skip'
        from data.recurring_items as item
        cross join lateral core.rhythm_dates(
            %(user)s, array[item.account_id, item.to_account_id], null,
            %(from)s::date, %(to)s::date, true, item.id
        ) as found
        where item.user_id = %(user)s and item.id = %(item)s
          and found.occurrence_on between %(from)s and %(to)s
        """,
        values,
    )


def refused(connection: psycopg.Connection[Any], work: Any) -> str | None:
    """The sentence that work was refused with; None when it was done."""
    try:
        with connection.transaction():
            work()
    except psycopg.DatabaseError as error:
        if error.sqlstate not in OUTCOME:
            raise
        return error.diag.message_primary
    return None

"""A thought equals its deed: a scenario says what the forecast says once the edits are made."""

import json
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.planning import load, user_of
from tests.support.rule_sets import RULE_SETS, examples
from tests.support.thinking import (
    Changes,
    carry_out,
    cents,
    closings,
    compare,
    refused,
    thoughts,
)

EXAMPLES = RULE_SETS // 40


@pytest.mark.timeout(600)
@examples(EXAMPLES)
@given(thoughts())
def test_a_scenario_is_the_forecast_after_the_same_edits(
    plans: psycopg.Connection[Any], thought: Any
) -> None:
    house, asked, changes = thought
    with plans.transaction(force_rollback=True):
        load(plans, [house])
        before = closings(plans, asked)
        answers: list[dict[str, Any]] = []
        thinks = refused(plans, lambda: answers.append(compare(plans, asked, changes)))
        does = refused(plans, lambda: carry_out(plans, changes))
        assert thinks == does, thought
        if does is not None:
            return
        after = closings(plans, asked)
        columns = answers[0]["columns"]
        assert cents(columns["baseline"]) == before
        assert cents(columns["scenario"]) == after, thought
        gap = [ours - theirs for ours, theirs in zip(after, before, strict=True)]
        assert cents(columns["difference"]) == gap
        line = answers[0]["scenario"]
        lowest = min(after)
        assert cents([line["lowest_balance"]]) == [lowest]
        assert line["lowest_on"] == columns["date"][after.index(lowest)]


@pytest.mark.timeout(600)
@examples(EXAMPLES // 2)
@given(thoughts(), st.data())
def test_what_comes_in_lowers_no_day(
    plans: psycopg.Connection[Any], thought: Any, data: st.DataObject
) -> None:
    house, asked, changes = thought
    incomes = [one for one in changes["added"] if one["kind"] == "income"]
    if not incomes:
        rule = {"kind": "income", "name": "More", "amount": 54.0, "frequency": "weekly"}
        anchor = str(data.draw(st.sampled_from([asked.as_of])))
        incomes = [rule | {"account_id": 100, "anchor_on": anchor}]
    with plans.transaction(force_rollback=True):
        load(plans, [house])
        difference = compare(plans, asked, {"added": incomes})["columns"]["difference"]
        assert min(difference) >= 0, thought


@pytest.mark.timeout(600)
@examples(EXAMPLES // 2)
@given(thoughts())
def test_independent_changes_come_in_any_order(
    plans: psycopg.Connection[Any], thought: Any
) -> None:
    house, asked, changes = thought
    parts: list[Changes] = [{"added": changes["added"]}] if changes["added"] else []
    items: dict[int, Changes] = {}
    for field in ("changed", "removed", "paused"):
        for one in changes.get(field, []):
            key = one if field == "removed" else one["recurring_item_id"]
            items.setdefault(key, {}).setdefault(field, []).append(one)
    bought = {"amount": -12.5, "on_day": str(asked.as_of)}
    parts = [*parts, *items.values(), {"purchases": [bought]}][-5:]
    with plans.transaction(force_rollback=True):
        load(plans, [house])
        plans.execute(
            "insert into data.scenarios (user_id, id, name, changes)"
            " select %s, part.place, part.place, part.value"
            " from jsonb_array_elements(%s) with ordinality as part (value, place)",
            (user_of(0), json.dumps(parts)),
        )
        keys = list(range(1, len(parts) + 1))
        answers = []
        for order in (keys, keys[::-1]):
            found: list[dict[str, Any]] = []

            def ask(order: list[int] = order, found: list[dict[str, Any]] = found) -> None:
                found.append(compare(plans, asked, None, order))

            answers.append((refused(plans, ask) is None, found))
        assert answers[0][0] == answers[1][0]
        if answers[0][0]:
            (one,), (other,) = answers[0][1], answers[1][1]
            assert one["columns"] == other["columns"]
            assert one["scenario"] == other["scenario"]
            nothing = compare(plans, asked, None)
            assert set(nothing["columns"]["difference"]) == {0}
            assert nothing["scenario"] == nothing["baseline"]


@examples(EXAMPLES)
@given(thoughts())
def test_a_thought_computes_what_the_table_computes(
    plans: psycopg.Connection[Any], thought: Any
) -> None:
    house, _, _ = thought
    with plans.transaction(force_rollback=True):
        load(plans, [house])
        row = plans.execute(
            """
            select bool_and(
                core.variant_filled(
                    jsonb_populate_record(
                        null::data.recurring_items,
                        to_jsonb(item) - '{amount_cents,anchor_day,anchor_month,step_days,
                            step_months,first_on}'::text[]
                    )
                ) is not distinct from item
            )
            from data.recurring_items as item where user_id = %s
            """,
            (user_of(0),),
        ).fetchone()
        assert row == (True,), house


def test_a_thought_says_what_an_item_says(plans: psycopg.Connection[Any]) -> None:
    """core.thought has the fields and types of POST recurring-items, in their order."""
    row = plans.execute(
        """
        select
            (
                select array_agg(
                    (format('_%s', attname), atttypid::regtype)::text order by attnum
                )
                from pg_catalog.pg_attribute
                where attrelid = 'core.thought'::regclass and attnum > 0
            ),
            (
                select array_agg((given.name, given.type::regtype)::text order by given.place)
                from pg_catalog.pg_proc as routine
                cross join lateral unnest(routine.proargnames, routine.proargtypes::oid[])
                    with ordinality as given (name, type, place)
                where routine.oid = 'api.recurring_add'::regproc and given.name <> '_user_id'
            )
        """
    ).fetchone()
    assert row is not None
    assert row[0] == row[1]

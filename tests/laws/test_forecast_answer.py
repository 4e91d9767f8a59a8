"""The route's answer follows from its days: rows, columns, summary, months, items, accounts."""

import json
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import given

from tests.support.day_loop import Question, forecast
from tests.support.planning import key_of, load, money, user_of
from tests.support.rule_sets import HOLIDAYS, Case, batches, few_examples


def read(
    connection: psycopg.Connection[Any], place: int, asked: Question, **more: Any
) -> dict[str, Any]:
    """What the route answers, money as Decimal."""
    row = connection.execute(
        """
        select api.forecast_read(
            %s, %s, %s, %s, _initial_balance => %s, _overdue => %s, _account_id => %s,
            _format => %s, _explain => %s, _by_account => %s, _fields => %s
        )::text
        from set_config('app.user_id', %s::text, true)
        """,
        (
            user_of(place),
            asked.as_of,
            asked.start,
            asked.days,
            money(asked.initial_cents),
            asked.overdue,
            None if asked.account is None else key_of(place, asked.account),
            more.get("layout", "columns"),
            more.get("explain", False),
            more.get("by_account", False),
            more.get("fields"),
            user_of(place),
        ),
        prepare=True,
    ).fetchone()
    assert row is not None
    answer: dict[str, Any] = json.loads(row[0], parse_float=Decimal)
    return answer


def summary_of(days: list[dict[str, Any]], reserve: Decimal) -> dict[str, Any]:
    """The summary by looking at the days one by one."""
    paydays = [day["date"] for day in days[1:] if day["income"] > 0]
    lowest = min(day["closing_balance"] for day in days)
    until = [day["closing_balance"] for day in days if paydays and day["date"] < paydays[0]]
    negative = [day["date"] for day in days if day["closing_balance"] < 0]
    months = defaultdict(list)
    for day in days:
        months[day["date"][:7]].append(day)
    return {
        "lowest_balance": lowest,
        "lowest_on": next(day["date"] for day in days if day["closing_balance"] == lowest),
        "first_negative_on": negative[0] if negative else None,
        "next_income_on": paydays[0] if paydays else None,
        "lowest_before_next_income": min(until) if until else None,
        "safe_to_spend": max(Decimal(0), (min(until) if until else lowest) - reserve),
        "ending_balance": days[-1]["closing_balance"],
        "total_income": sum(day["income"] for day in days),
        "total_expenses": sum(day["expenses"] for day in days),
        "months": [
            {
                "month": month,
                "income": sum(day["income"] for day in inside),
                "expenses": sum(day["expenses"] for day in inside),
                "net_change": sum(day["net_change"] for day in inside),
                "closing_balance": inside[-1]["closing_balance"],
                "lowest_balance": min(day["closing_balance"] for day in inside),
            }
            for month, inside in months.items()
        ],
    }


@pytest.mark.slow
@few_examples
@given(batches)
def test_the_answer_says_what_its_days_say(
    plans: psycopg.Connection[Any], asked: list[Case]
) -> None:
    """Columns equal rows equal the loop; summary, months and items follow from the days."""
    with plans.transaction(force_rollback=True):
        load(plans, [house for house, _ in asked])
        plans.execute("update data.users set reserve = 20, healthy_from = 4000 where id < 0")
        for place, (house, question) in enumerate(asked):
            columns = read(plans, place, question, explain=True)
            rows = read(plans, place, question, layout="rows")["rows"]
            lists = columns["columns"]
            assert [
                dict(zip(lists, day, strict=True)) for day in zip(*lists.values(), strict=True)
            ] == rows
            assert columns["summary"] == summary_of(rows, Decimal(20))
            assert [
                (
                    date.fromisoformat(day["date"]),
                    *(int(day[name] * 100) for name in (
                        "opening_balance", "income", "expenses", "closing_balance",
                    )),
                )
                for day in rows
            ] == forecast(house, question, HOLIDAYS)  # fmt: skip
            for day in rows:
                balance = day["closing_balance"]
                status = "healthy" if balance >= 4000 else "warning" if balance >= 0 else "danger"
                assert day["balance_status"] == status
            moved = {
                day["date"]: sum(item["net_change"] for item in day["items"])
                for day in columns["explain"]
            }
            assert {day: change for day, change in moved.items() if change} == {
                day["date"]: day["net_change"] for day in rows if day["net_change"]
            }
            one = read(plans, place, question, fields="closing_balance")["columns"]
            assert one == {"closing_balance": lists["closing_balance"]}


@pytest.mark.slow
@few_examples
@given(batches)
def test_accounts_add_up_to_the_total(plans: psycopg.Connection[Any], asked: list[Case]) -> None:
    """Whatever is transferred between them."""
    with plans.transaction(force_rollback=True):
        load(plans, [house for house, _ in asked])
        for place, (_, question) in enumerate(asked):
            answer = read(
                plans, place, replace(question, initial_cents=None, account=None), by_account=True
            )
            accounts = [account["closing_balance"] for account in answer["accounts"]]
            if accounts:
                assert [sum(day) for day in zip(*accounts, strict=True)] == answer["columns"][
                    "closing_balance"
                ]
            for account in answer["accounts"]:
                lowest = min(account["closing_balance"])
                assert account["lowest_balance"] == lowest
                start = date.fromisoformat(answer["start"])
                past = account["closing_balance"].index(lowest)
                assert account["lowest_on"] == str(start + timedelta(days=past))

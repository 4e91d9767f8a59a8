"""Spending over HTTP: a household's month is what its bookings say, whichever way it is asked."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.asking import Client
from tests.support.service import Service

HOME = "/api/v2/users/me"
RANGE = {"from": "2026-01-01", "to": "2026-01-31"}


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    """Somebody with three purchases, a refund, a salary, and one purchase in euros."""
    with Client(service.url, service.new_user().token) as client:
        groups = client.ask("GET", f"{HOME}/categories").data["items"]
        keys = {sub["name"]: sub["id"] for group in groups for sub in group["subcategories"]}
        home = add(client, "/accounts", name="Everyday")
        euros = add(client, "/accounts", name="Euros", currency="EUR")
        for account, amount, day, subcategory, counterparty in (
            (home, -80, "2026-01-05", "Groceries", "Mill"),
            (home, 20, "2026-01-06", "Groceries", "MILL"),
            (home, -40, "2026-01-31", "Restaurants", "Napoli"),
            (home, 1000, "2026-01-15", "Salary", "Works"),
            (home, -30, "2025-12-31", "Groceries", "Mill"),
            (euros, -7, "2026-01-10", "Restaurants", "Bistro"),
        ):
            add(
                client,
                "/transactions",
                account_id=account,
                amount=amount,
                transaction_date=day,
                description="x",
                subcategory_id=keys[subcategory],
                counterparty=counterparty,
            )
        yield client


def add(client: Client, path: str, **body: Any) -> int:
    """Id of what was added."""
    reply = client.ask("POST", HOME + path, body)
    assert reply.status == 201, reply.body
    return int(reply.data["id"])


def ask(client: Client, path: str = "", **query: Any) -> Any:
    """What is answered."""
    reply = client.ask("GET", f"{HOME}/spending{path}", query=query)
    assert reply.status == 200, reply.body
    return reply.data


@pytest.mark.parametrize("by", ["category", "subcategory", "account", "month", "counterparty"])
def test_groups_add_up_to_the_month_whatever_they_are(client: Client, by: str) -> None:
    found = ask(client, by=by, **RANGE)
    assert found["totals"]["net"] == 900
    assert sum(item["net"] for item in found["items"]) == 900
    assert (found["compared_from"], found["earlier"]["spent"]) == ("2025-12-01", 30)
    assert found["other_currencies"] == [{"currency": "EUR", "spent": 7, "received": 0, "net": -7}]


def test_a_refund_comes_off_and_income_is_no_spending(client: Client) -> None:
    food, income = ask(client, **RANGE)["items"]
    assert (food["name"], food["net"], food["share"], food["earlier_spent"]) == (
        *("Food", -100, 100),
        30,
    )
    assert (income["name"], income["received"], income["share"]) == ("Income", 1000, 0)


def test_months_stand_side_by_side(client: Client) -> None:
    found = ask(client, "/trends", months=3, as_of="2026-01-31")
    assert found["months"] == ["2025-11-01", "2025-12-01", "2026-01-01"]
    assert found["total"]["net"] == [0, -30, 900]
    assert (found["whole_months"], found["total"]["slope"]) == (2, 930)


def test_the_most_is_spent_with_the_first(client: Client) -> None:
    mill, napoli, works = ask(client, "/counterparties", **RANGE)["items"]
    assert (mill["net"], napoli["net"], works["net"]) == (-60, -40, 1000)
    assert mill["spent_count"] == 1


def test_a_month_is_held_against_another(client: Client) -> None:
    found = ask(client, "/compare", month="2026-01-20", **{"with": "2025-12-01"})
    assert [(one["subcategory"], one["difference"]) for one in found["items"]] == [
        *(("Restaurants", -40), ("Groceries", -30), ("Salary", 1000)),
    ]
    assert found["totals"]["with_net"] == -30


def test_what_makes_no_range_is_refused_with_its_field(client: Client) -> None:
    for query, field in (
        ({"from": "2026-02-01", "to": "2026-01-01"}, "from"),
        ({"from": "2001-01-01", "to": "2026-01-01"}, "to"),
        ({"by": "weekday"}, "by"),
    ):
        reply = client.ask("GET", f"{HOME}/spending", query=query)
        assert (reply.status, reply.json["field"]) == (422, field)

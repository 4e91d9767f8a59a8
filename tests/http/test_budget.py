"""A budget over HTTP: from a salary and bills to envelopes that are right to the cent."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.asking import Client, Reply
from tests.support.service import Service

HOME = "/api/v2/users/me"


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    """Somebody new."""
    opened = Client(service.url, service.new_user().token)
    yield opened
    opened.close()


@pytest.fixture
def names(client: Client) -> dict[str, int]:
    """Their subcategories by name."""
    groups = client.ask("GET", f"{HOME}/categories").data["items"]
    return {one["name"]: one["id"] for group in groups for one in group["subcategories"]}


def add(client: Client, path: str, **body: Any) -> int:
    """Id of what was added."""
    reply = client.ask("POST", HOME + path, body)
    assert reply.status == 201, reply.body
    return int(reply.data["id"])


def blamed(reply: Reply) -> tuple[int, str | None]:
    """Status and the field that is to blame."""
    return reply.status, reply.json.get("field")


def test_a_salary_and_bills_become_envelopes(client: Client, names: dict[str, int]) -> None:
    account = add(client, "/accounts", name="Checking", opening_balance=500)
    monthly = {"frequency": "monthly", "account_id": account}
    salary = add(
        client, "/recurring-items", kind="income", name="Salary", amount=2600.10,
        anchor_on="2026-01-25", expected_from="2026-01-01", **monthly,
    )  # fmt: skip
    rent = add(
        client, "/recurring-items", kind="expense", name="Rent", amount=-900.55,
        anchor_on="2026-01-03", expected_from="2026-01-01", subcategory_id=names["Rent"], **monthly,
    )  # fmt: skip
    period = add(client, "/budget-periods", kind="monthly", starts_on="2026-03-01")
    budget = add(client, "/budgets", budget_period_id=period, name="House", carry_rule="both")

    report = client.ask("POST", f"{HOME}/budgets/{budget}/copy-recurring", {})
    assert (report.status, report.data["copied_count"]) == (200, 2)
    assert report.data["allocated"] == 900.55
    again = client.ask("POST", f"{HOME}/budgets/{budget}/copy-recurring", {}).data
    assert [one["reason"] for one in again["items"]] == ["has_source", "has_allocation"]
    (source,) = client.ask("GET", f"{HOME}/income-sources").data["items"]
    assert (source["recurring_item_id"], source["amount"]) == (salary, 2600.10)

    food = {"subcategory_id": names["Groceries"], "amount": 310.40}
    written = client.ask("PUT", f"{HOME}/budgets/{budget}/allocations", {"items": [food]})
    assert written.data == {"added": 1, "edited": 0}

    def book(day: str, amount: float, subcategory: str | None, **more: Any) -> int:
        return add(
            client, "/transactions", account_id=account, amount=amount, transaction_date=day,
            description="x", subcategory_id=subcategory and names[subcategory], **more,
        )  # fmt: skip

    book("2026-03-03", -900.55, "Rent", recurring_item_id=rent)
    book("2026-03-05", -120.15, "Groceries")
    book("2026-03-06", 20.05, "Groceries")  # a refund
    book("2026-03-07", -45.20, "Groceries", is_pending=True)
    book("2026-03-08", -12.34, "Gifts")
    book("2026-04-01", -99, "Groceries")  # of the next month

    said = client.ask("GET", f"{HOME}/budgets/active", query={"as_of": "2026-03-10"}).data
    assert said["income"] == {
        "received": 0.0,
        "expected": 2600.10,
        "total": 2600.10,
        "assigned": 1210.95,
        "left_to_budget": 1389.15,
        "left_after_unallocated": 1376.81,
    }
    envelopes = {one["subcategory"]: one for one in said["envelopes"]}
    groceries = envelopes["Groceries"]
    assert [groceries[name] for name in ("spent", "pending", "remaining", "percent")] == [
        145.30, 45.20, 165.10, 46.8,
    ]  # fmt: skip
    assert (groceries["pace"], groceries["projected"], groceries["status"]) == (
        1.45, 450.43, "ahead",
    )  # fmt: skip
    assert (envelopes["Rent"]["projected"], envelopes["Rent"]["status"]) == (900.55, "on_track")
    assert [(one["subcategory"], one["spent"]) for one in said["unallocated"]] == [("Gifts", 12.34)]

    rolled = client.ask("POST", f"{HOME}/budgets/{budget}/next", {})
    assert (rolled.status, rolled.data["carried"]) == (201, 165.10)
    later = rolled.data["budget"]["id"]
    book("2026-03-31", -10.10, "Groceries")  # late, and carried on as well
    april = client.ask("GET", f"{HOME}/budgets/{later}/summary", query={"as_of": "2026-04-02"}).data
    (groceries,) = (one for one in april["envelopes"] if one["subcategory"] == "Groceries")
    assert [groceries[name] for name in ("carried", "spent", "remaining")] == [155.0, 99.0, 366.4]


def test_what_goes_on_follows_a_merged_subcategory(client: Client, names: dict[str, int]) -> None:
    period = add(client, "/budget-periods", kind="monthly", starts_on="2026-03-01")
    budget = add(client, "/budgets", budget_period_id=period, name="House")
    path = f"/budgets/{budget}/allocations"
    add(client, path, subcategory_id=names["Groceries"], amount=100.10)
    add(client, path, subcategory_id=names["Restaurants"], amount=50)
    dropped = client.ask(
        "DELETE",
        f"{HOME}/subcategories/{names['Restaurants']}",
        query={"move_to": names["Groceries"]},
    )
    assert dropped.status == 200, dropped
    (one,) = client.ask("GET", HOME + path).data["items"]
    assert (one["subcategory_id"], one["amount"]) == (names["Groceries"], 150.1)


def test_a_wrong_plan_names_its_field(client: Client, names: dict[str, int]) -> None:
    month = {"kind": "monthly", "starts_on": "2026-03-01"}
    period = add(client, "/budget-periods", **month)
    refused = [
        ("/budget-periods", month, (409, "starts_on")),
        ("/budget-periods", month | {"starts_on": "2026-05-31"}, (422, "starts_on")),
        ("/budget-periods", month | {"ends_on": "2026-03-30"}, (422, "ends_on")),
        ("/budgets", {"budget_period_id": 999_999, "name": "x"}, (404, "budget_period_id")),
        ("/income-sources", {"name": "x", "amount": 5}, (422, "account_id")),
    ]
    for path, body, expected in refused:
        assert blamed(client.ask("POST", HOME + path, body)) == expected, path
    budget = add(client, "/budgets", budget_period_id=period, name="x")
    twice = {"budget_period_id": period, "name": "y"}
    assert blamed(client.ask("POST", f"{HOME}/budgets", twice)) == (409, "budget_period_id")
    assert client.ask("DELETE", f"{HOME}/budget-periods/{period}").status == 409
    path = f"{HOME}/budgets/{budget}/allocations"
    items = [{"subcategory_id": names["Rent"], "amount": 5}, {"subcategory_id": 1, "amount": 5}]
    reply = client.ask("PUT", path, {"items": items})
    assert blamed(reply) == (404, "items[1].subcategory_id")
    assert client.ask("GET", path).data["items"] == []


def test_an_edit_means_the_version_that_was_read(client: Client, names: dict[str, int]) -> None:
    period = add(client, "/budget-periods", kind="monthly", starts_on="2026-03-01")
    budget = add(client, "/budgets", budget_period_id=period, name="x")
    allocation = add(
        client, f"/budgets/{budget}/allocations", subcategory_id=names["Rent"], amount=5
    )
    for path, body in (
        (f"{HOME}/budget-periods/{period}", {"is_active": False}),
        (f"{HOME}/budgets/{budget}", {"name": "y"}),
        (f"{HOME}/budgets/{budget}/allocations/{allocation}", {"amount": 6.5}),
    ):
        first = {"If-Match": '"1"'}
        assert client.ask("PATCH", path, body, headers=first).status == 200, path
        assert client.ask("PATCH", path, body, headers=first).status == 412, path
    assert client.ask("GET", f"{HOME}/budgets/active", query={"as_of": "2026-03-02"}).status == 404

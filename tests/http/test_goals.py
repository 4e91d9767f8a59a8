"""Goals and debts over HTTP: from what somebody saves and owes to days and cents."""

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


def add(client: Client, path: str, **body: Any) -> int:
    """Id of what was added."""
    reply = client.ask("POST", HOME + path, body)
    assert reply.status == 201, reply.body
    return int(reply.data["id"])


def blamed(reply: Reply) -> tuple[int, str | None]:
    """Status and the field that is to blame."""
    return reply.status, reply.json.get("field")


def test_a_goal_is_reached_when_it_is_saved_for(client: Client) -> None:
    account = add(client, "/accounts", name="Checking", opening_balance=500, opened_on="2026-01-01")
    # Balances beside goals are those of the wall: a day in the past would know nothing booked.
    add(
        client, "/recurring-items", kind="income", name="Rest", amount=100, account_id=account,
        frequency="monthly", anchor_on="2026-01-05", expected_from="2026-03-02",
    )  # fmt: skip
    goal = add(
        client, "/financial-goals", name="Bike", target_amount=620.50, target_on="2026-06-30",
        saved=100, monthly=120, next_on="2026-01-31",
    )  # fmt: skip
    at = f"{HOME}/financial-goals/{goal}"
    first = add(client, f"/financial-goals/{goal}/contributions", amount=50.25, note="gift",
                contributed_on="2026-02-01")  # fmt: skip
    assert client.ask("GET", at).data["saved"] == 150.25
    said = client.ask("GET", f"{at}/progress", query={"as_of": "2026-03-01", "days": 92}).data
    (line,) = said["goals"]
    assert (line["left"], line["percent"], line["is_reached"]) == (470.25, 24.21, False)
    assert line["at_monthly"] == {
        "monthly": 120, "months": 4, "reached_on": "2026-06-30", "is_on_time": True,
    }  # fmt: skip
    assert line["needed"] == {"months": 4, "monthly": 117.57}
    assert line["effect"]["put_aside"] == 360  # on 31 March, 30 April and 31 May
    assert said["together"]["plan"]["before"]["lowest_balance"] == 500
    assert said["together"]["plan"]["after"]["lowest_balance"] == 440  # 800 less 360
    assert line["effect"] == said["together"]

    assert client.ask("DELETE", f"{HOME}/goal-contributions/{first}").status == 200
    assert client.ask("GET", at).data["saved"] == 100
    taken = client.ask("POST", f"{at}/contributions", {"amount": -100.01})
    assert blamed(taken) == (422, "amount")
    edited = client.ask("PATCH", at, {"account_id": account, "priority": 2})
    assert (edited.data["saved"], edited.data["account_id"]) == (500, account)
    assert client.ask("POST", f"{at}/contributions", {"amount": 5}).status == 409
    assert client.ask("DELETE", f"{HOME}/accounts/{account}").status == 409
    assert client.ask("PATCH", at, {"target_amount": 0}).status == 422
    assert client.ask("DELETE", at, headers={"If-Match": '"1"'}).status == 412
    assert client.ask("DELETE", at).data == {"id": goal, "dropped": True}
    assert client.ask("GET", f"{at}/progress").status == 404


def test_debts_end_by_either_order(client: Client) -> None:
    card = add(client, "/debts", name="Card", balance=3000, apr=0.1999, minimum_payment=60)
    loan = add(client, "/debts", name="Loan", balance=900, apr=0.05, minimum_payment=40)
    asked = {"extra": 150, "as_of": "2026-01-15", "first_on": "2026-01-31"}
    said = client.ask("GET", f"{HOME}/debts/payoff", query=asked).data
    assert "lump_sum" not in said
    assert [one["debt_id"] for one in said["avalanche"]["debts"]] == [card, loan]
    assert [one["debt_id"] for one in said["snowball"]["debts"]] == [loan, card]
    avalanche, snowball = said["avalanche"], said["snowball"]
    assert avalanche["total_interest"] < snowball["total_interest"]
    saved = round(snowball["total_interest"] - avalanche["total_interest"], 2)
    assert said["avalanche_saves"]["interest"] == saved
    assert avalanche["total_paid"] == round(3900 + avalanche["total_interest"], 2)

    months = client.ask(
        "GET", f"{HOME}/debts/schedule", query=asked | {"order": "avalanche", "months": 60}
    ).data["months"]
    assert len(months) == avalanche["months"]
    assert months[0] == {
        "month": 1, "on_day": "2026-01-31", "interest": 53.73, "payment": 250, "balance": 3703.73,
        "debts": [
            {"debt_id": card, "interest": 49.98, "payment": 210, "balance": 2839.98},
            {"debt_id": loan, "interest": 3.75, "payment": 40, "balance": 863.75},
        ],
    }  # fmt: skip
    assert months[1]["on_day"] == "2026-02-28"
    assert months[-1]["on_day"] == avalanche["payoff_on"]
    assert months[-1]["balance"] == 0
    assert round(sum(one["interest"] for one in months), 2) == avalanche["total_interest"]

    lump = client.ask("GET", f"{HOME}/debts/payoff", query=asked | {"lump_sum": 1000}).data
    assert lump["avalanche"] == avalanche
    assert lump["lump_sum"]["avalanche"]["months"] < avalanche["months"]
    assert lump["lump_sum"]["avalanche_saves"]["interest"] > 0

    payment = client.ask("GET", f"{HOME}/debts/{loan}/payment", query={"months": 12})
    assert payment.data["payment"] == 77.05
    assert payment.data["months"] == 12


def test_a_debt_that_never_ends_says_so(client: Client) -> None:
    debt = add(client, "/debts", name="Loan shark", balance=1000, apr=1.2, minimum_payment=100)
    said = client.ask("GET", f"{HOME}/debts/payoff").data["avalanche"]
    assert (said["is_finite"], said["months"], said["total_interest"]) == (False, None, None)
    (line,) = said["debts"]
    assert (line["first_interest"], line["first_payment"]) == (100, 100)
    assert (line["months"], line["payoff_on"]) == (None, None)
    ends = client.ask("GET", f"{HOME}/debts/payoff", query={"extra": 0.01}).data["avalanche"]
    assert ends["is_finite"] is True
    assert client.ask("DELETE", f"{HOME}/debts/{debt}").status == 200
    empty = client.ask("GET", f"{HOME}/debts/payoff").data["avalanche"]
    assert (empty["months"], empty["total_paid"], empty["debts"]) == (0, 0, [])


def test_a_balance_is_said_or_is_an_accounts(client: Client) -> None:
    account = add(client, "/accounts", name="Card", type="credit", opening_balance=-250.75)
    plain = {"name": "Card", "apr": 0.2, "minimum_payment": 25}
    debts = f"{HOME}/debts"
    assert blamed(client.ask("POST", debts, plain)) == (422, "balance")
    both = plain | {"balance": 5, "account_id": account}
    assert blamed(client.ask("POST", debts, both)) == (422, "balance")
    assert client.ask("POST", debts, plain | {"balance": 5, "apr": 5.01}).status == 422
    assert client.ask("POST", debts, plain | {"balance": -5}).status == 422
    debt = add(client, "/debts", **plain, account_id=account)
    assert client.ask("GET", f"{debts}/{debt}").data["balance"] == 250.75
    assert blamed(client.ask("GET", f"{debts}/payoff", query={"extra": -1}))[0] == 422
    foreign = client.ask("POST", debts, plain | {"account_id": 999_999_999})
    assert blamed(foreign) == (404, "account_id")

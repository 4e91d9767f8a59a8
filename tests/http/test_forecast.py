"""The forecast over HTTP: what an app asks on its first screen, and every way to ask it wrongly."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from tests.support.asking import Client, document
from tests.support.service import Service

PATH = "/api/v2/users/me/forecast"


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[Client]:
    """Somebody with two accounts, a salary, a rent that rolls and a standing transfer."""
    asking = Client(service.url, service.new_user(timezone="Europe/Prague").token)

    def add(path: str, **body: Any) -> int:
        reply = asking.ask("POST", f"/api/v2/users/me{path}", body)
        assert reply.status == 201, reply
        return int(reply.data["id"])

    checking = add("/accounts", name="Checking", opening_balance=100)
    savings = add("/accounts", name="Savings", type="savings", opening_balance=1000)
    plan = {"account_id": checking, "expected_from": "2026-01-01", "frequency": "monthly"}
    add("/recurring-items", kind="income", name="Salary", amount=2000,
        anchor_on="2026-01-30", **plan)  # fmt: skip
    rent = add("/recurring-items", kind="expense", name="Rent", amount=-700.50, roll="next",
        anchor_on="2026-01-10", **plan)  # fmt: skip
    add("/recurring-items", kind="transfer", name="Saving", amount=50, to_account_id=savings,
        anchor_on="2026-01-31", **plan)  # fmt: skip
    add(f"/recurring-items/{rent}/exceptions", occurrence_on="2026-03-10", action="skip")
    yield asking
    asking.close()


def ask(client: Client, **query: Any) -> dict[str, Any]:
    """The answer to a good question."""
    reply = client.ask("GET", PATH, query={"as_of": "2026-01-05", **query})
    assert reply.status == 200, reply
    data: dict[str, Any] = reply.data
    return data


def test_a_month_of_it(client: Client) -> None:
    answer = ask(client, days=28)
    assert answer["initial_balance"] == 1100
    assert answer["summary"]["lowest_balance"] == 399.5
    assert answer["summary"]["lowest_on"] == "2026-01-12"
    assert answer["summary"]["next_income_on"] == "2026-01-30"
    assert answer["columns"]["date"][0] == "2026-01-05"
    assert answer["columns"]["closing_balance"][-1] == 2399.5
    assert len(answer["columns"]["closing_balance"]) == 28


def test_money_is_written_with_two_decimals(client: Client) -> None:
    reply = client.ask("GET", PATH, query={"as_of": "2026-01-05", "days": 1})
    assert b'"closing_balance":[1100.00]' in reply.body


def test_what_is_probable_stands_beside_what_is_planned(client: Client) -> None:
    answer = ask(client, days=40)
    columns = answer["columns"]
    assert columns["plan"] == columns["closing_balance"]
    known = [columns[name][0] for name in ("p10", "p50", "p90")]
    assert known == [columns["opening_balance"][0]] * 3
    for low, middle, high in zip(columns["p10"], columns["p50"], columns["p90"], strict=True):
        assert low <= middle <= high
    assert all(0 <= chance <= 1 for chance in columns["below_reserve"])
    expectation = answer["expectation"]
    assert expectation["basis"] == "plan", "nothing was booked yet"
    assert expectation["lowest_p10"] == min(columns["p10"])
    assert columns["p50"][columns["date"].index(expectation["lowest_p50_on"])] == min(
        columns["p50"]
    )
    assert expectation["risk_7"] <= expectation["risk_30"] <= expectation["risk_90"]


def test_rows_say_what_columns_say(client: Client) -> None:
    wanted = {"fields": "date,plan,p10,p50,p90,below_reserve", "days": 50}
    columns = ask(client, **wanted)["columns"]
    rows = ask(client, **wanted, format="rows")["rows"]
    assert rows == [
        dict(zip(columns, day, strict=True)) for day in zip(*columns.values(), strict=True)
    ]


def test_a_later_start_cuts_and_a_given_balance_shifts(client: Client) -> None:
    whole = ask(client, days=60)["columns"]
    later = ask(client, start="2026-01-20", days=20)["columns"]
    place = whole["date"].index("2026-01-20")
    for name in ("plan", "p10", "p50", "p90", "below_reserve"):
        assert later[name] == whole[name][place : place + 20]
    planned = ask(client, start="2026-01-20", days=20)["initial_balance"]
    richer = ask(client, start="2026-01-20", days=20, initial_balance=planned + 100)["columns"]
    assert [round(day - 100, 2) for day in richer["p50"]] == later["p50"]


def test_somebody_without_an_account_is_answered(service: Service) -> None:
    nobody = Client(service.url, service.new_user().token)
    answer = ask(nobody, days=3)
    assert answer["columns"]["p10"] == answer["columns"]["p90"] == [0, 0, 0]
    assert answer["expectation"]["basis"] == "plan"
    nobody.close()


def test_a_plan_alone_expects_nothing(client: Client) -> None:
    assert "expectation" not in ask(client, days=5, fields="date,plan,months")


def test_every_item_has_its_reason(client: Client) -> None:
    days = {day["date"]: day["items"] for day in ask(client, days=90, explain="true")["explain"]}
    (rent,) = days["2026-01-12"]
    assert rent["rule"] == "monthly on the 10th; next business day (weekends)"
    assert (rent["occurrence_on"], rent["reason"]) == ("2026-01-10", "rolled")
    assert [item["name"] for item in days["2026-01-30"]] == ["Salary"]
    assert not any(day.startswith("2026-03-1") for day in days), "the rent of March is skipped"
    saving = next(item for item in days["2026-01-31"] if item["name"] == "Saving")
    assert (saving["amount"], saving["net_change"]) == (50, 0)


def test_accounts_rows_and_balances_of_ones_own(client: Client) -> None:
    answer = ask(client, days=40, by_account="true", format="rows", initial_balance=-5)
    assert answer["rows"][0]["opening_balance"] == -5
    assert answer["rows"][0]["balance_status"] == "danger"
    names = {account["name"]: account for account in answer["accounts"]}
    assert names["Savings"]["closing_balance"][-1] == 1050
    one = ask(client, days=40, account_id=names["Savings"]["account_id"])
    assert one["summary"]["total_income"] == 50


def test_what_is_posted_is_not_expected_again(client: Client, service: Service) -> None:
    before = ask(client, as_of="2026-05-11", days=1)["summary"]["total_expenses"]
    booked = client.ask("POST", "/api/v2/users/me/transactions", {
        "account_id": ask(client, by_account="true", days=1)["accounts"][0]["account_id"],
        "amount": -700.50, "transaction_date": "2026-05-11", "description": "Rent",
    })  # fmt: skip
    assert booked.status == 201
    after = ask(client, as_of="2026-05-11", days=1)["summary"]["total_expenses"]
    assert after - before == 700.50
    client.ask("DELETE", f"/api/v2/users/me/transactions/{booked.data['id']}")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"format": "rows", "by_account": "true", "explain": "true", "days": 60},
        {"fields": "closing_balance"},
        {"fields": "p50,below_reserve", "days": 1},
        {"format": "rows", "fields": "plan,p90", "days": 30},
        {"fields": "date,months", "overdue": "omit"},
        {"start": "2027-02-28", "days": 3660},
    ],
)
def test_an_answer_is_of_its_declared_shape(
    client: Client, service: Service, query: dict[str, Any]
) -> None:
    paths = document(service)["paths"]
    spec = paths["/api/v2/users/{user_id}/forecast"]["get"]["responses"]["200"]
    schema = spec["content"]["application/json"]["schema"]
    whole = {**schema, "components": document(service).get("components", {})}
    reply = client.ask("GET", PATH, query={"as_of": "2026-01-05", **query})
    jsonschema_rs.validator_for(whole).validate(reply.json)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"days": 0}, "days"),
        ({"days": 3661}, "days"),
        ({"days": "many"}, "days"),
        ({"as_of": "2026-02-30"}, "as_of"),
        ({"start": "1899-12-31"}, "start"),
        ({"as_of": "2026-01-01", "start": "2036-02-01"}, "start"),
        ({"initial_balance": 1.005}, "initial_balance"),
        ({"initial_balance": "NaN"}, "initial_balance"),
        ({"format": "xml"}, "format"),
        ({"overdue": "never"}, "overdue"),
        ({"explain": "perhaps"}, "explain"),
        ({"fields": "closing_balance,secrets"}, "fields"),
        ({"fields": ""}, "fields"),
        ({"account_id": -1}, "account_id"),
        ({"horizon": 30}, "horizon"),
    ],
)
def test_a_wrong_question_names_its_field(
    client: Client, query: dict[str, Any], field: str
) -> None:
    reply = client.ask("GET", PATH, query=query)
    assert reply.status == 422, reply
    named = {reply.json.get("field")} | {one["field"] for one in reply.json.get("errors", [])}
    assert field in named


def test_nobody_sees_another_ones_plan(client: Client, service: Service) -> None:
    stranger = Client(service.url, service.new_user().token)
    account_id = ask(client, by_account="true", days=1)["accounts"][0]["account_id"]
    reply = stranger.ask("GET", PATH, query={"account_id": account_id})
    assert (reply.status, reply.json["field"]) == (404, "account_id")
    stranger.close()
    nobody = Client(service.url)
    assert nobody.ask("GET", PATH).status == 401
    nobody.close()

"""The ledger over HTTP: what the wire takes, which field a refusal names, and how pages follow."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.asking import Client, Reply
from tests.support.service import Service

HOME = "/api/v2/users/me"
BREAD = {"amount": -0.6, "transaction_date": "2026-01-31", "description": "Bread"}
RENT = {"kind": "expense", "name": "Rent", "amount": -900, "frequency": "monthly"}
RENT |= {"anchor_on": "2026-01-31"}


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    """Somebody new."""
    opened = Client(service.url, service.new_user().token)
    yield opened
    opened.close()


@pytest.fixture
def account(client: Client) -> int:
    """Their account."""
    return add(client, "/accounts", name="Everyday", opening_balance=100)


def add(client: Client, path: str, **body: Any) -> int:
    """Id of what was added."""
    reply = client.ask("POST", HOME + path, body)
    assert reply.status == 201, reply.body
    return int(reply.data["id"])


def faults(reply: Reply) -> tuple[int, list[str]]:
    """Status and the fields that are to blame."""
    problem = reply.json
    assert problem["success"] is False, problem
    named = [error["field"] for error in problem.get("errors", [])]
    return reply.status, sorted(named or [problem.get("field", "")])


def test_a_user_sees_and_edits_themselves(client: Client) -> None:
    me = client.ask("GET", HOME).data
    assert (me["currency"], me["theme"], me["healthy_from"]) == ("USD", "system", 5000)
    edited = client.ask(
        "PATCH", HOME, {"timezone": "Asia/Tokyo", "full_name": "Ann", "reserve": 9.5}
    )
    assert edited.status == 200
    assert edited.data == me | {
        "version": 2,
        "timezone": "Asia/Tokyo",
        "full_name": "Ann",
        "reserve": 9.5,
        "today": edited.data["today"],
    }
    assert client.ask("PATCH", HOME, {"full_name": None}).data["full_name"] is None


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"timezone": "Mars/Olympus"}, ["timezone"]),
        ({"timezone": None}, ["timezone"]),
        ({"warning_from": 6000}, ["warning_from"]),
        ({"theme": "pink", "currency": "usd"}, ["currency", "theme"]),
        ({"email": "a@b.c"}, ["email"]),
    ],
)
def test_a_wrong_edit_of_a_user_names_its_fields(
    client: Client, body: dict[str, Any], fields: list[str]
) -> None:
    assert faults(client.ask("PATCH", HOME, body)) == (422, fields)


def test_an_account_is_edited_by_what_the_patch_names(client: Client, account: int) -> None:
    path = f"{HOME}/accounts/{account}"
    assert client.ask("PATCH", path, {"bank_name": "B"}).data["bank_name"] == "B"
    edited = client.ask("PATCH", path, {"opening_balance": 40.25}).data
    assert (edited["current_balance"], edited["bank_name"]) == (40.25, "B")
    assert client.ask("PATCH", path, {"bank_name": None}).data["bank_name"] is None
    assert faults(client.ask("PATCH", path, {"name": None})) == (422, ["name"])
    assert client.ask("PATCH", path, {}).data["current_balance"] == 40.25


def test_an_account_with_a_history_stays(client: Client, account: int) -> None:
    add(client, "/transactions", account_id=account, **BREAD)
    reply = client.ask("DELETE", f"{HOME}/accounts/{account}")
    assert reply.status == 409
    assert "set is_active to false" in reply.json["detail"]
    other = add(client, "/accounts", name="Never used")
    assert client.ask("DELETE", f"{HOME}/accounts/{other}").data == {"id": other, "dropped": True}
    assert client.ask("GET", f"{HOME}/accounts/{other}").status == 404


@pytest.mark.parametrize(
    ("change", "status", "fields"),
    [
        ({"account_id": 999_999_999}, 404, ["account_id"]),
        ({"subcategory_id": 999_999_999}, 404, ["subcategory_id"]),
        ({"recurring_item_id": 999_999_999}, 404, ["recurring_item_id"]),
        ({"amount": 999_999_999_999.99}, 422, ["amount"]),
        ({"amount": 0.001}, 422, ["amount"]),
        ({"amount": "1"}, 422, ["amount"]),
        ({"transaction_date": "2026-02-30"}, 422, ["transaction_date"]),
        ({"description": " "}, 422, ["description"]),
        ({"description": "two\nlines"}, 422, ["description"]),
        ({"counterparty": "a\u2028b"}, 422, ["counterparty"]),
        ({"colour": "red", "amount": None}, 422, ["amount", "colour"]),
    ],
)
def test_a_wrong_booking_names_its_fields(
    client: Client, account: int, change: dict[str, Any], status: int, fields: list[str]
) -> None:
    body = {"account_id": account, **BREAD} | change
    assert faults(client.ask("POST", f"{HOME}/transactions", body)) == (status, fields)
    assert client.ask("GET", f"{HOME}/accounts/{account}").data["current_balance"] == 100


def test_the_banks_number_is_booked_once(client: Client, account: int) -> None:
    body = {"account_id": account, "external_id": "b-1", **BREAD}
    assert client.ask("POST", f"{HOME}/transactions", body).status == 201
    assert faults(client.ask("POST", f"{HOME}/transactions", body)) == (409, ["external_id"])


def test_an_edit_moves_both_accounts(client: Client, account: int) -> None:
    other = add(client, "/accounts", name="Other")
    booked = add(client, "/transactions", account_id=account, **BREAD)
    path = f"{HOME}/transactions/{booked}"
    edited = client.ask("PATCH", path, {"account_id": other, "amount": -5.5, "comment": "c"}).data
    assert (edited["account_id"], edited["amount"], edited["comment"]) == (other, -5.5, "c")
    items = client.ask("GET", f"{HOME}/accounts").data["items"]
    assert [item["current_balance"] for item in items] == [100, -5.5]


def test_an_edit_meets_the_banks_number_in_another_account(client: Client, account: int) -> None:
    other = add(client, "/accounts", name="Other")
    body = {"external_id": "b-1", **BREAD}
    add(client, "/transactions", account_id=other, **body)
    booked = add(client, "/transactions", account_id=account, **body)
    reply = client.ask("PATCH", f"{HOME}/transactions/{booked}", {"account_id": other})
    assert faults(reply) == (409, ["account_id"])


def test_a_row_of_a_batch_is_to_blame(client: Client, account: int) -> None:
    good = {"account_id": account, **BREAD}
    path = f"{HOME}/transactions/batch"
    full = {"items": [good, good | {"amount": 999_999_999_999.99}]}
    assert faults(client.ask("POST", path, full)) == (422, ["items[1].amount"])
    reply = client.ask("POST", path, {"items": [good, good | {"description": "two\nlines"}]})
    status, (field,) = faults(reply)
    assert status == 422
    assert field.endswith("description")


def test_a_currency_stays_with_what_was_booked_in_it(client: Client, account: int) -> None:
    crowns = add(client, "/accounts", name="Crowns", currency="CZK")
    path = f"{HOME}/accounts/{account}"
    transfer = RENT | {"kind": "transfer", "amount": 5, "account_id": account}
    transfer |= {"to_account_id": crowns}
    reply = client.ask("POST", f"{HOME}/recurring-items", transfer)
    assert faults(reply) == (422, ["to_account_id"])
    assert client.ask("PATCH", path, {"currency": "CZK"}).data["currency"] == "CZK"
    item = add(client, "/recurring-items", **transfer)
    assert faults(client.ask("PATCH", path, {"currency": "USD"})) == (409, ["currency"])
    assert client.ask("PATCH", path, {"currency": "CZK", "name": "K"}).status == 200
    assert client.ask("DELETE", f"{HOME}/recurring-items/{item}").status == 200
    assert client.ask("PATCH", path, {"currency": "USD"}).data["currency"] == "USD"


def test_a_kind_keeps_the_sign_of_its_exceptions(client: Client, account: int) -> None:
    item = add(client, "/recurring-items", account_id=account, **RENT)
    path = f"{HOME}/recurring-items/{item}"
    other = add(
        client,
        f"/recurring-items/{item}/exceptions",
        occurrence_on="2026-02-28",
        action="amount",
        amount=-950,
    )
    flip = {"kind": "income", "amount": 900}
    assert faults(client.ask("PATCH", path, flip)) == (409, ["kind"])
    assert client.ask("DELETE", f"{path}/exceptions/{other}").status == 200
    assert client.ask("PATCH", path, flip).data["kind"] == "income"


def test_a_batch_is_all_or_nothing(client: Client, account: int) -> None:
    good = {"account_id": account, **BREAD}
    reply = client.ask("POST", f"{HOME}/transactions/batch", {"items": [good] * 3})
    assert reply.status == 201
    assert reply.data["added"] == len(set(reply.data["ids"])) == 3
    bad = {"items": [good, good | {"account_id": 999_999_999}]}
    reply = client.ask("POST", f"{HOME}/transactions/batch", bad)
    assert faults(reply) == (404, ["items[1].account_id"])
    for items in ([], [good] * 1001, [good | {"amount": 0.001}], [good | {"x": 1}], good):
        reply = client.ask("POST", f"{HOME}/transactions/batch", {"items": items})
        assert reply.status == 422, reply.body
    assert client.ask("GET", f"{HOME}/accounts/{account}").data["current_balance"] == 98.2


def test_a_thousand_rows_are_one_batch(client: Client, account: int) -> None:
    items = [
        {"account_id": account, **BREAD, "external_id": f"row-{number}", "comment": "x" * 500}
        for number in range(1000)
    ]
    reply = client.ask("POST", f"{HOME}/transactions/batch", {"items": items})
    assert (reply.status, reply.data["added"]) == (201, 1000)


def test_pages_follow_each_other(client: Client, account: int) -> None:
    days = ("2026-01-02", "2026-01-01", "2026-01-02", "2026-01-03")
    ids = [
        add(client, "/transactions", account_id=account, **(BREAD | {"transaction_date": day}))
        for day in days
    ]
    wanted = [ids[3], ids[2], ids[0], ids[1]]
    seen: list[int] = []
    cursor: dict[str, Any] = {}
    while True:
        page = client.ask("GET", f"{HOME}/transactions", query={"limit": 1} | cursor).data
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == wanted

    def ids_of(**query: Any) -> list[int]:
        data = client.ask("GET", f"{HOME}/transactions", query=query).data
        return [item["id"] for item in data["items"]]

    assert ids_of(**{"from": "2026-01-02", "to": "2026-01-02"}) == wanted[1:3]
    assert ids_of(account_id=account) == wanted
    assert ids_of(account_id=account + 1_000_000) == []
    assert ids_of(text="BREA") == wanted
    assert ids_of(text="%") == []


@pytest.mark.parametrize("path", ["/transactions", "/accounts", "/recurring-items", "/categories"])
@pytest.mark.parametrize("cursor", ["x", "1.2.3", "9999999.1", "1.-1", "0.1e3", "' or 1=1"])
def test_a_made_up_cursor_is_refused(client: Client, path: str, cursor: str) -> None:
    reply = client.ask("GET", HOME + path, query={"cursor": cursor})
    assert faults(reply) == (422, ["cursor"])


def test_categories_come_with_their_parts(client: Client, account: int) -> None:
    items = client.ask("GET", f"{HOME}/categories").data["items"]
    food = next(item for item in items if item["name"] == "Food")
    groceries = next(part for part in food["subcategories"] if part["name"] == "Groceries")
    add(client, "/transactions", account_id=account, subcategory_id=groceries["id"], **BREAD)
    (listed,) = client.ask("GET", f"{HOME}/transactions").data["items"]
    assert (listed["category"], listed["subcategory"]) == ("Food", "Groceries")


@pytest.mark.parametrize(
    ("change", "status", "fields"),
    [
        ({"amount": 900}, 422, ["amount"]),
        ({"kind": "transfer", "amount": 900}, 422, ["to_account_id"]),
        ({"nth": 1}, 422, ["weekday"]),
        ({"frequency": "weekly", "month_days": [1]}, 422, ["month_days"]),
        ({"month_days": [0]}, 422, ["month_days"]),
        ({"ends_on": "2026-01-30"}, 422, ["ends_on"]),
        ({"calendar": "MARS"}, 404, ["calendar"]),
        ({"every_n": 0, "roll": "up"}, 422, ["every_n", "roll"]),
        ({"amount": -1_000_000_000.01}, 422, ["amount"]),
    ],
)
def test_a_wrong_rule_names_its_fields(
    client: Client, account: int, change: dict[str, Any], status: int, fields: list[str]
) -> None:
    body = {"account_id": account, **RENT} | change
    reply = client.ask("POST", f"{HOME}/recurring-items", body)
    found, named = faults(reply)
    assert found == status, reply.body
    assert [name.partition("[")[0].partition(".")[0] for name in named] == fields


def test_a_rule_is_kept_edited_and_dropped(client: Client, account: int) -> None:
    item = add(client, "/recurring-items", account_id=account, **RENT, month_days=[1, -1])
    path = f"{HOME}/recurring-items/{item}"
    edited = client.ask("PATCH", path, {"kind": "income", "amount": 5, "month_days": None}).data
    assert (edited["kind"], edited["amount"], edited["month_days"]) == ("income", 5, None)
    assert faults(client.ask("PATCH", path, {"amount": -5})) == (422, ["amount"])
    booked = add(client, "/transactions", account_id=account, recurring_item_id=item, **BREAD)
    assert client.ask("DELETE", path).data == {"id": item, "dropped": True}
    one = client.ask("GET", f"{HOME}/transactions/{booked}").data
    assert one["recurring_item_id"] is None


def test_an_occurrence_is_skipped_moved_or_changed_once(client: Client, account: int) -> None:
    item = add(client, "/recurring-items", account_id=account, **RENT)
    path = f"/recurring-items/{item}/exceptions"
    first = add(client, path, occurrence_on="2026-02-28", action="skip")
    add(client, path, occurrence_on="2026-03-31", action="amount", amount=-950.5)
    again = {"occurrence_on": "2026-02-28", "action": "skip"}
    assert faults(client.ask("POST", HOME + path, again)) == (409, ["occurrence_on"])
    never = {"occurrence_on": "2026-02-27", "action": "skip"}
    assert faults(client.ask("POST", HOME + path, never)) == (422, ["occurrence_on"])
    items = client.ask("GET", HOME + path, query={"limit": 1}).data
    assert [one["id"] for one in items["items"]] == [first]
    rest = client.ask("GET", HOME + path, query={"cursor": items["next_cursor"]}).data
    assert [one["amount"] for one in rest["items"]] == [-950.5]
    assert client.ask("DELETE", f"{HOME}{path}/{first}").status == 200
    assert client.ask("DELETE", f"{HOME}{path}/{first}").status == 404


def test_calendars_are_for_everybody_who_is_known(client: Client, service: Service) -> None:
    page = client.ask("GET", "/api/v2/holiday-calendars").data
    assert "WEEKENDS" in [item["code"] for item in page["items"]]
    reply = client.ask("GET", "/api/v2/holiday-calendars", query={"cursor": "no code"})
    assert faults(reply) == (422, ["cursor"])
    nobody = Client(service.url)
    assert nobody.ask("GET", "/api/v2/holiday-calendars").status == 401
    nobody.close()


def test_tags_are_few_short_words(client: Client, account: int) -> None:
    body = BREAD | {"account_id": account, "tags": ["food", "día"]}
    path = f"{HOME}/transactions/{add(client, '/transactions', **body)}"
    assert client.ask("GET", path).data["tags"] == ["food", "día"]
    assert client.ask("PATCH", path, {"tags": ["x"]}).data["tags"] == ["x"]
    assert client.ask("PATCH", path, {"amount": -2}).data["tags"] == ["x"]
    assert client.ask("PATCH", path, {"tags": None}).data["tags"] == []
    for wrong in (["two words"], [""], ["x" * 41], ["x"] * 21, [None], "x", [["x"]]):
        status, fields = faults(client.ask("PATCH", path, {"tags": wrong}))
        assert status == 422
        assert all("tags" in field for field in fields), (wrong, fields)
        reply = client.ask(
            "POST", HOME + "/transactions/batch", {"items": [body | {"tags": wrong}]}
        )
        assert reply.status == 422, wrong


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ("newest", [-1, 5, -9, 3]),
        ("oldest", [3, -9, 5, -1]),
        ("largest", [5, 3, -1, -9]),
        ("smallest", [-9, -1, 3, 5]),
    ],
)
def test_every_order_goes_on_to_its_end(
    client: Client, account: int, order: str, wanted: list[int]
) -> None:
    for day, amount in enumerate([3, -9, 5, -1], 1):
        body = {"account_id": account, "amount": amount, "transaction_date": f"2026-01-0{day}"}
        add(client, "/transactions", description="x", **body)
    query: dict[str, Any] = {"order": order, "limit": 1}
    seen = []
    while True:
        data = client.ask("GET", HOME + "/transactions", query=query).data
        seen += [item["amount"] for item in data["items"]]
        if data["next_cursor"] is None:
            break
        query["cursor"] = data["next_cursor"]
    assert seen == wanted
    for other in {"newest", "oldest", "largest", "smallest"} - {order}:
        reply = client.ask("GET", HOME + "/transactions", query=query | {"order": other})
        assert faults(reply) == (422, ["cursor"])


def test_filters_meet(client: Client, account: int) -> None:
    items = [
        {"account_id": account, "amount": amount, "transaction_date": "2026-01-02"}
        | {"description": words, "tags": tags, "is_pending": amount == -3}
        for amount, words, tags in (
            (-1, "Café Zürich", ["trip"]),
            (-2, "cafe, again", []),
            (-3, "Bread", ["trip"]),
            (4, "Cafeteria refund", []),
        )
    ]
    assert client.ask("POST", HOME + "/transactions/batch", {"items": items}).status == 201

    def amounts(**query: Any) -> list[float]:
        reply = client.ask("GET", HOME + "/transactions", query=query)
        assert reply.status == 200, reply.body
        return [item["amount"] for item in reply.data["items"]]

    assert amounts(text="cafe") == [4, -2, -1]
    assert amounts(text="CAFÉ zur") == [-1]
    assert amounts(text="%") == []
    assert amounts(text="cafe", direction="out") == [-2, -1]
    assert amounts(text="cafe", order="oldest", min_amount=-1) == [-1, 4]
    assert amounts(direction="in") == [4]
    assert amounts(tag="trip") == [-3, -1]
    assert amounts(is_pending="true") == [-3]
    assert amounts(min_amount=-2, max_amount=-1, order="smallest") == [-2, -1]
    reply = client.ask("GET", HOME + "/transactions", query={"text": "x", "order": "largest"})
    assert faults(reply) == (422, ["order"])


def test_many_are_edited_and_dropped_and_a_phone_hears_of_it(client: Client, account: int) -> None:
    ids = [add(client, "/transactions", account_id=account, **BREAD) for _ in range(3)]
    path = HOME + "/transactions"
    first = client.ask("GET", path + "/changes", query={"limit": 2}).data
    assert [item["id"] for item in first["items"]] == ids[:2]
    assert first["has_more"]
    assert first["items"][0]["transaction"] == client.ask("GET", f"{path}/{ids[0]}").data
    rest = client.ask("GET", path + "/changes", query={"changed_since": first["next_cursor"]}).data
    assert ([item["id"] for item in rest["items"]], rest["has_more"]) == (ids[2:], False)

    edited = client.ask("POST", path + "/batch-edit", {"ids": ids, "tags": ["a"], "comment": "c"})
    assert (edited.status, edited.data) == (200, {"edited": 3})
    assert client.ask("GET", f"{path}/{ids[2]}").data["tags"] == ["a"]
    assert client.ask("POST", path + "/batch-drop", {"ids": ids[:2]}, is_keyed=False).status == 400
    assert client.ask("POST", path + "/batch-drop", {"ids": ids[:2]}).data == {"dropped": 2}
    assert client.ask("GET", f"{HOME}/accounts/{account}").data["current_balance"] == 99.4
    refused = client.ask("POST", path + "/batch-drop", {"ids": [ids[2], ids[0]]})
    assert faults(refused) == (404, ["ids[1]"])
    for wrong in ([], [0], list(range(1, 1002)), "x", [None]):
        assert client.ask("POST", path + "/batch-edit", {"ids": wrong}).status == 422

    last = client.ask("GET", path + "/changes", query={"changed_since": rest["next_cursor"]}).data
    assert {item["id"]: item["is_dropped"] for item in last["items"]} == {
        ids[0]: True,
        ids[1]: True,
        ids[2]: False,
    }
    again = client.ask("GET", path + "/changes", query={"changed_since": last["next_cursor"]}).data
    assert again == {"items": [], "next_cursor": last["next_cursor"], "has_more": False}
    assert client.ask("GET", path + "/changes", query={"changed_since": "1.2"}).status == 422

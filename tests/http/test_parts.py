"""What hangs on bookings, over HTTP: transfers, parts, notes, pending ones, and their check."""

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
def accounts(client: Client) -> tuple[int, int]:
    """Their two accounts."""
    checking = add(client, "/accounts", name="Checking", opening_balance=100)
    return checking, add(client, "/accounts", name="Savings")


def add(client: Client, path: str, **body: Any) -> int:
    """Id of what was added."""
    reply = client.ask("POST", HOME + path, body)
    assert reply.status == 201, reply.body
    return int(reply.data["id"])


def book(client: Client, account: int, amount: float, on: str, **more: Any) -> int:
    """Id of a new transaction."""
    named = {"account_id": account, "amount": amount, "transaction_date": on}
    return add(client, "/transactions", **(named | {"description": "x"} | more))


def balances(client: Client) -> list[float]:
    """Of every account, which all add up."""
    check = client.ask("GET", f"{HOME}/balances/check").data
    assert check["is_right"], check
    return [account["current_balance"] for account in check["accounts"]]


def blamed(reply: Reply) -> tuple[int, str | None]:
    """Status and the field that is to blame."""
    return reply.status, reply.json.get("field")


def test_money_moves_between_two_accounts_and_back_apart(
    client: Client, accounts: tuple[int, int]
) -> None:
    here, there = accounts
    day = "2026-02-01"
    moved = add(
        client,
        "/transfers",
        from_account_id=here,
        to_account_id=there,
        amount=40.5,
        transaction_date=day,
    )
    assert balances(client) == [59.5, 40.5]
    path = f"{HOME}/transfers/{moved}"
    edited = client.ask("PATCH", path, {"amount": 50})
    assert (edited.status, edited.data["amount"]) == (200, 50)
    assert balances(client) == [50, 50]
    leg = client.ask("PATCH", f"{HOME}/transactions/{moved}", {"amount": -60})
    assert blamed(leg) == (409, "amount")
    stale = client.ask("PATCH", path, {"amount": 1}, headers={"If-Match": 'W/"1-x"'})
    assert stale.status == 412
    [listed] = client.ask("GET", f"{HOME}/transfers").data["items"]
    assert listed == client.ask("GET", path).data
    assert client.ask("DELETE", path).status == 200
    assert client.ask("GET", path).status == 404
    assert balances(client) == [50, 50]
    again = {"leaving_id": moved, "arriving_id": listed["arriving_id"]}
    assert client.ask("POST", f"{HOME}/transfers/link", again).status == 201
    assert blamed(client.ask("POST", f"{HOME}/transfers/link", again)) == (409, "leaving_id")
    assert client.ask("DELETE", f"{HOME}/transactions/{moved}").status == 200
    arrived = client.ask("GET", f"{HOME}/transactions/{listed['arriving_id']}").data
    assert arrived["transfer_id"] is None, "the leg that stays is a booking of its own"
    assert balances(client) == [100, 50]


def test_what_was_booked_apart_is_matched_and_what_is_not_clear_is_left(
    client: Client, accounts: tuple[int, int]
) -> None:
    here, there = accounts
    cash = add(client, "/accounts", name="Cash")
    left = book(client, here, -20, "2026-02-01")
    came = book(client, there, 20, "2026-02-03")
    unclear = [
        book(client, here, -30, "2026-02-01"),
        book(client, there, 30, "2026-02-02"),
        book(client, cash, 30, "2026-02-02"),
    ]
    days = {"from": "2026-01-01", "to": "2026-03-01"}
    looked = client.ask("POST", f"{HOME}/transfers/match", days | {"dry_run": True}).data
    assert client.ask("GET", f"{HOME}/transfers").data["items"] == []
    matched = client.ask("POST", f"{HOME}/transfers/match", days).data
    assert matched == looked | {"dry_run": False}
    [pair] = matched["matched"]
    assert (pair["leaving_id"], pair["arriving_id"], pair["days_apart"]) == (left, came, 2)
    assert [(one["transaction_id"], one["reason"]) for one in matched["rejected"]] == [
        (number, "ambiguous") for number in unclear
    ]
    assert client.ask("POST", f"{HOME}/transfers/match", days).data["matched_count"] == 0
    assert balances(client)[0] == 50


def test_one_payment_may_be_for_several_things(client: Client, accounts: tuple[int, int]) -> None:
    groups = client.ask("GET", f"{HOME}/categories").data["items"]
    food, fun = (group["subcategories"][0]["id"] for group in groups[3:5])
    market = book(client, accounts[0], -60, "2026-02-01", subcategory_id=food)
    path = f"{HOME}/transactions/{market}"
    parts = [{"amount": -70, "subcategory_id": food}, {"amount": 10, "comment": "bottles"}]
    split = client.ask("PUT", f"{path}/splits", {"splits": parts})
    assert split.status == 200, split.body
    assert split.data["subcategory_id"] is None
    assert [part["amount"] for part in split.data["splits"]] == [-70, 10]
    assert client.ask("GET", path).data == split.data
    wrong = client.ask("PUT", f"{path}/splits", {"splits": [{"amount": -50}, {"amount": -9}]})
    assert blamed(wrong) == (422, "splits")
    foreign = client.ask(
        "PUT", f"{path}/splits", {"splits": [{"amount": -50, "subcategory_id": 1}, {"amount": -10}]}
    )
    assert blamed(foreign) == (404, "splits[0].subcategory_id")
    assert blamed(client.ask("PATCH", path, {"subcategory_id": fun})) == (409, "subcategory_id")
    assert blamed(client.ask("PATCH", path, {"amount": -61})) == (409, "amount")
    assert client.ask("PATCH", path, {"transaction_date": "2026-02-05"}).status == 200
    assert balances(client) == [40, 0]
    whole = client.ask("PUT", f"{path}/splits", {"splits": []})
    assert (whole.data["splits"], whole.data["version"]) == ([], 4)


def test_notes_hang_on_a_booking(client: Client, accounts: tuple[int, int]) -> None:
    bread = book(client, accounts[0], -6, "2026-02-01")
    path = f"{HOME}/transactions/{bread}/notes"
    first = add(client, f"/transactions/{bread}/notes", note="for Ann\nand Bea")
    add(client, f"/transactions/{bread}/notes", note="paid back")
    page = client.ask("GET", path, query={"limit": 1}).data
    assert [note["note"] for note in page["items"]] == ["for Ann\nand Bea"]
    rest = client.ask("GET", path, query={"cursor": page["next_cursor"]}).data
    assert [note["note"] for note in rest["items"]] == ["paid back"]
    assert client.ask("GET", f"{HOME}/transactions/{bread}").data["note_count"] == 2
    edited = client.ask("PATCH", f"{path}/{first}", {"note": "for Bea"})
    assert (edited.data["version"], edited.data["note"]) == (2, "for Bea")
    assert blamed(client.ask("PATCH", f"{path}/{first}", {"note": " "})) == (422, "note")
    assert client.ask("DELETE", f"{path}/{first}").status == 200
    assert client.ask("DELETE", f"{path}/{first}").status == 404
    assert client.ask("GET", f"{HOME}/transactions/{bread}").data["version"] == 1


def test_what_was_pending_is_posted_once(client: Client, accounts: tuple[int, int]) -> None:
    hotel = book(client, accounts[0], -80, "2026-02-01", is_pending=True)
    check = client.ask("GET", f"{HOME}/balances/check").data
    assert check["accounts"][0]["pending"] == -80
    path = f"{HOME}/transactions/{hotel}/post"
    posted = client.ask("POST", path, {"amount": -85.5, "transaction_date": "2026-02-03"})
    assert posted.status == 200, posted.body
    assert (posted.data["is_pending"], posted.data["amount"]) == (False, -85.5)
    assert balances(client) == [14.5, 0]
    assert client.ask("POST", path, {}).status == 409

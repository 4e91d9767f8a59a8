"""Idempotency-Key: what is sent twice is done once, and answered as the first time."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support.asking import Client, Reply
from tests.support.service import Service, User

ME = "/api/v2/users/me"


@pytest.fixture
def person(service: Service) -> User:
    """Somebody new."""
    return service.new_user()


@pytest.fixture
def client(service: Service, person: User) -> Iterator[Client]:
    """Who speaks for them."""
    with Client(service.url, person.token) as client:
        yield client


def open_account(client: Client, name: str, key: str | None, path: str = ME) -> Reply:
    """Asks for an account, under a key or without one."""
    headers = {"Idempotency-Key": key} if key else {}
    return client.ask("POST", f"{path}/accounts", {"name": name}, headers=headers)


def names(client: Client) -> list[str]:
    """The accounts that there are."""
    return [item["name"] for item in client.ask("GET", f"{ME}/accounts").data["items"]]


def test_the_second_request_has_the_first_ones_answer_and_no_effect(client: Client) -> None:
    first = open_account(client, "Wallet", "k-1")
    again = open_account(client, "Wallet", "k-1")
    assert (first.status, again.status) == (201, 201)
    assert first.data == again.data
    assert first.headers["ETag"] == again.headers["ETag"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert names(client) == ["Wallet"]


def test_without_a_key_each_request_is_a_new_one(client: Client) -> None:
    assert open_account(client, "Wallet", None).data != open_account(client, "Wallet", None).data
    assert names(client) == ["Wallet", "Wallet"]


def test_another_request_with_the_key_is_refused(client: Client) -> None:
    open_account(client, "Wallet", "k")
    refused = open_account(client, "Purse", "k")
    assert (refused.status, refused.json["code"]) == (422, "idempotency_mismatch")
    assert refused.json["field"] == "Idempotency-Key"
    assert names(client) == ["Wallet"]


def test_a_key_counts_for_one_user_at_one_endpoint(service: Service, client: Client) -> None:
    account = open_account(client, "Wallet", "k").data["id"]
    booking = {"account_id": account, "amount": -1, "transaction_date": "2026-01-02",
               "description": "x"}  # fmt: skip
    booked = client.ask("POST", f"{ME}/transactions", booking, headers={"Idempotency-Key": "k"})
    assert (booked.status, booked.headers.get("Idempotency-Replayed")) == (201, None)
    with Client(service.url, service.new_user().token) as other:
        assert open_account(other, "Purse", "k").status == 201
        assert names(other) == ["Purse"]


def test_the_ids_of_the_path_are_part_of_the_request(client: Client) -> None:
    account = open_account(client, "Wallet", None).data["id"]
    rule = {"kind": "expense", "name": "Rent", "amount": -5, "account_id": account,
            "frequency": "daily", "anchor_on": "2026-01-01"}  # fmt: skip
    items = [client.ask("POST", f"{ME}/recurring-items", rule).data["id"] for _ in range(2)]
    skipped = [
        client.ask(
            "POST",
            f"{ME}/recurring-items/{item}/exceptions",
            {"occurrence_on": "2026-01-02", "action": "skip"},
            headers={"Idempotency-Key": "k"},
        ).status
        for item in items
    ]
    assert skipped == [201, 422]


def test_me_and_the_public_id_are_the_same_request(client: Client, person: User) -> None:
    open_account(client, "Wallet", "k")
    again = open_account(client, "Wallet", "k", path=f"/api/v2/users/{person.public_id}")
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_refusal_leaves_the_key_free(client: Client) -> None:
    assert open_account(client, " ", "k").status == 422
    wrong = {"account_id": 999, "amount": 1, "transaction_date": "2026-01-02", "description": "x"}
    keyed = {"Idempotency-Key": "k"}
    assert client.ask("POST", f"{ME}/transactions", wrong, headers=keyed).status == 404
    account = open_account(client, "Wallet", "k")
    assert account.status == 201
    right = wrong | {"account_id": account.data["id"]}
    assert client.ask("POST", f"{ME}/transactions", right, headers=keyed).status == 201


@pytest.mark.parametrize("path", ["transactions", "transactions/batch"])
def test_what_moves_money_needs_a_key(client: Client, path: str) -> None:
    refused = client.ask("POST", f"{ME}/{path}", {}, is_keyed=False)
    assert (refused.status, refused.json["code"]) == (400, "idempotency_key_required")
    assert refused.json["field"] == "Idempotency-Key"


@pytest.mark.parametrize("key", ["", "a b", "ä", "k" * 256])
def test_a_strange_key_is_refused(client: Client, key: str) -> None:
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    refused = client.ask("POST", f"{ME}/accounts", {"name": "x"}, headers=headers)
    assert (refused.status, refused.json["code"]) == (400, "bad_idempotency_key")
    assert names(client) == []


def test_every_visible_character_is_one_of_a_key(client: Client) -> None:
    key = "".join(map(chr, range(33, 127)))
    longest = (key * 3)[:255]
    assert [open_account(client, "Wallet", longest).status for _ in range(2)] == [201, 201]
    assert names(client) == ["Wallet"]


def test_a_batch_is_booked_once(client: Client) -> None:
    account = open_account(client, "Wallet", None).data["id"]
    item = {"account_id": account, "amount": 2.5, "transaction_date": "2026-01-02",
            "description": 'a "quoted", {braced} \\ text'}  # fmt: skip
    sent: dict[str, Any] = {"items": [item] * 300}
    replies = [
        client.ask("POST", f"{ME}/transactions/batch", sent, headers={"Idempotency-Key": "b"})
        for _ in range(2)
    ]
    assert [reply.status for reply in replies] == [201, 201]
    assert replies[0].data == replies[1].data
    assert client.ask("GET", f"{ME}/accounts/{account}").data["current_balance"] == 750


def test_a_secret_is_answered_once_and_not_kept(
    service: Service, client: Client, person: User
) -> None:
    first, again = (
        client.ask(
            "POST", f"{ME}/api-keys", {"name": "script"}, headers={"Idempotency-Key": "secret"}
        )
        for _ in range(2)
    )
    assert (first.status, again.status) == (201, 201)
    assert first.data["token"]
    assert again.data == first.data | {"token": None}
    with psycopg.connect(service.dsn) as connection:
        kept = connection.execute(
            "select answer::text, request_hash from data.idempotency_keys where user_id = %s",
            (person.user_id,),
        ).fetchall()
    assert len(kept) == 1
    assert first.data["token"] not in kept[0][0]


def test_nobodys_key_is_looked_at_and_has_no_effect(service: Service) -> None:
    with Client(service.url) as nobody:
        body = {"email": "nobody@example.org"}
        replies = [
            nobody.ask("POST", "/api/v2/password-resets", body, headers={"Idempotency-Key": key})
            for key in ("k", "k", "a b")
        ]
    assert [reply.status for reply in replies] == [replies[0].status] * 2 + [400]
    assert "Idempotency-Replayed" not in replies[1].headers

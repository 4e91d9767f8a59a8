"""Whole requests, from the socket to the table and back: a ledger is opened, kept and closed."""

from tests.support.asking import Client
from tests.support.service import Service


def test_a_ledger_is_opened_kept_and_closed(service: Service) -> None:
    user = service.new_user()
    client = Client(service.url, user.token)
    home = f"/api/v2/users/{user.public_id}"

    account = client.ask("POST", f"{home}/accounts", {"name": "Everyday", "opening_balance": 100})
    assert account.status == 201
    one = f"{home}/accounts/{account.data['id']}"
    tag = client.ask("GET", one).headers["ETag"]
    assert client.ask("GET", one, headers={"If-None-Match": tag}).status == 304

    body = (
        b'{"account_id": %d, "amount": -0.60, "transaction_date": "2026-01-31",'
        b' "description": "Bread"}'
    )
    booked = client.ask("POST", f"{home}/transactions", body % account.data["id"])
    assert booked.status == 201
    assert b"-0.60" in booked.body
    changed = client.ask("GET", one, headers={"If-None-Match": tag})
    assert changed.status == 200
    assert b"99.40" in changed.body
    listed = client.ask("GET", "/api/v2/users/me/transactions", query={"limit": 1})
    assert [item["id"] for item in listed.data["items"]] == [booked.data["id"]]

    dropped = client.ask("DELETE", f"{home}/transactions/{booked.data['id']}")
    assert dropped.data == {"id": booked.data["id"], "dropped": True}
    assert client.ask("DELETE", f"{home}/transactions/{booked.data['id']}").status == 404
    assert b"100.00" in client.ask("GET", one).body

    stranger = Client(service.url, service.new_user().token)
    assert stranger.ask("GET", one).status == 404
    assert stranger.ask("GET", one.replace(user.public_id, "me")).status == 404
    stranger.close()
    client.close()

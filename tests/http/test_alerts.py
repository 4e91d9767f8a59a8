"""Alerts over HTTP: found by the job, listed, read, silenced, and carried out by the courier."""

import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.support.asking import Client
from tests.support.service import Service, User

HOME = "/api/v2/users/me"


@pytest.fixture
def owner(service: Service) -> User:
    """Somebody with a confirmed address, 100 on the account and a rent of 400 in three days."""
    user = service.new_user()
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        connection.execute(
            "update data.user_emails set verified_at = now() where user_id = %s", (user.user_id,)
        )
    with Client(service.url, user.token) as client:
        account = client.ask(
            "POST", f"{HOME}/accounts", {"name": "Everyday", "opening_balance": 100}
        ).data["id"]
        day = client.ask("GET", HOME).data["today"]
        rent = {"kind": "expense", "name": "Rent", "amount": -400, "account_id": account}
        added = client.ask(
            "POST", f"{HOME}/recurring-items", rent | {"frequency": "monthly", "anchor_on": day}
        )
        assert added.status == 201, added
        # At any time of the day that the test runs in.
        edited = client.ask("PATCH", f"{HOME}/alert-settings", {"quiet_from": 4, "quiet_to": 4})
        assert edited.data["version"] == 1, edited
    return user


@pytest.fixture
def client(service: Service, owner: User) -> Iterator[Client]:
    """The owner, asking."""
    with Client(service.url, owner.token) as opened:
        yield opened


def look(service: Service, owner: User) -> None:
    """What the job does, for one owner."""
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        connection.execute(
            "select core.alert_check(array[%s::bigint], core.user_today(%s))",
            (owner.user_id, owner.user_id),
        )


def sent(service: Service, owner: User) -> list[tuple[str, str]]:
    """Template and status of the owner's messages, once none is on its way."""
    for _ in range(150):
        with psycopg.connect(service.dsn, autocommit=True) as connection:
            rows = connection.execute(
                "select template, status from data.messages where user_id = %s order by id",
                (owner.user_id,),
            ).fetchall()
        if all(status in ("sent", "failed") for _, status in rows):
            break
        time.sleep(0.1)
    return rows


def test_what_is_found_is_listed_and_sent_once(
    service: Service, owner: User, client: Client
) -> None:
    look(service, owner)
    look(service, owner)
    items = client.ask("GET", f"{HOME}/alerts").data["items"]
    assert sorted(one["kind"] for one in items) == ["bill_unfunded", "low_balance"]
    bill = next(one for one in items if one["kind"] == "bill_unfunded")
    assert (bill["amount"], bill["shortfall"], bill["facts"]["name"]) == (-400, 300, "Rent")
    assert "300.00 USD is missing" in bill["text"]
    assert bill == client.ask("GET", f"{HOME}/alerts/{bill['id']}").data
    assert sorted(sent(service, owner)) == [("alert_bill", "sent"), ("alert_dip", "sent")]


def test_an_alert_is_read_and_silenced(service: Service, owner: User, client: Client) -> None:
    look(service, owner)
    low = client.ask("GET", f"{HOME}/alerts?kind=low_balance").data["items"][0]
    assert client.ask("POST", f"{HOME}/alerts/{low['id']}/read", {}).data["read_at"] is not None
    gone = client.ask("POST", f"{HOME}/alerts/{low['id']}/dismiss", {}).data
    assert gone["status"] == "dismissed"
    look(service, owner)
    listed = client.ask("GET", f"{HOME}/alerts?status=open").data["items"]
    assert [one["kind"] for one in listed] == ["bill_unfunded"]


def test_settings_are_merged_and_guarded(client: Client) -> None:
    path = f"{HOME}/alert-settings"
    assert client.ask("PATCH", path, {"low_chance": 0.5}).data["low_chance"] == 0.5
    kept = client.ask("GET", path).data
    assert (kept["version"], kept["low_chance"], kept["quiet_from"]) == (2, 0.5, 4)
    assert (kept["can_mail"], kept["can_sms"]) == (True, False)
    for field, value in (("low_chance", 0.99), ("bill_days", 32), ("quiet_from", 24)):
        refused = client.ask("PATCH", path, {field: value})
        assert refused.status == 422, (field, refused.body)
        assert field in refused.body.decode()
    stale = client.ask("PATCH", path, {"low_days": 9}, headers={"If-Match": '"1"'})
    assert stale.status == 412, stale

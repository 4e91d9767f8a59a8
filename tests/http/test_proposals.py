"""Proposals over HTTP: found, shown with their bookings, accepted once, dismissed and forgiven."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.support.asking import Client
from tests.support.service import Service

HOME = "/api/v2/users/me"
DAYS = [date.today() - timedelta(days) for days in (90, 62, 34, 6)]  # every fourth week
NEXT = str(date.today() + timedelta(22))


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    """Somebody with a gym, a club, and a coffee now and then."""
    with Client(service.url, service.new_user().token) as opened:
        account = opened.ask("POST", f"{HOME}/accounts", {"name": "Everyday"}).data["id"]
        items = [
            {
                "account_id": account,
                "amount": amount,
                "transaction_date": str(day + timedelta(shift * place % 11)),
                "description": f"{payee} {day}",
                "counterparty": payee,
            }
            for payee, amount, shift in (("Gym", -30.5, 0), ("Club", -20, 0), ("Coffee", -4, 5))
            for place, day in enumerate(DAYS)
        ]
        added = opened.ask("POST", f"{HOME}/transactions/batch", {"items": items})
        assert added.status == 201, added
        yield opened


def proposed(client: Client) -> dict[str, str]:
    """Fingerprints by name."""
    items = client.ask("GET", f"{HOME}/recurring-proposals").data["items"]
    return {one["name"]: one["fingerprint"] for one in items}


def test_what_comes_again_is_proposed_with_its_bookings(client: Client) -> None:
    found = proposed(client)
    assert set(found) == {"Gym", "Club"}
    shown = client.ask("GET", f"{HOME}/recurring-proposals/{found['Gym']}").data
    assert shown["proposal"] | {"account_id": 0} == {
        "fingerprint": found["Gym"],
        "kind": "expense",
        "name": "Gym",
        "amount": -30.5,
        "least_amount": -30.5,
        "most_amount": -30.5,
        "account_id": 0,
        "to_account_id": None,
        "subcategory_id": None,
        "counterparty": "Gym",
        "frequency": "weekly",
        "every_n": 4,
        "month_days": None,
        "anchor_on": str(DAYS[0]),
        "roll": "none",
        "first_on": str(DAYS[0]),
        "last_on": str(DAYS[-1]),
        "next_on": NEXT,
        "booking_count": 4,
        "missed_count": 0,
        "confidence": 0.8,
        "is_covered": False,
        "is_dismissed": False,
    }
    assert [one["transaction_date"] for one in shown["evidence"]] == [str(day) for day in DAYS]


def test_an_accepted_one_is_an_item_and_counts_once(client: Client) -> None:
    gym = proposed(client)["Gym"]
    before = client.ask("GET", f"{HOME}/transactions").data["items"]
    reply = client.ask(
        "POST", f"{HOME}/recurring-proposals/{gym}/accept", {"name": "Gym membership"}
    )
    assert reply.status == 201, reply
    item = reply.data
    assert (item["name"], item["amount"], item["expected_from"]) == (
        "Gym membership",
        -30.5,
        str(DAYS[-1] + timedelta(1)),
    )
    assert set(proposed(client)) == {"Club"}
    after = client.ask("GET", f"{HOME}/transactions").data["items"]
    linked = [one for one in after if one["recurring_item_id"] == item["id"]]
    assert [one["counterparty"] for one in linked] == ["Gym"] * 4
    assert sum(one["amount"] for one in after) == sum(one["amount"] for one in before)
    again = client.ask("POST", f"{HOME}/recurring-proposals/{gym}/accept", {})
    assert (again.status, again.json["field"]) == (409, "fingerprint")
    forecast = client.ask("GET", f"{HOME}/forecast", query={"days": 60, "format": "rows"}).data
    spent = [day for day in forecast["rows"] if day["expenses"]]
    assert (spent[0]["date"], spent[0]["expenses"]) == (NEXT, -30.5)
    dropped = client.ask("DELETE", f"{HOME}/recurring-items/{item['id']}")
    assert dropped.status == 200
    assert set(proposed(client)) == {"Gym", "Club"}


def test_a_dismissed_one_stays_away_until_it_is_forgiven(client: Client) -> None:
    club = proposed(client)["Club"]
    said = client.ask("POST", f"{HOME}/recurring-proposals/{club}/dismiss", {})
    assert (said.status, said.data["name"]) == (200, "Club")
    assert set(proposed(client)) == {"Gym"}
    listed = client.ask("GET", f"{HOME}/recurring-dismissals").data["items"]
    assert listed == [said.data]
    shown = client.ask("GET", f"{HOME}/recurring-proposals/{club}").data["proposal"]
    assert shown["is_dismissed"] is True
    path = f"{HOME}/recurring-dismissals/{said.data['id']}"
    assert client.ask("DELETE", path).status == 200
    assert client.ask("DELETE", path).status == 404
    assert set(proposed(client)) == {"Gym", "Club"}


def test_a_day_and_a_confidence_may_be_asked_for(client: Client) -> None:
    def names(**query: str) -> set[str]:
        reply = client.ask("GET", f"{HOME}/recurring-proposals", query=query)
        assert reply.status == 200, reply
        return {one["name"] for one in reply.data["items"]}

    assert names(as_of=str(DAYS[1])) == set()
    assert names(min_confidence="0.81") == set()
    assert names(as_of=str(DAYS[-2] + timedelta(1)), min_confidence="0.75") == {"Gym", "Club"}
    for query in ({"min_confidence": "1.1"}, {"min_confidence": "x"}, {"as_of": "2026-02-30"}):
        assert client.ask("GET", f"{HOME}/recurring-proposals", query=query).status == 422


def test_another_ones_fingerprint_is_as_one_of_nobody(client: Client, service: Service) -> None:
    gym = proposed(client)["Gym"]
    with Client(service.url, service.new_user().token) as stranger:
        for print_ in (gym, "0" * 32):
            path = f"{HOME}/recurring-proposals/{print_}"
            answers = [
                stranger.ask("GET", path),
                stranger.ask("POST", f"{path}/accept", {}),
                stranger.ask("POST", f"{path}/dismiss", {}),
            ]
            assert [one.status for one in answers] == [404, 404, 404]
        assert stranger.ask("GET", f"{HOME}/recurring-proposals/GYM").status == 422

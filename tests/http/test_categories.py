"""Categories over HTTP: which field a refusal names, and what a booking shows after each edit."""

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


def booking(client: Client, subcategory_id: int) -> int:
    """A booking that is filed there."""
    account = add(client, "/accounts", name="Everyday")
    return add(
        client,
        "/transactions",
        account_id=account,
        amount=-3,
        transaction_date="2026-01-31",
        description="Bread",
        subcategory_id=subcategory_id,
    )


def test_a_name_stands_once_where_it_stands(client: Client) -> None:
    pets = add(client, "/categories", name="Pets")
    add(client, f"/categories/{pets}/subcategories", name="Vet")
    again = client.ask("POST", f"{HOME}/categories", {"name": "PETS"})
    assert blamed(again) == (409, "name")
    twice = client.ask("POST", f"{HOME}/categories/{pets}/subcategories", {"name": "vet"})
    assert blamed(twice) == (409, "name")
    cars = add(client, "/categories", name="Cars")
    other = add(client, f"/categories/{cars}/subcategories", name="VET")
    moved = client.ask("PATCH", f"{HOME}/subcategories/{other}", {"category_id": pets})
    assert blamed(moved) == (409, "category_id")
    both = {"category_id": pets, "name": "Food"}
    assert client.ask("PATCH", f"{HOME}/subcategories/{other}", both).status == 200


def test_a_booking_shows_the_names_that_are_now(client: Client) -> None:
    pets, cars = (add(client, "/categories", name=name) for name in ("Pets", "Cars"))
    vet = add(client, f"/categories/{pets}/subcategories", name="Vet")
    booked = booking(client, vet)
    client.ask("PATCH", f"{HOME}/subcategories/{vet}", {"name": "Doctor", "category_id": cars})
    client.ask("PATCH", f"{HOME}/categories/{cars}", {"name": "Wheels"})
    shown = client.ask("GET", f"{HOME}/transactions/{booked}").data
    assert (shown["category"], shown["subcategory"]) == ("Wheels", "Doctor")
    assert shown["version"] == 1  # the booking is what it was


def test_what_is_in_use_goes_only_where_it_is_said(client: Client) -> None:
    pets = add(client, "/categories", name="Pets")
    vet, food = (add(client, f"/categories/{pets}/subcategories", name=n) for n in ("Vet", "Food"))
    booked = booking(client, vet)
    assert blamed(client.ask("DELETE", f"{HOME}/subcategories/{vet}")) == (409, "move_to")
    assert blamed(client.ask("DELETE", f"{HOME}/categories/{pets}")) == (409, "move_to")
    for wrong, status in ((vet, 422), (999_999_999, 404)):
        refused = client.ask("DELETE", f"{HOME}/subcategories/{vet}", query={"move_to": wrong})
        assert blamed(refused) == (status, "move_to")
    dropped = client.ask("DELETE", f"{HOME}/subcategories/{vet}", query={"move_to": food})
    assert dropped.data == {"id": vet, "dropped": True}
    shown = client.ask("GET", f"{HOME}/transactions/{booked}").data
    assert (shown["subcategory_id"], shown["version"]) == (food, 2)


def test_an_edit_means_the_version_that_its_maker_saw(client: Client) -> None:
    pets = add(client, "/categories", name="Pets")
    path = f"{HOME}/categories/{pets}"
    tag = client.ask("GET", path).headers["ETag"]
    assert client.ask("PATCH", path, {"name": "Dogs"}, headers={"If-Match": tag}).status == 200
    assert client.ask("PATCH", path, {"name": "Cats"}, headers={"If-Match": tag}).status == 412
    assert client.ask("DELETE", path, headers={"If-Match": tag}).status == 412
    assert client.ask("DELETE", path).status == 200
    assert client.ask("GET", path).status == 404

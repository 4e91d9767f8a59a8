"""If-Match: an edit is done to the version that its maker has seen, or not at all."""

import re
from collections.abc import Iterator

import pytest

from service import routes
from tests.support.asking import Client, Reply
from tests.support.service import Service

ME = "/api/v2/users/me"


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    """Somebody new."""
    with Client(service.url, service.new_user().token) as client:
        yield client


@pytest.fixture
def wallet(client: Client) -> str:
    """The path of an account that was edited once, so that its version is 2."""
    made = client.ask("POST", f"{ME}/accounts", {"name": "Wallet"})
    path = f"{ME}/accounts/{made.data['id']}"
    assert client.ask("PATCH", path, {"name": "Purse"}).data["version"] == 2
    return path


def edit(client: Client, path: str, tag: str, **fields: object) -> Reply:
    """A PATCH that means what stands under the tag."""
    return client.ask("PATCH", path, fields, headers={"If-Match": tag})


def test_a_tag_begins_with_the_version(client: Client, wallet: str) -> None:
    read = client.ask("GET", wallet)
    assert re.fullmatch(r'W/"2-[0-9a-f]{24}"', read.headers["ETag"])
    assert client.ask("GET", wallet, headers={"If-None-Match": read.headers["ETag"]}).status == 304


def test_what_an_edit_answers_has_the_tag_that_a_read_would_have(
    client: Client, wallet: str
) -> None:
    made = client.ask("POST", f"{ME}/accounts", {"name": "Other"})
    assert made.headers["ETag"].startswith('W/"1-')
    edited = client.ask("PATCH", wallet, {"name": "Bag"})
    assert edited.headers["ETag"].startswith('W/"3-')
    assert client.ask("GET", wallet).headers["ETag"] == edited.headers["ETag"]
    assert edited.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "tag", ['"2"', 'W/"2"', '"2-abc"', '"1", "2"', '"2" , "3"', '"x", W/"2"', "*", " * "]
)
def test_the_version_that_stands_is_edited(client: Client, wallet: str, tag: str) -> None:
    assert edit(client, wallet, tag, name="Bag").data["version"] == 3


@pytest.mark.parametrize(
    "tag", ['"1"', 'W/"1-abc"', '"3"', '"1", "3"', '"x"', '"02"', '"2x"', "2", "", '"2', "**",
            '"99999999999999999999"']
)  # fmt: skip
def test_another_version_is_not(client: Client, wallet: str, tag: str) -> None:
    refused = edit(client, wallet, tag, name="Bag")
    assert (refused.status, refused.json["code"]) == (412, "changed_meanwhile")
    assert client.ask("GET", wallet).data["name"] == "Purse"


def test_the_tag_of_the_last_read_is_good_once(client: Client, wallet: str) -> None:
    tag = client.ask("GET", wallet).headers["ETag"]
    assert [edit(client, wallet, tag, name="Bag").status for _ in range(2)] == [200, 412]


def test_a_booking_moves_the_balance_and_not_the_version(client: Client, wallet: str) -> None:
    before = client.ask("GET", wallet).headers["ETag"]
    booking = {"account_id": int(wallet.rpartition("/")[2]), "amount": 5, "description": "x",
               "transaction_date": "2026-01-02"}  # fmt: skip
    assert client.ask("POST", f"{ME}/transactions", booking).status == 201
    after = client.ask("GET", wallet)
    assert after.headers["ETag"] != before
    assert after.data["version"] == 2
    assert edit(client, wallet, before, name="Bag").status == 200


def test_what_is_not_there_is_404_whatever_its_version(client: Client) -> None:
    for tag in ('"1"', "*", '"x"'):
        assert edit(client, f"{ME}/accounts/999999", tag, name="Bag").status == 404


def test_a_wrong_field_is_told_first(client: Client, wallet: str) -> None:
    assert edit(client, wallet, '"1"', nmae="Bag").status == 422


def test_a_drop_means_a_version_too(client: Client, wallet: str) -> None:
    dropped = [
        client.ask("DELETE", wallet, headers={"If-Match": tag}).status for tag in ('"1"', '"2"')
    ]
    assert dropped == [412, 200]


def test_a_long_list_of_versions_is_refused(client: Client, wallet: str) -> None:
    many = ", ".join(f'"{number}"' for number in range(10, 16))
    assert (edit(client, wallet, many).status, edit(client, wallet, many[5:]).status) == (400, 412)


def test_a_write_that_knows_no_version_is_not_done(client: Client) -> None:
    body = {"name": "Wallet"}
    refused = client.ask("POST", f"{ME}/accounts", body, headers={"If-Match": '"1"'})
    assert (refused.status, refused.json["code"]) == (412, "no_version")
    assert client.ask("GET", f"{ME}/accounts").data["items"] == []
    assert client.ask("POST", f"{ME}/accounts", body, headers={"If-Match": "*"}).status == 201


def test_a_read_can_mean_a_version_as_well(client: Client, wallet: str) -> None:
    tag = client.ask("GET", wallet).headers["ETag"]
    asked = {
        given: client.ask("GET", wallet, headers={"If-Match": given}).status
        for given in (tag, '"2"', "*", '"1"', '"x"')
    }
    assert list(asked.values()) == [200, 200, 200, 412, 412]


def test_a_user_has_versions_too(client: Client) -> None:
    tag = client.ask("GET", ME).headers["ETag"]
    assert tag.startswith('W/"1-')
    assert [edit(client, ME, tag, full_name=name).status for name in ("Ann", "Bob")] == [200, 412]
    assert client.ask("GET", ME).data["full_name"] == "Ann"


def test_every_edit_takes_a_version(service: Service) -> None:
    edits = [route for route in routes.read(service.dsn) if route.method == "PATCH"]
    assert len(edits) >= 4
    assert [route.path for route in edits if "if_match" not in route.reserved] == []
    assert [route.path for route in edits if "version" not in route.answer] == []

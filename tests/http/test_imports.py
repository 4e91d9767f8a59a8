"""Files of banks through the whole house: each sample twice, dry runs, several accounts, undo."""

import importlib.util
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.asking import Client, Reply
from tests.support.service import Service, User

IMPORTS = "/api/v2/users/me/statement-imports"
FOLDER = Path(os.environ.get("TIDELINE_DATA", Path(__file__).resolve().parents[3] / "shared/data"))
SAMPLES = sorted(
    path
    for pattern in ("csv/*.csv", "ofx/*.ofx", "ofx/*stmtrs*.xml", "mt940/*.sta")
    for path in (FOLDER / "statements").glob(pattern)
    if path.name != "bank_small.ofx"  # says OFX and holds nothing
)
COFFEES = b"Date,Description,Amount\n2026-01-05,Coffee,-3.50\n2026-01-05,Coffee,-3.50\n"


@pytest.fixture
def owner(service: Service) -> User:
    return service.new_user()


@pytest.fixture
def client(service: Service, owner: User) -> Any:
    with Client(service.url, owner.token) as client:
        yield client


def send(client: Client, body: bytes, **query: Any) -> dict[str, Any]:
    """Reads a file in; what came of it."""
    reply = client.ask("POST", IMPORTS, body, query=query, headers={"Content-Type": "text/plain"})
    assert reply.status == 200, reply
    data: dict[str, Any] = reply.data
    assert data["read_count"] == sum(
        data[f"{kind}_count"] for kind in ("new", "duplicate", "rejected", "matched")
    )
    return data


def open_account(client: Client, name: str, currency: str | None = None, balance: float = 0) -> int:
    """An account; its key."""
    more = {"currency": currency} if currency else {}
    body = {"name": name, "opening_balance": balance, **more}
    return int(client.ask("POST", "/api/v2/users/me/accounts", body).data["id"])


def faults(service: Service, owner: User) -> list[Any]:
    """Accounts whose balance is wrong."""
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        return connection.execute(
            "select * from core.balance_faults(%s)", [owner.user_id]
        ).fetchall()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_that_comes_again_adds_nothing(
    path: Path, service: Service, owner: User, client: Client
) -> None:
    """A dry run names the accounts of the file; they are opened; then it is imported twice."""
    module = {"csv": "csv", "ofx": "ofx", "mt940": "mt940"}[path.parent.name]
    if importlib.util.find_spec(f"service.formats.{module}") is None:
        pytest.skip(f"{module} is not read yet")
    body = path.read_bytes()
    seen = send(client, body, dry_run="true")
    assert seen["status"] == "previewed"
    known: dict[str, int] = {}
    for one in seen["report"]["accounts"]:
        name = one["name"] or "The only one"
        if name not in known:
            known[name] = open_account(client, name, one["currency"])
    first = send(client, body)
    again = send(client, body)
    assert first["status"] == again["status"] == "booked"
    assert first["new_count"] > 0 or path.name == "multiple_accounts.ofx", "balances alone"
    assert again["new_count"] == again["matched_count"] == 0
    assert again["duplicate_count"] == first["new_count"] + first["duplicate_count"]
    assert again["rejected_count"] == first["rejected_count"]
    assert faults(service, owner) == []
    undone = client.ask("POST", f"{IMPORTS}/{first['id']}/undo").data
    assert undone["dropped_count"] == first["new_count"]
    assert send(client, body)["new_count"] == first["new_count"], "an undone file may come again"
    assert faults(service, owner) == []


def test_a_file_of_balances_alone_names_its_accounts(client: Client) -> None:
    told = (
        f"<STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>1<ACCTID>{name}<ACCTTYPE>CHECKING"
        f"</BANKACCTFROM><LEDGERBAL><BALAMT>{balance}<DTASOF>20260603</LEDGERBAL></STMTRS></STMTTRNRS>"
        for name, balance in (("9100", 111), ("9200", 222))
    )
    head = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n"
    body = f"{head}<OFX><BANKMSGSRSV1>{''.join(told)}</BANKMSGSRSV1></OFX>".encode()
    seen = send(client, body, dry_run="true")
    assert seen["byte_count"] == len(body)
    named = seen["report"]["accounts"]
    assert [(one["name"], one["account_id"], one["row_count"]) for one in named] == [
        ("9100", None, 0),
        ("9200", None, 0),
    ]
    known = json.dumps({"9100": open_account(client, "Checking", "USD", 11)})
    report = send(client, body, dry_run="true", accounts=known)["report"]
    assert [one["difference"] for one in report["balances"]] == [-100]


def test_two_equal_rows_are_both_kept(client: Client) -> None:
    account = open_account(client, "Checking", balance=10)
    assert send(client, COFFEES, account_id=account)["new_count"] == 2
    assert send(client, COFFEES, account_id=account)["new_count"] == 0
    more = COFFEES + b"2026-01-05,Coffee,-3.50\n"
    assert send(client, more, account_id=account)["new_count"] == 1
    balance = client.ask("GET", f"/api/v2/users/me/accounts/{account}").data["current_balance"]
    assert balance == -0.5


def test_what_was_dropped_stays_dropped_unless_asked(client: Client) -> None:
    account = open_account(client, "Checking")
    send(client, COFFEES, account_id=account)
    listed = client.ask("GET", "/api/v2/users/me/transactions").data["items"]
    client.ask("DELETE", f"/api/v2/users/me/transactions/{listed[0]['id']}")
    again = send(client, COFFEES, account_id=account)
    assert (again["new_count"], again["duplicate_count"]) == (0, 2)
    assert [one["is_dropped"] for one in again["report"]["duplicate"]] == [False, True]
    assert send(client, COFFEES, account_id=account, restore="true")["new_count"] == 1


def test_a_dry_run_is_booked_as_it_was_shown(client: Client) -> None:
    account = open_account(client, "Checking")
    shown = send(client, COFFEES, account_id=account, dry_run="true")
    address = f"{IMPORTS}/{shown['id']}"
    assert client.ask("GET", "/api/v2/users/me/transactions").data["items"] == []
    assert client.ask("GET", address).data["report"] == shown["report"]
    booked = client.ask("POST", f"{address}/book").data
    assert (booked["status"], booked["new_count"]) == ("booked", 2)
    assert client.ask("POST", f"{address}/book").status == 409
    listed = client.ask("GET", IMPORTS, query={"limit": 1}).data
    assert [one["id"] for one in listed["items"]] == [shown["id"]]


def test_strict_books_all_or_nothing(client: Client) -> None:
    account = open_account(client, "Checking")
    body = COFFEES + b"2026-01-06,Tea,many\n"
    refused = send(client, body, account_id=account, strict="true")
    assert refused["status"] == "failed"
    assert refused["failure"].startswith("1 of 3 rows are bad")
    assert refused["report"]["rejected"][0]["line"] == 4
    assert client.ask("GET", "/api/v2/users/me/transactions").data["items"] == []
    assert send(client, body, account_id=account)["new_count"] == 2


def test_the_mapping_is_remembered(client: Client) -> None:
    account = open_account(client, "Checking")
    body = b"A,B,C,D\n2026-01-05,Coffee,-3.50,7\n2026-01-06,Tea,-2.50,8\n"
    mapping = json.dumps({"date": "A", "description": "B", "amount": "C"})
    address = f"/api/v2/users/me/accounts/{account}/statement-mapping"
    assert client.ask("GET", address).status == 404
    assert send(client, body, account_id=account, mapping=mapping)["new_count"] == 2
    assert client.ask("GET", address).data["mapping"]["amount"] == "C"
    later = body.replace(b"2026-01", b"2026-02")
    assert send(client, later, account_id=account)["new_count"] == 2, "no mapping was said"
    said = client.ask("PUT", address, {"mapping": {"date": "A", "description": "B", "amount": "D"}})
    assert said.status == 200
    newest = send(client, body.replace(b"2026-01", b"2026-03"), account_id=account)
    assert [one["amount"] for one in newest["report"]["new"]] == [7, 8]


def test_a_key_that_comes_again_books_once(client: Client) -> None:
    account = open_account(client, "Checking")
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "one-file"}
    replies: list[Reply] = [
        client.ask("POST", IMPORTS, COFFEES, query={"account_id": account}, headers=headers)
        for _ in range(2)
    ]
    assert [one.data["new_count"] for one in replies] == [2, 2]
    assert replies[0].data["id"] == replies[1].data["id"]
    assert len(client.ask("GET", IMPORTS).data["items"]) == 1


def test_a_stranger_sees_no_import(
    client: Client, service: Service, new_stranger: Callable[[], Client]
) -> None:
    account = open_account(client, "Checking")
    made = send(client, COFFEES, account_id=account, dry_run="true")
    stranger = new_stranger()
    for method, path in (("GET", ""), ("POST", "/book"), ("POST", "/undo")):
        assert stranger.ask(method, f"{IMPORTS}/{made['id']}{path}").status == 404
    reply = stranger.ask(
        "POST",
        IMPORTS,
        COFFEES,
        query={"account_id": account},
        headers={"Content-Type": "text/csv"},
    )
    assert reply.status == 404


@pytest.fixture
def new_stranger(service: Service) -> Any:
    opened: list[Client] = []

    def make() -> Client:
        opened.append(Client(service.url, service.new_user().token))
        return opened[-1]

    yield make
    for one in opened:
        one.close()

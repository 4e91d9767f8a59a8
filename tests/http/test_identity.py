"""Identity over HTTP: signing up, coming in, letting others read, taking all along, leaving."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support.asking import Client, Reply
from tests.support.household import settle
from tests.support.identity import NEW_PASSWORD, PASSWORD
from tests.support.service import Service, User

TOKEN = re.compile(r"[1-9][0-9]*\.[A-Za-z0-9_-]{43}")
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def db_of_service(service: Service) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        yield connection
        connection.execute("delete from data.attempts")  # wrong guesses of this test alone


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    with Client(service.url) as opened:
        yield opened


def said(reply: Reply, status: int = 200) -> Any:
    assert reply.status == status, (reply.status, reply.body)
    return reply.data


def refused(reply: Reply, status: int, code: str) -> None:
    assert (reply.status, reply.json["code"]) == (status, code), reply.body


def mailed(connection: psycopg.Connection[Any], email: str, template: str) -> str:
    """The token of the newest mail to an address; what development sends stays in its table."""
    row = connection.execute(
        "select body from data.messages where recipient = %s and template = %s"
        " order by id desc limit 1",
        (email, template),
    ).fetchone()
    assert row, (email, template)
    found = TOKEN.search(row[0] or "")
    return found[0] if found else ""


def joined(client: Client, email: str) -> str:
    """The token of somebody who just signed up and came in."""
    body = {"email": email, "password": PASSWORD, "full_name": "Ada L."}
    said(client.ask("POST", "/api/v2/register", body), 202)
    came = said(client.ask("POST", "/api/v2/login", {"email": email, "password": PASSWORD}))
    return str(came["token"])


def test_from_sign_up_to_a_proved_address(
    client: Client, db_of_service: psycopg.Connection[Any]
) -> None:
    email = "ada.first@example.org"
    client.token = joined(client, email.upper())
    me = said(client.ask("GET", "/api/v2/users/me"))
    assert (me["email"], me["full_name"], me["tier"], me["role"]) == (
        *(email, "Ada L."),
        *("budget", "user"),
    )
    assert said(client.ask("POST", "/api/v2/users/me/email-verification"), 202) == {"sent": True}
    token = mailed(db_of_service, email, "email_verification")
    said(client.ask("POST", "/api/v2/email-verifications", {"token": token}))
    again = client.ask("POST", "/api/v2/email-verifications", {"token": token})
    refused(again, 422, "wrong_fields")
    client.token = None
    body = {"email": email, "password": NEW_PASSWORD}
    said(client.ask("POST", "/api/v2/register", body), 202)  # the same answer, and nothing changed
    came = client.ask("POST", "/api/v2/login", {"email": email, "password": NEW_PASSWORD})
    refused(came, 401, "wrong_credentials")


def test_a_weak_password_is_refused_before_anything_is_kept(
    client: Client, db_of_service: psycopg.Connection[Any]
) -> None:
    body = {"email": "weak@example.org", "password": "password1234567"}
    refused(client.ask("POST", "/api/v2/register", body), 422, "weak_password")
    found = db_of_service.execute(
        "select from data.user_emails where email = 'weak@example.org'"
    ).fetchall()
    assert found == []


def test_after_a_few_wrong_guesses_one_waits(
    client: Client, db_of_service: psycopg.Connection[Any]
) -> None:
    """Known and unknown alike, and the right password waits as well."""
    joined(client, "slow@example.org")
    for email in ("slow@example.org", "nobody.slow@example.org"):
        wrong = {"email": email, "password": "wrong"}
        for _ in range(5):
            refused(client.ask("POST", "/api/v2/login", wrong), 401, "wrong_credentials")
        reply = client.ask("POST", "/api/v2/login", wrong | {"password": PASSWORD})
        refused(reply, 429, "too_many_attempts")
        assert reply.headers["Retry-After"] == "1"
    rows = db_of_service.execute(
        "select count(*) from data.verification_audit_log as event"
        " join data.user_emails as address using (user_id)"
        " where event.event_type = 'login_failed' and address.email = 'slow@example.org'"
    ).fetchone()
    assert rows == (5,)


def test_a_forgotten_password(client: Client, db_of_service: psycopg.Connection[Any]) -> None:
    email = "forgot@example.org"
    old = joined(client, email)
    for address in (email, "nobody.forgot@example.org"):
        answer = said(client.ask("POST", "/api/v2/password-resets", {"email": address}), 202)
        assert answer == {"accepted": True}
    body = {"token": mailed(db_of_service, email, "password_reset"), "new_password": NEW_PASSWORD}
    weak = client.ask("POST", "/api/v2/password-resets/complete", body | {"new_password": "short"})
    refused(weak, 422, "weak_password")
    said(client.ask("POST", "/api/v2/password-resets/complete", body))
    refused(client.ask("POST", "/api/v2/password-resets/complete", body), 422, "wrong_fields")
    said(client.ask("POST", "/api/v2/login", {"email": email, "password": NEW_PASSWORD}))
    assert old


def test_an_old_hash_is_replaced_by_its_owner_s_log_in(
    service: Service, client: Client, db_of_service: psycopg.Connection[Any]
) -> None:
    user = settle(service)
    query = "select password_hash, email from data.users join data.user_emails on id = user_id"
    stored, email = db_of_service.execute(query + " where id = %s", (user.user_id,)).fetchone()
    assert stored.startswith("pbkdf2:sha256:")
    said(client.ask("POST", "/api/v2/login", {"email": email, "password": PASSWORD}))
    stored, _ = db_of_service.execute(query + " where id = %s", (user.user_id,)).fetchone()
    assert stored.startswith("$argon2id$")
    said(client.ask("POST", "/api/v2/login", {"email": email, "password": PASSWORD}))


def test_an_api_key_reads_and_writes_what_it_says(client: Client) -> None:
    client.token = joined(client, "keys@example.org")
    reading = said(client.ask("POST", "/api/v2/users/me/api-keys", {"name": "reads"}), 201)
    body = {"name": "writes", "is_read_only": False}
    writing = said(client.ask("POST", "/api/v2/users/me/api-keys", body), 201)
    listed = said(client.ask("GET", "/api/v2/users/me/api-keys"))["items"]
    assert [(one["name"], one["hint"]) for one in listed] == [
        ("writes", writing["token"][-4:]),
        ("reads", reading["token"][-4:]),
    ]
    login, account = client.token, {"name": "Checking"}
    client.token = reading["token"]
    said(client.ask("GET", "/api/v2/users/me/accounts"))
    refused(client.ask("POST", "/api/v2/users/me/accounts", account), 403, "read_only_key")
    client.token = writing["token"]
    said(client.ask("POST", "/api/v2/users/me/accounts", account), 201)
    for method, path in (("GET", "sessions"), ("GET", "api-keys"), ("POST", "export")):
        refused(client.ask(method, f"/api/v2/users/me/{path}"), 403, "login_required")
    client.token = login
    said(client.ask("DELETE", f"/api/v2/users/me/api-keys/{writing['id']}"))


def test_a_coach_reads_what_is_granted_and_nothing_else(
    service: Service, client: Client, db_of_service: psycopg.Connection[Any]
) -> None:
    owner = settle(service)
    coach = service.new_user("coach.one@example.org", role="coach")
    home = f"/api/v2/users/{owner.public_id}"
    granting = {"email": "Coach.One@example.org", "scopes": ["forecast", "accounts"]}
    with Client(service.url, owner.token) as owning:
        grant = said(owning.ask("POST", "/api/v2/users/me/access-grants", granting), 201)
        unknown = granting | {"email": "nobody.at.all@example.org"}
        other = said(owning.ask("POST", "/api/v2/users/me/access-grants", unknown), 201)
        assert grant.keys() == other.keys()
    client.token = coach.token
    assert client.ask("GET", f"{home}/accounts").status == 404, "the address is not proved"
    db_of_service.execute(
        "update data.user_emails set verified_at = now() where user_id = %s", (coach.user_id,)
    )
    until_forgotten(client, f"{home}/accounts", 200)
    assert said(client.ask("GET", f"{home}/accounts"))["items"]
    said(client.ask("GET", f"{home}/forecast"))
    clients = said(client.ask("GET", "/api/v2/users/me/clients"))["items"]
    assert [(one["id"], one["scopes"]) for one in clients] == [
        (owner.public_id, ["accounts", "forecast"])
    ]
    for path in ("", "/transactions", "/recurring-items", "/sessions", "/access-grants"):
        missing = client.ask("GET", f"/api/v2/users/{NOBODY}{path}")
        reply = client.ask("GET", home + path)
        assert reply.status == missing.status == 404, path
        assert reply.json["detail"] == missing.json["detail"]
    assert client.ask("POST", f"{home}/accounts", {"name": "Mine"}).status == 404
    with Client(service.url, owner.token) as owning:
        said(owning.ask("DELETE", f"/api/v2/users/me/access-grants/{grant['id']}"))
    until_forgotten(client, f"{home}/accounts", 404)
    assert said(client.ask("GET", "/api/v2/users/me/clients"))["items"] == []


def until_forgotten(client: Client, path: str, status: int) -> None:
    """A worker remembers for a second at most."""
    until = time.monotonic() + 1.5
    while client.ask("GET", path).status != status:
        assert time.monotonic() < until, (path, status)
        time.sleep(0.05)


def test_an_admin_makes_a_coach_and_nobody_else_does(service: Service, client: Client) -> None:
    user, admin = service.new_user(), service.new_user(role="admin")
    address = f"/api/v2/admin/users/{user.public_id}"
    client.token = user.token
    assert client.ask("PATCH", address, {"role": "admin"}).status == 404
    client.token = admin.token
    edited = said(client.ask("PATCH", address, {"role": "coach", "tier": "professional"}))
    assert (edited["role"], edited["tier"], edited["is_active"]) == ("coach", "professional", True)
    found = said(client.ask("GET", "/api/v2/admin/users", query={"email": edited["email"]}))
    assert found == said(client.ask("GET", address)) == edited
    own = f"/api/v2/admin/users/{admin.public_id}"
    refused(client.ask("PATCH", own, {"is_active": False}), 422, "wrong_fields")


def exported(client: Client, limit: int) -> list[Any]:
    """All lines of an export, page after page."""
    lines, cursor = [], None
    while True:
        body = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        page = said(client.ask("POST", "/api/v2/users/me/export", body))
        lines += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return lines


def test_an_export_holds_every_row_of_every_table(
    service: Service, client: Client, db_of_service: psycopg.Connection[Any]
) -> None:
    """Counted against the catalogue: a table that names an owner is there, or is left out by name.

    Two are: where to look for grants, and mails on their way, which carry tokens.
    """
    user: User = settle(service)
    client.token = user.token
    lines = exported(client, 200)
    counted = Counter(line["table"] for line in lines)
    tables = db_of_service.execute(
        """
        select relation.relname from pg_catalog.pg_class as relation
        join pg_catalog.pg_attribute as owner on owner.attrelid = relation.oid
        where relation.relnamespace = 'data'::regnamespace and owner.attname = 'user_id'
          and relation.relkind in ('r', 'p') and not relation.relispartition
          and not relation.relname = any ('{client_addresses,messages}')
        """
    ).fetchall()
    for (table,) in tables:
        row = db_of_service.execute(
            f"select count(*) from data.{table} where user_id = %s".encode(), (user.user_id,)
        ).fetchone()
        assert row == (counted.pop(table, 0),), table
    assert counted == {"users": 1}
    text = str(lines)
    assert not re.search(r"'(\w+_)?(hash|salt|secret)':", text)
    assert "pbkdf2" not in text
    assert str(user.token).split(".")[1] not in text
    again = [line for line in exported(client, 7) if line["table"] != "verification_audit_log"]
    assert again == [line for line in lines if line["table"] != "verification_audit_log"]


def test_a_deleted_account_leaves_one_line_and_a_free_address(
    service: Service, client: Client, db_of_service: psycopg.Connection[Any]
) -> None:
    user = settle(service)
    row = db_of_service.execute(
        "select email from data.user_emails where user_id = %s", (user.user_id,)
    ).fetchone()
    assert row
    client.token = user.token
    body = {"password": "wrong"}
    refused(client.ask("POST", "/api/v2/users/me/deletion", body), 403, "wrong_password")
    reply = client.ask("POST", "/api/v2/users/me/deletion", {"password": PASSWORD})
    assert said(reply) == {"deleted": True}
    assert reply.headers["Clear-Site-Data"]
    left = db_of_service.execute(
        "select event_details, ip_address, user_agent from data.verification_audit_log"
        " where user_id = %s and event_type = 'account_deleted'",
        (user.user_id,),
    ).fetchall()
    assert left == [({}, None, None)]
    client.token = None
    assert joined(client, row[0])

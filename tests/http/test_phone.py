"""Proving a telephone number from the outside: what a person sends, and what comes back."""

from collections.abc import Callable, Iterator
from typing import Any

import argon2
import pytest

from service.gateways.captcha import TEST_TOKEN
from tests.support.asking import Client, Reply
from tests.support.phones import act, code_for, pass_time, value, wrong
from tests.support.service import Service, User

PATH = "/api/v2/users/me/phone-verifications"
NUMBER = "+420600000001"


@pytest.fixture
def phoned(service_factory: Callable[..., Service]) -> Iterator[Service]:
    """A service of its own: caps are about everybody."""
    service = service_factory()
    yield service
    service.stop()


@pytest.fixture
def user(phoned: Service) -> User:
    """Somebody with a telephone."""
    return phoned.new_user()


@pytest.fixture
def client(phoned: Service, user: User) -> Iterator[Client]:
    """A connection that speaks for the user."""
    with Client(phoned.url, user.token) as client:
        yield client


def refused(reply: Reply) -> tuple[int, str]:
    """Status and code of a refusal."""
    return reply.status, reply.json["code"]


def test_a_number_is_proved_by_its_code(phoned: Service, user: User, client: Client) -> None:
    sent = client.ask("POST", PATH, {"phone_number": "00420 600 000 001"})
    assert sent.status == 202, sent.body
    assert sent.data["phone_number"] == NUMBER
    assert (sent.data["status"], sent.data["attempts_left"]) == ("pending", 5)
    one = f"{PATH}/{sent.data['id']}"
    code = code_for(phoned.dsn, user, NUMBER)
    assert code not in sent.body.decode(), "a code travels to the telephone alone"

    missed = client.ask("POST", f"{one}/check", {"code": wrong(code)})
    assert refused(missed) == (422, "wrong_code")
    assert missed.json["field"] == "code"
    assert client.ask("GET", one).data["attempts_left"] == 4

    proved = client.ask("POST", f"{one}/check", {"code": code})
    assert (proved.status, proved.data["is_verified"]) == (200, True)
    column = "select phone_number from data.users where id = %s and phone_verified_at is not null"
    assert value(phoned.dsn, column, user.user_id) == NUMBER
    assert refused(client.ask("POST", f"{one}/check", {"code": code})) == (409, "not_pending")
    assert refused(client.ask("POST", f"{one}/resend", {})) == (409, "not_pending")


def test_a_resend_has_to_wait_and_says_how_long(phoned: Service, client: Client) -> None:
    sent = client.ask("POST", PATH, {"phone_number": NUMBER})
    early = client.ask("POST", f"{PATH}/{sent.data['id']}/resend", {})
    assert refused(early) == (429, "too_many_attempts")
    assert 55 <= int(early.headers["Retry-After"]) <= 60
    pass_time(phoned.dsn, 60)
    again = client.ask("POST", f"{PATH}/{sent.data['id']}/resend", {})
    assert (again.status, again.data["resends_left"]) == (202, 2)


def test_whose_number_it_is_makes_no_difference(phoned: Service, client: Client) -> None:
    """Same status, same fields, same words, whether anybody has proved the number or not."""
    owner = phoned.new_user(phone_number=NUMBER)
    act(
        phoned.dsn,
        f"update data.users set phone_verified_at = now() where id = {owner.user_id}",
    )
    known = client.ask("POST", PATH, {"phone_number": NUMBER})
    unknown = client.ask("POST", PATH, {"phone_number": "+420600999999"})
    hidden = ("id", "phone_number", "code_sent_at", "code_expires_at", "created_at")
    assert known.status == unknown.status == 202
    assert without(known.data, hidden) == without(unknown.data, hidden)


@pytest.mark.parametrize(
    "field", ["captcha_verified", "risk_score", "attempts", "captcha_ok", "server_key", "status"]
)
def test_what_we_know_of_a_request_is_not_the_client_s_to_say(client: Client, field: str) -> None:
    reply = client.ask("POST", PATH, {"phone_number": NUMBER, field: 1})
    assert reply.status == 422, reply.body
    assert reply.json["field"] == field


@pytest.mark.parametrize(
    "number", ["600000001", "+1 900 555 0100", "+882 99 000 000", "+44 020 7946 0000", "x" * 40]
)
def test_a_number_that_we_do_not_serve_is_refused(client: Client, number: str) -> None:
    reply = client.ask("POST", PATH, {"phone_number": number})
    assert (reply.status, reply.json["field"]) == (422, "phone_number")


def test_a_risk_asks_for_a_captcha_that_the_gateway_believes(
    phoned: Service, user: User, client: Client
) -> None:
    act(
        phoned.dsn,
        "insert into data.verification_counters (kind, subject, moments, last_at) values "
        "('failed_source', '127.0.0.1/32', array_fill(now(), array[20]), now()), "
        f"('failed_number', '{NUMBER}', array_fill(now(), array[10]), now())",
    )
    body: dict[str, Any] = {"phone_number": NUMBER}
    assert refused(client.ask("POST", PATH, body)) == (403, "captcha_required")
    body["captcha_token"] = "made up"
    assert refused(client.ask("POST", PATH, body)) == (403, "captcha_required")
    body["captcha_token"] = TEST_TOKEN
    assert client.ask("POST", PATH, body).status == 202
    kept = "select captcha_verified and risk_score = 0.7 from data.phone_verification"
    assert value(phoned.dsn, kept) is True


def test_a_password_ends_a_streak_of_failures(phoned: Service) -> None:
    password = "correct horse battery staple 7"
    user = phoned.new_user(password_hash=argon2.PasswordHasher().hash(password))
    with Client(phoned.url, user.token) as client:
        sent = client.ask("POST", PATH, {"phone_number": NUMBER})
        act(
            phoned.dsn,
            "insert into data.verification_streaks (phone_number, failed_total) "
            f"values ('{NUMBER}', 100)",
        )
        check = f"{PATH}/{sent.data['id']}/check"
        code = {"code": code_for(phoned.dsn, user, NUMBER)}
        assert refused(client.ask("POST", check, code)) == (403, "identity_required")
        proof = {"phone_number": NUMBER, "password": "not this one at all"}
        assert refused(client.ask("POST", f"{PATH}/identity", proof)) == (403, "wrong_password")
        proof["password"] = password
        assert client.ask("POST", f"{PATH}/identity", proof).data["is_proved"] is True
        assert client.ask("POST", check, code).status == 200


def test_a_user_reads_their_own_trail_page_by_page(
    phoned: Service, user: User, client: Client
) -> None:
    client.ask("POST", PATH, {"phone_number": NUMBER})
    client.ask("POST", PATH, {"phone_number": NUMBER})
    first = client.ask("GET", "/api/v2/users/me/audit-log", query={"limit": 1}).data
    then = client.ask(
        "GET", "/api/v2/users/me/audit-log", query={"limit": 1, "cursor": first["next_cursor"]}
    ).data
    kinds = [page["items"][0]["event_type"] for page in (first, then)]
    assert kinds == ["rate_limit_exceeded", "send_code"]
    assert then["next_cursor"] is None
    summary = client.ask("GET", "/api/v2/users/me/security-summary").data
    assert summary["last_30_days"] == {"codes": 1, "wrong_guesses": 0, "refusals": 1}
    with Client(phoned.url, phoned.new_user().token) as stranger:
        assert stranger.ask("GET", "/api/v2/users/me/audit-log").data["items"] == []
        path = f"/api/v2/users/{user.public_id}/audit-log"
        assert stranger.ask("GET", path).status == 404


def test_admins_see_numbers_sources_chains_and_alarms(
    phoned: Service, user: User, client: Client
) -> None:
    client.ask("POST", PATH, {"phone_number": NUMBER})
    paths = [
        "verification-report",
        "suspicious-ips",
        "audit-log",
        "audit-log/faults",
        "alarms",
    ]
    with Client(phoned.url, phoned.new_user(role="admin").token) as admin:
        report, suspects, log, faults, alarms = (
            admin.ask("GET", f"/api/v2/admin/{path}").data for path in paths
        )
        mine = admin.ask(
            "GET",
            "/api/v2/admin/audit-log",
            query={"public_id": user.public_id, "ip_address": "127.0.0.1"},
        ).data
    assert [item["phone_number"] for item in report["items"]] == [NUMBER]
    assert suspects["items"] == []
    assert {item["event_type"] for item in log["items"]} >= {"send_code"}
    assert {item["user_id"] for item in mine["items"]} == {user.public_id}
    assert faults == {"is_sound": True, "items": [], "next_cursor": None}
    assert {item["alarm"] for item in alarms["items"]} <= {"partition_missing", "partition_strays"}
    for path in paths:
        assert client.ask("GET", f"/api/v2/admin/{path}").status in (403, 404)


def without(body: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The body without what differs between any two requests."""
    return {name: said for name, said in body.items() if name not in names}


def test_a_forged_address_changes_neither_log_nor_caps(
    phoned: Service, user: User, client: Client
) -> None:
    """S10: no proxy is trusted here, so the source is the other end of the connection."""
    for last in range(12):
        headers = {
            "X-Forwarded-For": f"203.0.113.{last}",
            "Forwarded": f"for=203.0.113.{last}",
            "X-Real-IP": f"203.0.113.{last}",
        }
        body = {"phone_number": f"+42060{last:02d}00001"}
        client.ask("POST", PATH, body, headers=headers)
    log = "select count(distinct ip_address) || ' ' || min(host(ip_address)) "
    log += "from data.verification_audit_log where user_id = %s"
    assert value(phoned.dsn, log, user.user_id) == "1 127.0.0.1"
    counters = "select string_agg(subject, ',') from data.verification_counters "
    assert value(phoned.dsn, counters + "where kind = 'send_source'") == "127.0.0.1/32"
    with Client(phoned.url, phoned.new_user(role="admin").token) as admin:
        suspects = admin.ask("GET", "/api/v2/admin/suspicious-ips").data["items"]
    assert [item["ip"] for item in suspects] == ["127.0.0.1"]
    assert suspects[0]["total_events"] == 12

"""What is proved before SQL is asked: passwords in; yes, no or a hash out; nothing of them left."""

import asyncio
import hashlib
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.proof.password import Hashes
from service.proof.threads import Crowded, Threads
from tests.support.asking import Client, Reply
from tests.support.doors import CHEAP, ENTER, GOOD, MAKE, enter, keep, publish
from tests.support.service import Service

OLD = (
    "pbkdf2:sha256:600000$s4lt$"
    + hashlib.pbkdf2_hmac("sha256", GOOD.encode(), b"s4lt", 600_000).hex()
)  # what the system before this one kept of GOOD


@pytest.fixture(scope="module")
def doors(service_factory: Callable[..., Service]) -> Service:
    service = service_factory(**CHEAP)
    publish(service)
    return service


@pytest.fixture
def client(doors: Service) -> Iterator[Client]:
    with Client(doors.url) as client:
        yield client


def test_a_new_password_is_kept_as_a_hash_that_lets_it_in(doors: Service, client: Client) -> None:
    made = client.ask("POST", MAKE, {"email": "new@example.org", "password": GOOD})
    assert made.status == 200, made.body
    assert made.data["stored"].startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert enter(client, "new@example.org", GOOD).status == 200
    assert enter(client, "new@example.org", GOOD + " ").status == 401


def test_the_old_kind_of_hash_lets_in_and_is_replaced(doors: Service, client: Client) -> None:
    keep(doors, "old@example.org", OLD)
    entered = enter(client, "old@example.org", GOOD)
    assert entered.status == 200
    upgraded = entered.data["upgraded"]
    assert upgraded.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert enter(client, "old@example.org", "not " + GOOD).status == 401
    keep(doors, "old@example.org", upgraded)
    assert enter(client, "old@example.org", GOOD).data["upgraded"] is None


def test_a_cheaper_hash_is_replaced_by_one_of_the_cost_in_force(
    doors: Service, client: Client
) -> None:
    keep(doors, "cheap@example.org", Hashes(32, 1).hashed(GOOD))
    upgraded = enter(client, "cheap@example.org", GOOD).data["upgraded"]
    assert upgraded.startswith("$argon2id$v=19$m=64,")


@pytest.mark.parametrize(
    "stored",
    [
        None, "", "x", "$argon2id$", "$argon2id$v=19$m=64,t=1,p=1$$",
        "$argon2id$v=19$m=64,t=1,p=1$a$b", "$argon2id$v=19$m=-1,t=0,p=0$MDAw$MDAw",
        "$argon2id$v=19$m=4194304,t=1,p=1$MDAwMDAwMDA$MDAwMDAwMDAwMDAwMDAwMA",
        "pbkdf2:sha256:1$a$b", "pbkdf2:sha256:9999999$a$" + "0" * 64,
        "pbkdf2:sha256:600000$$" + "0" * 64, "plain:" + GOOD, "$2b$12$" + "a" * 53, GOOD,
        "\\x00", "☂☂☂",
    ],
)  # fmt: skip
def test_what_is_no_hash_is_a_wrong_password(
    doors: Service, client: Client, stored: str | None
) -> None:
    keep(doors, "broken@example.org", stored)
    reply = enter(client, "broken@example.org", GOOD)
    assert reply.status == 401
    unknown = enter(client, "nobody@example.org", GOOD)
    assert {**reply.json, "request_id": ""} == {**unknown.json, "request_id": ""}


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("short", "15"), ("fourteen chars", "15"), ("ﬁﬁﬁﬁﬁﬁﬁ", "15"),
        ("password12345678", "guessed"),
        ("aaaaaaaaaaaaaaaaaaaaa", "guessed"), ("qwertyuiopasdfgh", "guessed"),
        ("weak@example.org", "guessed"), ("tidelinetideline", "guessed"), ("ü" * 200, "256"),
    ],
)  # fmt: skip
def test_a_bad_password_is_refused_with_the_reason(
    client: Client, password: str, word: str
) -> None:
    reply = client.ask("POST", MAKE, {"email": "weak@example.org", "password": password})
    assert (reply.status, reply.json["code"], reply.json["field"]) == (
        422,
        "weak_password",
        "password",
    )
    assert word in reply.json["detail"]
    assert password.encode() not in reply.body


def test_no_kind_of_character_is_asked_for_and_long_ones_are_fine(client: Client) -> None:
    long = (GOOD * 11)[:256]
    for password in (GOOD, "ÅÄÖ sju grå hägrar på isen", "9281 4471 0935 6628", long):
        made = client.ask("POST", MAKE, {"email": f"{len(password)}", "password": password})
        assert made.status == 200, made.body


def test_one_spelling_of_what_looks_the_same(client: Client) -> None:
    assert (
        client.ask("POST", MAKE, {"email": "nfc", "password": "caf\u00e9 au lait, ﬁne"}).status
        == 200
    )
    assert enter(client, "nfc", "cafe\u0301 au lait, fine").status == 200


def test_a_change_asks_for_the_old_one_and_names_the_new_one(doors: Service) -> None:
    user = doors.new_user()
    keep(doors, str(user.user_id), Hashes(64, 1).hashed(GOOD))
    path = "/api/v2/users/me/door/change"
    with Client(doors.url, user.token) as client:
        changed = client.ask("POST", path, {"password": GOOD, "new_password": GOOD + " again"})
        assert changed.data["was_right"] is True
        assert changed.data["session"] == hashlib.sha256(user.token.encode()).hexdigest()
        assert changed.data["stored"].startswith("$argon2id$")
        wrong = client.ask("POST", path, {"password": "no", "new_password": GOOD + " again"})
        assert wrong.data["was_right"] is False
        weak = client.ask("POST", path, {"password": GOOD, "new_password": "weak"})
        assert (weak.status, weak.json["field"]) == (422, "new_password")


def test_the_wire_cannot_answer_for_the_service(client: Client) -> None:
    for name in ("password_ok", "checked_hash", "upgraded_hash", "captcha_ok", "server_key"):
        reply = enter(client, "nobody@example.org", GOOD, **{name: True})
        assert (reply.status, reply.json["field"]) == (422, name)


def test_a_secret_in_the_address_is_refused(doors: Service, client: Client) -> None:
    """Whoever stands between keeps addresses in logs."""
    keep(doors, "query@example.org", Hashes(64, 1).hashed(GOOD))
    query = {"password": GOOD}
    reply = client.ask("POST", ENTER, {"email": "query@example.org"}, query=query)
    assert (reply.status, reply.json["field"]) == (422, "password")
    assert enter(client, "query@example.org", GOOD).status < 300


def test_a_captcha_nobody_checks_is_not_solved(doors: Service, client: Client) -> None:
    keep(doors, "captcha@example.org", Hashes(64, 1).hashed(GOOD))
    assert enter(client, "captcha@example.org", GOOD).data["captcha_ok"] is None
    given = enter(client, "captcha@example.org", GOOD, captcha_token="solved")
    assert given.data["captcha_ok"] is False
    assert given.data["key_bytes"] == 32


def test_the_fields_of_secrets_are_described_and_never_answered(client: Client) -> None:
    schema = client.ask("GET", "/openapi.json").json["paths"][ENTER]["post"]["requestBody"]
    fields = schema["content"]["application/json"]["schema"]
    assert fields["properties"]["password"]["writeOnly"] is True
    assert fields["properties"]["password"]["format"] == "password"
    assert "password" in fields["required"]
    assert "captcha_token" not in fields["required"]
    filled = {"password_ok", "checked_hash", "upgraded_hash", "captcha_ok"}
    assert not filled & set(fields["properties"])


def test_no_password_is_in_the_log(doors: Service, client: Client) -> None:
    keep(doors, "log@example.org", Hashes(64, 1).hashed(GOOD))
    for password in ("canary-of-a-password-7", "canary7"):
        enter(client, "log@example.org", password)
        client.ask("POST", MAKE, {"email": "log2", "password": password})
    assert "canary" not in doors.log()


async def test_beyond_the_queue_nobody_waits_and_who_leaves_makes_room() -> None:
    threads = Threads(1, 1)
    began, goes_on = threading.Event(), threading.Event()

    def work() -> str:
        began.set()
        goes_on.wait(5)
        return "done"

    async def turn() -> str:
        with threads.place() as place:
            return await place.run(work)

    first = asyncio.create_task(turn())
    await asyncio.to_thread(began.wait, 5)
    waits = asyncio.create_task(turn())
    await asyncio.sleep(0)
    with pytest.raises(Crowded):
        await turn()
    waits.cancel()  # it had not begun: its place is free at once
    await asyncio.gather(waits, return_exceptions=True)
    second = asyncio.create_task(turn())
    await asyncio.sleep(0)
    first.cancel()  # it works on, though nobody waits: its place is taken until it ends
    await asyncio.gather(first, return_exceptions=True)
    with pytest.raises(Crowded):
        await turn()
    goes_on.set()
    assert await second == "done"
    assert await turn() == "done"
    threads.close()


async def test_a_thread_stands_behind_the_one_that_answers() -> None:
    threads = Threads(1, 0)
    with threads.place() as place:
        nice = await place.run(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    assert nice == os.getpriority(os.PRIO_PROCESS, 0) + 10
    threads.close()


def test_a_flood_is_refused_with_a_time_to_come_back(
    service_factory: Callable[..., Service],
) -> None:
    service = service_factory(**(CHEAP | {"HASH_MEMORY_KIB": 262_144, "HASH_QUEUE": 1}))
    publish(service)

    def attempt(number: int) -> Reply:
        with Client(service.url) as client:
            return enter(client, f"somebody{number}@example.org", GOOD)

    with ThreadPoolExecutor(12) as crowd:
        replies = list(crowd.map(attempt, range(24)))
    statuses = Counter(reply.status for reply in replies)
    assert statuses[401] >= 2
    assert statuses[503] >= 2
    assert set(statuses) == {401, 503}
    refused = next(reply for reply in replies if reply.status == 503)
    assert refused.json["code"] == "crowded"
    assert int(refused.headers["Retry-After"]) > 0


def test_what_the_database_refuses_comes_at_a_step_of_the_clock(
    service_factory: Callable[..., Service],
) -> None:
    step_s = 0.25
    service = service_factory(**(CHEAP | {"ANSWER_STEP_MS": int(step_s * 1000)}))
    publish(service)
    keep(service, "old", OLD)
    keep(service, "new", Hashes(64, 1).hashed(GOOD))
    with Client(service.url) as client:

        def took(email: str, password: str) -> tuple[int, float]:
            began = time.perf_counter()
            status = enter(client, email, password).status
            return status, time.perf_counter() - began

        refused = enter(client, "unknown", "wrong")
        assert refused.headers["Server-Timing"].startswith("db;dur=0.00,")  # nor does a header tell
        for email in ("old", "new", "unknown"):
            status, seconds = took(email, "wrong")
            assert status == 401
            assert seconds >= step_s, email
        assert took("new", GOOD)[0] == 200
        quick = min(took("new", GOOD)[1] for _ in range(5))
        assert quick < step_s  # who is let in need not wait
        began = time.perf_counter()
        assert client.ask("POST", MAKE, {"email": "x", "password": "weak"}).status == 422
        assert time.perf_counter() - began < step_s

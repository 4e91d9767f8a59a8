"""The courier in the running service: one message leaves once, whatever happens around it."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psycopg
import pytest
from aiohttp import web

from service.config import Config
from service.courier import Courier
from service.errors import DatabaseAway
from tests.faults.nemesis import children
from tests.support.asking import Client
from tests.support.outside import desk, post_office
from tests.support.server import free_port
from tests.support.service import Service, User

SOON = {"COURIER_POLL_MS": 100, "GATEWAY_TIMEOUT_MS": 1000}
WITHIN_S = 15.0


class Outbox:
    """The messages of one service, from behind."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.user: User = service.new_user()
        self.db = psycopg.connect(service.dsn, autocommit=True)

    def add(self, template: str = "password_reset", recipient: str = "ada@example.org") -> int:
        """Queues a message."""
        channel = "sms" if template == "verification_code" else "mail"
        row = self.db.execute(
            "select core.message_add(%s, %s, %s, %s, %s)",
            (self.user.user_id, channel, recipient, template, '{"token": "t0k", "code": "123456"}'),
        ).fetchone()
        assert row is not None
        return int(row[0])

    def state(self, message_id: int) -> dict[str, Any]:
        """What became of a message."""
        cursor = self.db.execute("select * from data.messages where id = %s", (message_id,))
        row, names = cursor.fetchone(), [one.name for one in cursor.description or ()]
        assert row is not None
        return dict(zip(names, row, strict=True))

    async def until(self, message_id: int, hurry: bool = False, **wanted: Any) -> dict[str, Any]:
        """The message once it is so; hurry takes its pauses away."""
        for _ in range(int(WITHIN_S / 0.05)):
            if hurry:
                self.db.execute(
                    "update data.messages set next_try_at = now() where status = 'queued'"
                )
            state = self.state(message_id)
            if all(state[name] == value for name, value in wanted.items()):
                return state
            await asyncio.sleep(0.05)
        raise AssertionError(f"{wanted} did not come about: {state}\n{self.service.log()}")

    def metric(self, name: str) -> float:
        """A number of /metrics."""
        client = Client(self.service.url)
        text = client.ask("GET", "/metrics").body.decode()
        client.close()
        return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


@pytest.fixture
def outbox_of(service_factory: Callable[..., Service]) -> Iterator[Callable[..., Outbox]]:
    """Starts a service with these settings and shows its outbox."""
    made: list[Outbox] = []

    def start(*arguments: str, **settings: Any) -> Outbox:
        made.append(Outbox(service_factory(*arguments, **(SOON | settings))))
        return made[-1]

    yield start
    for one in made:
        one.db.close()
        one.service.stop()


async def test_development_prints_and_keeps(outbox_of: Callable[..., Outbox]) -> None:
    outbox = outbox_of()
    state = await outbox.until(outbox.add("verification_code", "+4915112345678"), status="sent")
    assert "123456" in state["body"]
    assert outbox.service.has_logged('"event": "message_printed"')
    assert outbox.service.has_logged("Your Tideline code is 123456.")


async def test_elsewhere_a_secret_leaves_with_its_message(
    outbox_of: Callable[..., Outbox],
) -> None:
    with post_office() as office:
        outbox = outbox_of(TIDELINE_ENV="staging", SMTP_URL=office.url)
        state = await outbox.until(outbox.add(), status="sent")
        assert state["body"] is None
        assert "t0k" in office.letters[0].get_content()
        kept = await outbox.until(outbox.add("password_changed"), status="sent")
        assert kept["body"] is not None
        text = await outbox.until(
            outbox.add("verification_code", "+4915112345678"), attempts=1, status="queued"
        )
        assert text["error_code"] == "no_gateway"
        await asyncio.sleep(0.2)
        for secret in ("t0k", "123456", "ada@example.org", "+4915112345678"):
            assert secret not in outbox.service.log()
        assert outbox.metric('tideline_messages_total{channel="mail",outcome="sent"}') == 2
        assert outbox.metric('tideline_messages_total{channel="sms",outcome="retried"}') == 1


async def test_4xx_is_tried_again_and_5xx_is_given_up(outbox_of: Callable[..., Outbox]) -> None:
    with post_office() as office:
        outbox = outbox_of(TIDELINE_ENV="staging", SMTP_URL=office.url)
        office.data = "451 4.3.0 Busy"
        message = outbox.add()
        state = await outbox.until(message, attempts=1, status="queued")
        assert (state["error_code"], state["body"] is None) == ("smtp_451", False)
        office.data = "250 OK"
        state = await outbox.until(message, hurry=True, status="sent")
        assert (state["attempts"], state["error_code"], len(office.letters)) == (2, None, 1)

        office.rcpt = "550 5.1.1 Nobody"
        state = await outbox.until(outbox.add(), status="failed")
        assert (state["error_code"], state["attempts"], state["body"]) == ("smtp_550", 1, None)
        assert outbox.metric('tideline_messages_total{channel="mail",outcome="failed"}') == 1
        assert outbox.service.has_logged('"event": "message_lost"')


async def test_a_mail_server_that_was_away_gets_it_later(
    outbox_of: Callable[..., Outbox],
) -> None:
    port = free_port()
    outbox = outbox_of(SMTP_URL=f"smtp://127.0.0.1:{port}?starttls=off")
    message = outbox.add()
    state = await outbox.until(message, attempts=2, status="queued", hurry=True)
    assert state["error_code"] == "no_connection"
    with post_office(port) as office:
        await outbox.until(message, hurry=True, status="sent")
        assert len(office.letters) == 1


async def test_a_text_message_keeps_its_id_over_a_slow_a_broken_and_a_closed_gateway(
    outbox_of: Callable[..., Outbox],
) -> None:
    port = free_port()
    outbox = outbox_of(SMS_GATEWAY_URL=f"http://127.0.0.1:{port}/", SMS_GATEWAY_TOKEN="t-1")
    message = outbox.add("verification_code", "+4915112345678")
    assert (await outbox.until(message, attempts=1, status="queued"))[
        "error_code"
    ] == "no_connection"
    async with desk(port) as gateway:
        gateway.status = 500
        await outbox.until(message, hurry=True, error_code="http_500", status="queued")
        gateway.status, gateway.silent_s = 200, 3.0
        await outbox.until(message, hurry=True, error_code="no_answer", status="queued")
        gateway.silent_s = 0.0
        await outbox.until(message, hurry=True, status="sent")
        assert len(gateway.asked) >= 3
        assert {one["id"] for one in gateway.asked} == {str(outbox.state(message)["delivery_id"])}


async def test_several_workers_send_each_message_once(outbox_of: Callable[..., Outbox]) -> None:
    with post_office() as office:
        outbox = outbox_of("--workers", "3", SMTP_URL=office.url)
        last = [outbox.add(recipient=f"{number}@example.org") for number in range(60)][-1]
        await outbox.until(last, status="sent")
        for _ in range(100):
            row = outbox.db.execute("select count(*) from data.messages where status <> 'sent'")
            if row.fetchone() == (0,):
                break
            await asyncio.sleep(0.05)
        written = Counter(letter["To"] for letter in office.letters)
        assert written == {f"{number}@example.org": 1 for number in range(60)}


async def test_what_a_killed_sender_had_claimed_is_sent_by_another(
    outbox_of: Callable[..., Outbox], service_factory: Callable[..., Service]
) -> None:
    with post_office() as office:
        office.silent_s = 0.9
        outbox = outbox_of(SMTP_URL=office.url)
        message = outbox.add()
        await outbox.until(message, status="sending")
        for process_id in [outbox.service.pid, *children(outbox.service.pid)]:
            os.kill(process_id, signal.SIGKILL)
        outbox.service.process.wait(5)
        office.silent_s = 0.0
        sent_before = len(office.letters)
        name = outbox.service.dsn.partition("?")[0].rpartition("/")[2]
        other = service_factory(database=name, SMTP_URL=office.url, **SOON)
        await asyncio.sleep(0.5)
        assert outbox.state(message)["status"] == "sending"  # the lease lasts
        outbox.db.execute("update data.messages set next_try_at = now()")
        state = await outbox.until(message, status="sent")
        assert (state["attempts"], len(office.letters)) == (2, sent_before + 1)
        other.stop()


async def test_a_stop_lets_what_is_on_its_way_arrive(outbox_of: Callable[..., Outbox]) -> None:
    with post_office() as office:
        office.silent_s = 0.7
        outbox = outbox_of(SMTP_URL=office.url)
        message = outbox.add()
        await outbox.until(message, status="sending")
        assert await asyncio.to_thread(outbox.service.stop) == 0
        assert outbox.state(message)["status"] == "sent"
        assert len(office.letters) == 1


async def test_a_write_wakes_the_courier(outbox_of: Callable[..., Outbox]) -> None:
    outbox = outbox_of(COURIER_POLL_MS=20000)
    client = Client(outbox.service.url, outbox.user.token)
    message = outbox.add()
    began = time.monotonic()
    while outbox.state(message)["status"] != "sent" and time.monotonic() < began + 10:
        reply = client.ask("POST", "/api/v2/users/me/accounts", {"name": "Cash"})
        assert reply.status < 300, reply.body
        await asyncio.sleep(0.1)
    client.close()
    assert outbox.state(message)["status"] == "sent"


async def test_messages_that_cannot_be_claimed_break_no_request(
    outbox_of: Callable[..., Outbox],
) -> None:
    outbox = outbox_of()
    outbox.db.execute("alter function api.message_claim(integer) rename to message_claim_away")
    await asyncio.sleep(1.0)
    client = Client(outbox.service.url, outbox.user.token)
    assert client.ask("GET", "/api/v2/users/me/accounts").status == 200
    client.close()
    lines = [line for line in outbox.service.log().splitlines() if "courier_missed" in line]
    assert len(lines) == 1  # said once, not ten times a second
    outbox.db.execute("alter function api.message_claim_away(integer) rename to message_claim")
    await outbox.until(outbox.add(), status="sent")


class Gone:
    """An executor of a database that is away."""

    def __init__(self) -> None:
        self.asked = 0

    async def call(
        self,
        statement: bytes,
        arguments: tuple[bytes | None, ...],
        *,
        is_read: bool,
        timeout_ms: int,
    ) -> Sequence[bytes | None]:
        """Nothing but DatabaseAway."""
        self.asked += 1
        raise DatabaseAway("away")


async def test_a_database_that_is_away_is_asked_nothing_and_found_again() -> None:
    gone, told, is_up = Gone(), list[object](), False
    courier = Courier(Config(courier_poll_ms=100), gone, lambda: is_up, {}, told.append)
    alive = courier.lifetime(web.Application())
    await anext(alive)
    await asyncio.sleep(0.5)
    assert gone.asked == 0
    is_up = True
    await asyncio.sleep(0.5)
    assert 2 <= gone.asked <= 6  # it goes on looking, at its pace
    assert told == []  # the waiting room tells of it
    await anext(alive, None)
    before = gone.asked
    await asyncio.sleep(0.3)
    assert gone.asked == before

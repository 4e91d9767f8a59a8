"""D4: what was acknowledged is in the audit log once, however often the server dies, and what is in
it cannot be changed unseen.

TIDELINE_NIGHTLY=1 kills the server 20 times instead of 3.
"""

import asyncio
import itertools
import os
import random
import time
from collections import Counter
from collections.abc import Callable

import aiohttp
import psycopg
import pytest

from tests.faults.nemesis import Cluster
from tests.support.phones import SETTINGS, act, value
from tests.support.service import Service, User

ROUNDS = 20 if os.environ.get("TIDELINE_NIGHTLY") == "1" else 3
CLIENTS = 8
# What an acknowledged event answers: a code was sent, a guess was wrong, a log-in failed.
NOTED = {"send": 202, "guess": 422, "login": 401}


class Events:
    """Clients that make events, each with a name of its own as its user agent."""

    def __init__(self, service: Service, seed: int) -> None:
        self._url = f"{service.url}/api/v2"
        self._users = [service.new_user() for _ in range(CLIENTS)]
        self._numbers = itertools.count(1)
        self._seed = seed
        self.outcomes: dict[str, tuple[str, int]] = {}

    async def run(self, until: asyncio.Event) -> None:
        """Until the event is set."""
        timeout = aiohttp.ClientTimeout(total=8)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            await asyncio.gather(
                *(
                    self._client(session, user, random.Random(self._seed + place), until)
                    for place, user in enumerate(self._users)
                )
            )

    async def _client(
        self,
        session: aiohttp.ClientSession,
        user: User,
        chance: random.Random,
        until: asyncio.Event,
    ) -> None:
        proof = None
        while not until.is_set():
            number = next(self._numbers)
            kind = chance.choices(("send", "guess", "login"), (4, 5, 1))[0]
            base, body = "/users/me/phone-verifications", {}
            if kind == "login":
                base, body = "/login", {"email": f"{number}@example.org", "password": "not this"}
            elif kind == "send" or proof is None:
                kind, body = "send", {"phone_number": f"+4207{number % 10_000:04d}{number:04d}"}
            else:
                base, body = f"{base}/{proof}/check", {"code": "0000000"}
            answer = await self._ask(session, user, kind, number, base, body)
            if kind == "send" and answer is not None:
                proof = answer["id"]
            await asyncio.sleep(chance.uniform(0, 0.03))

    async def _ask(
        self,
        session: aiohttp.ClientSession,
        user: User,
        kind: str,
        number: int,
        path: str,
        body: dict[str, str],
    ) -> dict[str, int] | None:
        name = f"d4-{number}"
        headers = {
            "User-Agent": name,
            "X-Forwarded-For": f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}",
        }
        if kind != "login":
            headers |= user.headers
        self.outcomes[name] = (kind, 0)  # sent, and nobody knows
        try:
            async with session.post(f"{self._url}{path}", json=body, headers=headers) as answer:
                said = await answer.json(content_type=None)
                self.outcomes[name] = (kind, answer.status)
                return said["data"] if answer.status == 202 else None
        except (aiohttp.ClientError, TimeoutError):
            return None


def noted(dsn: str) -> dict[str, int]:
    """Rows of the log by the name of their event."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        return dict(
            connection.execute(
                "select user_agent, count(*) from data.verification_audit_log "
                "where user_agent like 'd4-%' group by user_agent"
            ).fetchall()
        )


@pytest.fixture
def audited(cluster: Cluster, start: Callable[..., Service]) -> Service:
    """A service whose caps are out of the way."""
    service = start(**SETTINGS)
    act(
        service.dsn,
        "update data.verification_caps set most = 100000",
        "update data.verification_settings set value = 1000000 where name in "
        "('failed_checks_a_day', 'failures_in_a_row', 'captcha_from')",
    )
    return service


async def test_an_acknowledged_event_has_one_row_whatever_is_killed(
    cluster: Cluster, audited: Service
) -> None:
    seed = random.randrange(2**32)
    events, until = Events(audited, seed), asyncio.Event()
    began = time.monotonic()
    running = asyncio.create_task(events.run(until))
    for _ in range(ROUNDS):
        await asyncio.sleep(1.5)
        await asyncio.to_thread(cluster.kill)
    await asyncio.sleep(1.5)
    until.set()
    await running
    took_s = time.monotonic() - began

    rows = noted(audited.dsn)
    acknowledged = {
        name for name, (kind, status) in events.outcomes.items() if status == NOTED[kind]
    }
    kinds = Counter(events.outcomes[name][0] for name in acknowledged)
    lost = [name for name in acknowledged if name not in rows]
    doubled = [name for name, count in rows.items() if count > 1]
    unknown = len(events.outcomes) - len(acknowledged)
    faults = value(audited.dsn, "select count(*) from core.audit_faults()")
    print(
        f"\nD4 seed {seed}: {ROUNDS} x kill -9 in {took_s:.1f} s, {len(acknowledged)} acknowledged "
        f"{dict(kinds)}, {unknown} refused or unknown, {len(rows)} rows: {len(lost)} lost, "
        f"{len(doubled)} doubled, {faults} faults in the chains"
    )
    assert set(kinds) == set(NOTED)
    assert lost == []
    assert doubled == []
    assert faults == 0


def test_the_service_cannot_touch_the_log(cluster: Cluster, audited: Service) -> None:
    user = audited.new_user()
    act(audited.dsn, f"select core.audit_add({user.user_id}, 'login_ok', '192.0.2.7', 'x')")
    log = "data.verification_audit_log"
    attempts = [
        f"update {log} set risk_score = 0",
        f"delete from {log}",
        f"truncate {log}",
        f"select * from {log}",
        f"insert into {log} default values",
        f"delete from {log}_default",
        "update data.audit_heads set place = 0",
        f"alter table {log} disable row level security",
        f"drop table {log}",
    ]
    with psycopg.connect(cluster.login, autocommit=True) as connection:
        for attempt in attempts:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(attempt.encode())
    for role in ("owner", "steward"):
        for attempt in attempts[:3] + attempts[5:6]:
            with psycopg.connect(cluster.admin) as connection:
                connection.execute(f"set role {role}".encode())
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(attempt.encode())
    print(f"\nD4 {len(attempts)} attempts of service, 4 each of owner and steward: all refused")


@pytest.mark.parametrize(
    ("plant", "fault"),
    [
        ("update data.verification_audit_log set risk_score = 0.5 where chain = %s and place = 2",
         (2, "edited")),
        ("update data.verification_audit_log set created_at = created_at + interval '1 second' "
         "where chain = %s and place = 2", (2, "edited")),
        ("delete from data.verification_audit_log where chain = %s and place = 2", (3, "gap")),
        ("delete from data.verification_audit_log where chain = %s and place > 2",
         (4, "cut tail")),
    ],
    ids=["edited", "dated anew", "deleted", "cut"],
)  # fmt: skip
def test_what_is_changed_behind_our_back_is_found(
    audited: Service, plant: str, fault: tuple[int, str]
) -> None:
    user = audited.new_user()
    chain = f"user:{user.user_id}"
    for event in ("register", "login_ok", "login_failed", "logout"):
        act(audited.dsn, f"select core.audit_add({user.user_id}, '{event}', '192.0.2.7', 'x')")
    with psycopg.connect(audited.dsn) as connection:
        find = "select place, fault from core.audit_faults(%s)"
        assert connection.execute(find, (chain,)).fetchall() == []
        connection.execute(plant.encode(), (chain,))
        assert fault in connection.execute(find, (chain,)).fetchall()
        connection.rollback()

"""Telephones in tests: asking a running service for codes, from wherever and whenever."""

import asyncio
import re
from collections.abc import Awaitable, Iterable
from types import TracebackType
from typing import Any, NamedTuple

import aiohttp
import psycopg

from tests.support.service import Service, User

# The tests speak for many sources: the proxy that the service trusts is ourselves.
# The key stays the same over a restart, as it does where SECRET_KEY is set.
SETTINGS = {
    "TRUSTED_PROXIES": "127.0.0.1/32",
    "RATELIMIT_ENABLED": "off",
    "SECRET_KEY": "known to everybody " * 3,
}


TRIES = 10


class Said(NamedTuple):
    """What came back: status, code of a refusal or '', and the body."""

    status: int
    code: str
    body: dict[str, Any]
    retry_after: str | None

    @property
    def id(self) -> int:
        """The verification."""
        return int(self.body["data"]["id"])


class Phones:
    """Sends and checks over HTTP; `async with` it."""

    def __init__(self, service: Service, at_once: int = 16) -> None:
        self._url = f"{service.url}/api/v2"
        self._gate = asyncio.Semaphore(at_once)

    async def __aenter__(self) -> "Phones":
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def send(self, user: User, number: str, source: str, **more: Any) -> Said:
        """Asks for a code."""
        body = {"phone_number": number, **more}
        return await self._post(user, "/users/me/phone-verifications", source, body)

    async def resend(self, user: User, proof_id: int, source: str) -> Said:
        """Asks for another code."""
        path = f"/users/me/phone-verifications/{proof_id}/resend"
        return await self._post(user, path, source, {})

    async def check(self, user: User, proof_id: int, code: str, source: str) -> Said:
        """Guesses."""
        path = f"/users/me/phone-verifications/{proof_id}/check"
        return await self._post(user, path, source, {"code": code})

    async def get(self, user: User, path: str) -> Said:
        """Any read."""
        async with self._session.get(f"{self._url}{path}", headers=user.headers) as answer:
            return await _said(answer)

    async def _post(self, user: User, path: str, source: str, body: dict[str, Any]) -> Said:
        """Asked again when a busy machine did not come to it: a 503 has done nothing."""
        headers = {**user.headers, "X-Forwarded-For": source}
        for _ in range(TRIES):
            async with (
                self._gate,
                self._session.post(f"{self._url}{path}", headers=headers, json=body) as answer,
            ):
                said = await _said(answer)
            if said.status != 503 or said.code == "outcome_unknown":
                break
            await asyncio.sleep(0.3)
        return said


async def _said(answer: aiohttp.ClientResponse) -> Said:
    body = await answer.json(content_type=None)
    return Said(answer.status, body.get("code", ""), body, answer.headers.get("Retry-After"))


async def gathered(calls: Iterable[Awaitable[Said]]) -> list[Said]:
    """All of them, at once."""
    return list(await asyncio.gather(*calls))


def code_for(dsn: str, user: User, number: str) -> str:
    """The newest code that was sent to a number of a user, as the message says it."""
    row = value(
        dsn,
        "select body from data.messages where user_id = %s and recipient = %s "
        "order by id desc limit 1",
        user.user_id,
        number,
    )
    found = re.search(r"\d{2,8}", str(row))
    assert found is not None
    return found[0]


def wrong(code: str, step: int = 1) -> str:
    """Another code of the same length."""
    return f"{(int(code) + step) % 10 ** len(code):0{len(code)}d}"


def value(dsn: str, query: str, *arguments: Any) -> Any:
    """First column of the first row, as the superuser sees it."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(query.encode(), arguments).fetchone()
    return row[0] if row else None


def act(dsn: str, *statements: str) -> None:
    """Statements of the superuser."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def pass_time(dsn: str, seconds: int) -> None:
    """Everything that was counted so far happened so much longer ago."""
    act(
        dsn,
        "update data.verification_counters set "
        f"last_at = last_at - interval '{seconds} seconds', moments = array("
        f"select moment - interval '{seconds} seconds' from unnest(moments) as moment)",
        "update data.phone_verification set "
        f"code_sent_at = code_sent_at - interval '{seconds} seconds', "
        f"code_expires_at = code_expires_at - interval '{seconds} seconds'",
    )

"""Nobody is answered with another's data: many users at once, clients that leave, backends killed.

`python -m bench.mix [--requests 100000] [--seed N]` writes bench/results/mix.json. Fifty users and
anonymous callers share 40 connections; half of the requests are given up by the client after 5 to
20 ms; twice a second a random backend of the service is ended. Every answer must be, byte for byte,
what that user alone was answered before; one without a token must be 401.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import secrets
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import psycopg

from bench.http.load import free_port, running
from bench.machine import machine
from bench.report import write
from bench.server import AS_OF, seeded

USERS = 50
CONNECTIONS = 40
ABORT_MS = (5, 20)
KILL_S = (0.3, 0.8)
PATHS = (
    "/api/v2/users/me",
    "/api/v2/users/me/accounts",
    "/api/v2/users/me/transactions?limit=20",
    "/api/v2/users/me/recurring-items?limit=20",
    f"/api/v2/users/me/forecast?as_of={AS_OF}&days=60",
)
KILL = """
select pg_terminate_backend(pid)
from (
    select pid from pg_stat_activity
    where datname = current_database() and application_name like 'tideline%'
    order by random()
    limit 1
) as victim
"""


@dataclass
class Tally:
    """What came of the requests."""

    seed: int
    sent: int = 0
    aborted: int = 0
    kills: int = 0
    right: int = 0
    refused: Counter[int] = field(default_factory=Counter)  # status to how many
    broken: int = 0
    wrong: list[str] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        """For bench/results."""
        return {
            "seed": self.seed,
            "sent": self.sent,
            "right": self.right,
            "aborted_by_client": self.aborted,
            "backends_killed": self.kills,
            "refused": {str(status): count for status, count in sorted(self.refused.items())},
            "connection_broken": self.broken,
            "wrong_user_answers": len(self.wrong),
        }


def inside(body: bytes) -> str:
    """What lies in the envelope, comparable."""
    return json.dumps(json.loads(body)["data"], sort_keys=True)


async def mix(url: str, dsn: str, tokens: Mapping[int, str], requests: int, seed: int) -> Tally:
    """The whole run against a service at url; dsn (superuser) ends its backends."""
    tally = Tally(seed)
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(url, connector=connector) as session:
        alone = {
            (user, path): await ask_alone(session, path, token)
            for user, token in tokens.items()
            for path in PATHS
        }
        killing = asyncio.create_task(kill(dsn, random.Random(seed), tally))
        try:
            chances = [random.Random(f"{seed} {number}") for number in range(CONNECTIONS)]
            share = -(-requests // CONNECTIONS)
            await asyncio.gather(
                *(worker(session, tokens, alone, chance, share, tally) for chance in chances)
            )
        finally:
            killing.cancel()
            with suppress(asyncio.CancelledError):
                await killing
    return tally


async def ask_alone(session: aiohttp.ClientSession, path: str, token: str) -> str:
    """What a user is answered when nobody else asks."""
    async with session.get(path, headers={"Authorization": f"Bearer {token}"}) as answer:
        body = await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body!r}")
        return inside(body)


async def worker(
    session: aiohttp.ClientSession,
    tokens: Mapping[int, str],
    alone: Mapping[tuple[int, str], str],
    chance: random.Random,
    requests: int,
    tally: Tally,
) -> None:
    """One client after the other on one of the connections."""
    users: list[int | None] = [*tokens, None]
    for _ in range(requests):
        user, path = chance.choice(users), chance.choice(PATHS)
        headers = {} if user is None else {"Authorization": f"Bearer {tokens[user]}"}
        limit_s = chance.uniform(*ABORT_MS) / 1000 if chance.random() < 0.5 else 30.0
        tally.sent += 1
        try:
            async with asyncio.timeout(limit_s), session.get(path, headers=headers) as answer:
                status, body = answer.status, await answer.read()
        except TimeoutError:
            tally.aborted += 1
            continue
        except aiohttp.ClientError:
            tally.broken += 1
            continue
        if status != 200:
            tally.refused[status] += 1
            if user is None and status != 401:
                tally.wrong.append(f"nobody was answered {status} at {path}")
        elif user is None or inside(body) != alone[user, path]:
            tally.wrong.append(f"user {user} at {path}: {body[:200]!r}")
        else:
            tally.right += 1


async def kill(dsn: str, chance: random.Random, tally: Tally) -> None:
    """Ends a backend of the service again and again."""
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        while True:
            cursor = await connection.execute(KILL)
            tally.kills += len(await cursor.fetchall())
            await asyncio.sleep(chance.uniform(*KILL_S))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    options = parser.parse_args()
    with seeded(USERS) as database, ExitStack() as stack:
        port = free_port(18_400)
        stack.enter_context(
            running(
                [sys.executable, "-m", "service", "serve", "--port", str(port)],
                port,
                "/ready",
                DATABASE_URL=database.service_dsn,
                DATABASE_URL_DIRECT=database.dsn,
                CACHE_REDIS_URL=database.redis_url,
                LOG_LEVEL="warning",
                RATELIMIT_ENABLED="off",
            )
        )
        tokens = {user: database.token(user) for user in range(1, USERS + 1)}
        url = f"http://127.0.0.1:{port}"
        tally = asyncio.run(mix(url, database.dsn, tokens, options.requests, options.seed))
        with psycopg.connect(database.dsn) as connection:
            about = machine(connection)
    answer = {"machine": about, "users": USERS, "connections": CONNECTIONS, **tally.json()}
    write("mix", answer)
    print(json.dumps(answer, indent=1))
    for line in tally.wrong[:10]:
        print(line)
    sys.exit(1 if tally.wrong else 0)


if __name__ == "__main__":
    main()

"""So many units an hour for each tier: who counts where, what is said, what a refusal leaves."""

import asyncio
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from redis import Redis

from service.config import Config
from service.exchange import Answer, Caller, Exchange
from service.knob import WrongSetting
from service.limits import limit, place_of
from service.limits.limiter import Limiter
from service.limits.memory import WINDOW_S, Ask, Memory
from service.tiers import hourly
from tests.http.conftest import publish
from tests.support.asking import Client, Reply
from tests.support.service import Service, User, issue_token

ECHO = "/api/v2/users/me/probe/echo"
OPEN = "/api/v2/probe/open"
COSTLY = "/api/v2/users/me/probe/costly"
LIMITS = "budget=5 mid_tier=8 anonymous=4"
# One costs three units and counts its runs, which only a request that passed may begin.
PROBES_SQL = """
create or replace function api.probe_costly(_user_id bigint)
returns json
language sql
as $$
    select json_build_object('calls', nextval('data.probe_calls'));
$$;
call api.route(
    'POST /api/v2/users/{user_id}/probe/costly', 'api.probe_costly',
    summary => 'Costs three', answer => '{"calls": "integer"}', cost => 3
);
create or replace function api.probe_open()
returns json
language sql stable
as $$ select json_build_object('open', true) $$;
call api.route(
    'GET /api/v2/probe/open', 'api.probe_open', access => 'public',
    summary => 'For everybody', answer => '{"open": "boolean"}'
);
"""


@dataclass
class Limited:
    """A service that counts in a Redis database of its own."""

    service: Service
    redis: "Redis[bytes]"

    def ask(self, who: User | str | None, path: str, method: str = "GET") -> Reply:
        """One request of its own connection."""
        client = Client(self.service.url, who.token if isinstance(who, User) else who)
        body = {} if method == "POST" else None
        try:
            return client.ask(method, path, body)
        finally:
            client.close()

    def budget_user(self) -> User:
        """Somebody who has five units, on a count that nobody has touched."""
        self.redis.flushdb()
        return self.service.new_user(tier="budget")


@pytest.fixture(scope="module")
def limited(service_factory: Callable[..., Service], redis_url: str) -> Iterator[Limited]:
    url = f"{redis_url}{'&' if '?' in redis_url else '?'}db=9"
    service = service_factory(
        RATELIMIT_ENABLED="on", RATELIMIT_STORAGE_URL=url, LIMITS=LIMITS, REDIS_TIMEOUT_MS=1000
    )
    publish(service)
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        connection.execute("set search_path = ''")
        connection.execute(PROBES_SQL)
    client = Client(service.url)
    while client.ask("POST", "/api/v2/users/me/probe/costly", {}).status == 404:
        pass
    client.close()
    redis: Redis[bytes] = Redis.from_url(url)
    yield Limited(service, redis)
    redis.flushdb()
    redis.close()


def told(reply: Reply) -> list[int]:
    """Limit, remaining, and whether the seconds until the reset make sense."""
    left_s = int(reply.headers["RateLimit-Reset"])
    assert 0 < left_s <= WINDOW_S
    return [int(reply.headers[f"RateLimit-{name}"]) for name in ("Limit", "Remaining")]


def test_every_answer_says_what_is_left_and_the_refusal_when_to_come_back(limited: Limited) -> None:
    user = limited.budget_user()
    replies = [limited.ask(user, ECHO) for _ in range(7)]
    assert [reply.status for reply in replies] == [200] * 5 + [429] * 2
    assert [told(reply) for reply in replies] == [[5, left] for left in (4, 3, 2, 1, 0, 0, 0)]
    refused = replies[-1]
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"]
    assert refused.json["code"] == "rate_limited"
    assert refused.json["success"] is False
    assert refused.json["detail"].startswith("This hour allows 5 requests. Try again in ")
    assert "Retry-After" not in replies[0].headers


def test_a_refusal_of_another_kind_says_it_too_and_counts(limited: Limited) -> None:
    user = limited.budget_user()
    wrong = limited.ask(user, f"{ECHO}?count=x")
    refused = limited.ask(user, "/api/v2/users/me/probe/fail?code=PT404")
    assert (wrong.status, told(wrong)) == (422, [5, 4])
    assert (refused.status, told(refused)) == (404, [5, 3])


def test_what_is_not_the_callers_counts_and_comes_to_an_end(limited: Limited) -> None:
    user = limited.budget_user()
    replies = [limited.ask(user, f"/api/v2/users/{uuid4()}/accounts") for _ in range(6)]
    assert [reply.status for reply in replies] == [404] * 5 + [429]


def test_whoever_has_used_up_the_hour_can_still_log_out(limited: Limited) -> None:
    user = limited.budget_user()
    assert [limited.ask(user, ECHO).status for _ in range(6)][-1] == 429
    left = limited.ask(user, "/api/v2/logout", "POST")
    assert (left.status, told(left)) == (200, [5, 0])


def test_who_is_not_known_is_refused_before_anything_is_counted(limited: Limited) -> None:
    user = limited.budget_user()
    refused = limited.ask(user.token[:-1] + "!", ECHO)
    assert refused.status == 401
    assert "RateLimit-Limit" not in refused.headers
    assert limited.redis.keys() == []


def test_each_tier_has_its_own_number(limited: Limited) -> None:
    assert told(limited.ask(limited.budget_user(), ECHO)) == [5, 4]
    for tier, units in (("mid_tier", 8), ("professional", 1000), ("enterprise", 1000)):
        user = limited.service.new_user(tier=tier)
        assert told(limited.ask(user, ECHO)) == [units, units - 1]


def test_all_sessions_of_a_user_share_one_count(limited: Limited) -> None:
    user = limited.budget_user()
    with psycopg.connect(limited.service.dsn, autocommit=True) as connection:
        other = issue_token(connection, user.user_id)
    assert told(limited.ask(user, ECHO)) == [5, 4]
    assert told(limited.ask(other, ECHO)) == [5, 3]


def test_a_costly_route_uses_more_and_a_refusal_uses_nothing(limited: Limited) -> None:
    user = limited.budget_user()
    first = limited.ask(user, COSTLY, "POST")
    second = limited.ask(user, COSTLY, "POST")
    assert (first.status, told(first)) == (200, [5, 2])
    assert (second.status, told(second)) == (429, [5, 2])
    cheap = limited.ask(user, ECHO)
    assert (cheap.status, told(cheap)) == (200, [5, 1])


def test_a_refused_write_leaves_nothing_behind(limited: Limited) -> None:
    user = limited.budget_user()
    ran = limited.ask(user, COSTLY, "POST").data["calls"]
    assert [limited.ask(user, COSTLY, "POST").status for _ in range(4)] == [429] * 4
    other = limited.service.new_user(tier="mid_tier")
    assert limited.ask(other, COSTLY, "POST").data["calls"] == ran + 1


def test_nobody_counts_by_address(limited: Limited) -> None:
    limited.redis.flushdb()
    replies = [limited.ask(None, OPEN) for _ in range(5)]
    assert [reply.status for reply in replies] == [200] * 4 + [429]
    assert limited.redis.keys() == [b"tideline:limit:a:127.0.0.1"]
    assert {reply.headers["RateLimit-Limit"] for reply in replies} == {"4"}
    # A user of the same address has units of their own.
    assert limited.ask(limited.service.new_user(tier="budget"), ECHO).status == 200


@pytest.mark.parametrize("path", ["/health", "/live", "/ready", "/metrics", "/", "/openapi.json"])
def test_the_own_pages_are_not_limited(limited: Limited, path: str) -> None:
    replies = [limited.ask(None, path) for _ in range(6)]
    assert {reply.status for reply in replies} == {200}
    assert all("RateLimit-Limit" not in reply.headers for reply in replies)


def test_redis_keeps_ids_under_our_prefix_for_an_hour_and_no_token(limited: Limited) -> None:
    user = limited.budget_user()
    limited.ask(user, ECHO)
    key = f"tideline:limit:u:{user.user_id}"
    assert limited.redis.keys() == [key.encode()]
    assert limited.redis.get(key) == b"1"
    assert 3590 <= limited.redis.ttl(key) <= 3600


def test_a_count_without_an_end_gets_one(limited: Limited) -> None:
    user = limited.budget_user()
    key = f"tideline:limit:u:{user.user_id}"
    limited.redis.set(key, 2)
    assert told(limited.ask(user, ECHO)) == [5, 2]
    assert 3590 <= limited.redis.ttl(key) <= 3600


def test_a_new_window_begins_when_the_old_one_is_over(limited: Limited) -> None:
    user = limited.budget_user()
    key = f"tideline:limit:u:{user.user_id}"
    limited.redis.set(key, 5, px=1500)
    refused = limited.ask(user, ECHO)
    assert (refused.status, refused.headers["Retry-After"]) in ((429, "2"), (429, "1"))
    while limited.redis.exists(key):
        pass
    statuses = [limited.ask(user, ECHO).status for _ in range(30)]
    assert statuses.index(200) < 25  # the worker's own memory ends with the window, no later
    assert statuses.count(200) == 5


def test_a_script_that_redis_forgot_is_sent_again(limited: Limited) -> None:
    user = limited.budget_user()
    limited.redis.script_flush()
    assert told(limited.ask(user, ECHO)) == [5, 4]
    assert limited.redis.get(f"tideline:limit:u:{user.user_id}") == b"1"


def test_what_was_decided_is_counted(limited: Limited) -> None:
    user = limited.budget_user()
    before = _decisions(limited)
    for _ in range(7):
        limited.ask(user, ECHO)
    after = _decisions(limited)
    grown = {labels: after[labels] - before.get(labels, 0) for labels in after}
    assert grown['{by="redis",decision="admitted"}'] == 5
    assert sum(grown.values()) == 7


def _decisions(limited: Limited) -> dict[str, float]:
    text = limited.ask(None, "/metrics").body.decode()
    name = "tideline_rate_limit_decisions_total"
    lines = [line.removeprefix(name).split() for line in text.splitlines() if name + "{" in line]
    return {labels: float(count) for labels, count in lines}


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "a:192.0.2.7"),
        ("::ffff:192.0.2.7", "a:192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "a:2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::", "a:2001:db8:1:2::"),
        ("2001:db8:1:3::1", "a:2001:db8:1:3::"),
        ("fe80::1%eth0", "a:fe80::"),
        ("", "a:unknown"),
        (None, "a:unknown"),
        ("tideline:limit:u:1", "a:unknown"),
    ],
)  # fmt: skip
def test_an_address_counts_by_itself_and_an_ipv6_network_as_one(
    address: str | None, place: str
) -> None:
    assert place_of(address) == place


def test_the_environment_sets_the_numbers_and_the_setting_changes_them() -> None:
    tiers = ("budget", "mid_tier", "professional", "enterprise")
    production = hourly("production", "")
    assert [production[tier] for tier in tiers] == [50, 100, 200, 500]
    assert set(hourly("staging", "").values()) == {150}
    assert set(hourly("development", "").values()) == {1000}
    changed = hourly("production", "all=7, enterprise=9")
    assert [changed[tier] for tier in tiers] == [7, 7, 7, 9]


@pytest.mark.parametrize("words", ["budget", "budget=", "gold=5", "budget=-1", "budget=0", "all=x"])
def test_a_setting_that_says_nothing_stops_the_start(words: str) -> None:
    with pytest.raises(WrongSetting, match="LIMITS"):
        hourly("development", words)


def learned(memory: Memory, used: int, now: float, limit: int = 3) -> Ask:
    """One request that Redis has answered: so many units used, an hour left."""
    ask = Ask("key", limit, 1)
    memory.learn([ask], [used, 3_600_000], now)
    return ask


def test_a_worker_holds_the_limit_although_redis_forgot() -> None:
    memory = Memory(10)
    admitted = [learned(memory, 1, now=number).is_admitted for number in range(5)]  # always "1"
    assert admitted == [True, True, True, False, False]


def test_a_worker_believes_redis_when_others_have_used_units() -> None:
    memory = Memory(10)
    assert learned(memory, 3, now=0).used == 3
    alone = Ask("key", 3, 1)
    memory.decide(alone, now=1)
    assert not alone.is_admitted


def test_a_window_of_the_memory_ends() -> None:
    memory = Memory(10)
    learned(memory, 3, now=0)
    ask = Ask("key", 3, 1)
    memory.decide(ask, now=3600)
    assert (ask.is_admitted, ask.used, ask.left_s) == (True, 1, WINDOW_S)


def test_the_memory_is_bounded_and_forgets_the_oldest_window() -> None:
    memory = Memory(3)
    for number in range(5):
        memory.decide(Ask(str(number), 3, 1), now=0)
    assert list(memory.windows) == ["2", "3", "4"]


class Route:
    """As much of a route as the room looks at."""

    def __init__(self, *, is_read: bool) -> None:
        self.is_read = self.is_fast = is_read
        self.cost = 1
        self.cookie = None
        self.forms = ()


class Found:
    """A match with that route."""

    def __init__(self, *, is_read: bool) -> None:
        self.route = Route(is_read=is_read)


@pytest.mark.parametrize("kind", ["session", "api_key"])
async def test_a_key_counts_for_its_user_and_a_write_waits_for_the_verdict(kind: str) -> None:
    ran: list[str] = []

    async def inner(exchange: Exchange) -> Answer:
        ran.append(exchange.method)
        await asyncio.sleep(0)
        return Answer(200, b"{}")

    config = Config(limits="all=1")
    limiter = Limiter(config)  # without Redis: the worker counts by itself
    await limiter.start()
    room = limit(limiter, hourly(config.environment, config.limits), inner)

    def asked(method: str, kind: str) -> Exchange:
        match: Any = Found(is_read=method == "GET")
        request: Any = None
        caller = Caller(7, "public", "budget", "user", kind)
        return Exchange(request, method, "/", "", match, "/", "id", caller=caller)

    await room(asked("GET", "session"))
    for method in ("POST", "GET"):
        exchange = asked(method, kind)
        with pytest.raises(Exception, match="429"):
            await room(exchange)
        assert exchange.headers == {
            "RateLimit-Limit": "1",
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": str(math.ceil(WINDOW_S)),
        }
    assert ran == ["GET"]
    await limiter.close()

"""What people tell us in confidence stays out of every log, metric, cache and refusal.

One canary of each kind goes through every operation, served and refused in every way, on servers
with the settings that the embedded ones really have; then everything that was written is searched.
"""

import json
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
import redis

from service import embedded, schema
from service.embedded import Servers
from tests.support.asking import (
    MISSING_ID,
    TABLE_BY_ID,
    Client,
    Operation,
    Reply,
    document,
    operations,
    plain,
)
from tests.support.household import own_ids, settle
from tests.support.server import Server, open_folder
from tests.support.service import Service, issue_token, start_service

MARK = secrets.token_hex(4)
CANARIES = {
    "password": f"Pass-{MARK}-correct-horse-battery",
    "new_password": f"New-{MARK}-correct-horse-battery",
    "email": f"mail.{MARK}@example.org",
    "code": f"{secrets.randbelow(900_000) + 100_000}",
    "phone": f"+4915{secrets.randbelow(10**9):09d}",
    "token": f"42.{secrets.token_urlsafe(32)}",
    "word": f"word-{MARK}",
}
SALARY = 7_391_486.52
SOUGHT = {**CANARIES, "mark": MARK, "salary": "7391486"}
ALL = " ".join(CANARIES.values())

# What goes wrong behind the wire, each time with a canary in the statement's own values.
PLANT = """
set search_path = '';
create table if not exists data.probe_rows (
    user_id bigint, word text unique, amount numeric check (amount < 0)
);
alter table data.probe_rows owner to owner;
create or replace function api.probe_break(_user_id bigint, _how text, _word text, _amount numeric)
returns json
language plpgsql
as $$
begin
    if _how = 'twice' then
        insert into data.probe_rows values (_user_id, _word, -1), (_user_id, _word, -1);
    elsif _how = 'rule' then
        insert into data.probe_rows values (_user_id, _word, _amount);
    elsif _how = 'zero' then
        perform _amount / 0, _word;
    elsif _how = 'type' then
        perform _word::date;
    elsif _how = 'raise' then
        raise exception using errcode = 'XX000', message = 'broken', detail = _word, hint = _word;
    elsif _how = 'slow' then
        perform pg_catalog.pg_sleep(0.7);
    elsif _how = 'late' then
        perform pg_catalog.pg_sleep(5);
    end if;
    return '{}';
end;
$$;
call api.route(
    'POST /api/v2/users/{user_id}/probe/break', 'api.probe_break',
    summary => 'Breaks', answer => '{"never": "any"}', timeout_ms => 1500
);
"""
WAYS = {"twice": 409, "rule": 422, "zero": 422, "type": 422, "raise": 500, "slow": 200, "late": 503}


# The fixture is the flight itself: three thousand requests, many of which hash a password.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass
class Coop:
    """A service, its servers, and everything that was said while a canary flew through."""

    service: Service
    servers: Servers
    monitored: list[bytes]
    refusals: list[tuple[str, Reply]] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def ask(self, client: Client, method: str, path: str, body: Any = None, **more: Any) -> Reply:
        """One request; what was refused is kept."""
        reply = client.ask(method, path, body, **more)
        self.statuses[reply.status] = self.statuses.get(reply.status, 0) + 1
        if reply.status >= 400:
            self.refusals.append((f"{method} {path[:60]}", reply))
        return reply


@contextmanager
def monitoring(path: str, heard: list[bytes]) -> Iterator[None]:
    """Everything that Redis is told inside the with-block."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(b"MONITOR\r\n")

        def listen() -> None:
            with suppress(OSError):
                while part := connection.recv(65536):
                    heard.append(part)

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield
        finally:
            connection.shutdown(socket.SHUT_RDWR)
            thread.join()


def canary(spec: dict[str, Any], name: str, ids: dict[str, Any]) -> Any:
    """A value that fits a schema, and is a canary wherever one fits."""
    kind = spec.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if name in TABLE_BY_ID or "enum" in spec:
        return plain(spec, name, ids)
    if kind == "object" and "properties" in spec:
        return body_of(spec, ids)
    if kind == "array":
        return [canary(spec.get("items", {}), name, ids)]
    if kind == "number":
        return -SALARY if name == "amount" else SALARY
    if not is_free(spec):
        return plain(spec, name, ids)
    known = next((CANARIES[part] for part in CANARIES if part in name), CANARIES["word"])
    return known[: spec.get("maxLength", 500)]


def is_free(spec: dict[str, Any]) -> bool:
    """Whether any text will do."""
    kinds = spec.get("type")
    is_text = kinds == "string" or (isinstance(kinds, list) and "string" in kinds)
    return is_text and not {"pattern", "enum", "format"} & spec.keys()


def body_of(spec: dict[str, Any], ids: dict[str, Any]) -> dict[str, Any]:
    """What is required, and canaries wherever text is free."""
    required = spec.get("required", [])
    return {
        name: canary(part, name, ids)
        for name, part in spec.get("properties", {}).items()
        if name in required or is_free(part)
    }


def fly(coop: Coop, one: Operation, client: Client, ids: dict[str, Any]) -> None:
    """A canary through one operation: served, and refused in every way there is."""
    ids = dict.fromkeys(one.path_fields, MISSING_ID) | ids
    address = one.address(ids)
    spec = one.body or {"properties": {}}
    body = body_of(spec, ids) if one.body else None
    text = json.dumps(body or CANARIES)
    query = {key: canary(part["schema"], key, ids) for key, part in one.query.items()}
    coop.ask(client, one.method, address, body, query=one.plain_query())
    coop.ask(client, one.method, address, one.plain_body(ids), query=query)
    if one.body:
        for key in spec.get("properties", {}):
            coop.ask(client, one.method, address, {**(body or {}), key: ALL})
            coop.ask(client, one.method, address, {**(body or {}), key: {"inner": ALL}})
        for broken in (text[:-1], text + text, f"[{text}]", f'"{ALL}"', f"{{{ALL}}}"):
            coop.ask(client, one.method, address, broken.encode())
        coop.ask(client, one.method, address, text.encode(), headers={"Content-Type": "text/plain"})
        coop.ask(client, one.method, address, {**(body or {}), "extra": ALL})
    coop.ask(client, one.method, address, query={**query, "extra": ALL, "note": ALL})
    for name in one.path_fields:
        coop.ask(client, one.method, one.address({**ids, name: ALL}), body)
    with Client(coop.service.url, CANARIES["token"]) as stranger:
        told = {"User-Agent": ALL, "Cookie": f"__Host-session={CANARIES['token']}"}
        told |= {"Idempotency-Key": ALL, "If-Match": ALL, "Referer": f"https://x/?{MARK}"}
        coop.ask(stranger, one.method, address, body, headers=told)
    coop.ask(client, one.method, address, body, headers={"Idempotency-Key": ALL})


@pytest.fixture(scope="module")
def coop() -> Iterator[Coop]:
    with open_folder() as folder:
        servers = embedded.start(folder / "home", int(os.environ.get("PG") or 18))
        try:
            admin = servers.database_url_direct
            schema.migrate(admin)
            schema.apply(admin)
            place = Server(admin, servers.database_url, servers.redis_url)
            service = start_service(place, "tideline", folder, LOG_LEVEL="debug", **SETTINGS)
            try:
                heard: list[bytes] = []
                with monitoring(servers.redis_url.removeprefix("unix://"), heard):
                    coop = Coop(service, servers, heard)
                    fly_everywhere(coop)
                    yield coop
            finally:
                service.stop()
        finally:
            servers.stop()


# Nothing is limited here: every request shall get as far as it can. Development alone prints what
# it would have mailed.
SETTINGS = {"TIDELINE_ENV": "staging", "RATELIMIT_ENABLED": "off"}


def fly_everywhere(coop: Coop) -> None:
    """Every operation, then what goes wrong behind the wire, then what is no operation."""
    service = coop.service
    user = settle(service, word=CANARIES["word"], amount=SALARY)
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        connection.execute(PLANT)
    with Client(service.url, user.token) as client:
        while "/api/v2/users/{user_id}/probe/break" not in document(service)["paths"]:
            pass
        for how in WAYS:
            values = {"how": how, "word": ALL, "amount": SALARY}
            reply = coop.ask(client, "POST", "/api/v2/users/me/probe/break", values)
            assert reply.status == WAYS[how], (how, reply)
        for method in ("GET", "POST", "TRACE", "BREW"):
            coop.ask(client, method, f"/{MARK}/{CANARIES['token']}?{CANARIES['password']}")
    for one in operations(service):
        ids = {**own_ids(service.dsn, user), "user_id": "me"}
        with psycopg.connect(service.dsn, autocommit=True) as connection:
            token = issue_token(connection, user.user_id)
        with Client(service.url, token) as client:
            fly(coop, one, client, ids)
            if coop.ask(client, "GET", "/api/v2/users/me/accounts").status == 401:
                user = settle(service, word=CANARIES["word"], amount=SALARY)


def check_clean(text: str, where: str) -> None:
    """No canary sits in a text."""
    for name, word in SOUGHT.items():
        at = text.find(word)
        assert at < 0, f"{name} in {where}: …{text[max(0, at - 300) : at + 100]}…"


def test_every_kind_of_answer_was_seen(coop: Coop) -> None:
    """Otherwise the searches below would prove little."""
    print(dict(sorted(coop.statuses.items())))
    assert {200, 201, 400, 401, 404, 409, 415, 422, 500, 503} <= coop.statuses.keys()
    assert coop.statuses[201] > 5
    assert coop.statuses[422] > 100


def test_the_service_s_log_holds_none(coop: Coop) -> None:
    text = coop.service.log()
    assert text.count('"event":"request"') > 400
    check_clean(text, "the service's log")


def test_the_database_s_log_holds_none(coop: Coop) -> None:
    text = coop.servers.postgres.log.read_text(errors="replace")
    assert "duration:" in text, "the slow statement was logged"
    check_clean(text, "PostgreSQL's log")


def test_redis_holds_and_hears_none(coop: Coop) -> None:
    with redis.Redis.from_url(coop.servers.redis_url) as client:
        for key in client.scan_iter():
            check_clean(f"{key!r} {client.dump(key)!r}", "Redis")
    check_clean(b"".join(coop.monitored).decode(errors="replace"), "what Redis was told")
    check_clean((coop.servers.redis.log).read_text(errors="replace"), "the log of Redis")


def test_metrics_hold_none(coop: Coop) -> None:
    with Client(coop.service.url) as client:
        text = client.ask("GET", "/metrics").body.decode()
    assert 'status="422"' in text
    check_clean(text, "/metrics")


def test_refusals_hold_none(coop: Coop) -> None:
    for where, reply in coop.refusals:
        check_clean(f"{reply.body.decode()} {reply.headers}", where)

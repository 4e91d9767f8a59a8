"""Accepted means readable: after any write that was taken, every read of its owner answers 200.

The bodies come from /openapi.json, so a new route is held to this the moment it is declared.
"""

import os
import secrets
from typing import Any

import psycopg
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.laws.test_openapi import with_own_ids
from tests.support.asking import MISSING_ID, Client, Operation, document, operations
from tests.support.household import own_ids, settle
from tests.support.service import Service, issue_token

# After each body that is accepted everything is read: about seventy requests, for as many writes.
CASES = max(5, int(os.environ.get("TIDELINE_FUZZ", "25")) // 10)
SEED = int(os.environ.get("TIDELINE_SEED", secrets.randbits(32)))


class Household:
    """Somebody with one of everything, who may read all there is; anew when a write ends it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.move()

    def move(self) -> None:
        """Another person, with another session for each of writing and reading."""
        self.user = settle(self._service)
        with psycopg.connect(self._service.dsn, autocommit=True) as connection:
            connection.execute(
                "update data.users set role = 'admin' where id = %s", (self.user.user_id,)
            )
            token = issue_token(connection, self.user.user_id)
        self.writer = Client(self._service.url, self.user.token)
        self.reader = Client(self._service.url, token)

    def close(self) -> None:
        """Hangs up."""
        self.writer.close()
        self.reader.close()

    def stands(self) -> bool:
        """Whether both sessions live and may read all; some writes end one, some both."""
        asked = [one.ask("GET", "/api/v2/users/me").status for one in (self.writer, self.reader)]
        with psycopg.connect(self._service.dsn, autocommit=True) as connection:
            role = connection.execute(
                "select role from data.users where id = %s", (self.user.user_id,)
            ).fetchone()
        return asked == [200, 200] and role == ("admin",)


def check_reads(client: Client, reads: list[Operation], ids: dict[str, Any], after: str) -> None:
    """Every GET answers; a thing that was just dropped may be missing."""
    for one in reads:
        ids = {**dict.fromkeys(one.path_fields, MISSING_ID), **ids, "user_id": "me"}
        reply = client.ask("GET", one.address(ids), query=one.plain_query())
        named = {*one.path_fields, *one.plain_query()}
        is_single = bool(named & {"public_id", "email", *ids} - {"user_id"})
        is_single |= one.path.endswith("/active")  # of what a write may have put away
        allowed = (200, 404) if is_single else (200,)
        assert reply.status in allowed, f"GET {one.path} after {after}: {reply}"


@pytest.mark.timeout(7200 if CASES > 20 else 1800)
@pytest.mark.slow
def test_whatever_was_accepted_can_be_read(service: Service) -> None:
    house = Household(service)
    reads = [one for one in operations(service) if one.method == "GET"]
    loaded = schemathesis.openapi.from_dict(document(service))
    writes = [
        result.ok()
        for result in loaded.get_all_operations()
        if result.ok().method in ("post", "patch", "put")
    ]
    print(f"TIDELINE_SEED={SEED}: {CASES} bodies for each write")

    def hold(operation: Any) -> int:
        accepted = 0
        fields = [parameter.name for parameter in operation.path_parameters]

        @seed(SEED)
        @settings(
            max_examples=CASES,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        )
        @given(st.data())
        def law(data: st.DataObject) -> None:
            nonlocal accepted
            ids = dict.fromkeys(fields, MISSING_ID) | own_ids(service.dsn, house.user)
            case = data.draw(
                operation.as_strategy(path_parameters={name: ids[name] for name in fields})
            )
            body = with_own_ids(case.body, ids)
            if not isinstance(body, dict):
                return
            address = operation.path
            for name in fields:
                address = address.replace(f"{{{name}}}", str(ids[name]))
            once = {"Idempotency-Key": secrets.token_hex(16)}
            reply = house.writer.ask(operation.method.upper(), address, body, headers=once)
            assert reply.status < 500, (body, reply)
            if not house.stands():
                house.close()
                house.move()
            elif reply.status < 300:
                accepted += 1
                check_reads(house.reader, reads, ids, f"{operation.label} {body}")

        law()
        return accepted

    try:
        for operation in writes:
            print(f"{operation.label}: {hold(operation)} accepted, and everything read after each")
    finally:
        house.close()

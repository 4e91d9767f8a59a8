"""Accepted means readable: after any write that was taken, every read of its owner answers 200.

The bodies come from /openapi.json, so a new route is held to this the moment it is declared.
"""

import os
import secrets
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.laws.test_openapi import with_own_ids
from tests.support.asking import Client, Operation, document, operations
from tests.support.household import own_ids, settle
from tests.support.service import Service

CASES = int(os.environ.get("TIDELINE_FUZZ", "25"))
SEED = int(os.environ.get("TIDELINE_SEED", secrets.randbits(32)))


def check_reads(client: Client, reads: list[Operation], ids: dict[str, Any], after: str) -> None:
    """Every GET answers; a thing that was just dropped may be missing."""
    for one in reads:
        reply = client.ask("GET", one.address({**ids, "user_id": "me"}), query=one.plain_query())
        is_single = any(name != "user_id" for name in one.path_fields)
        allowed = (200, 404) if is_single else (200,)
        assert reply.status in allowed, f"GET {one.path} after {after}: {reply}"


@pytest.mark.timeout(900)
def test_whatever_was_accepted_can_be_read(service: Service) -> None:
    user = settle(service)
    with Client(service.url, user.token) as client:
        reads = [one for one in operations(service) if one.method == "GET"]
        loaded = schemathesis.openapi.from_dict(document(service))
        writes = [
            result.ok()
            for result in loaded.get_all_operations()
            if result.ok().method in ("post", "patch", "put")
        ]
        print(f"TIDELINE_SEED={SEED}")

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
                ids = own_ids(service.dsn, user)
                case = data.draw(
                    operation.as_strategy(path_parameters={name: ids[name] for name in fields})
                )
                body = with_own_ids(case.body, ids)
                if not isinstance(body, dict):
                    return
                address = operation.path
                for name in fields:
                    address = address.replace(f"{{{name}}}", str(ids[name]))
                reply = client.ask(operation.method.upper(), address, body)
                assert reply.status < 500, (body, reply)
                if reply.status < 300:
                    accepted += 1
                    check_reads(client, reads, ids, f"{operation.label} {body}")

            law()
            return accepted

        for operation in writes:
            print(operation.label, hold(operation))

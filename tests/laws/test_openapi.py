"""Whatever /openapi.json allows is answered as it says, and whatever it forbids is refused.

Three tiers and nobody ask. TIDELINE_FUZZ is the number of cases per operation (25; 50 in `make
check`, 1,000 in `make nightly`), TIDELINE_SEED repeats a run.
"""

import os
import secrets
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.support.asking import TABLE_BY_ID, document
from tests.support.household import own_ids, settle
from tests.support.service import Service, User

CASES = int(os.environ.get("TIDELINE_FUZZ", "25"))
SEED = int(os.environ.get("TIDELINE_SEED", secrets.randbits(32)))
SHARDS = 4  # so that several processes can share the work
# Fields may fit one by one and break a rule together; a method that a fixed path lacks may be one
# of the templated path beside it.
WAIVED = ("positive_data_acceptance", "unsupported_method", "allow_header_conformance")
TIERS = {"budget": "user", "professional": "user", "enterprise": "admin"}
METHODS = {"get", "post", "put", "patch", "delete"}


def with_own_ids(body: Any, ids: dict[str, Any]) -> Any:
    """The same body, pointing at what the caller owns."""
    if isinstance(body, dict):
        return {
            name: ids[name] if name in TABLE_BY_ID and value else with_own_ids(value, ids)
            for name, value in body.items()
        }
    if isinstance(body, list):
        return [with_own_ids(item, ids) for item in body]
    return body


def is_blank(body: str | bytes | None) -> bool:
    """Whether nothing was sent, or only white space: both are no body."""
    return not (body or b"").strip()


def is_right_but_for_the_body(case: Any) -> bool:
    """Whether only the body of a case is meant to be wrong."""
    return not any(
        part.mode.is_negative
        for place, part in case.meta.components.items()
        if place.name != "BODY"
    )


def asking(service: Service) -> dict[str, tuple[User | None, dict[str, Any]]]:
    """Who asks: three tiers, the highest of them an administrator, and nobody; with their ids."""
    callers: dict[str, tuple[User | None, dict[str, Any]]] = {}
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        for tier, role in TIERS.items():
            user = settle(service)
            connection.execute(
                "update data.users set tier = %s, role = %s where id = %s",
                (tier, role, user.user_id),
            )
            callers[tier] = user, own_ids(service.dsn, user)
    return callers | {"nobody": (None, callers["budget"][1])}


def fuzz(operation: Any, service: Service) -> Counter[tuple[str, int]]:
    """Callers and statuses by count; raises what a check found, with its smallest case."""
    callers = asking(service)
    fields = [parameter.name for parameter in operation.path_parameters]
    statuses: Counter[tuple[str, int]] = Counter()

    @seed(SEED)
    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        who = data.draw(st.sampled_from(list(callers)))
        user, ids = callers[who]
        headers = user.headers if user else {}
        mode = data.draw(st.sampled_from(list(GenerationMode)))
        is_own = data.draw(st.booleans())
        fixed = {name: ids[name] for name in fields if is_own or name == "user_id"}
        case = data.draw(operation.as_strategy(mode, path_parameters=fixed, headers=headers))
        if user is None:
            case.headers.pop("Authorization", None)
        if is_own and mode is GenerationMode.POSITIVE:
            case.body = with_own_ids(case.body, ids)
            case.headers.pop("If-Match", None)  # made up, it names no version that stands
            if "Idempotency-Key" in case.headers:  # made up, it is that of an earlier case
                case.headers["Idempotency-Key"] = secrets.token_hex(16)
        answer = case.call(base_url=service.url, headers=headers)
        if answer.status_code == 431:  # a head that is too long is refused before any route
            assert max(map(len, (answer.request.url, *answer.request.headers.values()))) > 8000
            return
        # Fields may fit one by one and still break a rule together: that is a 422, rightly.
        waived = [positive_data_acceptance]
        if is_blank(answer.request.body) and is_right_but_for_the_body(case):
            waived.append(negative_data_rejection)  # a wrong body of no bytes is no body
        case.validate_response(answer, excluded_checks=waived, headers=headers)
        statuses[who, answer.status_code] += 1

    ask()
    return statuses


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.timeout(1800)
@pytest.mark.slow
def test_every_operation_keeps_its_word(service: Service, shard: int) -> None:
    load_all_checks()
    schema = schemathesis.openapi.from_dict(document(service))
    known = [result.ok() for result in schema.get_all_operations()]
    operations = sorted(known, key=lambda one: str(one.label))
    assert {one.method for one in operations} <= METHODS
    faults = []
    print(f"TIDELINE_SEED={SEED} TIDELINE_FUZZ={CASES}")
    for operation in operations[shard::SHARDS]:
        try:
            found = fuzz(operation, service)
            told = ", ".join(f"{who} {status}: {n}" for (who, status), n in sorted(found.items()))
            print(f"{operation.label}: {told}")
        except Exception as fault:  # All operations are asked before the test fails.
            faults.append(f"{operation.label}: {fault}")
    assert not faults, "\n\n".join(faults)


@pytest.mark.timeout(600)
@pytest.mark.slow
def test_every_corner_of_every_schema(service: Service, tmp_path: Path) -> None:
    """Each example, each limit and the value beyond it, one at a time: about 2,000 requests."""
    user = settle(service)
    run = subprocess.run(
        [
            *(Path(sys.executable).parent / "st", "run", f"{service.url}/openapi.json"),
            *("--phases", "examples,coverage", "--seed", str(SEED), "--no-color"),
            *("--header", f"Authorization: Bearer {user.token}"),
            *("--exclude-path-regex", "logout"),  # what comes after it would come from nobody
            *("--checks", "all", "--exclude-checks", ",".join(WAIVED)),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]

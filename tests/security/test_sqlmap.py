"""sqlmap finds no text that becomes part of a statement, and does find one that was planted.

sqlmap is Debian's package; without it these tests are skipped. In full (TIDELINE_NIGHTLY=1): every
text of every operation at level 5 and risk 3. In short: the planted one, and two others.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from tests.support.asking import MISSING_ID, Operation, document, operations
from tests.support.household import own_ids, settle
from tests.support.service import Service

IS_FULL = os.environ.get("TIDELINE_NIGHTLY") == "1"
STRENGTH = ("--level", "5", "--risk", "3") if IS_FULL else ("--level", "1", "--risk", "1")
SHARDS = 4  # so that several processes can share the work
SHORT = (("transaction_list", "text"), ("account_add", "name"))
FOUND = "sqlmap identified the following injection point"
SQLMAP = shutil.which("sqlmap")
PLANT = """
set search_path = '';
create or replace function api.probe_weak(_user_id bigint, _word text)
returns json
language plpgsql stable
as $$
declare
    v_count bigint;
begin
    execute 'select count(*) from api.routes where summary = ''' || _word || '''' into v_count;
    return json_build_object('count', v_count);
end;
$$;
call api.route(
    'GET /api/v2/users/{user_id}/probe/weak', 'api.probe_weak',
    summary => 'Believes what it is told', answer => '{"count": "integer"}'
);
"""

# What would stop a text before it reaches its statement: tested elsewhere, in the way here.
OPEN = """
update data.attempt_rules set free_count = 1000000;
update api.routes set needs_key = false;
"""
SECRET = "nine lamps under a quiet river"  # pragma: allowlist secret

pytestmark = pytest.mark.skipif(
    SQLMAP is None, reason="sqlmap is not installed: apt-get install sqlmap"
)


class Target(NamedTuple):
    """One text that the wire carries into a function."""

    operation: Operation
    place: str  # query or body
    name: str


def is_text(schema: dict[str, Any]) -> bool:
    """Whether a text of many forms is taken: words of a list and dates are checked before."""
    kinds = schema.get("type")
    takes = kinds == "string" or (isinstance(kinds, list) and "string" in kinds)
    return takes and not {"enum", "format", "const"} & schema.keys()


def targets(service: Service) -> Iterator[Target]:
    """Every text of every operation, in a fixed order."""
    for one in operations(service):
        for name, parameter in sorted(one.query.items()):
            if is_text(parameter["schema"]):
                yield Target(one, "query", name)
        for name, schema in sorted((one.body or {}).get("properties", {}).items()):
            if is_text(schema):
                yield Target(one, "body", name)


@pytest.fixture(scope="module")
def weak(service_factory: Callable[..., Service]) -> Service:
    """A service that nothing slows down, with one function that should not be."""
    service = service_factory(RATELIMIT_ENABLED="off", HASH_MEMORY_KIB="1024", ANSWER_STEP_MS="1")
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        connection.execute(OPEN)
        connection.execute(PLANT)
    while "/api/v2/users/{user_id}/probe/weak" not in document(service)["paths"]:
        pass
    return service


def hunt(service: Service, target: Target, folder: Path) -> str:
    """What sqlmap says of one text."""
    user = settle(service)
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        connection.execute("update data.users set role = 'admin' where id = %s", (user.user_id,))
    ids = {**own_ids(service.dsn, user), "user_id": "me"}
    one = target.operation
    address = one.address(dict.fromkeys(one.path_fields, MISSING_ID) | ids)
    query, body = one.plain_query(), (one.plain_body(ids) or {}) if one.body else {}
    body |= {name: SECRET for name in body if name in ("password", "new_password")}
    (query if target.place == "query" else body)[target.name] = "word*"
    words = "&".join(f"{name}={value}" for name, value in query.items())
    command = [
        *(str(SQLMAP), "-u", f"{service.url}{address}" + (f"?{words}" if words else "")),
        *("--method", one.method, "--dbms", "PostgreSQL", "--batch", "--disable-coloring"),
        *("--flush-session", "--output-dir", str(folder), "--ignore-code", "*", *STRENGTH),
        *("-H", f"Authorization: Bearer {user.token}", "--timeout", "10", "--retries", "1"),
    ]
    if one.body:
        command += ["-H", "Content-Type: application/json", "--data", json.dumps(body)]
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=3600
    )
    return done.stdout + done.stderr


def test_a_weak_function_is_found(weak: Service, tmp_path: Path) -> None:
    """Otherwise silence would mean nothing."""
    planted = next(one for one in targets(weak) if one.operation.id == "probe_weak")
    said = hunt(weak, planted, tmp_path)
    assert FOUND in said, said[-3000:]
    print(re.search(r"with a total of \d+ HTTP\(s\) requests", said))


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.timeout(4 * 3600 if IS_FULL else 300)
@pytest.mark.slow
def test_no_text_becomes_a_statement(weak: Service, shard: int, tmp_path: Path) -> None:
    chosen = [one for one in targets(weak) if one.operation.id != "probe_weak"]
    assert {(one.operation.id, one.name) for one in chosen} >= set(SHORT)
    if not IS_FULL:
        chosen = [one for one in chosen if (one.operation.id, one.name) in SHORT]
    for number, target in enumerate(chosen[shard::SHARDS]):
        where = f"{target.operation.method} {target.operation.path} {target.name}"
        folder = tmp_path / str(number)
        folder.mkdir()
        said = hunt(weak, target, folder)
        print(f"{where}: {said.count('testing ')} kinds of injection, none works")
        assert FOUND not in said, f"{where}: {said[-3000:]}"
        assert "all tested parameters do not appear to be injectable" in said, said[-2000:]

"""Refusals: every SQLSTATE of the table through a real function, in one shape."""

import json
import time

import pytest

from service.errors import DatabaseRefused, problem_of
from tests.support.asking import Client
from tests.support.service import Service

FAIL = "/api/v2/users/me/probe/fail"
SHAPE = {"success", "type", "title", "status", "detail", "code", "request_id"}

STATUS_BY_CODE = {
    "22000": 422, "22003": 422, "22007": 422, "22P02": 422, "22P05": 422, "23502": 422,
    "23514": 422, "23P01": 422, "54001": 422, "23503": 422, "23505": 409, "40001": 503,
    "40P01": 503, "42501": 404, "53100": 507, "53200": 503, "55P03": 503, "57014": 503,
    "25P03": 503, "XX000": 500, "P0001": 500, "42883": 500, "42P01": 500, "0A000": 500,
    "PT400": 400, "PT403": 403, "PT404": 404, "PT409": 409, "PT412": 412, "PT422": 422,
    "PT401": 401, "PT429": 429, "PT500": 500, "PT503": 503,
    "PT200": 500, "PT999": 500, "PTABC": 500,
}  # fmt: skip


@pytest.mark.parametrize(("code", "status"), STATUS_BY_CODE.items())
def test_each_code_has_its_status_and_one_shape(client: Client, code: str, status: int) -> None:
    reply = client.ask("GET", FAIL, query={"code": code})
    assert reply.status == status
    told = reply.json
    assert SHAPE <= told.keys() <= SHAPE | {"field", "errors"}
    assert (told["success"], told["status"]) == (False, status)
    assert told["request_id"] == reply.headers["X-Request-ID"]
    assert ("Retry-After" in reply.headers) is (status == 503)
    assert ("WWW-Authenticate" in reply.headers) is (status == 401)
    # The message is for the user where the function says so by PT; nothing else ever leaves.
    assert (b"secret table" in reply.body) is (code == f"PT{status}")
    assert b"secret row" not in reply.body
    assert b"secret hint" not in reply.body


def test_a_refusal_of_a_function_names_its_field(client: Client) -> None:
    told = client.ask("GET", FAIL, query={"code": "PT422"}).json
    assert told["field"] == "code"
    assert told["errors"] == [{"field": "code", "detail": "secret table data.users"}]


@pytest.mark.parametrize(("code", "status"), [("XX000", 500), ("PT500", 500), ("42501", 404)])
def test_what_nobody_foresaw_is_in_the_log_under_its_id(
    client: Client, probed: Service, code: str, status: int
) -> None:
    name = f"find-me-{code}"
    reply = client.ask("GET", FAIL, query={"code": code}, headers={"X-Request-ID": name})
    assert (reply.status, reply.json["request_id"]) == (status, name)
    until = time.monotonic() + 2
    found: list[dict[str, str]] = []
    while not found and time.monotonic() < until:
        lines = [json.loads(line) for line in probed.log().splitlines() if name in line]
        found = [line for line in lines if line["event"] == "request_unexpected"]
    assert found[0]["level"] == "warning"
    assert found[0]["place"].startswith(f"SQLSTATE {code}")
    assert "secret row" not in json.dumps(lines)


def test_a_connection_s_end_is_503_not_500() -> None:
    for code in ("08006", "53300", "57P01", "57P03"):
        assert problem_of(DatabaseRefused(code)).status == 503

"""Binding by name: fields from path, query and body; all wrong ones are told at once."""

import gzip
import json
import re

import psycopg
import pytest

from tests.support.asking import Client, Reply
from tests.support.service import Service, User

PATH = "/api/v2/users/me/probe/echo"


def blamed(reply: Reply) -> list[str]:
    """Names of the fields that a 422 says are wrong."""
    assert reply.status == 422, reply.body
    assert reply.json["code"] == "wrong_fields"
    return sorted(error["field"] for error in reply.json["errors"])


def test_query_texts_become_what_their_parameter_is(client: Client) -> None:
    query = {
        "count": "7", "amount": "-0.60", "flag": "false", "note": "ä b&c=d", "on": "2024-02-29",
        "days": "1,-1", "words": 'a"b,c\\d,{}',
    }  # fmt: skip
    reply = client.ask("GET", PATH, query=query)
    assert reply.status == 200
    assert reply.data == {
        "count": 7, "amount": -0.6, "flag": False, "note": "ä b&c=d", "on": "2024-02-29",
        "days": [1, -1], "words": ['a"b', "c\\d", "{}"], "tree": None, "length": 7,
    }  # fmt: skip
    assert b'"amount" : -0.60' in reply.body


def test_what_is_not_given_has_the_default_of_the_function(client: Client) -> None:
    assert client.ask("GET", PATH).data["count"] == 1


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("count", "07"), ("count", "+7"), ("count", "7.0"), ("count", " 7"), ("count", "７"),
        ("count", "1e1"), ("count", ""), ("count", "0x7"), ("count", "2147483648"),
        ("count", "9" * 30), ("count", "-0"), ("amount", "1.005"), ("amount", "NaN"),
        ("amount", "Infinity"), ("amount", ".5"), ("amount", "1000000000000"), ("flag", "yes"),
        ("flag", "TRUE"), ("on", "2023-02-29"), ("on", "infinity"), ("on", "2201-01-01"),
        ("on", "0001-01-01"), ("on", "20240101"), ("days", "0"), ("days", "1,1"), ("days", "a"),
        ("note", "x" * 2001), ("nope", "1"), ("user_id", "me"), ("caller_id", "1"), ("body", "{}"),
    ],
)  # fmt: skip
def test_a_value_that_is_not_canonical_is_422(client: Client, field: str, text: str) -> None:
    named = blamed(client.ask("GET", PATH, query={field: text}))
    assert [re.split(r"[.\[]", name)[0] for name in named] == [field]


def test_all_wrong_fields_are_told_together(client: Client) -> None:
    query = {"count": "x", "amount": "1.234", "on": "never", "nope": "1"}
    reply = client.ask("GET", PATH, query=query)
    assert blamed(reply) == ["amount", "count", "nope", "on"]
    assert reply.json["field"] in query
    body = {"count": "1", "amount": 0.001, "name": "  ", "more": 1}
    assert blamed(client.ask("POST", PATH, body)) == ["amount", "count", "more", "name"]


def test_a_refusal_says_what_may_stand_there(client: Client) -> None:
    path = "/api/v2/users/me/transactions"
    reply = client.ask("GET", path, query={"order": "amount"})
    words = '"newest", "oldest", "largest", "smallest"'
    assert reply.json["detail"] == f"This value is not one of {words}."
    reply = client.ask("GET", path, query={"from": "2026-10"})
    assert reply.json["detail"] == 'This value is not written like "2026-11-20".'


def test_a_refusal_is_short_however_much_is_wrong(client: Client) -> None:
    reply = client.ask("POST", PATH, {f"n{number}": 1 for number in range(4000)})
    assert len(blamed(reply)) == 50
    assert reply.json["detail"] == "At least 50 fields are wrong."
    assert len(reply.body) < 10_000
    assert blamed(client.ask("POST", PATH, {"name": "a", "x" * 5000: 1})) == ["x" * 100]


def test_a_nul_in_the_path_is_named(client: Client) -> None:
    path = "/api/v2/users/me/recurring-items/7/exceptions/8%00"
    assert blamed(client.ask("DELETE", path)) == ["exception_id"]


def test_a_refusal_does_not_repeat_the_value(client: Client) -> None:
    reply = client.ask("POST", PATH, {"name": 5, "count": "s3cret", "amount": "s3cret"})
    assert reply.status == 422
    assert b"s3cret" not in reply.body


def test_a_missing_field_is_named(client: Client) -> None:
    assert blamed(client.ask("POST", PATH, {})) == ["name"]
    assert blamed(client.ask("POST", PATH)) == ["name"]


def test_a_route_refines_its_type(client: Client) -> None:
    assert blamed(client.ask("POST", PATH, {"name": "x" * 51})) == ["name"]
    assert client.ask("POST", PATH, {"name": "x" * 50}).status == 201


def test_a_field_stands_in_one_place(client: Client) -> None:
    assert blamed(client.ask("GET", f"{PATH}?count=1&count=2")) == ["count"]
    assert blamed(client.ask("POST", f"{PATH}?name=a", {"name": "a"})) == ["name"]
    assert blamed(client.ask("POST", PATH, {"name": "a", "user_id": "me"})) == ["user_id"]


def test_null_is_what_leaving_out_means_where_that_is_the_default(client: Client) -> None:
    assert client.ask("POST", PATH, {"name": "a", "amount": None}).status == 201
    assert blamed(client.ask("POST", PATH, {"name": "a", "count": None})) == ["count"]


def test_reserved_parameters_come_from_the_service(client: Client) -> None:
    agent = {"User-Agent": "probe/1", "X-Forwarded-For": "9.9.9.9"}
    data = client.ask("POST", PATH, {"name": "a"}, headers=agent).data
    assert data["is_mine"] is True
    assert (data["tier"], data["ip"], data["agent"]) == ("budget", "127.0.0.1", "probe/1")
    assert data["body"] == {"name": "a"}
    for name in ("caller_id", "caller_tier", "client_ip", "user_agent", "body"):
        assert blamed(client.ask("POST", PATH, {"name": "a", name: "1"})) == [name]


def test_a_user_agent_that_is_no_text_keeps_nobody_out(client: Client) -> None:
    reply = client.ask("POST", PATH, {"name": "a"}, headers={"User-Agent": "caf\xe9/1"})
    assert (reply.status, reply.data["agent"]) == (201, "caf?/1")


@pytest.mark.parametrize("query", ["count=%ff", "note=%c0%80", "&".join("a=1" for _ in range(200))])
def test_a_query_that_cannot_be_read_is_400(client: Client, query: str) -> None:
    reply = client.ask("GET", f"{PATH}?{query}")
    assert (reply.status, reply.json["code"]) == (400, "bad_query")


def test_a_nul_in_the_query_is_named(client: Client) -> None:
    assert blamed(client.ask("GET", f"{PATH}?note=a%00b")) == ["note"]


def test_a_query_beyond_the_line_is_431(client: Client) -> None:
    reply = client.ask("GET", f"{PATH}?note={'x' * 9000}")
    assert (reply.status, reply.json["code"]) == (431, "head_too_large")


@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        (
            {"Content-Encoding": "gzip"},
            gzip.compress(b'{"name": "a"}', mtime=0),
            415,
            "encoded_body",
        ),
        ({"Content-Type": "text/plain"}, b'{"name": "a"}', 415, "not_json"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"name=a", 415, "not_json"),
        ({"Content-Type": "application/json; charset=latin-1"}, b"{}", 415, "not_json"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--", 415, "not_json"),
        ({}, b'{"name": "' + b"x" * 70_000 + b'"}', 413, "body_too_large"),
    ],
)
def test_other_bodies_are_not_taken(
    client: Client, headers: dict[str, str], body: bytes, status: int, code: str
) -> None:
    reply = client.ask("POST", PATH, body, headers=headers)
    assert (reply.status, reply.json["code"]) == (status, code)


def test_json_in_utf_8_may_say_so(client: Client) -> None:
    headers = {"Content-Type": 'Application/JSON; charset="UTF-8"'}
    assert client.ask("POST", PATH, b'{"name": "a"}', headers=headers).status == 201


def test_a_chunked_body_is_counted_as_it_comes(client: Client) -> None:
    chunks = iter([b'{"name": "', *([b"x" * 10_000] * 8), b'"}'])
    client._connection.request(
        "POST", PATH, chunks, {"Authorization": f"Bearer {client.token}"}, encode_chunked=True
    )
    assert client._connection.getresponse().status == 413


def test_a_get_takes_no_body(client: Client) -> None:
    assert client.ask("GET", PATH, {"count": 1}).status == 400


def test_unknown_paths_and_methods_are_refused_in_the_same_shape(client: Client) -> None:
    for method, path, status in (
        ("GET", "/api/v2/nothing", 404), ("GET", PATH + "/", 404), ("GET", "/" + "a/" * 500, 404),
        ("GET", "/%ff", 404), ("GET", "/../etc/passwd", 404), ("GET", "/..%2f..%2fsetup.py", 404),
        ("DELETE", PATH, 405), ("POST", "/health", 405), ("OPTIONS", PATH, 405),
    ):  # fmt: skip
        reply = client.ask(method, path)
        assert reply.status == status, path
        assert reply.json.keys() >= {"success", "type", "title", "status", "detail", "code"}
        assert reply.json["request_id"] == reply.headers["X-Request-ID"]
        assert reply.headers["Content-Type"] == "application/problem+json"
    assert client.ask("DELETE", PATH).headers["Allow"] == "GET, HEAD, POST"


def test_head_is_get_without_a_body(client: Client) -> None:
    whole, head = client.ask("GET", PATH), client.ask("HEAD", PATH)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]


def test_an_alias_is_the_same_route(client: Client) -> None:
    query = {"size": 20}
    first = client.ask("GET", "/api/v2/users/me/probe/large", query=query)
    second = client.ask("GET", "/api/probe/me/large/", query=query)
    assert first.data == second.data


def test_a_function_that_knows_nothing_answers_404(client: Client) -> None:
    assert client.ask("GET", "/api/v2/users/me/probe/null").status == 404


def test_a_write_that_lost_is_tried_again_three_times(
    client: Client, probed: Service, someone: User
) -> None:
    for times, status in ((3, 200), (4, 503)):
        with psycopg.connect(probed.dsn, autocommit=True) as connection:
            connection.execute("alter sequence data.probe_calls restart")
        reply = client.ask("POST", "/api/v2/users/me/probe/lose", {"times": times})
        assert reply.status == status
    assert reply.json["code"] == "busy"
    assert int(reply.headers["Retry-After"]) in (1, 2, 3)


def test_the_answer_is_passed_on_unparsed(client: Client) -> None:
    reply = client.ask("GET", PATH, query={"amount": "0.60"})
    assert b'"data":{"count" : 1, "amount" : 0.60, ' in reply.body
    assert list(json.loads(reply.body)) == ["success", "data", "cached", "load_time", "timestamp"]

"""The JSON reader: what is refused before anything is made of it, and what survives unchanged."""

import json
import time

import pytest

from service.config import Config
from service.dispatch.reader import read_object
from service.errors import Problem
from tests.support.asking import Client

PATH = "/api/v2/users/me/probe/echo"

REFUSED = {
    "20,000 nested brackets": b'{"tree": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "33 levels": b'{"tree": ' + b"[" * 32 + b"]" * 32 + b"}",
    "an integer of 5,000 digits": b'{"count": ' + b"9" * 5000 + b"}",
    "an integer of 19 digits": b'{"count": 1234567890123456789}',
    "an exponent of 100,000": b'{"amount": 1e100000}',
    "an exponent of -400": b'{"amount": 1e-400}',
    "a decimal with a 40-digit fraction": b'{"amount": 0.' + b"1" * 40 + b"}",
    "a key twice": b'{"name": "a", "name": "b"}',
    "a nested key twice": b'{"name": "a", "tree": {"x": 1, "x": 2}}',
    "NaN": b'{"amount": NaN}',
    "Infinity": b'{"amount": -Infinity}',
    "a byte order mark": b'\xef\xbb\xbf{"name": "a"}',
    "UTF-16": '{"name": "a"}'.encode("utf-16"),
    "bad UTF-8": b'{"name": "\xff\xfe"}',
    "an overlong sequence": b'{"name": "\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"name": "\xed\xa0\x80"}',
    "half a surrogate pair": b'{"name": "\\ud800"}',
    "half a pair as a key": b'{"\\udc00": 1}',
    "half a pair as a key, twice": b'{"\\ud800": 1, "\\ud800": 2}',
    "an escaped NUL": b'{"name": "a\\u0000b"}',
    "a raw NUL": b'{"name": "a\x00b"}',
    "a raw line feed in a text": b'{"name": "a\nb"}',
    "an unfinished object": b'{"name": "a"',
    "two documents": b'{"name": "a"} {}',
    "a comment": b'{"name": "a" /* b */}',
    "a trailing comma": b'{"name": "a",}',
    "single quotes": b"{'name': 'a'}",
    "a leading zero": b'{"count": 01}',
    "a plus sign": b'{"count": +1}',
    "words": b"name=a",
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_plain_json_is_400_and_says_why(client: Client, body: bytes) -> None:
    reply = client.ask("POST", PATH, body)
    assert reply.status == 400
    assert reply.json["code"] == "bad_json"
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert len(reply.json["detail"]) > 20


@pytest.mark.parametrize("body", [b"[]", b'"a"', b"1", b"null", b"true"])
def test_a_body_that_is_no_object_is_422(client: Client, body: bytes) -> None:
    assert client.ask("POST", PATH, body).status == 422


def test_numbers_and_texts_come_back_as_they_were_sent(client: Client) -> None:
    body = (
        '{"name": "Zoë 🐙 \\ud83d\\udc19 \\\\ \\"", "amount": -1234567.80, "count": 5.0,'
        ' "tree": {"a": [0.10, 1e3, null, true, {"b": "€"}], "n": 123456789012345678}}'
    )
    reply = client.ask("POST", PATH, body.encode())
    assert reply.status == 201
    assert reply.data["name"] == 'Zoë 🐙 🐙 \\ "'
    assert b'"amount" : -1234567.80' in reply.body
    assert reply.data["count"] == 5
    assert b'{"a": [0.10, 1000, null, true, {"b": "\xe2\x82\xac"}]' in reply.body
    assert b'"n": 123456789012345678' in reply.body
    assert reply.data["body"] == json.loads(body)


def test_32_levels_are_read(client: Client) -> None:
    body = b'{"name": "deep", "tree": ' + b"[" * 31 + b"]" * 31 + b"}"
    assert client.ask("POST", PATH, body).status == 201


def test_brackets_inside_of_texts_do_not_count(client: Client) -> None:
    body = json.dumps({"name": "x", "tree": {"t": "[" * 500 + '"\\{'}}).encode()
    assert client.ask("POST", PATH, body).status == 201


def test_a_text_without_an_end_is_looked_at_once() -> None:
    body = b'{"a":[' + b"[]," * 40 + b'"' + b'\\"' * 32_000
    began = time.thread_time()
    with pytest.raises(Problem) as refused:
        read_object(body, Config())
    assert refused.value.status == 400
    assert time.thread_time() - began < 2  # processor seconds; looked at from each quote, ten


def test_limits_are_those_of_the_settings() -> None:
    config = Config(json_depth=2, json_integer_digits=3, json_exponent=1)
    assert read_object(b'{"a": [1, 999, 1e1]}', config) == {"a": [1, 999, 10]}
    for body in (b'{"a": [[1]]}', b'{"a": 1000}', b'{"a": 1e2}', b'{"a": 1000.5}'):
        with pytest.raises(Problem) as refused:
            read_object(body, config)
        assert refused.value.status == 400


def test_nothing_reads_as_no_fields() -> None:
    assert read_object(b" \r\n\t", Config()) == {}

"""What an answer looks like on the wire: envelope, tag, encoding, headers."""

import json
import re
import time
from datetime import UTC, datetime

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from isal import igzip

from service.respond import chosen_encoding, matches
from tests.support.asking import Client
from tests.support.service import Service

ECHO = "/api/v2/users/me/probe/echo"
LARGE = "/api/v2/users/me/probe/large"
WIDE = {"size": 5000}


def test_the_envelope_says_when_and_how_long(client: Client) -> None:
    told = client.ask("GET", ECHO).json
    assert list(told) == ["success", "data", "cached", "load_time", "timestamp"]
    assert (told["success"], told["cached"]) == (True, False)
    assert 0 < told["load_time"] < 5
    at = datetime.fromisoformat(told["timestamp"])
    assert told["timestamp"].endswith("Z")
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60


def test_the_tag_is_weak_and_of_the_data_alone(client: Client) -> None:
    first = client.ask("GET", ECHO)
    time.sleep(0.01)
    again = client.ask("GET", ECHO)
    other = client.ask("GET", ECHO, query={"count": 2})
    assert re.fullmatch(r'W/"[0-9a-f]{24}"', first.headers["ETag"])
    assert first.headers["ETag"] == again.headers["ETag"] != other.headers["ETag"]
    assert first.json["timestamp"] != again.json["timestamp"]


@pytest.mark.parametrize("form", ["{}", '{}, W/"x"', '"x" , {}', "*", "bare"])
def test_who_has_it_already_is_told_304(client: Client, form: str) -> None:
    tag = client.ask("GET", ECHO).headers["ETag"]
    given = tag.removeprefix("W/") if form == "bare" else form.format(tag)
    reply = client.ask("GET", ECHO, headers={"If-None-Match": given})
    assert (reply.status, reply.body) == (304, b"")
    assert reply.headers["ETag"] == tag
    assert reply.headers["Cache-Control"] == "private, no-cache"
    assert "Content-Type" not in reply.headers
    assert reply.headers["X-Request-ID"]


def test_an_endless_list_of_encodings_is_neither_read_nor_remembered(client: Client) -> None:
    long = ", ".join(["gzip", *(f"x-{number}" for number in range(100))])
    reply = client.ask("GET", LARGE, query=WIDE, headers={"Accept-Encoding": long})
    assert reply.status == 200
    assert "Content-Encoding" not in reply.headers


def test_another_tag_gets_the_whole_answer(client: Client) -> None:
    assert client.ask("GET", ECHO, headers={"If-None-Match": 'W/"x"'}).status == 200


def test_equal_data_of_two_users_has_two_tags(probed: Service, client: Client) -> None:
    tag = client.ask("GET", ECHO).headers["ETag"]
    other = Client(probed.url, probed.new_user().token)
    reply = other.ask("GET", ECHO, headers={"If-None-Match": tag})
    other.close()
    assert reply.status == 200
    assert reply.headers["ETag"] != tag


@pytest.mark.parametrize(
    ("name", "unpack"),
    [
        ("zstd", lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body)),
        ("br", brotli.decompress),
        ("gzip", igzip.decompress),
    ],
)
def test_large_answers_are_packed_as_the_client_likes(
    client: Client, name: str, unpack: object
) -> None:
    plain = client.ask("GET", LARGE, query=WIDE)
    packed = client.ask("GET", LARGE, query=WIDE, headers={"Accept-Encoding": name})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == name
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.body) < len(plain.body) / 10
    assert json.loads(unpack(packed.body))["data"] == plain.data  # type: ignore[operator]
    assert packed.headers["ETag"] == plain.headers["ETag"]


def test_small_answers_travel_as_they_are(client: Client) -> None:
    reply = client.ask("GET", ECHO, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in reply.headers


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", None), ("identity", None), ("gzip", "gzip"), ("GZIP", "gzip"), ("deflate", None),
        ("gzip, br", "br"), ("gzip, deflate, br, zstd", "zstd"), ("*", "zstd"),
        ("gzip;q=1.0, br;q=0.5", "gzip"), ("br;q=0", None), ("zstd;q=0, *;q=0.1", "br"),
        ("gzip;q=0.5, identity;q=0.9", None), ("identity;q=0, gzip;q=0.1", "gzip"),
        ("gzip;q=nonsense", None), (";;;,,,=", None),
    ],
)  # fmt: skip
def test_weights_decide_then_our_own_order(accepted: str, chosen: str | None) -> None:
    assert chosen_encoding(accepted) == chosen


def test_tags_are_compared_weakly() -> None:
    assert matches('"a"', 'W/"a"')
    assert matches('W/"b", W/"a"', 'W/"a"')
    assert matches(" * ", 'W/"a"')
    assert not matches('W/"aa"', 'W/"a"')
    assert not matches("", 'W/"a"')


def test_every_answer_carries_its_name_and_its_time(client: Client, nobody: Client) -> None:
    for asker, path in ((client, ECHO), (nobody, ECHO), (nobody, "/health"), (nobody, "/no")):
        reply = asker.ask("GET", path)
        assert re.fullmatch(
            r"db;dur=\d+\.\d\d, total;dur=\d+\.\d\d", reply.headers["Server-Timing"]
        )
        assert re.fullmatch(r"[0-9a-f]{12}-[0-9a-f]+", reply.headers["X-Request-ID"])


def test_the_database_s_part_of_the_time_is_told(client: Client) -> None:
    reply = client.ask("GET", "/api/v2/users/me/probe/wait", query={"seconds": "0.1"})
    parts = re.findall(r"dur=([\d.]+)", reply.headers["Server-Timing"])
    assert 100 <= float(parts[0]) <= float(parts[1])


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [("abc-1.2:3_x", True), ("a" * 64, True), ("a" * 65, False), ("a b", False), ('a"', False)],
)
def test_a_plain_request_id_comes_back(client: Client, given: str, is_kept: bool) -> None:
    reply = client.ask("GET", ECHO, headers={"X-Request-ID": given})
    assert (reply.headers["X-Request-ID"] == given) is is_kept


def test_every_answer_carries_the_headers_that_protect(client: Client, nobody: Client) -> None:
    for asker, path in ((client, ECHO), (nobody, ECHO), (nobody, "/"), (nobody, "/metrics")):
        headers = asker.ask("GET", path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Strict-Transport-Security"].startswith("max-age=")
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Server"] == "tideline"
        assert "Access-Control-Allow-Origin" not in headers


def test_writes_and_refusals_are_kept_by_nobody(client: Client) -> None:
    made = client.ask("POST", ECHO, {"name": "a"})
    assert (made.status, made.headers["Cache-Control"]) == (201, "no-store")
    assert "ETag" not in made.headers
    assert client.ask("GET", "/no").headers["Cache-Control"] == "no-store"


def test_the_page_and_its_files_are_served(nobody: Client) -> None:
    for path, kind in (
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/docs", "text/html; charset=utf-8"),
        ("/app.js", "text/javascript; charset=utf-8"),
        ("/page.css", "text/css; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
    ):
        reply = nobody.ask("GET", path)
        assert (reply.status, reply.headers["Content-Type"]) == (200, kind), path
        again = nobody.ask("GET", path, headers={"If-None-Match": reply.headers["ETag"]})
        assert again.status == 304
    packed = nobody.ask("GET", "/app.js", headers={"Accept-Encoding": "br"})
    assert packed.headers["Content-Encoding"] == "br"


@pytest.mark.parametrize(
    "path",
    ["/../app.py", "/web/../app.py", "/%2e%2e/app.py", "//etc/passwd", "/.", "/app.js/", "/app.JS"],
)
def test_nothing_else_of_the_disk_is_served(nobody: Client, path: str) -> None:
    assert nobody.ask("GET", path).status == 404

"""Whole lists in one answer: page after page, in the form that was asked for, whole or cut."""

import csv
import http.client
import io
import json
import socket
import time
import zipfile
from types import SimpleNamespace
from typing import cast
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest
import zstandard
from multidict import CIMultiDict

from service.exchange import Exchange
from service.limits import cost_of
from service.routes.lists import forms_of
from service.stream.forms import cell
from service.stream.media import _chosen as chosen
from service.stream.pages import page_of
from tests.support.asking import Client, Reply
from tests.support.household import settle
from tests.support.service import Service, User

LIST = "/api/v2/users/me/probe/list"
LINES, TABLE, ZIP = "application/x-ndjson", "text/csv", "application/zip"
EXPORT = "/api/v2/users/me/export"


def streamed(client: Client, form: str, path: str = LIST, **query: object) -> Reply:
    """A whole list."""
    reply = client.ask("GET", path, query=query, headers={"Accept": form})
    assert reply.status == 200, reply
    assert "Content-Length" not in reply.headers
    return reply


def number(client: Client, name: str) -> float:
    """A number of the service's own metrics."""
    text = client.ask("GET", "/metrics").body.decode()
    found = [line for line in text.splitlines() if line.startswith(f"{name} ")]
    return float(found[0].split()[-1]) if found else 0.0


def test_lines_are_the_items_of_all_pages_and_how_many_there_were(client: Client) -> None:
    lines = streamed(client, LINES, pages=3).body.decode().splitlines()
    assert [json.loads(line).get("id") for line in lines[:-1]] == [1, 2, 3, 4, 5, 6]
    assert json.loads(lines[-1]) == {"end": {"rows": 6}}
    assert '"amount" : 0.60' in lines[0], "0.60 stays 0.60"


def test_a_table_has_a_header_and_a_line_for_each_item(client: Client) -> None:
    reply = streamed(client, TABLE, pages=2, word='say "hi", you')
    assert reply.body.endswith(b"\r\n")
    header, *rows = csv.reader(io.StringIO(reply.body.decode(), newline=""))
    assert header == ["id", "amount", "word", "tags", "nothing", "is_so"]
    assert rows[0] == ["1", "0.60", 'say "hi", you', '["a",1.50]', "", "true"]
    assert len(rows) == 4
    assert "attachment" in reply.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "word", ["=1+1", "+1", "-1", "@a", "\tx", "\rx", "\n=1", "＝1+1", "＋1", "－1", "＠a"]
)
def test_a_text_is_no_formula_and_an_amount_is_a_number(word: str) -> None:
    assert cell(word) == f"'{word}"
    assert [cell(-5), cell("a-1"), cell(""), cell(None)] == ["-5", "a-1", "", ""]


def test_a_list_of_nothing_is_whole_too(client: Client) -> None:
    assert streamed(client, LINES, size=0).body == b'{"end":{"rows":0}}\n'
    assert streamed(client, TABLE, size=0).body == b""


def test_a_stream_is_no_page(client: Client) -> None:
    reply = streamed(client, TABLE)
    assert "ETag" not in reply.headers
    assert reply.headers["Cache-Control"] == "no-store"
    assert "Accept," in reply.headers["Vary"]
    page = client.ask("GET", LIST, headers={"Accept": "application/json"})
    assert page.data["items"][0]["id"] == 1
    assert "Accept," in page.headers["Vary"], "a cache must not mix them up"


def test_it_is_packed_as_it_goes(client: Client) -> None:
    headers = {"Accept": LINES, "Accept-Encoding": "zstd"}
    reply = client.ask("GET", LIST, query={"pages": 50}, headers=headers)
    assert reply.headers["Content-Encoding"] == "zstd"
    text = zstandard.ZstdDecompressor().decompressobj().decompress(reply.body)
    assert text.endswith(b'{"end":{"rows":100}}\n')


def test_a_head_has_no_rows(client: Client) -> None:
    reply = client.ask("HEAD", LIST, headers={"Accept": TABLE})
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["Content-Type"].startswith(TABLE)


def test_the_first_page_is_refused_as_any_page_is(client: Client) -> None:
    reply = client.ask("GET", LIST, query={"fail_at": 1}, headers={"Accept": TABLE})
    assert reply.status == 422
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert client.ask("GET", LIST, query={"nope": 1}, headers={"Accept": TABLE}).status == 422


def test_what_a_later_page_cuts_is_never_taken_for_the_whole(client: Client) -> None:
    before = number(client, 'tideline_streams_total{outcome="cut"}')
    with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
        client.ask("GET", LIST, query={"pages": 9, "fail_at": 5}, headers={"Accept": LINES})
    client.close()
    assert number(client, 'tideline_streams_total{outcome="cut"}') == before + 1


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_stream_that_is_cut_has_no_end_in_any_version(
    probed: Service, someone: User, version: str
) -> None:
    def rest(**query: object) -> bytes:
        parts = urlsplit(probed.url)
        with socket.create_connection((parts.hostname, parts.port), timeout=20) as reader:
            reader.sendall(
                f"GET {LIST}?{urlencode(query)} HTTP/{version}\r\nHost: x\r\nAccept: {TABLE}\r\n"
                f"Connection: close\r\nAuthorization: Bearer {someone.token}\r\n\r\n".encode()
            )
            text = b""
            while piece := reader.recv(65536):
                text += piece
            return text

    assert rest(pages=9).count(b"0.60") == 18, "without chunks the end of the connection is the end"
    if version == "1.0":
        with pytest.raises(ConnectionResetError):
            rest(pages=9, fail_at=5)
    else:
        assert not rest(pages=9, fail_at=5).endswith(b"0\r\n\r\n")


def test_one_caller_has_a_quarter_of_the_streams(probed: Service) -> None:
    hog, other = probed.new_user(), probed.new_user()
    parts = urlsplit(probed.url)
    query = urlencode({"pages": 100000, "size": 200, "wait_s": 0.01})
    held = []
    for _ in range(2):
        held.append(socket.create_connection((parts.hostname, parts.port)))
        held[-1].sendall(
            f"GET {LIST}?{query} HTTP/1.1\r\nHost: x\r\nAccept: {LINES}\r\n"
            f"Authorization: Bearer {hog.token}\r\n\r\n".encode()
        )
        assert held[-1].recv(100)
    with Client(probed.url, hog.token) as client, Client(probed.url, other.token) as another:
        reply = client.ask("GET", LIST, headers={"Accept": TABLE})
        assert (reply.status, reply.json["code"]) == (429, "too_many_lists")
        assert reply.headers["Retry-After"]
        assert streamed(another, TABLE).body
        for connection in held:
            connection.close()
        until = time.monotonic() + 5
        while client.ask("GET", LIST, headers={"Accept": TABLE}).status == 429:
            assert time.monotonic() < until, "a place was not given back"
            time.sleep(0.05)


def test_conditions_and_keys_are_refused(client: Client) -> None:
    for name, status in (("If-Match", 412),):
        headers = {"Accept": TABLE, name: '"1"'}
        assert client.ask("GET", LIST, headers=headers).status == status
    headers = {"Accept": LINES, "Idempotency-Key": "k"}
    assert client.ask("POST", EXPORT, {}, headers=headers).status == 400


def test_a_whole_list_costs_as_much_as_five_pages() -> None:
    route = SimpleNamespace(forms=(LINES,), cost=3, cookie=None, proofs=frozenset())

    def cost(accept: str) -> int:
        request = SimpleNamespace(headers=CIMultiDict(Accept=accept))
        match = SimpleNamespace(route=route)
        return cost_of(cast(Exchange, SimpleNamespace(match=match, request=request)))

    assert [cost("application/json"), cost(LINES)] == [3, 15]


def test_a_reader_that_leaves_ends_its_stream(
    client: Client, probed: Service, someone: User
) -> None:
    before = number(client, 'tideline_streams_total{outcome="left"}')
    query = urlencode({"pages": 100000, "size": 200, "wait_s": 0.01})
    parts = urlsplit(probed.url)
    with socket.create_connection((parts.hostname, parts.port)) as leaving:
        leaving.sendall(
            f"GET {LIST}?{query} HTTP/1.1\r\nHost: x\r\nAccept: {LINES}\r\n"
            f"Authorization: Bearer {someone.token}\r\n\r\n".encode()
        )
        assert leaving.recv(1000)
    deadline = time.monotonic() + 5
    while number(client, 'tideline_streams_total{outcome="left"}') == before:
        assert time.monotonic() < deadline, "it went on for nobody"
        time.sleep(0.05)


def test_everything_comes_as_lines_and_as_an_archive(service: Service) -> None:
    user = settle(service)
    with Client(service.url, user.token) as client:
        rows, cursor = [], None
        while True:
            body = {} if cursor is None else {"cursor": cursor}
            page = client.ask("POST", EXPORT, body).data
            rows += page["items"]
            if (cursor := page["next_cursor"]) is None:
                break
        reply = client.ask("POST", EXPORT, {}, headers={"Accept": LINES})
        lines = [json.loads(line) for line in reply.body.decode().splitlines()]
        kept = [row for row in rows if row["table"] != "verification_audit_log"]
        assert [line for line in lines[:-1] if line["table"] != "verification_audit_log"] == kept
        archive = client.ask("POST", EXPORT, {}, headers={"Accept": ZIP})
    with zipfile.ZipFile(io.BytesIO(archive.body)) as found:
        assert found.testzip() is None
        names = {name.removesuffix(".csv") for name in found.namelist()}
        assert names == {row["table"] for row in rows}
        booked = list(csv.DictReader(io.StringIO(found.read("transactions.csv").decode())))
    assert [row["id"] for row in booked] == [
        str(row["row"]["id"]) for row in rows if row["table"] == "transactions"
    ]


@pytest.mark.timeout(120)
def test_a_hundred_thousand_bookings_take_no_memory(service: Service) -> None:
    user = settle(service)
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        connection.execute(
            """
            insert into data.transactions (
                user_id, account_id, amount, transaction_date, description
            )
            select
                account.user_id, account.id, -0.01 * n, date '2026-01-01' - n %% 3650,
                'Booking number ' || n || repeat(' of many', 5)
            from (
                select user_id, min(id) as id from data.accounts where user_id = %s group by 1
            ) as account
            cross join generate_series(1, 100000) as n
            """,
            (user.user_id,),
        )
        row = connection.execute(
            "select count(*), sum(amount) from data.transactions where user_id = %s",
            (user.user_id,),
        ).fetchone()
    assert row is not None
    parts = urlsplit(service.url)
    with Client(service.url, user.token) as client:
        client.ask("GET", "/api/v2/users/me/transactions", headers={"Accept": TABLE})
        before = memory(service.pid)
        most, began, size = before, time.monotonic(), 0
        connection_ = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        headers = {**user.headers, "Accept": TABLE}
        connection_.request("GET", "/api/v2/users/me/transactions", headers=headers)
        answer = connection_.getresponse()
        reader = csv.DictReader(io.TextIOWrapper(answer, encoding="utf-8", newline=""))
        count, cents = 0, 0
        for number_, line in enumerate(reader, 1):
            count = number_
            cents += int(line["amount"].replace(".", ""))
            size += len(line["description"])
            if number_ % 5000 == 0:
                most = max(most, memory(service.pid))
        took_s = time.monotonic() - began
        connection_.close()
    print(f"{count} rows in {took_s:.1f} s; {before / 1e6:.1f} MB before, {most / 1e6:.1f} at most")
    assert (count, cents) == (row[0], int(row[1] * 100))
    assert most - before < 16_000_000


def memory(pid: int) -> int:
    """Resident bytes of a process."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * 4096


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", None),
        ("application/json", None),
        ("text/csv", TABLE),
        ("TEXT/CSV;q=0.5, application/json;q=0.4", TABLE),
        ("text/csv, application/json", None),
        ("text/csv;q=0.5, */*", None),
        ("text/csv, */*", TABLE),
        ("text/csv;q=0", None),
        ("text/csv;q=0.3, application/x-ndjson;q=0.9", LINES),
        ("application/zip", None),
        ("text/html,application/xhtml+xml,*/*;q=0.8", None),
        ("text/csv;q=many", None),
    ],
)
def test_a_form_is_asked_for_by_name(accept: str, form: str | None) -> None:
    assert chosen(accept.lower(), (LINES, TABLE)) == form


def test_a_list_of_rows_of_tables_is_an_archive_and_what_is_no_list_has_no_form() -> None:
    page = {"items": [{"id": "integer"}], "next_cursor": "text?"}
    assert forms_of(page, {"cursor"}) == (LINES, TABLE)
    assert forms_of(page, {"limit"}) == ()
    assert forms_of(page | {"items": [{"table": "text", "row": "object"}]}, {"cursor"}) == (
        LINES,
        ZIP,
    )
    assert forms_of({"id": "integer"}, {"cursor"}) == ()


def test_a_page_is_read_as_it_was_written() -> None:
    page = page_of(b'{"items" : [{"a" : 0.10,\n "b" : "],"}, {"a":1}], "next_cursor" : "2.5"}')
    assert page.texts == ['{"a" : 0.10,  "b" : "],"}', '{"a":1}']
    assert page.next_cursor == "2.5"
    assert page_of(b'{"items":[],"next_cursor":null}').items == []
    for wrong in (b"[]", b'{"items":[1,2', b'{"items":[]}', b'{"other":[]}'):
        with pytest.raises((ValueError, IndexError)):
            page_of(wrong)

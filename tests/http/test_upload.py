"""Files: how one arrives, what its function is told, and what is refused before or on the way."""

import json
import re
import socket
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.support.asking import Client, Reply
from tests.support.service import Service

PATH = "/api/v2/users/me/probe/files"
TABLE = b"Date,Description,Amount\n2025-01-01,Baker,-2.50\n2025-01-02,Pay,1000.00\n"


def send(client: Client, body: bytes, **said: Any) -> Reply:
    """One file as it is."""
    headers = {"Content-Type": "text/csv", **said.pop("headers", {})}
    return client.ask("POST", PATH, body, query=said, headers=headers)


def parts_of(service: Service, upload_id: int) -> list[tuple[dict[str, Any], list[Any]]]:
    """What each call brought."""
    with psycopg.connect(service.dsn) as connection:
        return connection.execute(
            "select file, rows from data.probe_parts where upload_id = %s order by id",
            (upload_id,),
        ).fetchall()


def test_a_file_opens_comes_in_parts_and_ends(probed: Service, client: Client) -> None:
    reply = send(client, TABLE, name="march.csv")
    assert reply.status == 201, reply.body
    parts = parts_of(probed, reply.data["upload_id"])
    assert [(file["part"], file["is_last"], len(rows)) for file, rows in parts] == [
        (0, False, 0),
        (1, True, 2),
    ]
    opened, last = parts[0][0], parts[1][0]
    assert opened["upload_id"] is None
    assert last["upload_id"] == reply.data["upload_id"]
    assert opened["name"] == "march.csv"
    assert opened["columns"] == ["Date", "Description", "Amount"]
    assert last["bytes_total"] == len(TABLE)
    assert re.fullmatch("[0-9a-f]{64}", last["sha256"])
    assert parts[1][1][0] == {
        "line": 2, "account": None, "currency": None, "external_id": None, "amount": "-2.50",
        "transaction_date": "2025-01-01", "posted_at": None, "description": "Baker",
        "counterparty": None, "comment": None, "category": None, "is_pending": False,
        "fault": None,
    }  # fmt: skip


def test_a_long_file_comes_in_parts_of_two_thousand_rows(probed: Service, client: Client) -> None:
    lines = b"".join(b"2025-01-01,Baker %d,-2.50\n" % number for number in range(4001))
    reply = send(client, b"Date,Description,Amount\n" + lines)
    parts = parts_of(probed, reply.data["upload_id"])
    assert [len(rows) for _, rows in parts] == [0, 2000, 2000, 1]
    assert [file["is_last"] for file, _ in parts] == [False, False, False, True]
    seen = [row["description"] for _, rows in parts for row in rows]
    assert seen == [f"Baker {number}" for number in range(4001)]


def form(*parts: tuple[str, str | None, bytes]) -> tuple[bytes, dict[str, str]]:
    """multipart/form-data of (field, file name, content)."""
    body = b""
    for name, filename, content in parts:
        named = f'; filename="{filename}"' if filename else ""
        body += f'--XX\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode()
        body += content + b"\r\n"
    return body + b"--XX--\r\n", {"Content-Type": "multipart/form-data; boundary=XX"}


def test_a_form_brings_a_file_and_its_fields(probed: Service, client: Client) -> None:
    body, headers = form(("date_order", None, b"dmy"), ("file", "folder/may.csv", TABLE))
    reply = send(client, body, headers=headers)
    assert reply.status == 201, reply.body
    told = reply.data["file"]
    assert (told["name"], told["asked"]) == ("may.csv", {"date_order": "dmy"})
    plain = send(client, TABLE).data["file"]
    assert plain["sha256"] == told["sha256"]


@pytest.mark.parametrize(
    ("parts", "status", "field"),
    [
        ([("note", None, b"x")], 422, "file"),
        ([("a", "a.csv", TABLE), ("b", "b.csv", TABLE)], 422, "b"),
        ([("date_order", None, b"xyz"), ("a", "a.csv", TABLE)], 422, "date_order"),
        ([("nobody", None, b"1"), ("a", "a.csv", TABLE)], 422, "nobody"),
        ([("a", "a.csv", b"")], 422, "file"),
    ],
)
def test_a_form_that_says_something_else_is_refused(
    client: Client, parts: list[tuple[str, str | None, bytes]], status: int, field: str
) -> None:
    body, headers = form(*parts)
    reply = send(client, body, headers=headers)
    assert (reply.status, reply.json["field"]) == (status, field), reply.body


@pytest.mark.parametrize("body", [b"", b"--XX", b"\x00\x01", b"--XX\r\n\r\n\r\n--XX--"])
def test_a_form_that_is_none_is_refused(client: Client, body: bytes) -> None:
    reply = send(client, body, headers={"Content-Type": "multipart/form-data; boundary=XX"})
    assert reply.status in (400, 422), reply.body
    reply = send(client, TABLE, headers={"Content-Type": "multipart/form-data"})
    assert (reply.status, reply.json["code"]) == (400, "bad_form")


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (b"", "empty_file", "file"),
        (b" \r\n\t\n", "empty_file", "file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "unknown_format", "file"),
        (b"just a few words\nand more of them\n", "unknown_format", "file"),
    ],
)
def test_what_is_no_file_of_a_bank_is_refused_unopened(
    client: Client, body: bytes, code: str, field: str
) -> None:
    reply = send(client, body)
    assert (reply.status, reply.json["code"], reply.json["field"]) == (422, code, field), reply.body


def test_a_file_has_a_limit_that_is_named(client: Client) -> None:
    reply = send(client, b"x" * 4194305)
    assert (reply.status, reply.json["code"]) == (413, "body_too_large")
    assert "4194304" in reply.json["detail"]
    body, headers = form(("file", "a.csv", b"x" * 4194305))
    reply = send(client, body, headers=headers)
    assert (reply.status, reply.json["code"]) == (413, "body_too_large")


def test_columns_without_a_meaning_are_asked_for(probed: Service, client: Client) -> None:
    body = b"a;b;c\nx;y;z\nx;y;z\n"
    strange = b"When,What,How much\nsoon,Baker,some\n2025-01-01,Baker,-2.50\n"
    assert send(client, body).json["code"] == "unknown_format"
    mapping = json.dumps({"date": "When", "amount": "How much", "description": "What"})
    reply = send(client, strange, mapping=mapping)
    assert reply.status == 201, reply.body
    rows = parts_of(probed, reply.data["upload_id"])[-1][1]
    assert [row["amount"] for row in rows] == [None, "-2.50"]
    assert rows[0]["fault"] == {"column": "When", "reason": "This is not a day.", "text": "soon"}


@pytest.mark.parametrize("mapping", ["[]", "{", '{"date": 1}', '{"x": "Date"}', '{"date": "No"}'])
def test_a_mapping_that_means_nothing_is_refused(client: Client, mapping: str) -> None:
    reply = send(client, TABLE, mapping=mapping)
    assert (reply.status, reply.json["field"]) == (422, "mapping"), reply.body


def test_what_the_function_remembers_takes_the_place_of_the_guess(
    probed: Service, client: Client
) -> None:
    table = b"Date,Value date,Text,Amount\n2025-01-01,2025-01-03,Baker,-2.50\n"
    said = '{"date": "Value date", "amount": "Amount", "description": "Text"}'
    rows = parts_of(probed, send(client, table, remembered=said).data["upload_id"])[-1][1]
    assert rows[0]["transaction_date"] == "2025-01-03"
    gone = '{"date": "Other", "amount": "Amount"}'
    reply = send(client, table, remembered=gone)
    file, rows = parts_of(probed, reply.data["upload_id"])[-1]
    assert file["dialect"]["is_mapping_forgotten"]
    assert rows[0]["transaction_date"] == "2025-01-01"


def test_the_same_file_with_the_same_key_is_answered_once(probed: Service, client: Client) -> None:
    key = {"Idempotency-Key": "file-1"}
    first = send(client, TABLE, headers=key)
    again = send(client, TABLE, headers=key)
    assert (first.status, again.status) == (201, 201), again.body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.data == first.data
    assert len(parts_of(probed, first.data["upload_id"])) == 2
    assert send(client, TABLE + b"\n", headers=key).json["code"] == "idempotency_mismatch"
    assert send(client, TABLE, headers=key, date_order="ymd").status == 422


def test_what_a_part_refuses_is_the_answer_and_the_file_ends_there(
    probed: Service, client: Client
) -> None:
    reply = send(client, TABLE, refuse_part=1)
    assert (reply.status, reply.json["field"]) == (422, "refuse_part")
    for _ in range(200):
        with psycopg.connect(probed.dsn) as connection:
            file = connection.execute(
                "select file from data.probe_parts order by id desc limit 1"
            ).fetchone()[0]
        if file["fault"]:
            break
    assert file["fault"]["reason"] == "No part 1 today"
    assert file["is_last"]


def test_json_is_no_way_around_a_file(client: Client) -> None:
    reply = client.ask("POST", PATH, {"file": {}, "rows": []})
    assert reply.json["code"] == "unknown_format", reply.body
    reply = client.ask("POST", PATH, TABLE, query={"file": "{}"})
    assert (reply.status, reply.json["field"]) == (422, "file")


def begun(service: Service, token: str, length: int) -> socket.socket:
    """A connection on which a file of so many bytes is announced."""
    place = urlsplit(service.url)
    connection = socket.create_connection((place.hostname, place.port), timeout=20)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: text/csv\r\nContent-Length: {length}\r\n\r\n"
    )
    connection.sendall(head.encode())
    return connection


def test_a_slow_file_is_given_up_and_a_steady_one_is_not(probed: Service) -> None:
    """The service of these tests has a window of 1.5 s, in which 6,144 bytes must come."""
    token = probed.new_user().token
    with begun(probed, token, 1000000) as slow:
        began = time.monotonic()
        answer = b""
        slow.settimeout(0.1)
        while b"\r\n\r\n" not in answer and time.monotonic() - began < 10:
            try:
                slow.sendall(b"x")
                answer += slow.recv(65536)
            except TimeoutError:
                continue
        assert answer.startswith(b"HTTP/1.1 408 "), answer
        assert 1.0 < time.monotonic() - began < 6
    body = TABLE + b"2025-01-03,Baker,-2.50\n" * 1200
    with begun(probed, token, len(body)) as steady:
        for start in range(0, len(body), 4000):
            time.sleep(0.4)  # 10,000 bytes/s, for longer than a JSON body may take
            steady.sendall(body[start : start + 4000])
        assert steady.recv(65536).startswith(b"HTTP/1.1 201 ")


def told_of(service: Service, user_id: int) -> list[dict[str, Any]]:
    """What was told of the files of somebody, in the order of the calls."""
    with psycopg.connect(service.dsn) as connection:
        rows = connection.execute(
            "select file from data.probe_parts where user_id = %s order by id", (user_id,)
        )
        return [file for (file,) in rows]


def test_a_client_that_leaves_leaves_a_file_that_says_so(probed: Service) -> None:
    user = probed.new_user()
    body = TABLE + b"2025-01-03,Baker,-2.50\n" * 9000
    place = urlsplit(probed.url)
    connection = socket.create_connection((place.hostname, place.port), timeout=20)
    head = (
        f"POST {PATH}?wait_s=0.7 HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: text/csv\r\n"
        f"Authorization: Bearer {user.token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection.sendall(head.encode() + body)
    while len(told_of(probed, user.user_id)) < 2:  # the opening and a part
        time.sleep(0.1)
    connection.close()
    for _ in range(100):
        told = told_of(probed, user.user_id)
        if told[-1]["is_last"]:
            break
        time.sleep(0.1)
    assert told[-1]["fault"]["reason"] == "The client left before the end."
    assert told[-1]["upload_id"] == told[1]["upload_id"]


def test_one_caller_sends_two_files_at_once(probed: Service) -> None:
    user, other = probed.new_user(), probed.new_user()
    first, second = begun(probed, user.token, 100), begun(probed, user.token, 100)
    time.sleep(0.3)
    with first, second, Client(probed.url, user.token) as client:
        reply = send(client, TABLE)
        assert (reply.status, reply.json["code"]) == (429, "too_many_files")
        assert reply.headers["Retry-After"]
        with Client(probed.url, other.token) as another:
            assert send(another, TABLE).status == 201


def test_others_are_answered_while_a_long_file_is_read(probed: Service) -> None:
    """4 MB, 120,000 rows: read in another process, given in parts that are waited for."""
    sender, reader = probed.new_user(), probed.new_user()
    body = b"Date,Text,Amount\n" + b"2025-01-03,Baker around it,-2.50\n" * 120000
    done: list[Reply] = []

    def sending() -> None:
        with Client(probed.url, sender.token) as client:
            done.append(send(client, body))

    thread = threading.Thread(target=sending)
    waits = []
    with Client(probed.url, reader.token) as client:
        thread.start()
        while thread.is_alive():
            began = time.perf_counter()
            assert client.ask("GET", "/api/v2/users/me/probe/echo").status == 200
            waits.append(time.perf_counter() - began)
            time.sleep(0.01)
    thread.join()
    assert done[0].status == 201, done[0].body
    assert done[0].data["rows"] == 120000
    waits.sort()
    print(
        f"{len(waits)} reads: median {waits[len(waits) // 2] * 1000:.1f} ms,"
        f" longest {waits[-1] * 1000:.1f} ms"
    )
    assert waits[len(waits) * 95 // 100] < 0.5


def test_an_empty_file_of_a_format_is_whole(probed: Service, client: Client) -> None:
    reply = send(client, b"OFXHEADER:100\n\n<OFX></OFX>\n")
    assert reply.status == 201, reply.body
    assert [len(rows) for _, rows in parts_of(probed, reply.data["upload_id"])] == [0, 0]


def test_a_file_that_breaks_off_gives_what_was_good(probed: Service, client: Client) -> None:
    ofx = (
        b"OFXHEADER:100\n\n<OFX><STMTRS><STMTTRN><DTPOSTED>20251231<TRNAMT>-1.00</STMTTRN>\n"
        b"<STMTTRN><DTPOSTED>2025123"
    )
    reply = send(client, ofx)
    assert reply.status == 201, reply.body
    file, rows = parts_of(probed, reply.data["upload_id"])[-1]
    assert [bool(row["fault"]) for row in rows] == [False, True]
    assert file["fault"] == {
        "line": 4, "column": None,
        "reason": "The file ends before </OFX>: a part of it is missing.",
    }  # fmt: skip
    bomb = b'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "c">]><Document>&b;</Document>'
    reply = send(client, bomb)
    assert (reply.status, reply.json["field"]) == (422, "file")
    assert reply.json["detail"].endswith("no bank's file does. (line 2)"), reply.json

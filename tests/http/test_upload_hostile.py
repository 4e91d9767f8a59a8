"""Forms and files that mean harm: each gets one answer of ours, in time, and leaves nothing."""

import asyncio
import socket
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from service.errors import Problem
from service.upload.arrival import Spooled, Writer
from tests.support.asking import Client, Reply
from tests.support.service import Service

PATH = "/api/v2/users/me/probe/files"
TABLE = b"Date,Description,Amount\n2025-01-01,Baker,-2.50\n2025-01-02,Pay,1000.00\n"
FORM = {"Content-Type": "multipart/form-data; boundary=XX"}
FILE = b'--XX\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'


def send(client: Client, body: bytes, headers: dict[str, str], **query: Any) -> Reply:
    """One body as it is."""
    return client.ask("POST", PATH, body, query=query, headers=headers)


FORMS = {
    "a long header": FILE + b"X-A: " + b"x" * 20000 + b"\r\n\r\n" + TABLE + b"\r\n--XX--\r\n",
    "many headers": FILE + b"X-A: x\r\n" * 2000 + b"\r\n" + TABLE + b"\r\n--XX--\r\n",
    "no header": FILE + b"nothing\r\n\r\n" + TABLE + b"\r\n--XX--\r\n",
    "a header with NUL": FILE + b"X-\x00: \x00\r\n\r\n" + TABLE + b"\r\n--XX--\r\n",
    "no end": FILE + b"\r\n" + TABLE,
    "half an end": FILE + b"\r\n" + TABLE + b"\r\n--X",
    "a form in it": FILE + b"Content-Type: multipart/mixed; boundary=YY\r\n\r\n--YY\r\n\r\nx\r\n"
    b"--YY--\r\n--XX--\r\n",
    "a bad disposition": b'--XX\r\nContent-Disposition: form-data; name="a"; filename="b;;;=\r\n'
    b"\r\n" + TABLE + b"\r\n--XX--\r\n",
    "no disposition": b"--XX\r\n\r\n" + TABLE + b"\r\n--XX--\r\n",
    "a strange encoding": b"--XX\r\nContent-Disposition: form-data; name=file; "
    b"filename*=utf-99''a%FF\r\n\r\n" + TABLE + b"\r\n--XX--\r\n",
    "packed": FILE + b"Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--XX--\r\n",
    "a long preamble": b"x\r\n" * 50000 + FILE + b"\r\n" + TABLE + b"\r\n--XX--\r\n",
    "a name of NUL": FILE.replace(b'"file"', b'"f\x00"') + b"\r\n" + TABLE + b"\r\n--XX--\r\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_a_hostile_form_is_refused(client: Client, name: str) -> None:
    reply = send(client, FORMS[name], FORM)
    assert reply.status in (400, 413, 422), reply.body


def test_no_name_of_a_file_is_logged(probed: Service, client: Client) -> None:
    for name in (b'filename="canary-one;;;=', b"filename*=canary-two"):
        body = (
            b"--XX\r\nContent-Disposition: form-data; name=a; " + name + b"\r\n\r\nx\r\n--XX--\r\n"
        )
        assert send(client, body, FORM).status in (400, 422)
    assert "canary" not in probed.log()


def test_a_form_that_never_begins_is_ended_and_stalls_nobody(probed: Service) -> None:
    place = urlsplit(probed.url)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {probed.new_user().token}\r\n"
        f"Content-Type: {FORM['Content-Type']}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    lines = b"x\r\n" * 5000
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall(head.encode())
        for _ in range(8):
            connection.sendall(b"%x\r\n%b\r\n" % (len(lines), lines))
        began = time.monotonic()
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")
    assert time.monotonic() - began < 1, "it was not waited for until the window was over"


@pytest.mark.parametrize("boundary", ["", '""', "x" * 71, "a b\tc", '"\x01"'])
def test_a_strange_boundary_is_refused(client: Client, boundary: str) -> None:
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    reply = send(client, FORMS["no end"], headers)
    assert reply.status in (400, 422), reply.body


def test_a_mapping_may_say_what_no_text_holds(client: Client) -> None:
    ofx = b"OFXHEADER:100\n\n<OFX></OFX>\n"
    reply = send(client, ofx, {"Content-Type": "x/y"}, mapping='{"date": "a\\u0000\\ud800"}')
    assert reply.status in (201, 422), reply.body
    reply = send(client, ofx, {"Content-Type": "x/y"}, mapping='{"a\\ud800": "a\\ud800"}')
    assert reply.status in (201, 422), reply.body


@pytest.mark.parametrize("name", ["punycode", "idna", "unicode_escape", "undefined", "utf_7"])
def test_what_is_no_character_set_is_no_encoding(client: Client, name: str) -> None:
    began = time.monotonic()
    reply = send(client, TABLE * 2000, {"Content-Type": "text/csv"}, encoding=name)
    assert time.monotonic() - began < 10
    assert (reply.status, reply.json["field"]) == (422, "encoding"), reply.body


def test_a_file_cannot_choose_a_slow_encoding(client: Client) -> None:
    body = (
        b'<?xml version="1.0" encoding="punycode"?><Document>' + b"\xff\xfe" * 100
        + b"a-" + b"bcdefgh" * 40000
    )  # fmt: skip
    began = time.monotonic()
    send(client, body, {"Content-Type": "text/xml"}, format="camt")
    assert time.monotonic() - began < 10


def test_the_same_file_twice_at_once_is_taken_once(probed: Service) -> None:
    user = probed.new_user()
    replies: list[Reply] = []

    def sending() -> None:
        with Client(probed.url, user.token) as client:
            headers = {"Content-Type": "text/csv", "Idempotency-Key": "at-once"}
            replies.append(send(client, TABLE, headers, wait_s=0.5))

    threads = [threading.Thread(target=sending) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reply.status for reply in replies] == [201, 201], replies
    assert replies[0].data == replies[1].data
    with psycopg.connect(probed.dsn) as connection:
        rows = connection.execute(
            "select upload_id, file ->> 'part', file -> 'fault' ->> 'reason'"
            " from data.probe_parts where user_id = %s order by id",
            (user.user_id,),
        ).fetchall()
    taken = replies[0].data["upload_id"]
    assert [row[1:] for row in rows if row[0] == taken] == [("0", None), ("1", None)]
    assert [row[1:] for row in rows if row[0] != taken] == [
        ("0", None),
        ("1", "The same request was answered meanwhile."),
    ], "the other one is told that it ends, as the part that it waits for"


def test_a_full_disk_is_said_to_be_full() -> None:
    async def written(writer: Writer) -> None:
        await writer.take(TABLE)
        await writer.end()

    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(Problem) as refused:
        asyncio.run(written(Writer(Spooled(full), 1 << 20)))
    assert (refused.value.status, refused.value.code) == (507, "storage_full")

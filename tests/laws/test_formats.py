"""Whatever the bytes: rows, faults and counts, or our own refusal; never more time than the file.

Cut at every byte, flipped, in no encoding, with bombs: the reader of bank files sees it all.
"""

import io
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.formats.amounts import amount_of
from service.formats.days import ORDERS, day_of
from service.formats.known import FORMATS, format_of
from service.formats.row import Asked, Reading, Row, Unreadable
from service.formats.source import opened
from service.formats.worker import _clean

NIGHTLY = bool(os.environ.get("TIDELINE_NIGHTLY"))
STEP = 1 if NIGHTLY else 23
FLIPS = 2000 if NIGHTLY else 60
PLAIN = b"Date,Text,Amount\r\n2025-12-31,A,1.00\r\n2025-12-30,B,-2.50\r\n"


def tried(body: bytes, name: str | None = None) -> tuple[Reading | None, list[Row], bool]:
    """What was read, and whether it ended with a refusal; anything else that is raised is a bug."""
    rows: list[Row] = []
    reading = None
    try:
        source = opened(io.BytesIO(body), len(body), None)
        reading = FORMATS[name or format_of(source)](source, Asked())
        rows.extend(reading.rows(None))
    except Unreadable as error:
        reason = error.reason
    else:
        return reading, rows, False
    assert 0 < len(reason) < 1000
    return reading, rows, True


def check(body: bytes, name: str | None = None) -> None:
    """Reads it; every row is complete or has a fault, and can be sent."""
    reading, rows, is_refused = tried(body, name)
    for row in rows:
        assert row["fault"] or (row["amount"] and row["transaction_date"]), row
        assert "\x00" not in _clean(row)
        _clean(row).encode("utf-8", "replace").decode()
        for text in ("description", "counterparty", "comment", "account", "external_id"):
            assert len(row[text] or "") <= 1000  # type: ignore[literal-required]
    assert is_refused or reading is not None


def samples(data: Path) -> Iterator[Path]:
    """Every real file."""
    folder = data / "statements"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: set TIDELINE_DATA to the folder of real inputs")
    yield from sorted(
        path for path in folder.rglob("*") if path.suffix not in (".yml", "") and path.is_file()
    )


def test_a_file_may_be_cut_anywhere(data: Path) -> None:
    for path in samples(data):
        body = path.read_bytes()
        for end in range(0, len(body), STEP):
            check(body[:end])


def test_bytes_may_be_any(data: Path) -> None:
    chance = random.Random(20261128)
    for path in samples(data):
        for _ in range(FLIPS):
            body = bytearray(path.read_bytes())
            for _ in range(chance.randrange(1, 12)):
                at = chance.randrange(len(body))
                kind = chance.randrange(4)
                if kind == 0:
                    body[at] = chance.randrange(256)
                elif kind == 1:
                    del body[at : at + chance.randrange(40)]
                    body = body or bytearray(b"x")
                elif kind == 2:
                    body[at:at] = bytes([chance.choice(b'\x00\xff<>&"\n,;:^')]) * chance.randrange(
                        9
                    )
                else:
                    body[at:at] = body[: chance.randrange(200)]
            check(bytes(body))


@given(st.binary(max_size=400), st.sampled_from([None, *FORMATS]))
@settings(max_examples=300, deadline=None)
def test_noise_is_refused_or_read(body: bytes, name: str | None) -> None:
    check(body, name)


CELL = st.text(alphabet='aé€ ,;"\n\r.-0159/()\x00|\t', max_size=12)


@given(st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=8), st.sampled_from(",;\t|"))
@settings(max_examples=300, deadline=None)
def test_tables_of_noise_are_accounted_for(table: list[list[str]], delimiter: str) -> None:
    body = PLAIN + "\n".join(delimiter.join(row) for row in table).encode()
    check(body, "csv")


@given(st.lists(st.text(alphabet="ab,-.0123 /x", max_size=20), max_size=40))
@settings(max_examples=200, deadline=None)
def test_every_line_of_a_table_is_a_row_or_counted(tail: list[str]) -> None:
    reading, rows, is_refused = tried((PLAIN + "\n".join(tail).encode()), "csv")
    assert not is_refused
    assert reading is not None
    lines = len(io.StringIO(PLAIN.decode() + "\n".join(tail), newline="").readlines())
    assert len(rows) + sum(reading.skipped.values()) + 1 == lines


@given(st.decimals(-(10**12), 10**12, places=2, allow_nan=False), st.sampled_from(".,"))
@settings(max_examples=300, deadline=None)
def test_amounts_survive_every_way_of_writing(amount: object, mark: str) -> None:
    plain = str(amount)
    other = "," if mark == "." else "."
    whole, _, cents = plain.removeprefix("-").partition(".")
    grouped = f"{int(whole):,}".replace(",", other) + mark + cents
    sign = "-" if plain.startswith("-") else ""
    expected = plain if plain.strip("-0.") else "0.00"
    for text in (
        f"{sign}{grouped}", f"{sign}€{grouped}", f"{grouped}{sign or ' EUR'}",
        f"({grouped})" if sign else f"+{grouped}", f"{sign}{whole}{mark}{cents}",
    ):  # fmt: skip
        found = amount_of(text, mark)
        assert found is not None, text
        assert found[0] in (expected, f"-{expected}" if expected == "0.00" else expected), text


@given(st.dates(), st.sampled_from(ORDERS), st.sampled_from("/.- "), st.booleans())
@settings(max_examples=300, deadline=None)
def test_days_survive_every_order(day: object, order: str, separator: str, is_padded: bool) -> None:
    year, month, number = str(day).split("-")
    parts = {"y": year, "m": month, "d": number}
    if not is_padded:
        parts |= {"m": str(int(month)), "d": str(int(number))}
    text = separator.join(parts[letter] for letter in order)
    expected = str(day) if 1900 <= int(year) <= 2199 else None
    assert day_of(text, order) == expected


BOMBS = {
    "billion laughs": b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(98, 107)
    )
    + b"]><Document>&j;</Document>",
    "quadratic": b'<!DOCTYPE d [<!ENTITY a "' + b"x" * 50000 + b'">]><Document>' + b"&a;" * 50000,
    "external": b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b"<Document><BkToCstmrStmt>&a;</BkToCstmrStmt></Document>",
    "external type": b'<!DOCTYPE Document SYSTEM "http://127.0.0.1/x.dtd"><Document/>',
    "parameter": b'<!DOCTYPE d [<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;]><Document/>',
    "deep": b"<Document>" + b"<a>" * 500000,
    "attribute": b'<Document a="' + b"x" * 8000000 + b'">',
    "name": b"<" + b"x" * 8000000,
    "text": b"<Document><BkToCstmrStmt><Stmt>" + b"x" * 8000000,
    "attributes": b"<Document " + b"".join(b'a%d="1" ' % at for at in range(200000)) + b">",
    "ofx entities": b'<?OFX OFXHEADER="200"?><!DOCTYPE OFX [<!ENTITY a "aaa">]><OFX>&a;</OFX>',
    "ofx tag": b"OFXHEADER:100\n<OFX><" + b"A" * 8000000,
    "ofx text": b"OFXHEADER:100\n<OFX><MEMO>" + b"A" * 8000000,
    "ofx comment": b"OFXHEADER:100\n<OFX><!-- " + b"A" * 8000000,
    "ofx deep": b"OFXHEADER:100\n<OFX>" + b"<STMTTRN>" * 300000,
    "ofx open": b"OFXHEADER:100\n<OFX><STMTRS><STMTTRN>" + b"<A>1" * 100000,
    "columns": PLAIN + b"," * 1000000 + b"\n" + PLAIN,
    "header": b"Date," * 500000 + b"Amount\n2025-12-31,1.00\n",
    "line": PLAIN + b"x" * 20000000,
    "quote": PLAIN + b'"' + b"2025-12-31,A,1.00\n" * 20000,
    "quotes": PLAIN + b'2025-12-31,"A,1.00\n' * 20000,
    "quotes twice": PLAIN + b'2025-12-31,"A"",1.00\n' * 20000,
    "quoted": PLAIN + b'""' * 2000000,
    "days": b"Date,Text,Amount\n" + b"1/1/1/1/1/1/1/1 1 1 1 1,A,1\n" * 50000,
    "digits": b"Date,Text,Amount\n2025-12-31,A," + b"1," * 100 + b"\n2025-12-31,A," + b"1" * 100000,
    "qif": b"!Type:Bank\n" + b"D1/1/25\nT1\n" * 50000,
    "qif open": b"!Type:Bank\n" + b"X1\n" * 200000,
    "mt940": b":20:A\n:25:1\n:60F:C250101EUR1,\n:61:2501010101D1,NTRF\n:86:" + b"x\n" * 200000,
    "mt940 line": b":20:A\n:25:1\n:60F:C250101EUR1,\n:61:" + b"1" * 3000000,
    "mt940 marks": b":20:A\n:25:1\n:60F:C250101EUR1,\n:61:2501010101D1,NTRF\n:86:105"
    + b"?20" * 700000,
    "mt940 statements": b":20:A\n:25:1\n:60F:C250101EUR1,\n:62F:C250101EUR1,\n" * 20000,
    "zeros": bytes(5000000),
    "utf-16 cut": PLAIN.decode().encode("utf-16")[:-1],
    "nul": PLAIN.replace(b"A", b"A\x00\x00"),
    "not utf-8": PLAIN.replace(b"A", b"\xff\xfe\xfd"),
    "surrogate": b"OFXHEADER:100\n<OFX><STMTRS><STMTTRN><NAME>&#xD800;&#0;&#99999999;<TRNAMT>1"
    b"<DTPOSTED>20251231</STMTTRN></OFX>",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_does_not_go_off(name: str) -> None:
    began = time.process_time()
    check(BOMBS[name])
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    "name",
    ["billion laughs", "quadratic", "external", "external type", "parameter", "ofx entities"],
)
def test_entities_are_refused_by_name(name: str) -> None:
    began = time.process_time()
    source = opened(io.BytesIO(BOMBS[name]), len(BOMBS[name]), None)
    reading = FORMATS[format_of(source)](source, Asked())
    with pytest.raises(Unreadable, match="declares a document type or entities") as refused:
        list(reading.rows(None))
    assert refused.value.line == 1
    assert time.process_time() - began < 1

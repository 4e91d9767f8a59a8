"""Files that banks are known to write: marks, orders, languages, signs, batches of payments."""

import io
from collections.abc import Sequence
from typing import Any

import pytest

from service.formats.known import FORMATS
from service.formats.row import Asked, Unreadable
from service.formats.source import opened
from tests.http.test_formats import read


def brief(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Amount and day of each row; the reason where there is a fault."""
    return [
        (row["fault"]["reason"],) if row["fault"] else (row["amount"], row["transaction_date"])
        for row in rows
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # Germany: preamble, semicolons, decimal comma, points of thousands
            "Umsätze Girokonto;Zeitraum: 30 Tage\nKontonummer:;12345\n\n"
            "Buchungstag;Wertstellung;Buchungstext;Auftraggeber / Empfänger;Verwendungszweck;"
            "Betrag (€)\n"
            "31.12.2025;31.12.2025;Lastschrift;Stadtwerke;Strom;-1.234,56\n"
            "01.01.2026;01.01.2026;Gutschrift;Firma;Gehalt;2.500,00\n",
            [("-1234.56", "2025-12-31"), ("2500.00", "2026-01-01")],
        ),
        (  # France: two columns, spaces of thousands
            "Date;Libellé;Débit;Crédit\n31/12/2025;CARTE;1 234,56;\n30/12/2025;PAIE;;2 000,00\n",
            [("-1234.56", "2025-12-31"), ("2000.00", "2025-12-30")],
        ),
        (  # the Netherlands: af and bij
            '"Datum","Naam / Omschrijving","Rekening","Af Bij","Bedrag (EUR)"\n'
            '"20251231","Bakker","NL01","Af","12,50"\n"20251230","Loon","NL01","Bij","1000,00"\n',
            [("-12.50", "2025-12-31"), ("1000.00", "2025-12-30")],
        ),
        (  # Britain: paid out and paid in, no year in doubt, a running balance
            "Date,Type,Description,Paid out,Paid in,Balance\n"
            "01 Dec 2025,VIS,TESCO,12.50,,87.50\n02 Dec 2025,CR,PAY,,100.00,187.50\n",
            [("-12.50", "2025-12-01"), ("100.00", "2025-12-02")],
        ),
        (  # America: parentheses, dollars, totals at the end
            'Date,Description,Amount\n12/31/2025,Store,"($1,234.56)"\n12/30/2025,Pay,"$2,000.00"\n'
            "Total,,765.44\n",
            [("-1234.56", "2025-12-31"), ("2000.00", "2025-12-30")],
        ),
        (  # Poland: tabs, a minus behind
            "Data operacji\tOpis operacji\tKwota\n2025-12-31\tZakupy\t12,50-\n",
            [("-12.50", "2025-12-31")],
        ),
        (  # Excel: its own line, bars
            "sep=|\nDate|Payee|Amount\n2025-12-31|Shop|-5\n",
            [("-5", "2025-12-31")],
        ),
        (  # no names at all
            "2025-12-31,Shop,-5.00\n2025-12-30,Pay,100.00\n",
            [("-5.00", "2025-12-31"), ("100.00", "2025-12-30")],
        ),
        (  # S and H, Swiss apostrophes
            "Datum;Text;Betrag;S/H\n31.12.25;Miete;1'500.00;S\n30.12.25;Lohn;5'000.00;H\n",
            [("-1500.00", "2025-12-31"), ("5000.00", "2025-12-30")],
        ),
        (  # a reversal keeps the sign that its kind does not have
            "Date,Description,Amount,Transaction Type\n2025-12-31,A,5.00,debit\n"
            "2025-12-31,B,6.00,debit\n2025-12-31,B back,-6.00,debit\n",
            [("-5.00", "2025-12-31"), ("-6.00", "2025-12-31"), ("6.00", "2025-12-31")],
        ),
        (  # what is wrong in one row is no matter of the others
            "Date,Description,Amount\n2025-02-30,A,5.00\n2025-12-31,B,five\n2025-12-31,C,\n"
            "2025-12-31,D,7.00,more,cells\n2025-12-31,E,8.00\n",
            [
                ("This is not a day.",),
                ("This is not an amount.",),
                ("There is not an amount.",),
                ("The line has 5 cells, the table 3 columns.",),
                ("8.00", "2025-12-31"),
            ],
        ),
    ],
)
def test_a_table_is_read_whatever_it_looks_like(text: str, expected: list[tuple[str, ...]]) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        if encoding == "cp1252" and not text.isascii() and "€" not in text and "é" not in text:
            continue
        reading, rows = read(text.encode(encoding))
        assert brief(rows) == expected, (encoding, reading.dialect, reading.mapping, rows)


def test_the_order_of_days_is_that_of_the_whole_column() -> None:
    early = "".join(f"0{day}/02/2025,A,-1.00\n" for day in range(1, 10)) * 700
    reading, rows = read(f"Date,Text,Amount\n{early}03/31/2025,B,-2.00\n".encode())
    assert reading.dialect["date_order"] == "mdy"
    assert reading.dialect["is_ambiguous"] == []
    assert rows[-1]["transaction_date"] == "2025-03-31"
    reading, _ = read(b"Date,Text,Amount\n03/04/2025,A,1.00\n04/04/2025,B,1.00\n")
    assert reading.dialect["date_order"] == "dmy"  # days in a row, not months
    assert reading.dialect["is_ambiguous"] == ["date_order"]


def test_an_ambiguous_mark_is_said_to_be_so() -> None:
    reading, rows = read(b"Date,Text,Amount\n2025-12-31,A,1.234\n2025-12-31,B,2.500\n")
    assert reading.dialect["is_ambiguous"] == ["decimal_mark"]
    _, rows = read(b"Date,Text,Amount\n2025-12-31,A,1.234\n2025-12-31,B,2.500\n", decimal_mark=".")
    assert [row["amount"] for row in rows] == ["1.234", "2.50"]


def test_a_quote_that_nobody_closes_costs_one_line() -> None:
    text = 'Date,Text,Amount\n2025-12-31,"open,1.00\n2025-12-30,"in ""it""\nand on",2.00\n'
    text += '2025-12-29,12" pipe,3.00\n'
    _, rows = read(text.encode())
    assert [(row["line"], bool(row["fault"])) for row in rows] == [
        (2, True),
        (3, False),
        (5, False),
    ]
    assert rows[1]["description"] == 'in "it" and on'
    assert rows[2]["description"] == '12" pipe'


def test_lines_that_are_no_rows_are_counted() -> None:
    text = "My bank\n\nDate,Text,Amount\n2025-12-31,A,1.00\n\nDate,Text,Amount\nBalance,,5.00\n"
    reading, rows = read(text.encode())
    assert len(rows) == 1
    assert reading.skipped == {"preamble": 1, "blank": 2, "header": 1, "total": 1}


def test_a_mapping_reads_what_it_says() -> None:
    text = b"Date,Value date,Text,Out,In\n2025-12-31,2026-01-02,A,5.00,\n"
    said = {"date": "Value date", "debit": "4", "credit": "In", "description": "text"}
    _, rows = read(text, mapping=said)
    assert brief(rows) == [("-5.00", "2026-01-02")]


QIF = """!Account
NMy card
TCCard
^
!Type:CCard
D12/31'25
T-1,234.56
PShop
MSocks
LClothes
^
D 1/ 3' 6
T20.00
L[Savings]
^
Dwrong
T1.00
^
!Type:Invst
D1/3'06
NBuy
^
"""


def test_qif_is_read_with_its_accounts_and_odd_years() -> None:
    reading, rows = read(QIF.encode())
    assert brief(rows) == [
        ("-1234.56", "2025-12-31"),
        ("20.00", "2006-01-03"),
        ("This is not a day.",),
    ]
    first = rows[0]
    assert (first["account"], first["category"], first["comment"]) == (
        "My card",
        "Clothes",
        "Socks",
    )
    assert rows[1]["category"] is None
    assert reading.skipped == {"investment": 1}
    european = QIF.replace("12/31'25", "31.12.2025").replace("1,234.56", "1.234,56")
    european = european.replace("20.00", "20,00")
    reading, rows = read(european.replace(" 1/ 3' 6", "3.1.2006").encode())
    assert brief(rows)[:2] == [("-1234.56", "2025-12-31"), ("20.00", "2006-01-03")]


def camt(version: str, entries: str) -> bytes:
    """A statement of one account."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
<GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>S1</Id>
<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy>
<Svcr><FinInstnId><BIC>COBADEFF</BIC></FinInstnId></Svcr></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2025-12-30</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">20.00</Amt>
<CdtDbtInd>DBIT</CdtDbtInd><Dt><Dt>2025-12-31</Dt></Dt></Bal>
{entries}</Stmt></BkToCstmrStmt></Document>""".encode()


def entry(amount: str, way: str, status: str, details: str = "", reference: str = "R1") -> str:
    """One entry."""
    return f"""<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>{status}
<BookgDt><Dt>2025-12-31</Dt></BookgDt><ValDt><Dt>2026-01-01</Dt></ValDt>
<AcctSvcrRef>{reference}</AcctSvcrRef><NtryDtls>{details}</NtryDtls>
<AddtlNtryInf>Überweisung</AddtlNtryInf></Ntry>"""


def payment(amount: str, name: str, party: str = "{}") -> str:
    """One payment of a batch, to somebody."""
    named = party.format(f"<Nm>{name}</Nm>")
    return f"""<TxDtls><Refs><EndToEndId>E-{name}</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt>
<CdtDbtInd>DBIT</CdtDbtInd><RltdPties><Cdtr>{named}</Cdtr></RltdPties>
<RmtInf><Ustrd>Invoice</Ustrd><Ustrd>of {name}</Ustrd></RmtInf></TxDtls>"""


@pytest.mark.parametrize(
    ("version", "status", "party"),
    [
        ("02", "<Sts>BOOK</Sts>", "{}"),
        ("04", "<Sts>BOOK</Sts>", "{}"),
        ("08", "<Sts><Cd>BOOK</Cd></Sts>", "<Pty>{}</Pty>"),
        ("13", "<Sts><Cd>BOOK</Cd></Sts>", "<Pty>{}</Pty>"),
    ],
)
def test_camt_of_every_version_is_read(version: str, status: str, party: str) -> None:
    batch = payment("30.00", "Ann", party) + payment("40.50", "Bob", party)
    uneven = payment("1.00", "Ann", party) + payment("2.00", "Bob", party)
    body = camt(
        version,
        entry("10.00", "CRDT", status)
        + entry("70.50", "DBIT", status, batch, "R2")
        + entry("9.00", "DBIT", status, uneven, "R3")
        + entry("5.00", "DBIT", status.replace("BOOK", "PDNG"), payment("5.00", "Cy", party), "R4")
        + entry("x", "DBIT", status, "", "R5"),
    )
    reading, rows = read(body)
    assert brief(rows) == [
        ("10.00", "2025-12-31"),
        ("-30.00", "2025-12-31"),
        ("-40.50", "2025-12-31"),
        ("-9.00", "2025-12-31"),
        ("-5.00", "2025-12-31"),
        ("This is not an amount.",),
    ]
    assert [row["external_id"] for row in rows] == ["R1", "R2/1", "R2/2", "R3", "R4", "R5"]
    assert [row["counterparty"] for row in rows] == [None, "Ann", "Bob", None, "Cy", None]
    assert rows[1]["description"] == "Invoice of Ann"
    assert [row["is_pending"] for row in rows] == [False] * 4 + [True, False]
    assert reading.statements == [
        {
            "account": "DE89370400440532013000", "bank": "COBADEFF", "currency": "EUR",
            "opening_balance": "100.00", "closing_balance": "-20.00",
            "opening_on": "2025-12-30", "closing_on": "2025-12-31",
        }
    ]  # fmt: skip


def test_mt940_of_germany_is_read_by_its_parts() -> None:
    text = (
        "{1:F01BANKDEFFXXXX0000000000}{2:I940}{4:\r\n:20:STARTUMS\r\n:25:10020030/1234567\r\n"
        ":28C:1/1\r\n:60F:C251230EUR100,00\r\n:61:2512311231DR12,50NDDTNONREF//BANK1\r\n"
        ":86:105?00LASTSCHRIFT?20EREF+123?21SVWZ+Strom Dezem?22ber 2025?30COBADEFF"
        "?31DE89?32Stadtwerke Musters?33tadt\r\n:61:2512311231RC5,NTRFNONREF\r\n:86:reversal\r\n"
        ":61:2502301231C1,NTRFNONREF\r\n:86:interest\r\n:62F:C251231EUR82,50\r\n-}\r\n"
    )
    reading, rows = read(text.encode())
    assert brief(rows) == [
        ("-12.50", "2025-12-31"),
        ("-5", "2025-12-31"),
        ("1", "2025-02-28"),
    ]
    assert (rows[0]["counterparty"], rows[0]["description"], rows[0]["external_id"]) == (
        "Stadtwerke Musterstadt",
        "Strom Dezember 2025",
        "BANK1",
    )
    assert reading.statements[0]["closing_balance"] == "82.50"


def test_what_a_format_asks_for_is_what_is_read() -> None:
    with pytest.raises(Unreadable, match="no <OFX>"):
        read_as("ofx", b"Date,Text,Amount\n2025-12-31,A,1.00\n")


def read_as(name: str, body: bytes) -> list[Any]:
    """A file as the format that somebody says."""
    return list(FORMATS[name](opened(io.BytesIO(body), len(body), None), Asked()).rows(None))

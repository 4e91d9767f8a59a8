"""Real files of banks: each is read as its expected parse says, and every line is accounted for."""

import base64
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.formats.known import FORMATS, format_of
from service.formats.row import Asked, Reading, Row, Unreadable
from service.formats.source import opened

# File -> (amount, day, description, counterparty) of its rows; a fault stands for what has none.
TABLES: dict[str, list[tuple[str, str | None, str, str | None]]] = {
    "actual.csv": [
        ("-1500.00", "2024-01-01", "Landlord", "Landlord"),
        ("-4.25", "2024-01-02", "Coffee Shop", "Coffee Shop"),
        ("2500.00", "2024-01-05", "Employer", "Employer"),
        ("-250.00", "2024-01-06", "Internal Transfer", "Internal Transfer"),
        ("0.43", "2024-01-04", "Reconciliation balance adjustment", None),
    ],
    "mint.csv": [
        ("-78.32", "2023-05-01", "Grocery Store", None),
        ("45.67", "2023-05-02", "Gas Station", None),
        ("-1500.00", "2023-05-03", "Monthly Rent", None),
        ("2500.00", "2023-05-04", "Paycheck", None),
        ("-15.75", "2023-05-05", "Restaurant", None),
        ("-32.99", "2023-05-06", "Online Shopping", None),
        ("-89.50", "2023-05-07", "Utility Bill", None),
        ("-4.25", "2023-05-08", "Coffee Shop", None),
        ("-49.99", "2023-05-09", "Gym Membership", None),
        ("-24.50", "2023-05-10", "Movie Theater", None),
    ],
    "sample.csv": [
        ("50.00", "2012-03-22", "DEPOSIT", None),
        ("-10.00", "2012-03-23", "TRANSFER TO SAVINGS", None),
        ("-20.00", "2012-03-24", "COFFEE — €20 RECEIVED", None),
    ],
    "sample.fr.utf8.csv": [
        ("50.00", "2012-03-22", "DÉPÔT", None),
        ("-10.00", "2012-03-23", "VIREMENT VERS ÉPARGNE", None),
        ("-20.00", "2012-03-24", "CAFÉ — €20 REÇU", None),
    ],
    "transactions.csv": [
        ("-89.75", "2023-05-01", "Grocery Store", "Grocery Store"),
        ("-120.50", "2023-05-03", "Electric Company", "Electric Company"),
        ("-4.25", "2023-05-05", "Coffee Shop", "Coffee Shop"),
        ("-45.00", "2023-05-07", "Gas Station", "Gas Station"),
        ("-79.99", "2023-05-10", "Online Retailer", "Online Retailer"),
        ("-65.30", "2023-05-12", "Restaurant", "Restaurant"),
        ("-55.00", "2023-05-15", "Mobile Phone Provider", "Mobile Phone Provider"),
        ("-24.00", "2023-05-18", "Movie Theater", "Movie Theater"),
        ("-32.50", "2023-05-20", "Pharmacy", "Pharmacy"),
    ],
    "valid.csv": [
        ("-20.50", None, "Starbucks drink", None),
        ("-89.50", "2024-01-01", "Amazon purchase", None),
    ],
}
# File -> (amount, day, id) of its bookings, and (account, currency, closing balance, on).
OFX: dict[str, tuple[list[tuple[str, str, str]], list[tuple[str, str, str | None, str | None]]]] = {
    "bank_medium.ofx": (
        [
            ("-6.60", "2009-04-01", "0000123456782009040100001"),
            ("-316.67", "2009-04-02", "0000123456782009040200004"),
            ("-22.00", "2009-04-03", "0000123456782009040300005"),
        ],
        [("12300 000012345678", "CAD", "382.34", "2009-05-23")],
    ),
    "bank_small.ofx": ([], []),
    "checking.ofx": (
        [
            ("0.01", "2011-03-31", "0000486"),
            ("-34.51", "2011-04-05", "0000487"),
            ("-25.00", "2011-04-07", "0000488"),
        ],
        [("1452687~7", "USD", "100.99", "2013-05-25")],
    ),
    "fidelity-savings.ofx": (
        [
            ("-1500.00", "2012-07-20", "X0000000000000000000001"),
            ("115.8331", "2012-07-27", "X0000000000000000000002"),
            ("-197.1063", "2012-07-27", "X0000000000000000000003"),
            ("-197.122", "2012-07-27", "X0000000000000000000004"),
        ],
        [("X0000001", "USD", None, None)],
    ),
    "multiple_accounts.ofx": (
        [],
        [("9100", "USD", "111", "2012-06-03"), ("9200", "USD", "222", "2012-06-03")],
    ),
    "ofx_spec201_invest_transactions_example.xml": (
        [],
        [("your broker account ID", "USD", None, None)],
    ),
    "ofx_spec201_stmtrs_example.xml": (
        [("-200.00", "1999-10-04", "00002"), ("-300.00", "1999-10-20", "00003")],
        [("999988", "USD", "200.29", "1999-10-29")],
    ),
    "suncorp.ofx": (
        [("-16.85", "2013-12-15", "1")],
        [("123456789", "AUD", "1234.12", "2013-12-15")],
    ),
}
SWIFT = (
    "abnamro", "generic", "ing", "knab", "postfinance", "rabobank-iban", "rabobank", "sns",
    "triodos",
)  # fmt: skip


def read(body: bytes, **asked: Any) -> tuple[Reading, list[Row]]:
    """A file as it is read when nobody remembers anything."""
    source = opened(io.BytesIO(body), len(body), asked.get("encoding"))
    reading = FORMATS[format_of(source)](source, Asked(**asked))
    return reading, list(reading.rows(None))


@pytest.fixture(scope="session")
def statements(data: Path) -> Path:
    """The folder of real files."""
    folder = data / "statements"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: set TIDELINE_DATA to the folder of real inputs")
    return folder


def test_every_real_file_has_an_expectation(statements: Path) -> None:
    files = {path.name for path in statements.rglob("*") if path.suffix not in (".yml", "")}
    assert files == {*TABLES, *OFX, *(f"{name}.sta" for name in SWIFT)}


@pytest.mark.parametrize("name", TABLES)
def test_a_real_table_is_read_as_expected(statements: Path, name: str) -> None:
    body = (statements / "csv" / name).read_bytes()
    _, rows = read(body)
    found = [
        (row["amount"], row["transaction_date"], row["description"], row["counterparty"])
        for row in rows
    ]
    assert found == TABLES[name]
    assert [row["line"] for row in rows] == list(range(2, len(rows) + 2))
    faults = [row["fault"] for row in rows if row["fault"]]
    assert len(faults) == (name == "valid.csv")
    if name == "valid.csv":
        assert faults[0] == {
            "column": "date", "reason": "This is not a day.", "text": "invalid_date",
        }  # fmt: skip


def test_details_of_real_tables(statements: Path) -> None:
    _, rows = read((statements / "csv" / "actual.csv").read_bytes())
    assert [row["is_pending"] for row in rows] == [False, False, False, True, False]
    assert [row["category"] for row in rows][:3] == ["Rent", "Coffee", "Paycheck"]
    assert {row["account"] for row in rows} == {"Checking Account", "Credit Card"}
    assert rows[0]["comment"] == "January rent"
    reading, rows = read((statements / "csv" / "mint.csv").read_bytes())
    assert reading.dialect["date_order"] == "mdy"
    assert reading.dialect["is_ambiguous"] == ["date_order"]
    _, rows = read((statements / "csv" / "mint.csv").read_bytes(), date_order="dmy")
    assert [row["transaction_date"] for row in rows][:2] == ["2023-01-05", "2023-02-05"]


@pytest.mark.parametrize("name", OFX)
def test_a_real_ofx_is_read_as_expected(statements: Path, name: str) -> None:
    bookings, accounts = OFX[name]
    reading, rows = read((statements / "ofx" / name).read_bytes())
    assert [
        (row["amount"], row["transaction_date"], row["external_id"]) for row in rows
    ] == bookings
    assert [
        (one["account"], one["currency"], one["closing_balance"], one["closing_on"])
        for one in reading.statements
    ] == accounts
    assert all(row["fault"] is None for row in rows)
    if "invest" in name:
        assert reading.skipped == {"investment": 3}


class Loader(yaml.SafeLoader):
    """Reads the pickled models of mt940 as what they hold."""


def _plain(loader: Loader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


Loader.add_multi_constructor("tag:yaml.org,2002:python/", _plain)


def day_of(pickled: Any) -> str:
    """A date as pickle writes it: two bytes of year, month, day."""
    (raw,) = pickled
    raw = raw if isinstance(raw, bytes) else base64.b64decode(raw)
    return f"{raw[0] * 256 + raw[1]:04}-{raw[2]:02}-{raw[3]:02}"


def words(text: str | None) -> str:
    """A text without its spaces: where lines are put together, the parses differ in them."""
    return "".join((text or "").split())


@pytest.mark.parametrize("name", SWIFT)
def test_a_real_mt940_is_read_as_expected(statements: Path, name: str) -> None:
    folder = statements / "mt940"
    text = (folder / f"{name}.yml").read_text()
    # The way back from each booking to its list says nothing of its own.
    expected = yaml.load(re.sub(r"(?m)^ *transactions: \*id\d+$", "", text), Loader)
    reading, rows = read((folder / f"{name}.sta").read_bytes())
    assert len(rows) == len(expected["transactions"])
    for row, other in zip(rows, expected["transactions"], strict=True):
        said = other["data"]
        assert row["fault"] is None
        assert Decimal(str(row["amount"])) == Decimal(said["amount"]["amount"][0])
        assert row["currency"] == said["amount"]["currency"]
        assert row["transaction_date"] == day_of(said["date"])
        # The parse cuts a reference of the bank after 16 characters of the customer's.
        references = words(said["customer_reference"]) + words(said.get("extra_details"))
        references += words(said["bank_reference"])
        if row["external_id"]:
            assert row["external_id"] in references
        else:
            assert said["bank_reference"] in (None, "NONREF")
        details = words(said.get("transaction_details"))
        if details.startswith(("000>", "/")):  # in parts, of which the parse knows nothing
            assert words(row["description"])[:25] in re.sub(">2[12]", "", details)
        elif details:  # the parse gives the last booking what belongs to the whole statement
            assert details.startswith(words(row["description"]))
            assert details.removeprefix(words(row["description"]))[:1] in ("", "D")
        if row["counterparty"]:
            assert words(row["counterparty"]) in details + references
    last = expected["data"]
    for side in ("opening", "closing"):
        balance = last.get(f"final_{side}_balance")
        if balance:
            told = {
                (Decimal(str(one[f"{side}_balance"])), one[f"{side}_on"])
                for one in reading.statements
                if one[f"{side}_balance"]
            }
            assert (Decimal(balance["amount"]["amount"][0]), day_of(balance["date"])) in told
    assert reading.statements[-1]["account"] == last["account_identification"]


@pytest.mark.parametrize("name", SWIFT)
def test_a_real_mt940_without_its_end_says_so(statements: Path, name: str) -> None:
    body = (statements / "mt940" / f"{name}.sta").read_bytes()
    cut = body[: body.rindex(b":62")]
    with pytest.raises(Unreadable, match="a part of it is missing"):
        read(cut)

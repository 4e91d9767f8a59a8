"""What every format gives: rows with their faults, what a file says of its accounts, and refusals.

docs/imports.md tells the shape; values stay texts, and no amount is ever a float.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

TEXT_LENGTH = 1000  # characters of a text; what is longer is cut, and marked with an ellipsis
STATEMENTS = 500  # of one file that are told
SHOWN_LENGTH = 200  # characters of what a fault repeats


class Fault(TypedDict):
    """Why a row cannot be used: the column, the reason, and what stood there."""

    column: str | None
    reason: str
    text: str


class Row(TypedDict):
    """One booking as the file has it; line is the line, or the first line of the element."""

    line: int
    account: str | None
    currency: str | None
    external_id: str | None
    amount: str | None
    transaction_date: str | None
    posted_at: str | None
    description: str | None
    counterparty: str | None
    comment: str | None
    category: str | None
    is_pending: bool
    fault: Fault | None


class Statement(TypedDict):
    """What a file says of one account."""

    account: str | None
    bank: str | None
    currency: str | None
    opening_balance: str | None
    closing_balance: str | None
    opening_on: str | None
    closing_on: str | None


class Unreadable(Exception):
    """The file cannot be read, or not further; field names what of the request is to blame."""

    def __init__(
        self,
        reason: str,
        *,
        code: str = "broken_file",
        line: int | None = None,
        column: int | None = None,
        field: str = "file",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.line = line
        self.column = column
        self.field = field


@dataclass(frozen=True, slots=True)
class Asked:
    """What the request says of how to read; None leaves it to the file."""

    name: str | None = None
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    date_order: str | None = None
    decimal_mark: str | None = None
    mapping: Mapping[str, str] | None = None


@dataclass(slots=True)
class Reading:
    """A file that was understood so far; rows reads on, with the columns of a mapping if need be.

    statements and skipped grow while rows are read. Errors of rows: Unreadable, where it ends.
    """

    rows: Callable[[Mapping[str, str] | None], Iterator[Row]]
    dialect: dict[str, Any] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    sample: list[list[str]] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)

    def skip(self, reason: str) -> None:
        """Counts a line that is no row."""
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def state(self, statement: Statement) -> None:
        """Takes what a file says of an account; beyond the most, only counts it."""
        if len(self.statements) < STATEMENTS:
            self.statements.append(statement)
        else:
            self.skip("statement")


def row_of(line: int, **known: Any) -> Row:
    """A row with what is known of it, and null for the rest."""
    row: dict[str, Any] = {
        "line": line,
        "account": None,
        "currency": None,
        "external_id": None,
        "amount": None,
        "transaction_date": None,
        "posted_at": None,
        "description": None,
        "counterparty": None,
        "comment": None,
        "category": None,
        "is_pending": False,
        "fault": None,
    }
    row.update(known)
    return row  # type: ignore[return-value]


def statement_of(account: str | None, **known: str | None) -> Statement:
    """A statement with what is known of it, and null for the rest."""
    return Statement(
        account=account,
        bank=known.get("bank"),
        currency=known.get("currency"),
        opening_balance=known.get("opening_balance"),
        closing_balance=known.get("closing_balance"),
        opening_on=known.get("opening_on"),
        closing_on=known.get("closing_on"),
    )


def fault_of(column: str | None, reason: str, text: str) -> Fault:
    """A fault; what it repeats of the file is cut."""
    return Fault(column=column, reason=reason, text=text[:SHOWN_LENGTH])


def plain(text: str | None) -> str | None:
    """A text on one line without space around and between; null when nothing is left of it."""
    if not text:
        return None
    short = " ".join(text.split())
    if len(short) > TEXT_LENGTH:
        return short[: TEXT_LENGTH - 1] + "…"
    return short or None

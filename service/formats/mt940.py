"""MT940 and MT942 of SWIFT, with what banks of Europe made of field 86.

Its fields are those of mt-940, whose expected parses the tests compare with; read line by line,
since that library holds a file and throws it away at the first line it does not know (decision
109). Figures: SWIFT Standards, category 9, MT 940.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field

from service.formats.amounts import written
from service.formats.details import details_of
from service.formats.row import (
    Asked,
    Fault,
    Reading,
    Row,
    Statement,
    Unreadable,
    fault_of,
    plain,
    row_of,
    statement_of,
)
from service.formats.source import Source, lines

_TAG = re.compile(r":([0-9]{2}[A-Z]?|NS):")
_BALANCE = re.compile(r"\s*([CD])([0-9]{6})([A-Z]{3})([0-9.,]{1,25})\s*")
_BOOKING = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4})?\s?(?P<way>R?[CD]|E[CD])(?P<funds>[A-Z])?"
    r"(?P<amount>[0-9][0-9.,]{0,24})(?P<kind>[A-Z][A-Z0-9 ]{3})?(?P<rest>[^\n]*)(?P<more>[\s\S]*)"
)
_UNTOLD = frozenset({"", "NONREF", "NOREF", "NONE"})
_DETAIL_LINES = 60  # of one booking
_LENGTH = 2000  # characters of one line


@dataclass(slots=True)
class _Booking:
    """Field 61 and the fields 86 behind it, as they stand."""

    line: int
    text: str
    details: list[str] = field(default_factory=list)


def read(source: Source, asked: Asked) -> Reading:
    """The bookings of a file, as they come. Errors: those of its rows."""
    reading = Reading(rows=lambda _: _rows(source, reading))
    return reading


def _rows(source: Source, reading: Reading) -> Iterator[Row]:
    statement: Statement | None = None
    booking: _Booking | None = None
    tag = ""
    is_closed, has_any, number = True, False, 0
    for number, whole in enumerate(lines(source.text()), 1):
        line = whole.strip("\ufeff\r\n\x03\x01")[:_LENGTH]
        if line.startswith("{"):  # the envelope: {1:…}{2:…}{4:
            line = line.rpartition("{4:")[2].lstrip() if "{4:" in line else ""
        found = _TAG.match(line)
        if found is None:
            is_end = line.strip() in ("-", "-}") or line.startswith("-}")
            if is_end:
                tag = ""
            if booking is not None and tag in ("61", "86") and not is_end:
                _add(booking, tag, line, is_new=False)
            elif not line.strip():
                reading.skip("blank")
            else:
                reading.skip("other")
            continue
        tag, text = found[1], line[found.end() :]
        if booking is not None and tag != "86":
            yield _row(booking, statement)
            booking = None
        if tag == "20":
            has_any = True
            if not is_closed:
                reading.skip("unclosed")
            statement, is_closed = statement_of(None), False
            reading.state(statement)
        elif statement is None:
            reading.skip("other")
        elif tag == "25":
            statement["account"] = plain(text)
        elif tag in ("60F", "60M"):
            _balance(statement, "opening", text)
        elif tag in ("62F", "62M"):
            is_closed = True
            _balance(statement, "closing", text)
        elif tag == "61":
            booking = _Booking(number, text)
        elif tag == "86" and booking is not None:
            _add(booking, tag, text, is_new=True)
        elif tag == "86":
            reading.skip("note")  # about the whole statement
    if booking is not None:
        yield _row(booking, statement)
    if not has_any:
        raise Unreadable("There is no statement in it: no field :20:.", line=1)
    if not is_closed:
        reason = "The file ends before the closing balance: a part of it is missing."
        raise Unreadable(reason, line=number)


def _add(booking: _Booking, tag: str, text: str, *, is_new: bool) -> None:
    """A line of field 61 or 86; a full line of 65 characters goes on in the next."""
    if tag == "61":
        if booking.text.count("\n") < _DETAIL_LINES:
            booking.text += f"\n{text}"
    elif len(booking.details) < _DETAIL_LINES or not is_new:
        if is_new:
            booking.details.append(text)
        elif booking.details and booking.details[-1].count("\n") < _DETAIL_LINES:
            booking.details[-1] += f"\n{text}"


def _row(booking: _Booking, statement: Statement | None) -> Row:
    about = statement or statement_of(None)
    found = _BOOKING.fullmatch(booking.text)
    told = details_of(booking.details)
    if found is None:
        return row_of(
            booking.line,
            account=about["account"],
            currency=about["currency"],
            description=told.purpose,
            counterparty=told.name,
            fault=fault_of("61", "This is not a booking.", booking.text),
        )
    day = _day(found["value"])
    amount = written(found["amount"])
    fault: Fault | None = None
    if day is None:
        fault = fault_of("61", "This is not a day.", found["value"])
    elif amount is None:
        fault = fault_of("61", "This is not an amount.", found["amount"])
    elif found["way"] in ("D", "ED", "RC") and amount.strip("0."):
        amount = f"-{amount}"
    reference, _, behind = found["rest"].partition("//")
    if not behind and len(reference) > 16:  # a name where a bank's reference would stand
        reference, extra = reference[:16], reference[16:]
    else:
        extra = ""
    extra = plain(extra) or plain(found["more"]) or ""
    return row_of(
        booking.line,
        account=about["account"],
        currency=about["currency"],
        external_id=_told(behind),
        amount=amount,
        transaction_date=day,
        description=told.purpose or plain(extra) or _told(reference),
        counterparty=told.name or (plain(extra) if _is_name(extra) else None),
        comment=_told(reference),
        fault=fault,
    )


def _told(reference: str) -> str | None:
    return plain(reference) if reference.strip().upper() not in _UNTOLD else None


def _is_name(text: str) -> bool:
    return sum(map(str.isalpha, text)) > 3 and not re.search(r"[0-9]{5}", text)


def _balance(statement: Statement, side: str, text: str) -> None:
    found = _BALANCE.match(text)
    amount = written(found[4]) if found else None
    if not found or amount is None:
        return
    if found[1] == "D" and amount.strip("0."):
        amount = f"-{amount}"
    if side == "opening":
        statement["opening_balance"], statement["opening_on"] = amount, _day(found[2])
    else:
        statement["closing_balance"], statement["closing_on"] = amount, _day(found[2])
    statement["currency"] = statement["currency"] or found[3]


def _day(text: str) -> str | None:
    """YYMMDD; the 30th of February, by which some banks count interest, is its last day."""
    year, month, day = 2000 + int(text[:2]), int(text[2:4]), int(text[4:6])
    if year > 2069:
        year -= 100
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{year:04}-{month:02}-{min(day, monthrange(year, month)[1]):02}"

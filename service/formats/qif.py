"""QIF: records of lines, each with a letter in front; the order of its days is said nowhere.

Written here: quiffen is the one living library, and it reads a whole file into pydantic models
and refuses all of it for one wrong line (decision 109).
"""

import re
from collections.abc import Iterator

from service.formats.amounts import amount_of, mark_of
from service.formats.days import day_of, order_of
from service.formats.row import Asked, Fault, Reading, Row, Unreadable, fault_of, plain, row_of
from service.formats.source import Source, lines

_BOOKED = frozenset({"bank", "cash", "ccard", "oth a", "oth l", "port", "401(k)/403(b)"})
_DAY = re.compile(r"\s*([0-9]{1,4})\s*([/.'-])\s*([0-9]{1,2})\s*([/.'-])\s*([0-9]{1,4})\s*")
_FIELDS = 500  # lines of one record
_LENGTH = 2000  # characters of one line


def read(source: Source, asked: Asked) -> Reading:
    """The bookings of a file; its days and amounts are looked at first. Errors: Unreadable."""
    days: dict[str, None] = {}
    amounts: dict[str, None] = {}
    has_header = False
    for line in lines(source.text()):
        bare = line.strip("\ufeff \t\r\n")
        has_header = has_header or bare[:1] == "!"
        if bare[:1] == "D" and len(days) < 20000:
            days[_slashed(bare[1:])] = None
        elif bare[:1] in "TU$" and bare and len(amounts) < 20000:
            amounts[bare[1:]] = None
    if not has_header:
        raise Unreadable("There is no line such as !Type:Bank in it.", code="unknown_format")
    order, is_order_guessed = order_of(list(days))
    mark, is_mark_guessed = mark_of(amounts)
    reading = Reading(
        rows=lambda _: _rows(
            source, reading, asked.date_order or order or "mdy", asked.decimal_mark or mark or "."
        )
    )
    reading.dialect |= {
        "date_order": asked.date_order or order or "mdy",
        "decimal_mark": asked.decimal_mark or mark or ".",
        "is_ambiguous": [
            name
            for name, is_guess, said in (
                ("date_order", is_order_guessed, asked.date_order),
                ("decimal_mark", is_mark_guessed, asked.decimal_mark),
            )
            if is_guess and said is None
        ],
    }
    return reading


def _rows(source: Source, reading: Reading, order: str, mark: str) -> Iterator[Row]:
    account: str | None = None
    kind = ""
    fields: dict[str, str] = {}
    first = 0
    for number, line in enumerate(lines(source.text()), 1):
        bare = line.strip("\ufeff\r\n")[:_LENGTH]
        if not bare.strip():
            reading.skip("blank")
        elif bare.lstrip()[0] == "!":
            if fields:
                row = _ended(kind, first, fields, account, order, mark, reading)
                if row:
                    yield row
                fields = {}
            kind = bare.strip()[1:].lower().removeprefix("type:").strip()
        elif bare[0] == "^":
            if kind == "account":
                account = plain(fields.get("N")) or account
            elif fields:
                row = _ended(kind, first, fields, account, order, mark, reading)
                if row:
                    yield row
            fields = {}
        elif not kind:
            reading.skip("preamble")
        else:
            if not fields:
                first = number
            if len(fields) < _FIELDS:
                fields.setdefault(bare[0], bare[1:].strip())
    if fields and kind != "account":
        row = _ended(kind, first, fields, account, order, mark, reading)
        if row:
            is_whole = "D" in fields and ("T" in fields or "U" in fields)
            if not is_whole:
                row["fault"] = fault_of(None, "The file ends within this record.", "")
            yield row


def _ended(
    kind: str,
    line: int,
    fields: dict[str, str],
    account: str | None,
    order: str,
    mark: str,
    reading: Reading,
) -> Row | None:
    """A record as a row; None when it is no booking, which is counted."""
    if kind not in _BOOKED:
        reading.skip("investment" if kind == "invst" else "list")
        return None
    given, text = fields.get("D", ""), fields.get("T") or fields.get("U") or ""
    day = day_of(_slashed(given), order)
    found = amount_of(text, mark)
    fault: Fault | None = None
    if day is None:
        fault = fault_of("D", "This is not a day." if given else "There is not a day.", given)
    elif found is None:
        reason = "This is not an amount." if text else "There is not an amount."
        fault = fault_of("T", reason, text)
    category = fields.get("L", "")
    memo, payee = plain(fields.get("M")), plain(fields.get("P"))
    return row_of(
        line,
        account=account,
        amount=found[0] if found else None,
        currency=found[1] if found else None,
        transaction_date=day,
        description=payee or memo,
        counterparty=payee,
        comment=memo if payee else None,
        category=plain(category) if category and category[0] not in "[-" else None,
        fault=fault,
    )


def _slashed(text: str) -> str:
    """`1/31' 4`, as Quicken writes the year 2004, with a year that can be read."""
    found = _DAY.fullmatch(text[:60])
    if not found:
        return text
    year = found[5]
    if found[4] == "'" and len(year) < 3:
        year = f"20{int(year):02}"
    elif len(year) == 1:
        year = f"0{year}"
    separator = found[2] if found[2] != "'" else "/"
    return f"{found[1]}{separator}{found[3]}{separator}{year}"

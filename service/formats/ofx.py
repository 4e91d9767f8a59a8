"""OFX and QFX, versions 1 (SGML) and 2 (XML): banks, credit cards, and the cash of depots.

Read as a stream of tags and not by ofxtools: one wrong amount costs its row, not the file, and
memory does not grow with it (decision 109). Figures: OFX 2.3, chapters 3 and 11.
"""

import re
from collections.abc import Iterator, Mapping

from service.formats.amounts import written
from service.formats.instants import instant_of
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
from service.formats.source import Source, declared
from service.formats.tags import tokens

_STATEMENTS = frozenset({"STMTRS", "CCSTMTRS", "INVSTMTRS"})
_ACCOUNTS = frozenset({"BANKACCTFROM", "CCACCTFROM", "INVACCTFROM"})
_BOOKINGS = frozenset({"STMTTRN", "STMTTRNP"})
_INVESTED = frozenset(
    "BUYDEBT BUYMF BUYOPT BUYOTHER BUYSTOCK CLOSUREOPT INCOME INVEXPENSE JRNLFUND JRNLSEC"
    " MARGININTEREST REINVEST RETOFCAP SELLDEBT SELLMF SELLOPT SELLOTHER SELLSTOCK SPLIT"
    " TRANSFER".split()
)
# Aggregates whose elements are not those of what stands around them.
_OTHERS = frozenset(
    "BANKTRANLIST BANKTRANLISTP INVTRANLIST INVBANKTRAN LEDGERBAL AVAILBAL CURRENCY ORIGCURRENCY"
    " PAYEE BANKACCTTO CCACCTTO IMAGEDATA INVPOSLIST INVBAL INV401K BALLIST EXTDPAYEE".split()
)
_KNOWN = _STATEMENTS | _ACCOUNTS | _BOOKINGS | _INVESTED | _OTHERS
_ELEMENTS = 200  # of one booking


def read(source: Source, asked: Asked) -> Reading:
    """The bookings of a file, as they come. Errors: those of its rows."""
    declared(source, re.compile(r"^CHARSET:\s*([\w-]+)|<\?xml[^>]*encoding=[\"']([\w.-]+)", re.M))
    reading = Reading(rows=lambda _: _rows(source, reading))
    head = source.head()
    version = re.search(r"VERSION[:=]\s*\"?([0-9]{3})", head)
    reading.dialect["version"] = version[1] if version else None
    return reading


def _rows(source: Source, reading: Reading) -> Iterator[Row]:
    file = _File(reading)
    line = 1
    try:
        for kind, text, line in tokens(source.text()):
            if kind == "text":
                file.say(text)
            elif kind == "open":
                file.open(text, line)
            elif kind == "close":
                row = file.close(text)
                if row:
                    yield row
    except Unreadable:
        row = file.cut()
        if row:
            yield row
        raise
    row = file.cut()
    if row:
        yield row
    if not file.has_begun:
        raise Unreadable("There is no <OFX> in it.", line=line)
    if not file.has_ended:
        raise Unreadable("The file ends before </OFX>: a part of it is missing.", line=line)


class _File:
    """Where in the file we are: the aggregates around, and the elements of the booking."""

    def __init__(self, reading: Reading) -> None:
        self.has_begun = False
        self.has_ended = False
        self._reading = reading
        self._around: list[str] = []
        self._element: str | None = None
        self._values: dict[str, str] = {}
        self._line = 0
        self._statement: Statement | None = None

    def open(self, name: str, line: int) -> None:
        """A tag opens: an aggregate, or an element whose text follows."""
        self._element = None
        if name == "OFX":
            self.has_begun = True
        elif name in _KNOWN:
            if len(self._around) < _ELEMENTS:
                self._around.append(name)
            if name in _STATEMENTS:
                self._statement = statement_of(None)
                self._reading.state(self._statement)
            elif name in _BOOKINGS:
                self._values, self._line = {}, line
            elif name in _INVESTED and "INVTRANLIST" in self._around:
                self._reading.skip("investment")
        else:
            self._element = name

    def say(self, text: str) -> None:
        """The text of the element that was opened last."""
        name, self._element = self._element, None
        if name is None:
            return
        around = self._around[-1] if self._around else ""
        if any(one in _BOOKINGS for one in self._around):
            key = name if around in _BOOKINGS else f"{around}.{name}"
            if len(self._values) < _ELEMENTS:
                self._values.setdefault(key, text)
        elif self._statement is not None:
            self._note(self._statement, around, name, text)

    def close(self, name: str) -> Row | None:
        """A tag closes; the row when that ends a booking."""
        self._element = None
        if name == "OFX":
            self.has_ended = True
        if name not in self._around:
            return None
        row = None
        while self._around:
            closed = self._around.pop()
            if closed in _BOOKINGS:
                row = self._row(closed, None)
            if closed == name:
                break
        if name in _STATEMENTS:
            self._statement = None
        return row

    def cut(self) -> Row | None:
        """What is known of a booking in which the file ends."""
        inside = next((name for name in self._around if name in _BOOKINGS), None)
        self._around = []
        if inside is None:
            return None
        return self._row(inside, fault_of(None, "The file ends within this booking.", ""))

    def _note(self, statement: Statement, around: str, name: str, text: str) -> None:
        if around in _STATEMENTS and name == "CURDEF":
            statement["currency"] = plain(text.upper())
        elif around in _ACCOUNTS and name == "ACCTID":
            statement["account"] = plain(text)
        elif around in _ACCOUNTS and name in ("BANKID", "BROKERID"):
            statement["bank"] = plain(text)
        elif around == "LEDGERBAL" and name == "BALAMT":
            statement["closing_balance"] = written(text)
        elif around == "LEDGERBAL" and name == "DTASOF":
            statement["closing_on"] = instant_of(text)[0]
        elif name == "DTSTART":
            statement["opening_on"] = instant_of(text)[0]

    def _row(self, booking: str, fault: Fault | None) -> Row:
        values = self._values
        statement = self._statement or statement_of(None)
        given = values.get("DTPOSTED") or values.get("DTTRAN") or values.get("DTUSER") or ""
        day, posted_at = instant_of(given)
        amount = written(values.get("TRNAMT", ""))
        if fault is None and day is None:
            fault = _fault("DTPOSTED", given, "a day")
        elif fault is None and amount is None:
            fault = _fault("TRNAMT", values.get("TRNAMT", ""), "an amount")
        name = plain(values.get("NAME") or values.get("PAYEE.NAME"))
        memo = plain(values.get("MEMO"))
        is_longer = memo is not None and (name is None or memo.startswith(name))
        return row_of(
            self._line,
            account=statement["account"],
            currency=plain(values.get("CURRENCY.CURSYM")) or statement["currency"],
            external_id=plain(values.get("FITID")),
            amount=amount,
            transaction_date=day,
            posted_at=posted_at,
            description=(memo if is_longer else name) or plain(_kind(values)),
            counterparty=name,
            comment=None if is_longer else memo,
            is_pending=booking == "STMTTRNP",
            fault=fault,
        )


def _kind(values: Mapping[str, str]) -> str:
    """`CHECK 1024`: all that is said of some bookings."""
    return f"{values.get('TRNTYPE', '')} {values.get('CHECKNUM', '')}"


def _fault(element: str, text: str, what: str) -> Fault:
    return fault_of(element, f"This is not {what}." if text else f"There is not {what}.", text)

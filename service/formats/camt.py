"""CAMT.052, 053 and 054 of ISO 20022, all versions: names of elements count, name spaces do not.

Read by expat as a stream; a document type ends the reading before any entity is declared.
Figures: ISO 20022, Bank-to-Customer Cash Management, camt.053.001.02 to .13.
"""

import re
from collections.abc import Iterator
from xml.parsers import expat

from service.formats.amounts import written
from service.formats.days import day_of
from service.formats.entry import Entry, rows_of
from service.formats.row import (
    Asked,
    Reading,
    Row,
    Statement,
    Unreadable,
    plain,
    statement_of,
)
from service.formats.source import Source, declared

_CHUNK = 65536
_DEPTH = 64
_QUIET = 1 << 20  # characters in which something must end: a longer attribute or text is hostile
_TEXT = 20000  # characters of one element
_STATEMENTS = frozenset({"Stmt", "Rpt", "Ntfctn"})
_OPENING, _CLOSING = ("OPBD", "PRCD", "OPAV"), ("CLBD", "ITBD")


def read(source: Source, asked: Asked) -> Reading:
    """The entries of a file, as they come. Errors: those of its rows."""
    declared(source, re.compile(r"<\?xml[^>]*encoding=[\"']([\w.-]+)"))
    reading = Reading(rows=lambda _: _rows(source, reading))
    version = re.search(r"camt\.(\d{3}\.\d{3}\.\d{2})", source.head())
    reading.dialect["version"] = version[1] if version else None
    return reading


def _rows(source: Source, reading: Reading) -> Iterator[Row]:
    file = _File(reading)
    text = source.text()
    parser = file.parser
    try:
        while chunk := text.read(_CHUNK):
            chunk = chunk.removeprefix("\ufeff") if file.quiet == 0 else chunk
            file.quiet += len(chunk)
            parser.Parse(chunk.encode("utf-8", "replace"), False)
            yield from file.taken()
            if file.quiet > _QUIET:
                raise Unreadable("A part of it has no end.", line=parser.CurrentLineNumber)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        yield from file.taken()
        reason = expat.ErrorString(error.code) or "not well-formed"
        raise Unreadable(
            f"It is broken XML: {reason}.", line=error.lineno, column=error.offset + 1
        ) from None
    except Unreadable:
        yield from file.taken()
        raise
    yield from file.taken()
    if not file.has_statement:
        raise Unreadable("There is no statement of an account in it.", line=1)


class _File:
    """Where in the document we are, and what the entry has said so far."""

    def __init__(self, reading: Reading) -> None:
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.ExternalEntityRefHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._say
        self.quiet = 0
        self.has_statement = False
        self._reading = reading
        self._path: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._rows: list[Row] = []
        self._statement: Statement | None = None
        self._balance: dict[str, str] = {}
        self._entry: Entry | None = None
        self._depth_of_entry = 0
        self._depth_of_details = 0

    def taken(self) -> list[Row]:
        """The rows that were finished since the last time."""
        rows, self._rows = self._rows, []
        return rows

    def _refuse(self, *_: object) -> int:
        raise Unreadable(
            "It declares a document type or entities: no bank's file does.",
            line=self.parser.CurrentLineNumber,
            column=self.parser.CurrentColumnNumber + 1,
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.quiet = 1
        name = tag.rpartition(":")[2]
        self._path.append(name)
        self._text, self._length = [], 0
        depth = len(self._path)
        if depth > _DEPTH:
            raise Unreadable(
                f"It is nested more than {_DEPTH} levels deep.", line=self.parser.CurrentLineNumber
            )
        if self._entry is not None:
            if name == "TxDtls" and not self._depth_of_details:
                self._depth_of_details = depth
                if not self._entry.begin_details():
                    raise Unreadable("One entry has too many details.", line=self._entry.line)
            if "Ccy" in attributes:
                self._keep("@Ccy", attributes["Ccy"])
        elif name in _STATEMENTS and self._statement is None:
            self.has_statement = True
            self._statement = statement_of(None)
            self._reading.state(self._statement)
        elif name == "Ntry" and self._statement is not None:
            self._entry = Entry(self.parser.CurrentLineNumber)
            self._depth_of_entry = depth
        elif name == "Bal":
            self._balance = {}
        elif name == "Amt" and "Ccy" in attributes:
            self._balance["Ccy"] = attributes["Ccy"]

    def _say(self, text: str) -> None:
        if self._length < _TEXT:
            self._text.append(text)
            self._length += len(text)
            self.quiet = 1

    def _end(self, tag: str) -> None:
        self.quiet = 1
        text = "".join(self._text).strip()
        self._text, self._length = [], 0
        depth = len(self._path)
        name = self._path[-1]
        if self._entry is not None:
            if text:
                self._keep("", text)
            if depth == self._depth_of_details:
                self._depth_of_details = 0
            elif depth == self._depth_of_entry:
                self._rows.extend(rows_of(self._entry, self._statement or statement_of(None)))
                self._entry = None
        elif self._statement is not None:
            self._note(self._statement, name, text)
        self._path.pop()

    def _keep(self, suffix: str, text: str) -> None:
        entry = self._entry
        if entry is not None:
            base = self._depth_of_details or self._depth_of_entry
            entry.keep("/".join(self._path[base:]) + suffix, text, bool(self._depth_of_details))

    def _note(self, statement: Statement, name: str, text: str) -> None:
        """What a statement says of its account and balances."""
        if name in _STATEMENTS:
            self._statement = None
        elif name == "Bal":
            self._settle(statement)
        elif not text:
            return
        elif "Bal" in self._path:
            key = "Dt" if name in ("Dt", "DtTm") else name
            self._balance.setdefault(key, text)
        elif "Acct" in self._path and "Id" in self._path and name in ("IBAN", "Id"):
            statement["account"] = statement["account"] or plain(text)
        elif "Acct" in self._path and name == "Ccy":
            statement["currency"] = plain(text)
        elif "Svcr" in self._path and name in ("BIC", "BICFI"):
            statement["bank"] = plain(text)

    def _settle(self, statement: Statement) -> None:
        balance, self._balance = self._balance, {}
        amount = written(balance.get("Amt", ""))
        if amount is None:
            return
        if balance.get("CdtDbtInd") == "DBIT" and amount.strip("0."):
            amount = f"-{amount}"
        on = day_of(balance.get("Dt", "")[:10], "ymd")
        kind = balance.get("Cd")
        if kind in _OPENING and statement["opening_balance"] is None:
            statement["opening_balance"], statement["opening_on"] = amount, on
        elif kind in _CLOSING and (kind == "CLBD" or statement["closing_balance"] is None):
            statement["closing_balance"], statement["closing_on"] = amount, on
        statement["currency"] = statement["currency"] or plain(balance.get("Ccy"))

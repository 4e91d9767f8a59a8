"""Pages as bytes of a form: JSON lines, CSV (RFC 4180), or a zip archive of one CSV per table."""

import csv
import io
import time
import zipfile
from collections.abc import Iterable
from itertools import groupby
from typing import IO, Any, Protocol

from service.routes.lists import ARCHIVE, LINES, TABLE
from service.routes.values import json_text
from service.stream.pages import Page

# What a spreadsheet takes for a formula (OWASP, CSV injection); only texts of people can begin so.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Form(Protocol):
    """Makes bytes of pages; lives as long as one stream."""

    content_type: str
    suffix: str

    def begin(self, first: Page) -> bytes:
        """What stands before the rows of the first page."""
        ...

    def add(self, page: Page) -> bytes:
        """The rows of a page."""
        ...

    def end(self, rows: int) -> bytes:
        """What stands behind the last row."""
        ...


class Lines:
    """One JSON object a line, as the database wrote it; the last line says how many there were."""

    content_type = LINES
    suffix = "ndjson"

    def begin(self, first: Page) -> bytes:
        """Nothing."""
        return b""

    def add(self, page: Page) -> bytes:
        """A line for each item."""
        return "".join(f"{text}\n" for text in page.texts).encode()

    def end(self, rows: int) -> bytes:
        """The line by which a file knows that it is whole."""
        return f'{{"end":{{"rows":{rows}}}}}\n'.encode()


class Table:
    """CSV with a header, CRLF, UTF-8; lists and objects are JSON in their cell."""

    content_type = f"{TABLE}; charset=utf-8; header=present"
    suffix = "csv"

    def __init__(self) -> None:
        self._columns: list[str] = []

    def begin(self, first: Page) -> bytes:
        """The header: names in the order in which the first row has them."""
        self._columns = list(first.items[0]) if first.items else []
        return _csv([self._columns]) if self._columns else b""

    def add(self, page: Page) -> bytes:
        """A line for each item."""
        columns = self._columns
        return _csv([cell(item.get(name)) for name in columns] for item in page.items)

    def end(self, rows: int) -> bytes:
        """Nothing: each line of such a file is a row."""
        return b""


class Archive:
    """A zip archive, one CSV per table, written to a client that cannot be rewound."""

    content_type = ARCHIVE
    suffix = "zip"

    def __init__(self) -> None:
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._name: str | None = None
        self._file: IO[bytes] | None = None
        self._columns: list[str] = []

    def begin(self, first: Page) -> bytes:
        """Nothing."""
        return b""

    def add(self, page: Page) -> bytes:
        """The rows of the page, each in the file of its table."""
        for name, items in groupby(page.items, key=lambda item: str(item["table"])):
            self._write(name, [item["row"] for item in items])
        return self._sink.take()

    def end(self, rows: int) -> bytes:
        """The archive's directory, without which it is none."""
        self._close()
        self._zip.close()
        return self._sink.take()

    def _write(self, name: str, rows: list[dict[str, Any]]) -> None:
        if name != self._name or self._file is None:
            self._close()
            self._name, self._columns = name, list(rows[0])
            info = zipfile.ZipInfo(f"{name}.csv", time.gmtime()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            self._file = self._zip.open(info, "w", force_zip64=True)
            self._file.write(_csv([self._columns]))
        self._file.write(_csv([cell(row.get(name)) for name in self._columns] for row in rows))

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class _Sink(io.RawIOBase):
    """Takes what a zip archive writes until somebody fetches it; cannot be rewound."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def form_of(name: str) -> Form:
    """A fresh form of a media type."""
    forms: dict[str, type[Lines] | type[Table] | type[Archive]] = {
        LINES: Lines,
        TABLE: Table,
        ARCHIVE: Archive,
    }
    return forms[name]()


def cell(value: Any) -> str:
    """A value as text of a cell: numbers as they were, a text that would be a formula quoted."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json_text(value)
    return str(value)


def _csv(rows: Iterable[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()

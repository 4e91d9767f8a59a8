"""A process that reads one file and is ended with it: whatever the file does, it does it here.

`python -m service.formats.worker <file> <MiB> <seconds>`: <file> is an open descriptor. Standard
input has a line of JSON, how to read, and later one with what is remembered; standard output has
frames: a line `kind length length`, then JSON of the file and JSON of its rows.
"""

import json
import os
import resource
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from service.formats.known import FORMATS, format_of
from service.formats.row import Asked, Reading, Row, Unreadable
from service.formats.source import Source, opened

_PART_BYTES = 1 << 20
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def main() -> int:
    """Reads the file to its end, or says why not."""
    number, most_mib, most_s = map(int, sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_AS, (most_mib << 20, most_mib << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (most_s, most_s))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    said = json.loads(sys.stdin.buffer.readline())
    part_rows = said.pop("part_rows")
    with os.fdopen(number, "rb", buffering=0) as file:
        try:
            _read(file, Asked(**said), part_rows)
        except Unreadable as error:
            _send("refused", _told(error), [])
        except MemoryError:
            _send("refused", _told(Unreadable("Reading the file takes too much memory.")), [])
        except RecursionError:
            _send("refused", _told(Unreadable("The file is nested too deeply.")), [])
    return 0


def _read(file: BinaryIO, asked: Asked, part_rows: int) -> None:
    source = opened(file, os.fstat(file.fileno()).st_size, asked.encoding)
    name = asked.format or format_of(source)
    reading = FORMATS[name](source, asked)
    # Only a table needs to be told what its columns mean; others show first if they can be read.
    ahead = [] if reading.columns else _ahead(reading, part_rows)
    about = {"format": name, "encoding": source.encoding}
    _send("open", about | _state(reading, source, 0, 0), [])
    remembered = json.loads(sys.stdin.buffer.readline() or "null")
    rows = reading.rows(remembered) if reading.columns else iter(())
    parts = _Parts(about, reading, source, part_rows)
    fault = None
    try:
        for row in ahead:
            if isinstance(row, Unreadable):
                raise row
            parts.add(row)
        for row in rows:
            parts.add(row)
    except Unreadable as error:
        fault = _told(error)
    except (MemoryError, RecursionError):
        fault = _told(Unreadable("Reading the file takes too much memory."))
    parts.finish(fault)


def _ahead(reading: Reading, part_rows: int) -> Iterator[Row | Unreadable]:
    """The rows, of which the first part has been read. Errors: Unreadable, there is none."""
    rows = reading.rows(None)
    first: list[Row | Unreadable] = []
    try:
        first.extend(islice(rows, part_rows))
    except Unreadable as error:
        if not first:
            raise
        first.append(error)

    def all_rows() -> Iterator[Row | Unreadable]:
        yield from first
        yield from rows

    return all_rows()


class _Parts:
    """Rows until they are a part; the last one is sent with what ended the file."""

    def __init__(self, about: dict[str, Any], reading: Reading, source: Source, most: int) -> None:
        self._about = about
        self._reading = reading
        self._source = source
        self._most = most
        self._texts: list[str] = []
        self._size = 0
        self._rows = 0
        self._faults = 0

    def add(self, row: Row) -> None:
        """Takes a row; sends the part before it when that is full."""
        if len(self._texts) >= self._most or self._size >= _PART_BYTES:
            self._flush("rows", None)
        text = _clean(row)
        self._texts.append(text)
        self._size += len(text)
        self._rows += 1
        self._faults += row["fault"] is not None

    def finish(self, fault: dict[str, Any] | None) -> None:
        """Sends the rest as the last part."""
        self._flush("last", fault)

    def _flush(self, kind: str, fault: dict[str, Any] | None) -> None:
        state = _state(self._reading, self._source, self._rows, self._faults)
        if kind == "last":
            state["bytes_read"] = self._source.bytes_read()
        _send(kind, self._about | state | {"fault": fault}, self._texts)
        self._texts = []
        self._size = 0


def _state(reading: Reading, source: Source, rows: int, faults: int) -> dict[str, Any]:
    dialect = dict(reading.dialect)
    if source.is_guessed:
        dialect["is_encoding_guessed"] = True
    if source.broken_bytes:
        dialect["broken_bytes"] = source.broken_bytes
    return {
        "dialect": dialect,
        "columns": reading.columns,
        "sample": reading.sample,
        "mapping": reading.mapping or None,
        "statements": reading.statements,
        "skipped": reading.skipped,
        "bytes_read": source.bytes_read() if rows else 0,
        "row_count": rows,
        "fault_count": faults,
        "fault": None,
    }


def _clean(value: Any) -> str:
    """JSON that PostgreSQL can store: a NUL and half of a surrogate pair become the mark U+FFFD."""
    text = _encode(value)
    if "\\u0000" in text:
        text = _encode(_replaced(value))
    return text


def _replaced(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {_replaced(key): _replaced(item) for key, item in value.items()}
    return [_replaced(item) for item in value] if isinstance(value, list) else value


def _told(error: Unreadable) -> dict[str, Any]:
    return {
        "line": error.line,
        "column": error.column,
        "reason": error.reason,
        "code": error.code,
        "field": error.field,
    }


def _send(kind: str, about: dict[str, Any], rows: list[str]) -> None:
    told = _clean(about).encode("utf-8", "replace")
    given = f"[{','.join(rows)}]".encode("utf-8", "replace")
    out = sys.stdout.buffer
    out.write(b"%s %d %d\n" % (kind.encode(), len(told), len(given)))
    out.write(told)
    out.write(given)
    out.flush()


if __name__ == "__main__":
    sys.exit(main())

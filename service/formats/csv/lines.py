"""Records of a table of text: cells of one line, or of some when a quoted cell holds line ends.

A quote that nobody closes costs its own line, not the rest of the file.
"""

import csv
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from service.formats.source import LINE_LENGTH

_JOINED_LINES = 50  # that one record may have
_JOINED_LENGTH = 32768  # characters
_PATIENCE = 200  # quotes that nobody closed, after which no line is joined any more
CELLS = 200  # of one record


class Record(NamedTuple):
    """Cells and the line they begin in; reason says why they cannot be trusted."""

    line: int
    cells: list[str]
    reason: str | None = None


def records(lines: Iterator[str], delimiter: str, quote: str = '"') -> Iterator[Record]:
    """Records in the order of the file; empty lines come as records without cells."""
    number = 0
    waiting: list[str] = []
    never = 0  # quotes that nobody closed
    while True:
        line = waiting.pop(0) if waiting else next(lines, "")
        if not line:
            return
        number += 1
        if len(line) >= LINE_LENGTH:
            yield Record(number, [line[:1000]], "The line is too long.")
            continue
        if quote not in line:
            bare = line.rstrip("\r\n")
            if not bare.strip():
                yield Record(number, [])
            elif bare.count(delimiter) >= CELLS:
                yield Record(number, [bare[:1000]], "The line has too many cells.")
            else:
                yield Record(number, bare.split(delimiter))
            continue
        cells = _closed(line, delimiter, quote)
        first, joined, taken = number, line, [line]
        is_even = line.count(quote) % 2 == 0
        most = _JOINED_LINES if never < _PATIENCE else 1
        while cells is None and len(taken) < most and len(joined) < _JOINED_LENGTH:
            following = waiting.pop(0) if waiting else next(lines, "")
            if not following:
                break
            taken.append(following)
            joined += following
            is_even ^= following.count(quote) % 2 == 1
            if is_even:
                cells = _closed(joined, delimiter, quote, is_joined=True)
        if cells is None:
            never += 1
            waiting = [*taken[1:], *waiting]
            yield Record(first, _loose(line, delimiter, quote), "A quote is opened, never closed.")
            continue
        number += len(taken) - 1
        if len(cells) > CELLS:
            yield Record(first, [joined[:1000]], "The line has too many cells.")
        else:
            yield Record(first, cells if any(cell.strip() for cell in cells) else [])


def _closed(text: str, delimiter: str, quote: str, *, is_joined: bool = False) -> list[str] | None:
    """The cells, None when the last of them is still open, or lines do not belong together."""
    try:
        return next(csv.reader([text], delimiter=delimiter, quotechar=quote, strict=True), [])
    except csv.Error as error:
        if is_joined or "unexpected end" in str(error):
            return None
    return _loose(text, delimiter, quote)  # `"a"b`: text behind a closed quote


def _loose(text: str, delimiter: str, quote: str) -> list[str]:
    try:
        rows = csv.reader(text.splitlines(True), delimiter=delimiter, quotechar=quote)
        return list(chain.from_iterable(rows))[: CELLS + 1]
    except csv.Error:  # one cell of more than 131072 characters
        return [text[:1000]]

"""Where a table begins in a text, what divides its cells, and what its columns are called."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from service.formats.amounts import amount_of
from service.formats.csv.lines import Record, records
from service.formats.csv.names import meaning_of
from service.formats.days import ORDERS, day_of
from service.formats.row import Asked, Unreadable
from service.formats.source import Source, lines

DELIMITERS = (";", "\t", "|", ",")
SAMPLE_ROWS = 5000
_SOON = 3  # lines below names that nobody knows
_LOOKED_AT = 60  # records in which a table must have begun


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: header_line is 0 when the first line is data already, and columns are numbered."""

    delimiter: str
    header_line: int
    columns: tuple[str, ...]
    first_line: int  # of its rows
    sample: tuple[Record, ...]
    is_whole: bool  # the sample is all there is


def shape_of(source: Source, asked: Asked) -> Shape:
    """The table of a text. Errors: Unreadable, there is none."""
    beginning = source.head().removeprefix("\ufeff")
    if not beginning.strip("\x00 \t\r\n"):
        raise Unreadable("The file is empty.", code="empty_file")
    told = _told(beginning)
    delimiter = {"tab": "\t"}.get(asked.delimiter or "", asked.delimiter) or told
    if delimiter is None:
        delimiter = max(DELIMITERS, key=lambda one: _score(beginning, one))
    first = list(islice(_all(source, delimiter), _LOOKED_AT))
    place = _named(first, asked)
    if place is None:
        place = _header(first)
    if place is None:
        start = next((at for at, record in enumerate(first) if _has_data(record.cells)), None)
        if start is None:
            raise Unreadable(
                "This is no file that we know: it is no table with a day and an amount in a line.",
                code="unknown_format",
                line=1,
            )
        header_line, first_line = 0, first[start].line
        width = max(len(record.cells) for record in first[start:])
        columns = tuple(str(number) for number in range(1, width + 1))
    else:
        header_line, first_line = first[place].line, first[place].line + 1
        columns = _unique(first[place].cells)
    behind = (record for record in _all(source, delimiter) if record.line >= first_line)
    sample = tuple(islice(behind, SAMPLE_ROWS))
    is_whole = len(sample) < SAMPLE_ROWS
    return Shape(delimiter, header_line, columns, first_line, sample, is_whole)


def _all(source: Source, delimiter: str) -> Iterator[Record]:
    return records(without_mark(lines(source.text())), delimiter)


def without_mark(found: Iterator[str]) -> Iterator[str]:
    """The lines, the first of them without a byte order mark."""
    for number, line in enumerate(found):
        yield line.removeprefix("\ufeff") if number == 0 else line


def _told(beginning: str) -> str | None:
    """What Excel writes in a line of its own: sep=;"""
    line = beginning.partition("\n")[0].strip().strip('"').lower()
    if line.startswith("sep=") and len(line) == 5 and line[4] in ";,|":
        return line[4]
    return "\t" if line == "sep=" else None


def _score(beginning: str, delimiter: str) -> tuple[int, float, int]:
    """How much a text looks like a table when this divides its cells."""
    whole = beginning.splitlines(True)
    if len(whole) > 1 and len(beginning) > 60000:
        whole.pop()
    found = [one.cells for one in islice(records(iter(whole), delimiter), 200) if one.cells]
    widths = [len(cells) for cells in found]
    wide = [width for width in widths if width > 1]
    if not wide:
        return 0, 0.0, 0
    usual = max(set(wide), key=lambda width: (wide.count(width), width))
    known = max(len({meaning_of(cell) for cell in cells} - {None}) for cells in found[:_LOOKED_AT])
    return known, round(widths.count(usual) / len(widths), 1), usual


def _named(first: Sequence[Record], asked: Asked) -> int | None:
    """Which of the first records has all the names that the request maps; None when none does."""
    wanted = {" ".join(name.split()).casefold() for name in (asked.mapping or {}).values()}
    for place, record in enumerate(first):
        cells = {" ".join(cell.split()).casefold() for cell in record.cells}
        if wanted and wanted <= cells:
            return place
    return None


def _header(first: Sequence[Record]) -> int | None:
    """Which of the first records names the columns; None when none does."""
    best, most = None, 1
    for place, record in enumerate(first):
        meanings = {meaning_of(cell) for cell in record.cells} - {None}
        is_table = meanings & {"date"} or len(meanings) > 2
        if is_table and len(meanings) > most and not _has_data(record.cells):
            best, most = place, len(meanings)
    if best is not None:
        return best
    # Names that nobody knows: texts alone, and soon a line of as many cells with data.
    for place, above in enumerate(first):
        is_named = len(above.cells) > 1 and all(
            cell.strip() and not _is_value(cell) for cell in above.cells
        )
        if is_named and any(
            len(above.cells) == len(below.cells) and _has_data(below.cells)
            for below in first[place + 1 : place + 1 + _SOON]
        ):
            return place
    return None


def _has_data(cells: Sequence[str]) -> bool:
    """A day and an amount in cells of their own."""
    days = [place for place, cell in enumerate(cells) if is_day(cell)]
    return bool(days) and any(
        amount_of(cell.strip(), mark)
        for place, cell in enumerate(cells)
        if place != days[0]
        for mark in ".,"
    )


def _is_value(cell: str) -> bool:
    return is_day(cell) or amount_of(cell.strip(), ".") is not None


def is_day(cell: str) -> bool:
    """Whether a cell is a day in some order."""
    return any(day_of(cell, order) for order in ORDERS)


def _unique(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of columns; one that is there already has its number behind it."""
    names: list[str] = []
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    for number, cell in enumerate(cells, 1):
        name = " ".join(cell.split())[:100] or str(number)
        names.append(f"{name} ({number})" if name in names else name)
    return tuple(names)

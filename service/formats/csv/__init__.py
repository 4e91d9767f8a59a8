"""Tables of text, as banks and programs export them: any delimiter, any language, any order."""

from collections.abc import Iterator, Mapping

from service.formats.csv.guess import Plan, checked, mapping_of, plan_of
from service.formats.csv.lines import Record, records
from service.formats.csv.rows import reader
from service.formats.csv.shape import Shape, shape_of, without_mark
from service.formats.row import Asked, Reading, Row, Unreadable, fault_of, row_of
from service.formats.source import Source, lines

_SHOWN_ROWS = 5


def read(source: Source, asked: Asked) -> Reading:
    """The table of a text. Errors: Unreadable, there is none, or asked names what is not there."""
    shape = shape_of(source, asked)
    own = checked(asked.mapping, shape) if asked.mapping is not None else None
    reading = Reading(
        rows=lambda remembered: _rows(source, shape, asked, own, remembered, reading),
        dialect={
            "delimiter": "tab" if shape.delimiter == "\t" else shape.delimiter,
            "header_line": shape.header_line or None,
        },
        columns=list(shape.columns),
        sample=[[cell[:100] for cell in record.cells] for record in shape.sample if record.cells][
            :_SHOWN_ROWS
        ],
        mapping=own or mapping_of(shape),
    )
    try:
        _settle(source, shape, asked, reading)
    except Unreadable:
        if own is not None:  # otherwise the function may remember better
            raise
    return reading


def _settle(source: Source, shape: Shape, asked: Asked, reading: Reading) -> Plan:
    """How the rows are read, told in the dialect."""
    plan = plan_of(shape, reading.mapping, asked, lambda place: _cells(source, shape, place))
    reading.dialect |= {
        "date_order": plan.order,
        "decimal_mark": plan.mark,
        "is_ambiguous": plan.ambiguous,
    }
    return plan


def _cells(source: Source, shape: Shape, place: int) -> Iterator[str]:
    for record in _records(source, shape):
        if record.line >= shape.first_line and place < len(record.cells):
            cell = record.cells[place].strip()
            if cell:
                yield cell


def _records(source: Source, shape: Shape) -> Iterator[Record]:
    return records(without_mark(lines(source.text())), shape.delimiter)


def _rows(
    source: Source,
    shape: Shape,
    asked: Asked,
    own: Mapping[str, str] | None,
    remembered: Mapping[str, str] | None,
    reading: Reading,
) -> Iterator[Row]:
    if own is None and remembered is not None:
        try:
            reading.mapping = checked(remembered, shape)
        except Unreadable:
            reading.dialect["is_mapping_forgotten"] = True  # it was of other columns
    plan = _settle(source, shape, asked, reading)
    header = list(shape.columns)
    read_row = reader(plan, shape.columns)
    for record in _records(source, shape):
        cells = record.cells
        if record.line < shape.first_line:
            if record.line != shape.header_line:
                reading.skip("preamble" if cells else "blank")
        elif not cells:
            reading.skip("blank")
        elif len(cells) == len(header) and [cell.strip() for cell in cells] == header:
            reading.skip("header")
        elif record.reason:
            yield row_of(
                record.line, fault=fault_of(None, record.reason, shape.delimiter.join(cells))
            )
        else:
            row = read_row(record.line, cells)
            if isinstance(row, str):
                reading.skip(row)
            else:
                yield row

"""Which column means what, and how its days and amounts are written: decided over the column."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from service.formats.amounts import amount_of, mark_of
from service.formats.csv.names import IN, NAMES, OUT, meaning_of, rank_of
from service.formats.csv.shape import Shape, is_day
from service.formats.days import order_of
from service.formats.row import Asked, Unreadable

MEANINGS = tuple(name for name in NAMES if name != "balance")
_MOSTLY = 0.8  # of the filled cells of a column
_TELLING_CELLS = 1000
_DISTINCT_DAYS = 20000


@dataclass(slots=True)
class Plan:
    """How to read the rows of a table."""

    places: dict[str, int]
    order: str
    mark: str
    flips: dict[str, int] = field(default_factory=dict)  # out, in: what an amount is multiplied by
    ambiguous: list[str] = field(default_factory=list)


def mapping_of(shape: Shape) -> dict[str, str]:
    """Meaning -> column, as far as names and contents tell."""
    found: dict[str, str] = {}
    for column in sorted(shape.columns, key=rank_of):
        meaning = meaning_of(column) if shape.header_line else None
        if meaning and meaning not in found:
            found[meaning] = column
    cells = {column: column_of(shape, place) for place, column in enumerate(shape.columns)}
    if "direction" in found and not _tells_directions(cells[found["direction"]]):
        del found["direction"]
    if "date" in found and not any(map(is_day, cells[found["date"]])):
        del found["date"]
    free = [column for column in shape.columns if column not in found.values()]
    if "date" not in found:
        _claim(found, "date", free, cells, is_day)
    if not found.keys() & {"amount", "debit", "credit"}:
        numbers = [name for name in free if _mostly(cells[name], _is_amount)]
        signed = [name for name in numbers if any("-" in cell for cell in cells[name])]
        decimal = [name for name in numbers if any(set(cell) & set(".,") for cell in cells[name])]
        for name in (signed or decimal or numbers)[:1]:
            found["amount"] = name
            free.remove(name)
    if "description" not in found and "counterparty" not in found:
        if "comment" in found:
            found["description"] = found.pop("comment")
        else:
            texts = [name for name in free if _length(cells[name]) and not _is_number(cells[name])]
            if texts:
                found["description"] = max(texts, key=lambda name: _length(cells[name]))
    found.pop("balance", None)
    if found.keys() & {"debit", "credit"} and "amount" in found:
        pair = found.keys() >= {"debit", "credit"} and _take_turns(shape, found)
        for name in ["amount"] if pair else ["debit", "credit"]:
            found.pop(name, None)
    return {meaning: found[meaning] for meaning in MEANINGS if meaning in found}


def checked(mapping: Mapping[str, str], shape: Shape) -> dict[str, str]:
    """A mapping that names columns that are there, by name or number. Errors: Unreadable."""
    found = {}
    for meaning, column in mapping.items():
        if meaning not in MEANINGS:
            known = ", ".join(MEANINGS)
            raise _wrong(f"{meaning[:40]!r} is nothing that a column can mean: {known}.")
        named = {name.casefold(): name for name in shape.columns}
        name = named.get(" ".join(column.split()).casefold())
        if name is None and column.isdecimal() and 1 <= int(column[:4]) <= len(shape.columns):
            name = shape.columns[int(column[:4]) - 1]
        if name is None:
            raise _wrong(f"There is no column {column[:40]!r} among {_listed(shape)}.")
        found[meaning] = name
    return found


def plan_of(
    shape: Shape, mapping: Mapping[str, str], asked: Asked, days: Callable[[int], Iterator[str]]
) -> Plan:
    """Days are all cells of a column of the whole file, asked for when a sample says too little.

    Errors: Unreadable, no column for the day or for the amount.
    """
    places = {meaning: shape.columns.index(column) for meaning, column in mapping.items()}
    if "date" not in places:
        raise _wrong(f"No column holds the day: say one of {_listed(shape)} as date.")
    if not places.keys() & {"amount", "debit", "credit"}:
        raise _wrong(f"No column holds the amount: say one of {_listed(shape)} as amount.")
    ambiguous = []
    order = asked.date_order
    if order is None:
        order, is_guess = order_of(column_of(shape, places["date"])[:_TELLING_CELLS])
        if is_guess:
            distinct: dict[str, None] = {}
            for cell in days(places["date"]):
                distinct[cell] = None
                if len(distinct) == _DISTINCT_DAYS:
                    break
            order, is_guess = order_of(list(distinct))
        if is_guess:
            ambiguous.append("date_order")
    mark = asked.decimal_mark
    if mark is None:
        held = [places[name] for name in ("amount", "debit", "credit") if name in places]
        mark, is_guess = mark_of(cell for place in held for cell in column_of(shape, place))
        if is_guess:
            ambiguous.append("decimal_mark")
    plan = Plan(places, order or "ymd", mark or ".", ambiguous=ambiguous)
    if "direction" in places and "amount" in places:
        plan.flips = _flips(shape, plan)
    return plan


def column_of(shape: Shape, place: int) -> list[str]:
    """The filled cells of a column in the sample."""
    return [
        cell
        for record in shape.sample
        if place < len(record.cells) and (cell := record.cells[place].strip())
    ]


def _flips(shape: Shape, plan: Plan) -> dict[str, int]:
    """1 where amounts of a direction have its sign mostly, -1 where they have the other one."""
    signs = {"out": [0, 0], "in": [0, 0]}
    at, direction = plan.places["amount"], plan.places["direction"]
    for record in shape.sample:
        if max(at, direction) < len(record.cells):
            word = record.cells[direction].strip().lower()
            way = "out" if word in OUT else "in" if word in IN else None
            found = amount_of(record.cells[at].strip(), plan.mark)
            if way and found and found[0].strip("-0."):
                signs[way][found[0].startswith("-")] += 1
    return {
        "out": 1 if signs["out"][1] > signs["out"][0] else -1,
        "in": -1 if signs["in"][1] > signs["in"][0] else 1,
    }


def _claim(
    found: dict[str, str],
    meaning: str,
    free: list[str],
    cells: Mapping[str, Sequence[str]],
    fits: Callable[[str], bool],
) -> None:
    for name in free:
        if _mostly(cells[name], fits):
            found[meaning] = name
            free.remove(name)
            return


def _mostly(cells: Sequence[str], fits: Callable[[str], bool]) -> bool:
    some = cells[:200]
    return bool(some) and sum(map(fits, some)) >= _MOSTLY * len(some)


def _is_amount(cell: str) -> bool:
    return any(amount_of(cell, mark) for mark in ".,")


def _is_number(cells: Sequence[str]) -> bool:
    return _mostly(cells, _is_amount) or _mostly(cells, is_day)


def _tells_directions(cells: Sequence[str]) -> bool:
    return _mostly(cells, lambda cell: cell.lower() in OUT or cell.lower() in IN)


def _length(cells: Sequence[str]) -> int:
    return sum(map(len, cells[:200]))


def _take_turns(shape: Shape, found: Mapping[str, str]) -> bool:
    """Whether of two columns one is filled in nearly every row, and never both."""
    first, second = (shape.columns.index(found[name]) for name in ("debit", "credit"))
    filled = [
        sum(place < len(record.cells) and record.cells[place].strip(" 0.,") != "" for place in both)
        for record in shape.sample[:200]
        for both in [(first, second)]
        if record.cells
    ]
    return bool(filled) and filled.count(1) >= _MOSTLY * len(filled)


def _listed(shape: Shape) -> str:
    return ", ".join(shape.columns[:40])[:400]


def _wrong(reason: str) -> Unreadable:
    return Unreadable(reason, code="wrong_mapping", field="mapping")

"""Cells -> a row, by a plan: the loop over a whole file, so it looks everything up beforehand."""

from collections.abc import Callable

from service.formats.amounts import amount_of, negated
from service.formats.csv.guess import Plan
from service.formats.csv.names import IN, OUT, PENDING, TOTALS
from service.formats.days import day_of
from service.formats.row import Fault, Row, fault_of, plain

_DAYS_KEPT = 10000
_CODE_LENGTH = 3


def reader(plan: Plan, columns: tuple[str, ...]) -> Callable[[int, list[str]], Row | str]:
    """A function of line and cells that gives a row, or the word for what is none."""
    places, order, mark, flips = plan.places, plan.order, plan.mark, plan.flips
    width = len(columns)
    days: dict[str, str | None] = {}

    def cell_of(meaning: str, cells: list[str]) -> str:
        place = places.get(meaning)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    texts = [
        name for name in ("description", "counterparty", "comment", "category") if name in places
    ]
    at_date, at_amount = places["date"], places.get("amount")
    names = {meaning: columns[place] for meaning, place in places.items()}

    def amount(cells: list[str]) -> tuple[str | None, str | None, Fault | None]:
        if at_amount is not None:
            text = cells[at_amount].strip() if at_amount < len(cells) else ""
            found = amount_of(text, mark)
            if found is None:
                return None, None, fault_of(names["amount"], _why(text, "an amount"), text)
            if flips:
                word = cell_of("direction", cells).lower()
                way = "out" if word in OUT else "in" if word in IN else None
                if way is None:
                    return (
                        None,
                        None,
                        fault_of(names["direction"], _why(word, "a direction of money"), word),
                    )
                if flips[way] < 0:
                    return negated(found[0]), found[1], None
            return found[0], found[1], None
        given = []
        for meaning in ("debit", "credit"):
            text = cell_of(meaning, cells)
            if not text:
                continue
            found = amount_of(text, mark)
            if found is None:
                return None, None, fault_of(names[meaning], _why(text, "an amount"), text)
            size = found[0].removeprefix("-")
            given.append((negated(size) if meaning == "debit" else size, found[1]))
        filled = [one for one in given if one[0].strip("-0.")] or given[:1]
        if len(filled) == 1:
            return filled[0][0], filled[0][1], None
        name = names.get("debit") or names["credit"]
        reason = "Both columns have an amount." if filled else "There is no amount."
        return None, None, fault_of(name, reason, cell_of("debit", cells))

    def row(line: int, cells: list[str]) -> Row | str:
        text = cells[at_date].strip() if at_date < len(cells) else ""
        try:
            day = days[text]
        except KeyError:
            day = day_of(text, order)
            if len(days) < _DAYS_KEPT:
                days[text] = day
        value, currency, fault = amount(cells)
        if day is None:
            first = next((cell.strip() for cell in cells if cell.strip()), None)
            if first is None:
                return "blank"
            if TOTALS.match(first) and len(text) < 40:
                return "total"
            if not text and value is None and sum(bool(cell.strip()) for cell in cells) == 1:
                return "note"
            fault = fault_of(names["date"], _why(text, "a day"), text)
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            reason = f"The line has {len(cells)} cells, the table {width} columns."
            fault = fault_of(None, reason, " | ".join(cells))
        known = {name: plain(cell_of(name, cells)) for name in texts}
        code = cell_of("currency", cells).upper()
        if len(code) == _CODE_LENGTH and code.isalpha():
            currency = code
        return _row(
            line,
            account=plain(cell_of("account", cells)),
            currency=currency,
            external_id=plain(cell_of("external_id", cells)),
            amount=value,
            day=day,
            description=known.get("description")
            or known.get("counterparty")
            or known.get("comment"),
            counterparty=known.get("counterparty"),
            comment=known.get("comment"),
            category=known.get("category"),
            is_pending=cell_of("state", cells).lower() in PENDING,
            fault=fault,
        )

    return row


def _row(
    line: int,
    *,
    account: str | None = None,
    currency: str | None = None,
    external_id: str | None = None,
    amount: str | None = None,
    day: str | None = None,
    description: str | None = None,
    counterparty: str | None = None,
    comment: str | None = None,
    category: str | None = None,
    is_pending: bool = False,
    fault: Fault | None = None,
) -> Row:
    return {
        "line": line,
        "account": account,
        "currency": currency,
        "external_id": external_id,
        "amount": amount,
        "transaction_date": day,
        "posted_at": None,
        "description": description,
        "counterparty": counterparty,
        "comment": comment,
        "category": category,
        "is_pending": is_pending,
        "fault": fault,
    }


def _why(text: str, what: str) -> str:
    return f"This is not {what}." if text else f"There is not {what}."

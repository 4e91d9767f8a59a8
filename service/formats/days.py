"""A day as people and banks write it -> YYYY-MM-DD.

Which number is the day is decided over a whole column: one cell `03/04/2025` says nothing.
"""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

ORDERS = ("ymd", "dmy", "mdy")
_TIME = (
    r"(?:[T ,]\s?[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]{1,9})?)?"
    r"(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s?(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{0,2}))?)?"
)
_NUMBERS = re.compile(r"([0-9]{1,4})\s?([-/. ])\s?([0-9]{1,2})\s?\2\s?([0-9]{1,4})\.?" + _TIME)
_COMPACT = re.compile(r"([0-9]{8})" + _TIME)
_NAMED = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,?\s)?(?:(?P<day>[0-9]{1,2})(?:\.|st|nd|rd|th)?[-/\s]*(?:de\s)?"
    r"(?P<month>[^\W\d_]{3,12})\.?|(?P<name>[^\W\d_]{3,12})\.?[-/\s]*"
    r"(?P<number>[0-9]{1,2})(?:st|nd|rd|th)?),?[-/\s]*(?:de\s)?'?(?P<year>[0-9]{4}|[0-9]{2})"
    + _TIME
)
_LATER = 70  # a year of two digits below it is of this century
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_MOST = 60  # characters of a cell that may still be a day

# Months by the beginning of their names, without accents: en, de, fr, es, it, nl, pt, cs, pl, sv.
_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen led sty",
            "feb fev unor lut febr fevr",
            "mar mrt maa mrz mär brez bře marz mars",
            "apr avr abr dub kwi avri abri",
            "may mai mei maj mag kve kvě mayo maio magg",
            "jun juin giu cerven čer cze juni giug",
            "jul juil lug lip juli lugl cervenec",
            "aug aou ago sie srp aout août agos",
            "sep set zar zář wrz sept sett sete",
            "oct okt ott out rij paz paź octo ottob outu říj",
            "nov lis listopad nove",
            "dec dez dic déc pro prosinec gru dece deze dice",
        ),
        1,
    )
    for name in names.split()
}


def day_of(text: str, order: str) -> str | None:
    """The day as YYYY-MM-DD, None when it is none or cannot be."""
    if len(text) > _MOST:
        return None
    text = text.strip()
    found = _NUMBERS.fullmatch(text)
    if found:
        return _made(found[1], found[3], found[4], order)
    found = _COMPACT.fullmatch(text)
    if found:
        digits = found[1]
        day = _iso(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        if day or order == "ymd":
            return day
        return _made(digits[:2], digits[2:4], digits[4:], order)
    found = _NAMED.fullmatch(text)
    if found:
        month = _month(found["month"] or found["name"])
        number = int(found["day"] or found["number"])
        return _iso(_year(found["year"]), month, number) if month else None
    return None


def order_of(cells: Sequence[str]) -> tuple[str | None, bool]:
    """The order of a column of days, None when no cell is one; and whether it is only a guess.

    What fits most cells wins; among equals, the order in which the file is the more sorted.
    """
    fits = {order: [day_of(cell, order) for cell in cells] for order in ORDERS}
    counts = {order: sum(day is not None for day in days) for order, days in fits.items()}
    most = max(counts.values(), default=0)
    if not most:
        return None, False
    best = [order for order in ORDERS if counts[order] == most]
    if len(best) > 1:
        read = [[day for day in fits[order] if day] for order in best]
        if all(days == read[0] for days in read[1:]):
            return best[0], False  # months by name, or years in front: the order says nothing
        turns = [_turns(days) for days in read]
        spans = [_span(days) for days in read]
        chosen = min(range(len(best)), key=lambda place: (turns[place], spans[place]))
        return best[chosen], True
    return best[0], False


def _turns(days: Sequence[str]) -> int:
    """How often a list of days changes its direction against its main one."""
    steps = [(later > earlier) - (later < earlier) for earlier, later in pairwise(days)]
    return min(steps.count(1), steps.count(-1))


def _span(days: Sequence[str]) -> int:
    return (date.fromisoformat(max(days)) - date.fromisoformat(min(days))).days


def _made(first: str, second: str, third: str, order: str) -> str | None:
    if len(first) > 2:
        return _iso(int(first), int(second), int(third)) if len(first) == 4 else None
    if len(third) > 2:
        if len(third) != 4:
            return None
        if order == "ymd":
            return None
    if order == "ymd":
        return _iso(_year(first), int(second), int(third))
    day, month = (first, second) if order == "dmy" else (second, first)
    return _iso(_year(third), int(month), int(day))


def _year(text: str) -> int:
    number = int(text)
    if len(text) > 2:
        return number
    return number + (2000 if number < _LATER else 1900)


def _iso(year: int, month: int, day: int) -> str | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _month(name: str) -> int | None:
    low = name.lower()
    return next(
        (_MONTHS[low[:length]] for length in (8, 7, 6, 5, 4, 3) if low[:length] in _MONTHS), None
    )

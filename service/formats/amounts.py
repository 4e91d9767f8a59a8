"""An amount as people and banks write it -> plain decimal text, never a float.

The mark before the decimals is decided over a whole column: one cell `1,234` says nothing.
"""

import re
from collections.abc import Iterable

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,2})?")
_SPACES = str.maketrans("", "", " \t\u00a0\u2007\u2009\u202f'’_")
_MINUS = str.maketrans("−–—", "---")
_SYMBOLS = {"€": "EUR", "£": "GBP", "zł": "PLN", "Kč": "CZK", "₹": "INR", "₺": "TRY", "₽": "RUB"}
_CODE = re.compile(r"[A-Z]{3}")
_UNIT = re.compile(r"[^\W\d_]{1,4}\.?|[$€£¥₹₺₽₩₴₦₫฿]|[A-Z]{0,2}\$")
_BODY = re.compile(r"(?P<before>[^\d.,+()-]*)(?P<digits>[0-9][0-9.,]*|[.,][0-9]+)(?P<after>[^\d]*)")
_CREDIT = frozenset({"cr", "c", "h", "haben", "credit"})
_DEBIT = frozenset({"dr", "d", "s", "soll", "debit"})
_GROUPED = {
    ".": re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}|[0-9]+)?(?:\.[0-9]*)?"),
    ",": re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{2,3})*\.[0-9]{3}|[0-9]+)?(?:,[0-9]*)?"),
}
_USUAL_DECIMALS = 2  # zeros behind them say nothing
_MOST = 40  # characters of a cell that may still be an amount


def amount_of(text: str, mark: str) -> tuple[str, str | None] | None:
    """Plain decimal text and the currency if the cell names one; None when it is no amount."""
    if mark == "." and _PLAIN.fullmatch(text):
        return text, None
    if len(text) > _MOST:
        return None
    bare = text.translate(_MINUS).strip()
    is_negative = False
    if bare[:1] == "(" and bare[-1:] == ")":
        is_negative, bare = True, bare[1:-1].strip()
    bare = bare.translate(_SPACES)
    for sign in "+-":
        if bare[:1] == sign:
            is_negative ^= sign == "-"
            bare = bare[1:]
            break
        if bare[-1:] == sign:
            is_negative ^= sign == "-"
            bare = bare[:-1]
            break
    found = _BODY.fullmatch(bare)
    if not found:  # `$-5.00`, `EUR-5`: the sign stands behind the unit
        unit, sign, rest = bare.partition("-")
        found = _BODY.fullmatch(unit + rest) if sign and unit else None
        if not found:
            return None
        is_negative = not is_negative
    currency = None
    for unit in (found["before"], found["after"]):
        if not unit:
            continue
        word = unit.lower().rstrip(".")
        if unit == found["after"] and (word in _DEBIT or word in _CREDIT):
            is_negative = word in _DEBIT
        elif _UNIT.fullmatch(unit):
            currency = _SYMBOLS.get(unit) or (unit if _CODE.fullmatch(unit) else None)
        else:
            return None
    digits = found["digits"]
    if not _GROUPED[mark].fullmatch(digits):
        return None
    whole, _, fraction = digits.replace("," if mark == "." else ".", "").partition(mark)
    whole = whole.lstrip("0") or "0"
    while len(fraction) > _USUAL_DECIMALS and fraction[-1] == "0":
        fraction = fraction[:-1]
    if len(whole) > 15 or len(fraction) > 6:
        return None
    plain = f"{whole}.{fraction}" if fraction else whole
    return ("-" + plain if is_negative and plain.strip("0.") else plain), currency


def written(text: str) -> str | None:
    """The plain decimal text of an amount in a format whose decimals have one mark or the other."""
    mark = "," if text.rfind(",") > text.rfind(".") else "."
    found = amount_of(text.strip(), mark)
    return found[0] if found else None


def mark_of(cells: Iterable[str]) -> tuple[str | None, bool]:
    """The decimal mark of a column, None when no cell shows one, and whether it is only a guess."""
    votes = {".": 0, ",": 0}
    perhaps = {".": 0, ",": 0}
    for cell in cells:
        found = re.search(r"[0-9.,]*[0-9][0-9.,]*", cell.translate(_SPACES))
        digits = found[0] if found else ""
        points, commas = digits.count("."), digits.count(",")
        if points and commas:
            votes["." if digits.rfind(".") > digits.rfind(",") else ","] += 1
        elif points > 1 or commas > 1:
            votes["," if points else "."] += 1
        elif points or commas:
            mark = "." if points else ","
            whole, _, fraction = digits.partition(mark)
            if len(fraction) == 3 and 1 <= len(whole) <= 3 and whole != "0":
                perhaps["," if mark == "." else "."] += 1
            else:
                votes[mark] += 1
    if votes["."] or votes[","]:
        return (max(votes, key=lambda mark: votes[mark])), votes["."] == votes[","]
    if perhaps["."] or perhaps[","]:
        return max(perhaps, key=lambda mark: perhaps[mark]), True
    return None, False


def negated(amount: str) -> str:
    """The same amount with the other sign."""
    if amount.startswith("-"):
        return amount[1:]
    return "-" + amount if amount.strip("0.") else amount

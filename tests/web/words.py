"""What the page must write: the same amounts and days, formatted here without a browser."""

from datetime import date
from decimal import Decimal


def dollars(amount: float | str) -> str:
    """1234.5 is "$1,234.50"; the minus is the typographic one."""
    value = Decimal(str(amount))
    return f"{'−' if value < 0 else ''}${abs(value):,.2f}"


def signed(amount: float | str) -> str:
    """The same with a plus before income."""
    return f"{'+' if Decimal(str(amount)) > 0 else ''}{dollars(amount)}"


def dated(day: str) -> str:
    """2026-11-05 is "Nov 5, 2026"."""
    value = date.fromisoformat(day)
    return f"{value:%b} {value.day}, {value.year}"


def short(day: str) -> str:
    """2026-11-05 is "Nov 5"."""
    return dated(day).rpartition(",")[0]


def long(day: str) -> str:
    """2026-11-05 is "Thursday, November 5, 2026"."""
    value = date.fromisoformat(day)
    return f"{value:%A}, {value:%B} {value.day}, {value.year}"

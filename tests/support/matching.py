"""What was posted already, in plain Python: the best pair of booking and occurrence first."""

from datetime import date, timedelta
from functools import cache

from tests.support.oracle import Booking, Due, Household, Rule


@cache
def rank_of(is_linked: bool, late_days: int) -> tuple[int, int, int] | None:
    """How good a pair of booking and occurrence is, less is better; None: not a pair."""
    if not (-15 <= late_days <= 31 if is_linked else -3 <= late_days <= 10):
        return None
    if late_days == 0:
        step = 0
    elif -3 <= late_days < 0:
        step = 1
    elif 0 < late_days <= 10:
        step = 2
    else:
        step = 3
    return (0 if is_linked else 1, step, abs(late_days))


def is_alike(rule: Rule, due: Due, booking: Booking) -> bool:
    """Whether a booking that is linked to nothing looks like the occurrence."""
    wanted = -due.cents if rule.kind == "transfer" else due.cents
    if booking.account != rule.account:
        return False
    if rule.counterparty is None or booking.counterparty is None:
        return booking.cents == wanted
    if rule.counterparty.lower() != booking.counterparty.lower():
        return False
    return booking.cents * wanted > 0 and abs(booking.cents - wanted) * 10 <= abs(wanted)


def posted(house: Household, due: list[Due], as_of: date) -> set[Due]:
    """Occurrences that a booking has taken the place of; ids grow with the place in the lists."""
    pairs = []
    for one in due:
        rule = house.rules[one.rule]
        wanted = -one.cents if rule.kind == "transfer" else one.cents
        if not as_of - timedelta(days=41) <= one.on <= as_of + timedelta(days=15):
            continue
        for number, booking in enumerate(house.bookings):
            if not as_of - timedelta(days=46) <= booking.on <= as_of:
                continue
            is_linked = booking.rule == one.rule and booking.cents * wanted > 0
            if is_linked or (booking.rule is None and is_alike(rule, one, booking)):
                rank = rank_of(is_linked, (booking.on - one.on).days)
                if rank is not None:
                    pairs.append((rank, one.on, one.rule, one.occurrence_on, number, one))
    taken: set[Due] = set()
    used: set[int] = set()
    for *_, number, one in sorted(pairs, key=lambda pair: pair[:-1]):
        if one not in taken and number not in used:
            taken.add(one)
            used.add(number)
    return taken

"""Times of OFX (2.3, section 3.2.8): 20251231120000.000[-5:EST] -> a day, and an instant."""

import re

from service.formats.days import day_of

_TIME = re.compile(
    r"([0-9]{8})(?:([0-9]{2})([0-9]{2})([0-9]{2})?(?:\.[0-9]{1,6})?)?"
    r"\s*(?:\[\s*([+-]?[0-9]{1,2})(?:[.:]([0-9]{1,2}))?(?::[A-Za-z0-9/+-]{0,10})?\s*\])?"
)


def instant_of(text: str) -> tuple[str | None, str | None]:
    """The day as the bank wrote it, and the instant when there is a time (GMT unless it says)."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None, None
    day = day_of(found[1], "ymd")
    if day is None or found[2] is None:
        return day, None
    hour, minute, second = int(found[2]), int(found[3]), int(found[4] or 0)
    zone = int(found[5] or 0)
    if hour > 23 or minute > 59 or second > 59 or abs(zone) > 14:
        return day, None
    part = int(found[6] or 0)
    minutes = part * 60 // 100 if part and part < 100 else 0  # [5.50:IST] is half an hour
    sign = "-" if (found[5] or "").startswith("-") else "+"
    at = f"{day}T{hour:02}:{minute:02}:{second:02}{sign}{abs(zone):02}:{minutes:02}"
    return day, at

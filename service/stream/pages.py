"""One page of a list as its function answered it: each item as text and as value."""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_BEGIN = re.compile(r'\s*\{\s*"items"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_END = re.compile(r'\]\s*,\s*"next_cursor"\s*:\s*(null|"[^"\\]*")\s*\}\s*')
_DECODER = json.JSONDecoder(parse_float=Decimal)


@dataclass(frozen=True, slots=True)
class Page:
    """Items in their order, as the database wrote them and as values; where the next page begins.

    0.60 stays 0.60: a number with a point is a Decimal.
    """

    texts: list[str]
    items: list[dict[str, Any]]
    next_cursor: str | None


def page_of(data: bytes) -> Page:
    """A page from a function's json. Errors: ValueError for what is no page."""
    text = data.decode()
    begun = _BEGIN.match(text)
    if begun is None:
        raise ValueError("not a page of a list")
    place = _past(text, begun.end())
    texts: list[str] = []
    items: list[dict[str, Any]] = []
    while text[place] != "]":
        item, end = _DECODER.raw_decode(text, place)
        items.append(item)
        # A line end in JSON stands between values, never within a text.
        texts.append(text[place:end].replace("\n", " "))
        place = _past(text, end)
    ended = _END.fullmatch(text, place)
    if ended is None:
        raise ValueError("a page has items and next_cursor")
    return Page(texts, items, json.loads(ended[1]))


def _past(text: str, place: int) -> int:
    found = _BETWEEN.match(text, place)
    return found.end() if found else place

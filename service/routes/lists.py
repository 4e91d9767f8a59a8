"""Which routes answer lists, and in what forms a whole list can be had besides page after page."""

from collections.abc import Collection, Mapping
from typing import Any

LINES = "application/x-ndjson"
TABLE = "text/csv"
ARCHIVE = "application/zip"


def forms_of(answer: Mapping[str, Any], fields: Collection[str]) -> tuple[str, ...]:
    """Media types of a route's whole list; none when it answers no keyset pages.

    A list whose items are rows of several tables is no table itself: it is an archive of them.
    """
    if set(answer) != {"items", "next_cursor"} or "cursor" not in fields:
        return ()
    items = answer["items"]
    item = items[0] if isinstance(items, list) and items else None
    if not isinstance(item, Mapping):
        return ()
    return (LINES, ARCHIVE if set(item) == {"table", "row"} else TABLE)

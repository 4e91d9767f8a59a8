"""Which formats are read, and how the beginning of a file tells them apart."""

import re
from collections.abc import Callable, Mapping

from service.formats import camt, csv, mt940, ofx, qif
from service.formats.row import Asked, Reading
from service.formats.source import Source

FORMATS: Mapping[str, Callable[[Source, Asked], Reading]] = {
    "csv": csv.read,
    "ofx": ofx.read,
    "qif": qif.read,
    "camt": camt.read,
    "mt940": mt940.read,
}
_SIGNS = (
    ("ofx", re.compile(r"\s*OFXHEADER\s*:|<\?OFX\b|<OFX>", re.IGNORECASE)),
    ("camt", re.compile(r"\s*<(?:\?xml\b|!DOCTYPE\b|!--|(?:[\w.-]+:)?[A-Za-z])")),
    ("qif", re.compile(r"\s*!(?:Type|Account|Option|Clear)\b", re.IGNORECASE)),
    (
        "mt940",
        re.compile(r"(?:^|[\s{])(?:4:\s*)?:20:[^\n]*\n(?:[^\n]*\n){0,3}:2[58]", re.MULTILINE),
    ),
)


def format_of(source: Source) -> str:
    """What the beginning of a file says it is; a table, when it says nothing."""
    head = source.head().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for name, sign in _SIGNS:
        if sign.search(head) if name in ("ofx", "mt940") else sign.match(head):
            return name
    return "csv"

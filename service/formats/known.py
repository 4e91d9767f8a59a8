"""Files of banks, by format: bytes in, rows out. What a row means is not decided here."""

import re
from collections.abc import Callable, Mapping

from service.formats import csv
from service.formats.row import Asked, Reading
from service.formats.source import Source

FORMATS: Mapping[str, Callable[[Source, Asked], Reading]] = {"csv": csv.read}
_SIGNS = (
    ("ofx", re.compile(r"OFXHEADER\s*[:=]|<OFX>", re.IGNORECASE)),
    ("camt", re.compile(r"<(?:[\w.-]+:)?(?:Document|BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn))[\s>]")),
    ("qif", re.compile(r"\s*!(?:Type|Account|Option|Clear)\b", re.IGNORECASE)),
    ("mt940", re.compile(r"^:20:.*$[\s\S]*?^:(?:25|28C?|60[FM])[A-Z]?:|\{4:\s*:20:", re.MULTILINE)),
)


def format_of(source: Source) -> str:
    """What the beginning of a file says it is; a table, when it says nothing."""
    head = source.head().removeprefix("\ufeff")
    return next((name for name, sign in _SIGNS if sign.search(head)), "csv")

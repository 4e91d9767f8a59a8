"""What every route that reads a file takes beside its own fields: how the file is to be read."""

from collections.abc import Mapping
from typing import Any

# Where the bytes do not say it, or say it wrongly. docs/imports.md tells what each means.
FILE_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "name": {"type": "string", "minLength": 1, "maxLength": 200, "description": "Of the file"},
    "format": {
        "type": "string",
        "enum": ["csv", "ofx", "qif", "camt", "mt940"],
        "description": "Otherwise the beginning of the file says it",
    },
    "encoding": {
        "type": "string",
        "pattern": "^[A-Za-z0-9_.:-]{1,40}$",
        "description": "Otherwise the bytes say it",
        "examples": ["utf-8"],
    },
    "delimiter": {
        "type": "string",
        "enum": [",", ";", "|", "tab"],
        "description": "Between cells; otherwise the lines say it",
    },
    "date_order": {
        "type": "string",
        "enum": ["ymd", "dmy", "mdy"],
        "description": "Year, month and day; otherwise the whole column says it",
    },
    "decimal_mark": {
        "type": "string",
        "enum": [".", ","],
        "description": "Of amounts; otherwise the whole column says it",
    },
    "mapping": {
        "type": "string",
        "maxLength": 4000,
        "description": "JSON: what is meant by which column",
        "examples": ["{}"],
    },
}

"""Values on both sides: a query's text -> a JSON value, a JSON value -> the text of an argument."""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

ToArgument = Callable[[Any], bytes | None]
INTEGERS = frozenset({"smallint", "integer", "bigint"})
NUMBERS = frozenset({"numeric", "double precision", "real"})
DOCUMENTS = frozenset({"json", "jsonb"})
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?")
_BIG = 10**18 - 1  # the wire's longest integer has 18 digits

# What a type without a comment of its own accepts.
SCHEMA_BY_TYPE: Mapping[str, Mapping[str, Any]] = {
    "smallint": {"type": "integer", "minimum": -32768, "maximum": 32767},
    "integer": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "bigint": {"type": "integer", "minimum": -_BIG, "maximum": _BIG},
    "numeric": {"type": "number"},
    "double precision": {"type": "number"},
    "real": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "timestamp with time zone": {"type": "string", "format": "date-time"},
    "uuid": {"type": "string", "format": "uuid"},
    "json": {},
    "jsonb": {},
}
ANY_TEXT: Mapping[str, Any] = {"type": "string", "maxLength": 10000}


def schema_of(base: str) -> dict[str, Any]:
    """JSON Schema of a PostgreSQL type that does not bring one."""
    if base.endswith("[]"):
        return {"type": "array", "maxItems": 1000, "items": schema_of(base[:-2])}
    return dict(SCHEMA_BY_TYPE.get(base, ANY_TEXT))


def nullable(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same schema, with null allowed."""
    wider = dict(schema)
    if "type" in wider:
        kinds = wider["type"] if isinstance(wider["type"], list) else [wider["type"]]
        wider["type"] = [*kinds, *(() if "null" in kinds else ("null",))]
    if "enum" in wider and None not in wider["enum"]:
        wider["enum"] = [*wider["enum"], None]
    return wider


def query_value(base: str, text: str) -> Any:
    """The JSON value that a query's text stands for; text that is not canonical stays text."""
    if base in INTEGERS:
        return int(text) if _INTEGER.fullmatch(text) else text
    if base in NUMBERS:
        return Decimal(text) if _DECIMAL.fullmatch(text) else text
    if base == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if base.endswith("[]"):
        return [query_value(base[:-2], part) for part in text.split(",")] if text else []
    return text


def to_argument(base: str) -> ToArgument:
    """Makes a JSON value of this type the text of an argument. Errors: TypeError, ValueError."""
    if base in DOCUMENTS:
        return lambda value: None if value is None else json_text(value).encode()
    if base.endswith("[]"):
        return lambda value: None if value is None else _array(base[:-2], value)
    text = _text_of(base)
    return lambda value: None if value is None else text(value).encode()


def _text_of(base: str) -> Callable[[Any], str]:
    if base in INTEGERS:
        return _integer
    if base in NUMBERS:
        return _number
    return {"boolean": _boolean, "bytea": _bytes}.get(base, _plain)


def _integer(value: Any) -> str:
    if type(value) is int:
        return str(value)
    if not isinstance(value, Decimal) or value != int(value):
        raise TypeError("not a whole number")
    return str(int(value))  # 5.0 and 5e0 are whole numbers in JSON, not in PostgreSQL


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError("not a number")
    return str(value)


def _boolean(value: Any) -> str:
    if not isinstance(value, bool):
        raise TypeError("not true or false")
    return "t" if value else "f"


def _bytes(value: Any) -> str:
    if not isinstance(value, bytes):  # the wire has none: only the service itself gives bytes
        raise TypeError("not bytes")
    return f"\\x{value.hex()}"


def _plain(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _array(base: str, values: Any) -> bytes:
    if not isinstance(values, list):
        raise TypeError("not a list")
    text = _text_of(base)
    parts = ("NULL" if value is None else _quoted(text(value)) for value in values)
    return f"{{{','.join(parts)}}}".encode()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def json_text(value: Any) -> str:
    """JSON as it was read: a Decimal keeps its digits. Depth is limited by the reader."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)}:{json_text(item)}" for key, item in value.items())
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(json_text, value))}]"
    return json.dumps(value, ensure_ascii=False)

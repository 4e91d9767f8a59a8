"""The shape language of `api.routes.answer` -> JSON Schema, and the plain value of a schema.

`core.shape_faults` refuses a bad shape when its route is applied; this module when it is read.
"""

import re
from collections.abc import Iterator
from typing import Any

Json = Any
Schema = dict[str, Any]

WORDS: dict[str, Schema] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "money": {"type": "number", "multipleOf": 0.01},
    "text": {"type": "string"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "timestamp": {"type": "string", "format": "date-time"},
    "uuid": {"type": "string", "format": "uuid"},
    "object": {"type": "object"},
}
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*\??")
_ONE_OF = re.compile(r"[A-Za-z0-9_-]+(\|[A-Za-z0-9_-]+)+")

# The first of these that a schema allows stands for it in examples.
_SAMPLES: dict[str, Json] = {
    "date": "2026-11-20",
    "date-time": "2026-11-20T08:30:00Z",
    "uuid": "0190a5f6-3c1e-7c3a-9b1d-5a2f6f0c9e11",
}


class ShapeRefused(ValueError):
    """A shape that says nothing; the message names the place and the word."""


def schema_of(shape: Json, at: str = "data") -> Schema:
    """JSON Schema of a shape. `{}` is an object that nobody has described yet.

    Errors: ShapeRefused names the first place that cannot be read.
    """
    if isinstance(shape, str):
        return _leaf(shape, at)
    if isinstance(shape, list):
        if len(shape) != 1:
            raise ShapeRefused(f"{at}: a list has one shape for all its items, not {len(shape)}")
        return {"type": "array", "items": schema_of(shape[0], f"{at}[]")}
    if not isinstance(shape, dict):
        raise ShapeRefused(f"{at}: {shape!r} is neither a word, nor a list, nor an object")
    if not shape:
        return {"type": "object"}
    for key in shape:
        if not _KEY.fullmatch(key):
            raise ShapeRefused(f"{at}: {key!r} is no name of a field")
    return {
        "type": "object",
        "properties": {
            key.rstrip("?"): schema_of(part, f"{at}.{key.rstrip('?')}")
            for key, part in shape.items()
        },
        "required": [key for key in shape if not key.endswith("?")],
        "additionalProperties": False,
    }


def _leaf(word: str, at: str) -> Schema:
    plain = word.removesuffix("?")
    is_nullable = plain != word
    if plain == "any":
        return {}
    if _ONE_OF.fullmatch(plain):
        schema: Schema = {"type": "string", "enum": plain.split("|")}
        if is_nullable:
            schema["enum"].append(None)
    elif plain in WORDS:
        schema = dict(WORDS[plain])
    else:
        raise ShapeRefused(f"{at}: {word!r} is not a known word")
    if is_nullable:
        schema["type"] = [schema["type"], "null"]
    return schema


def sample(schema: Schema) -> Json:
    """One plain value of a schema: its example, its default, its first word, or the least."""
    for source in ("examples", "enum"):
        if schema.get(source):
            return schema[source][0]
    for source in ("const", "default"):
        if source in schema:
            return schema[source]
    if "oneOf" in schema or "anyOf" in schema:
        return sample((schema.get("oneOf") or schema["anyOf"])[0])
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: sample(part) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema.get("items", {}))]
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), 1) if kind == "integer" else 12.34
    if kind == "boolean":
        return False
    if kind == "string":
        return _SAMPLES.get(schema.get("format", ""), "text")
    return {}


def leaves(schema: Schema, at: str = "") -> Iterator[tuple[str, Schema]]:
    """(path, schema) of every value under a schema, in reading order; items of a list are `[]`."""
    if "properties" in schema:
        for name, part in schema["properties"].items():
            yield from leaves(part, f"{at}.{name}" if at else name)
    elif "items" in schema:
        yield from leaves(schema["items"], f"{at}[]")
    else:
        yield at, schema

"""What a request brings, as OpenAPI says it: the JSON of most routes, the file of some."""

import json
import re
from typing import Any

from service.openapi.shapes import Schema
from service.routes import Route
from service.routes.binding import OWNER, RESERVED, Parameter
from service.routes.lists import ARCHIVE, LINES

# Defaults as pg_get_expr writes them: 50, true, 'columns'::text; anything else is SQL's own affair.
_DEFAULT = re.compile(
    r"(?P<plain>-?\d+(?:\.\d+)?|true|false)(?:::.*)?|'(?P<text>(?:[^']|'')*)'::.*", re.DOTALL
)


def json_body(route: Route, in_path: set[str]) -> dict[str, Any]:
    """The JSON object of a route that reads none but its fields."""
    fields = [field for field in route.parameters if field.name not in in_path | RESERVED | {OWNER}]
    proofs = route.binding.proofs
    required = [field.name for field in fields if field.required]
    required += [name for name in proofs if name in route.binding.schema["required"]]
    schema: Schema = {
        "type": "object",
        "properties": {field.name: schema_with_default(field) for field in fields} | proofs,
        "additionalProperties": route.binding.takes_any,
    }
    if required:
        schema["required"] = required
    return {
        "required": bool(required),
        "description": f"At most {route.max_body_bytes} bytes",
        "content": {"application/json": {"schema": schema}},
    }


def stream_schema(name: str) -> Schema:
    """What a whole list looks like in one of its forms."""
    if name == LINES:
        said = 'One item a line, as in items; the last line is {"end": {"rows": …}}'
        return {"type": "string", "description": said}
    if name == ARCHIVE:
        return {"type": "string", "format": "binary", "description": "One CSV for each table"}
    return {"type": "string", "description": "A header, and one line for each item (RFC 4180)"}


def file_field(name: str, schema: Schema) -> dict[str, Any]:
    """A field of the query that says how a file is to be read."""
    said = {key: value for key, value in schema.items() if key != "description"}
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": said,
        "description": schema["description"],
    }


def file_body(route: Route) -> dict[str, Any]:
    """The body of a route that reads a file: the file itself, or a form with it."""
    form: Schema = {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "required": ["file"],
    }
    return {
        "required": True,
        "description": f"At most {route.max_file_bytes} bytes of a file, of any media type",
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {"schema": form},
        },
    }


def schema_with_default(field: Parameter) -> Schema:
    """The schema that requests are held to, with the default that SQL gives."""
    schema = dict(field.schema)
    found = _DEFAULT.fullmatch(field.default or "")
    if found:
        text = found["text"]
        schema["default"] = json.loads(found["plain"]) if text is None else text.replace("''", "'")
        if text is not None and "integer" in schema.get("type", ()):
            schema["default"] = int(text)
    return schema

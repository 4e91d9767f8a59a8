"""The OpenAPI document as text to read: `python -m service.openapi.handbook` writes docs/api.md.

It is made from a database with this checkout's routes; a test compares it with the live table.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service import embedded, routes, schema
from service.openapi import document
from service.openapi.shapes import Schema, leaves, sample

API_MD = Path(__file__).resolve().parents[2] / "docs" / "api.md"
METHODS = ("get", "post", "put", "patch", "delete")

Document = dict[str, Any]


def markdown(told: Document) -> str:
    """docs/api.md: every operation by tag with its fields, statuses and an example."""
    lines = [
        f"# {told['info']['title']}",
        "",
        "Made by `make docs` from the live table of routes; edit the SQL, not this file.",
        "The same document is served as `/openapi.json` and drawn at `/docs`.",
        "Every `POST` of a known caller takes `Idempotency-Key`, every edit and drop of something",
        "with a `version` takes `If-Match` ([writing](writing.md)).",
        "",
        told["info"]["description"],
        "",
    ]
    operations = [
        (path, method, item[method])
        for path, item in told["paths"].items()
        for method in METHODS
        if method in item
    ]
    for tag in (one["name"] for one in told["tags"]):
        lines += [f"## {tag}", ""]
        for path, method, operation in operations:
            if operation["tags"][0] == tag:
                lines += _operation(told, path, method, operation)
    return "\n".join(lines).rstrip() + "\n"


def _operation(document: Document, path: str, method: str, operation: Document) -> Iterator[str]:
    yield from (f"### `{method.upper()} {path}`", "", f"{operation['summary']}.")
    if operation.get("deprecated"):
        yield from (f"{operation['description']}", "")
        return
    yield ""
    rows = list(_asked(document, operation))
    if rows:
        yield from ("| field | in | type | |", "|---|---|---|---|", *rows, "")
    success, answer = next(iter(operation["responses"].items()))
    refused = ", ".join(status for status in operation["responses"] if status != success)
    yield from (
        f"Answers {success}; otherwise {refused}." if refused else f"Answers {success}.",
        "",
    )
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    data = schema.get("properties", {}).get("data")
    if data and data.get("properties"):
        example = json.dumps(sample(data), ensure_ascii=False, indent=2)
        yield from ("```json", example, "```", "")


def _asked(document: Document, operation: Document) -> Iterator[str]:
    for parameter in operation["parameters"]:
        if "$ref" in parameter:
            parameter = document["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
            if not parameter["required"]:
                continue
        schema = parameter["schema"] | {"description": parameter.get("description", "")}
        yield _row(parameter["name"], parameter["in"], schema, parameter["required"])
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if "application/octet-stream" in content:
        said = operation["requestBody"]["description"]
        yield f"| the body | body | file | {said}; or `multipart/form-data` with one file |"
    for name, part in schema.get("properties", {}).items():
        yield _row(name, "body", part, name in schema.get("required", ()))


def _row(name: str, place: str, schema: Schema, is_required: bool) -> str:
    said = [schema.get("description", ""), "required" if is_required else "", *_limits(schema)]
    cells = (f"`{name}`", place, _type(schema), "; ".join(word for word in said if word))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _limits(schema: Schema) -> Iterator[str]:
    if "minimum" in schema and "maximum" in schema:
        yield f"{schema['minimum']} to {schema['maximum']}"
    if "maxLength" in schema:
        yield f"at most {schema['maxLength']} characters"
    if schema.get("default") is not None:
        yield f"default `{json.dumps(schema['default'])}`"
    inner = [at for at, _ in leaves(schema) if at]
    if inner:
        yield "with " + ", ".join(f"`{at.removeprefix('[].')}`" for at in inner)


def _type(schema: Schema) -> str:
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return " or ".join(_type(part) for part in schema[key])
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return " or ".join(f"`{json.dumps(word)}`" for word in schema["enum"])
    kinds = schema.get("type", "any")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    words = [schema.get("format", kind) if kind == "string" else kind for kind in kinds]
    return " or ".join("list" if word == "array" else word for word in words)


def main() -> int:
    """Writes docs/api.md from the database of DATABASE_URL, else from a server for this moment."""
    with tempfile.TemporaryDirectory() as home:
        if "DATABASE_URL" in os.environ:
            dsn = os.environ.get("DATABASE_URL_DIRECT") or os.environ["DATABASE_URL"]
            text = markdown(document(routes.read(dsn)))
        else:
            servers = embedded.start(Path(home))
            try:
                schema.migrate(servers.database_url_direct)
                schema.apply(servers.database_url_direct)
                text = markdown(document(routes.read(servers.database_url_direct)))
            finally:
                servers.stop()
    API_MD.write_text(text, encoding="utf-8")
    print(f"{API_MD} is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())

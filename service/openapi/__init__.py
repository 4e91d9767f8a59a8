"""The live table of routes -> OpenAPI 3.1. `handbook` writes docs/api.md from it.

Nothing here names an endpoint of the product: a function and its `call api.route` are the source.
"""

import re
from collections.abc import Sequence
from typing import Any

from service.openapi.bodies import (
    file_body,
    file_field,
    json_body,
    schema_with_default,
    stream_schema,
)
from service.openapi.components import LIMIT_HEADERS, REFUSALS, components, sent
from service.openapi.own import own_paths
from service.openapi.shapes import Schema, schema_of
from service.routes import Route
from service.routes.binding import OWNER, RESERVED, Parameter

_TAG = re.compile(r"/(?:api/v2/)?(?:users/\{user_id\}/)?([a-z0-9_.-]+)")
_USER_ID: Schema = {
    "oneOf": [{"const": "me"}, {"type": "string", "format": "uuid"}],
    "description": "me, or your public id",
    "examples": ["me"],
}


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """OpenAPI 3.1 of these routes and of the service's own paths, in the order of their paths."""
    paths: dict[str, dict[str, Any]] = {}
    for route in sorted(routes, key=lambda route: (route.path, route.method)):
        for number, path in enumerate((route.path, *route.aliases)):
            paths.setdefault(path, {})[route.method.lower()] = _operation(route, path, number)
    tags = {one["tags"][0] for item in paths.values() for one in item.values()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tideline API",
            "version": "2.0.0",  # of the API, as in /api/v2; not of the program
            "description": (
                "Every success is {success, data, cached, load_time, timestamp}, every refusal is"
                " application/problem+json. Money has two decimals; spending is negative."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in (*sorted(tags), "service")],
        "paths": paths | own_paths(),
        "components": components(),
    }


def refusals(route: Route) -> list[int]:
    """Statuses that this route can refuse with: what cannot happen to it is not promised."""
    never = {405}  # said to other methods of the path, so never by an operation
    if route.access == "public" and "password_ok" not in route.proofs:
        never.add(401)
    is_own_write = route.access != "public" and route.method != "GET"
    if not (is_own_write or route.cookie or route.needs_login):
        never.add(403)
    if route.method == "GET":  # has no body to read and nothing to store
        never |= {408, 409, 413, 415, 507}
    return [status for status in REFUSALS if status not in never]


def is_keyed(route: Route) -> bool:
    """Whether an Idempotency-Key has an effect: somebody is known to keep an answer for."""
    return route.method == "POST" and route.access != "public"


def _operation(route: Route, path: str, number: int) -> dict[str, Any]:
    name = route.function.removeprefix("api.")
    in_path = set(re.findall(r"\{([a-z_]+)\}", path))
    takes_file = route.max_file_bytes is not None
    has_body = route.method in ("POST", "PUT", "PATCH") and not takes_file
    headers = ["RequestId"] + (["IfNoneMatch"] if route.method == "GET" else [])
    if "if_match" in route.reserved:
        headers.append("IfMatch")
    if is_keyed(route):
        headers.append("NeededIdempotencyKey" if route.needs_key else "IdempotencyKey")
    operation: dict[str, Any] = {
        "operationId": f"{name}_alias_{number}" if number else name,
        "tags": [_tag(route.path)],
        "summary": route.summary,
        "x-function": route.function,
        "parameters": [
            _parameter(field, field.name in in_path)
            for field in route.parameters
            if field.name not in RESERVED and (field.name in in_path or not has_body)
        ]
        + [file_field(name, schema) for name, schema in route.binding.file_fields.items()]
        + [{"$ref": f"#/components/parameters/{header}"} for header in headers],
        "responses": _responses(route),
        "security": [] if route.access == "public" else [{"token": []}],
    }
    if number:
        operation |= {"deprecated": True, "description": f"Old name of {route.path}."}
    if has_body:
        operation["requestBody"] = json_body(route, in_path)
    elif takes_file:
        operation["requestBody"] = file_body(route)
    return operation


def _tag(path: str) -> str:
    found = _TAG.match(path)
    return found[1] if found else "service"


def _parameter(field: Parameter, is_in_path: bool) -> dict[str, Any]:
    schema = dict(_USER_ID) if field.name == OWNER else schema_with_default(field)
    description = schema.pop("description", None)
    parameter: dict[str, Any] = {
        "name": field.name,
        "in": "path" if is_in_path else "query",
        "required": is_in_path or field.required,
        "schema": schema,
    }
    if description:
        parameter["description"] = description
    if schema.get("type") == "array":
        parameter |= {"style": "form", "explode": False}
    return parameter


def _responses(route: Route) -> dict[str, Any]:
    envelope: Schema = {
        "type": "object",
        "properties": {
            "success": {"const": True},
            "data": schema_of(route.answer),
            "cached": {"type": "boolean"},
            "load_time": {"type": "number", "minimum": 0, "description": "seconds"},
            "timestamp": {"type": "string", "format": "date-time"},
        },
        "required": ["success", "data", "cached", "load_time", "timestamp"],
        "additionalProperties": False,
    }
    headers = ["X-Request-ID", "Server-Timing", *LIMIT_HEADERS]
    headers += ["ETag"] if route.method == "GET" or "version" in route.answer else []
    headers += ["Idempotency-Replayed"] if is_keyed(route) else []
    responses: dict[str, Any] = {
        str(route.status): {
            "description": {200: "Done", 201: "Made", 202: "Taken"}[route.status],
            "headers": sent(*headers),
            "content": {"application/json": {"schema": envelope}}
            | {name: {"schema": stream_schema(name)} for name in route.forms},
        }
    }
    if route.method == "GET":
        responses["304"] = {"$ref": "#/components/responses/NotModified"}
    for status in refusals(route):
        responses[str(status)] = {"$ref": f"#/components/responses/Refused{status}"}
    return dict(sorted(responses.items()))

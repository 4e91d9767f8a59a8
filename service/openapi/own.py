"""The paths that the service answers by itself, as the document tells of them."""

from typing import Any

from service.openapi.components import sent
from service.openapi.shapes import Schema


def own_paths() -> dict[str, Any]:
    """By path; no function stands behind them."""
    health: Schema = {"type": "object"}
    return {
        "/health": _own("health", "The process lives", {200: ("application/json", health)}),
        "/live": _own("live", "The process lives", {200: ("application/json", health)}),
        "/ready": _own(
            "ready",
            "The database answers, and requests are welcome",
            {200: ("application/json", health), 503: ("application/json", health)},
        ),
        "/metrics": _own(
            "metrics", "Counters for Prometheus", {200: ("text/plain", {"type": "string"})}
        ),
        "/api/v2/session": _session(),
        "/openapi.json": _own(
            "openapi",
            "This document",
            {200: ("application/json", {"type": "object"})},
            is_tagged=True,
        ),
    }


def _session() -> dict[str, Any]:
    """Who a token or the cookie speaks for; a page asks it after a reload."""
    text: Schema = {"type": ["string", "null"]}
    data: Schema = {
        "type": "object",
        "properties": {
            "user_id": {"type": ["string", "null"], "format": "uuid"},
            "tier": text,
            "role": text,
            "kind": {"enum": ["session", "api_key", None]},
            "csrf_token": {"type": ["string", "null"], "description": "For writes with the cookie"},
        },
    }
    schema = {"type": "object", "properties": {"data": data}}
    item = _own("session", "Who you are logged in as", {200: ("application/json", schema)})
    item["get"]["responses"]["401"] = {"$ref": "#/components/responses/Refused401"}
    item["get"]["security"] = [{}, {"token": []}, {"cookie": []}]
    return item


def _own(
    name: str, summary: str, answers: dict[int, tuple[str, Schema]], *, is_tagged: bool = False
) -> dict[str, Any]:
    responses: dict[str, Any] = {
        str(status): {
            "description": {200: "Done", 503: "Not now"}[status],
            "content": {media: {"schema": schema}},
        }
        for status, (media, schema) in answers.items()
    }
    if "503" in responses:
        responses["503"]["headers"] = sent("Retry-After")
    if is_tagged:
        responses["200"]["headers"] = sent("ETag")
        responses["304"] = {"$ref": "#/components/responses/NotModified"}
    return {
        "get": {
            "operationId": name,
            "tags": ["service"],
            "summary": summary,
            "parameters": ([{"$ref": "#/components/parameters/IfNoneMatch"}] if is_tagged else []),
            "responses": responses,
            "security": [],
        }
    }

"""What every OpenAPI document of ours shares: problem, refusals, headers, our own paths."""

from typing import Any

from service.openapi.shapes import Schema

_PROBLEM_TYPE = "application/problem+json"

PROBLEM: Schema = {
    "type": "object",
    "description": "Every refusal (RFC 9457)",
    "properties": {
        "success": {"const": False},
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "field": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["field", "detail"],
                "additionalProperties": False,
            },
        },
        "request_id": {"type": "string"},
    },
    "required": ["success", "type", "title", "status", "detail", "code", "request_id"],
    "additionalProperties": False,
}

# Why each refusal comes, in the words of the page; service/errors.py and the rooms decide which.
REFUSALS: dict[int, str] = {
    400: "The request cannot be read",
    401: "No valid token",
    404: "Not there, or not yours",
    405: "The path has no such method",
    408: "The request did not arrive in time",
    409: "It is already there, or something still points at it",
    413: "The body is too large",
    415: "The body is not plain JSON",
    422: "A field breaks a rule; errors names every one",
    429: "Too many of them; Retry-After says when to come back",
    500: "A fault of ours; request_id finds it in the log",
    503: "The database is away or busy; try again after Retry-After",
    507: "The disk is full; reads go on",
}

_HEADERS: dict[str, str] = {
    "ETag": 'Weak tag of data alone: W/"…"',
    "X-Request-ID": "Yours if you sent one, else ours",
    "Server-Timing": "db and total, in milliseconds",
    "Retry-After": "Seconds to wait",
    "RateLimit-Limit": "Units that an hour has for this caller",
    "RateLimit-Remaining": "Units left of them",
    "RateLimit-Reset": "Seconds until there are new ones",
    "WWW-Authenticate": "Bearer",
    "Allow": "Methods of the path",
}
LIMIT_HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_HEADERS_BY_REFUSAL = {401: ["WWW-Authenticate"], 405: ["Allow"], 503: ["Retry-After"]} | {
    429: ["Retry-After", *LIMIT_HEADERS]
}

_CONDITIONS: dict[str, tuple[str, str]] = {
    "IfNoneMatch": ("If-None-Match", "ETag of what you have: 304 when it still holds"),
    "RequestId": (
        "X-Request-ID",
        "Your own name for this request; it comes back",
    ),
}


def components() -> dict[str, Any]:
    """The components object: nothing in it depends on the routes."""
    return {
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "Authorization: Bearer <user_id>.<secret>",
            },
            "cookie": {
                "type": "apiKey",
                "in": "cookie",
                "name": "__Host-session",
                "description": "Of a log-in with cookie: true; writes bring X-CSRF-Token",
            },
        },
        "schemas": {"Problem": PROBLEM},
        "headers": {
            name: {"description": said, "schema": {"type": "string"}}
            for name, said in _HEADERS.items()
        },
        "parameters": {
            name: {
                "name": header,
                "in": "header",
                "required": False,
                "description": said,
                "schema": {"type": "string"},
            }
            for name, (header, said) in _CONDITIONS.items()
        },
        "responses": {f"Refused{status}": _refusal(status) for status in REFUSALS}
        | {
            "NotModified": {
                "description": "If-None-Match names what you have",
                "headers": sent("ETag", "X-Request-ID"),
            }
        },
    }


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": REFUSALS[status],
        "headers": sent("X-Request-ID", *_HEADERS_BY_REFUSAL.get(status, ())),
        "content": {_PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def sent(*names: str) -> dict[str, Any]:
    """References to the headers of an answer."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def own_paths() -> dict[str, Any]:
    """The paths that the service answers by itself, without a function behind them."""
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

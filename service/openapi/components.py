"""What every OpenAPI document of ours shares: problem, refusals, headers."""

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
    400: "The request cannot be read, or lacks its Idempotency-Key",
    401: "No valid token",
    403: "Not with this: another site's page, an API key, or a wrong password",
    404: "Not there, or not yours",
    405: "The path has no such method",
    408: "The request did not arrive in time",
    409: "It is already there, something still points at it, or its first try is still running",
    412: "If-Match names another version: read it again",
    413: "The body is too large",
    415: "The body is not plain JSON",
    422: "A field breaks a rule, errors names every one; or the key came with another request",
    429: "Too many of them; Retry-After says when to come back",
    500: "A fault of ours; request_id finds it in the log",
    503: "The database is away or busy, or too many log in; try again after Retry-After",
    507: "The disk is full; reads go on",
}

_HEADERS: dict[str, str] = {
    "ETag": 'Weak tag of data alone: W/"…", with the version first where there is one: W/"7-…"',
    "Idempotency-Replayed": "true when the key was known: the answer is the first one's",
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

_KEY: Schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
_KEY_SAID = "One for each thing that is to be done once, kept 24 hours for you and this operation"
# Parameter of the document: header, whether it must be there, what it is for, its schema.
_CONDITIONS: dict[str, tuple[str, bool, str, Schema]] = {
    "IfNoneMatch": (
        "If-None-Match",
        False,
        "ETag of what you have: 304 when it still holds",
        {"type": "string"},
    ),
    "IfMatch": (
        "If-Match",
        False,
        'ETag of what you read, or its version ("7"): 412 when it was edited meanwhile',
        {"type": "string"},
    ),
    "RequestId": (
        "X-Request-ID",
        False,
        "Your own name for this request; it comes back",
        {"type": "string"},
    ),
    "IdempotencyKey": ("Idempotency-Key", False, _KEY_SAID, _KEY),
    "NeededIdempotencyKey": ("Idempotency-Key", True, _KEY_SAID, _KEY),
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
                "required": is_needed,
                "description": said,
                "schema": schema,
            }
            for name, (header, is_needed, said, schema) in _CONDITIONS.items()
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

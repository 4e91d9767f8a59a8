"""What a refusal looks like: SQLSTATE or cause -> status -> problem+json (RFC 9457), one shape.

Table: docs/limits.md 4, which follows appendix A of the PostgreSQL manual.
"""

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import NamedTuple

PROBLEM_TYPE = "application/problem+json"
_HINT = re.compile(r"([a-z][a-z_]{0,60})(?: retry_after=([0-9]{1,7}))?")


class Refusal(NamedTuple):
    """Status, machine-readable code and sentence for people."""

    status: int
    code: str
    detail: str


AWAY = Refusal(503, "database_away", "The database cannot be reached just now. Try again.")
UNKNOWN = Refusal(
    503,
    "outcome_unknown",
    "The answer got lost. Send it again with the same Idempotency-Key, or look if it was done.",
)
TOO_SLOW = Refusal(503, "too_slow", "This took too long and was stopped. Try again.")
INTERNAL = Refusal(500, "internal", "Something went wrong on our side; the id finds it in our log.")
NO_VERSION = Refusal(
    412, "no_version", "This has no version that If-Match could name: leave it out."
)
NOT_FOUND = Refusal(404, "not_found", "There is nothing here.")
_VALUE = Refusal(422, "wrong_value", "A value does not fit its field.")
_RULE = Refusal(422, "broken_rule", "The values break a rule of what they are stored in.")
_BUSY = Refusal(503, "busy", "Somebody else changed the same thing. Try again.")

# First match wins; exact codes come before their class.
REFUSAL_BY_SQLSTATE: tuple[tuple[str, Refusal], ...] = (
    ("23505", Refusal(409, "conflict", "This is already there.")),  # unique_violation
    ("23503", Refusal(422, "missing_reference", "What this points at is not there.")),
    ("23", _RULE),  # the row breaks a rule of its table
    ("22", _VALUE),  # the value does not fit its type
    ("54001", Refusal(422, "too_complex", "The request is nested too deeply.")),
    ("40001", _BUSY),  # serialization failure, after the retries
    ("40P01", _BUSY),  # deadlock, after the retries
    ("42501", NOT_FOUND),  # no right to it: the same answer as for nothing there
    ("53100", Refusal(507, "storage_full", "There is no room to store this.")),
    ("53", AWAY),  # out of connections or memory
    ("57014", TOO_SLOW),  # statement_timeout
    ("55P03", TOO_SLOW),  # lock_timeout
    ("57P", AWAY),  # shutting down or starting
    ("08", AWAY),  # the connection is gone
    ("25P03", AWAY),  # idle in transaction for too long
)
REFUSED = b'{"refusal"'  # how a function's answer begins when it refuses and keeps what it wrote
RETRIED_SQLSTATES = frozenset({"40001", "40P01"})
AWAY_SQLSTATES = ("08", "53300", "57P01", "57P02", "57P03")  # wait inside the deadline


class DatabaseRefused(Exception):
    """An SQL error. The message is meant for the user only when the code begins with PT."""

    def __init__(
        self,
        sqlstate: str,
        message: str = "",
        detail: str = "",
        field: str | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(sqlstate, message)
        self.sqlstate = sqlstate
        self.message = message
        self.detail = detail
        self.field = field
        self.hint = hint  # `too_many_attempts retry_after=37`: a code for machines, and a pause


class DatabaseAway(Exception):
    """The connection is gone or cannot be made; the reason is for the log alone."""

    def __init__(self, reason: str, *, is_outcome_unknown: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_outcome_unknown = is_outcome_unknown  # a write was sent and no answer came


class Problem(Exception):
    """A refusal on its way to the client."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        field: str | None = None,
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, code)
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field
        self.errors = errors
        self.headers = {**headers_of(status), **(headers or {})}

    def body(self, request_id: str) -> bytes:
        """The problem as JSON."""
        document: dict[str, object] = {
            "success": False,
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.field is not None:
            document["field"] = self.field
        if self.errors:
            document["errors"] = [{"field": name, "detail": text} for name, text in self.errors]
        document["request_id"] = request_id
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )


def problem(refusal: Refusal, *, field: str | None = None) -> Problem:
    """A Problem for a row of the table."""
    return Problem(refusal.status, refusal.code, refusal.detail, field=field)


def headers_of(status: int) -> dict[str, str]:
    """What a status must say, whoever refuses: 503 when to come back, 401 how to be known."""
    if status == 503:
        return {"Retry-After": str(1 + secrets.randbelow(3))}  # not all clients in one second
    return {"WWW-Authenticate": "Bearer"} if status == 401 else {}


def problem_of(error: DatabaseRefused) -> Problem:
    """`PT404` is 404 with its message; an unknown code is our fault, 500."""
    code = error.sqlstate
    if code.startswith("PT") and code[2:].isdecimal() and 400 <= int(code[2:]) <= 599:
        status = int(code[2:])
        if status in set(HTTPStatus):
            errors = [(error.field, error.message)] if error.field else []
            hint = _HINT.fullmatch(error.hint)
            word, pause = hint.groups() if hint else (None, None)
            return Problem(
                status,
                word or _code_of(status),
                error.message,
                field=error.field,
                errors=errors,
                headers={"Retry-After": pause} if pause else None,
            )
    for prefix, refusal in REFUSAL_BY_SQLSTATE:
        if code.startswith(prefix):
            return problem(refusal)
    return problem(INTERNAL)


def refusal_in(data: bytes) -> Problem:
    """What core.refusal_json answers, as a problem."""
    said = json.loads(data)["refusal"]
    field, pause = said.get("field"), said.get("retry_after")
    return Problem(
        said["status"],
        said["code"],
        said["detail"],
        field=field,
        errors=[(field, said["detail"])] if field else [],
        headers={"Retry-After": str(pause)} if pause else None,
    )


def _code_of(status: int) -> str:
    """`409` is conflict, `422` is unprocessable_entity."""
    names = {404: "not_found", 409: "conflict", 412: "changed_meanwhile", 422: "wrong_fields"}
    return names.get(status) or HTTPStatus(status).name.lower()

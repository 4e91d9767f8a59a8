"""Asking a running service: plain requests, and its operations by name."""

import http.client
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from service.openapi.shapes import sample
from tests.support.service import Service

METHODS = ("get", "post", "put", "patch", "delete")

# What an id on the wire points at. One that is not here fails the tests that need it: a new one is
# a line here and, if settle() makes none yet, a row there.
TABLE_BY_ID = {
    "account_id": "accounts",
    "to_account_id": "accounts",
    "from_account_id": "accounts",
    "transfer_account_id": "accounts",
    "category_id": "categories",
    "subcategory_id": "subcategories",
    "move_to": "subcategories",
    "transaction_id": "transactions",
    "leaving_id": "transactions",
    "arriving_id": "transactions",
    "transfer_id": "transactions",
    "note_id": "transaction_notes",
    "recurring_item_id": "recurring_items",
    "exception_id": "recurring_exceptions",
    "dismissal_id": "recurring_dismissals",
    "alert_id": "alerts",
    "verification_id": "phone_verification",
    "session_id": "login_sessions",
    "api_key_id": "api_keys",
    "access_grant_id": "access_grants",
    "import_id": "statement_imports",
    "rule_id": "transaction_rules",
    "run_id": "rule_runs",
    "scenario_id": "scenarios",
    "budget_period_id": "budget_periods",
    "budget_id": "budgets",
    "budget_allocation_id": "budget_allocations",
    "income_source_id": "income_sources",
    "debt_id": "debts",
    "financial_goal_id": "financial_goals",
    "contribution_id": "goal_contributions",
}
# What a plain request must say that its schema does not know: operation, field, name in own_ids().
SAID_BY_OPERATION: Mapping[str, Mapping[str, str]] = {
    "registration_add": {"password": "new_password"},
    "session_add": {"email": "email", "password": "password"},
    "password_edit": {"password": "password", "new_password": "new_password"},
    "email_confirm": {"token": "verification_token"},
    "reset_use": {"token": "reset_token", "new_password": "new_password"},
    "deletion_add": {"password": "password"},
    "phone_prove": {"password": "password"},
    "person_find": {"email": "email"},
    "split_set": {"splits": "no_splits"},
    "rulebook_add": {"direction": "direction", "subcategory_id": "subcategory_id"},
    "rulebook_sort": {"rule_ids": "rule_ids"},
    "bulk_edit": {"ids": "transaction_ids"},
    "bulk_drop": {"ids": "transaction_ids"},
    "trial_preview": {"direction": "direction", "subcategory_id": "subcategory_id"},
    "period_add": {"starts_on": "free_day"},
    "scenario_add": {"balance": "any"},
    # One by one they may be absent; without an item they are needed together.
    "income_add": {
        "account_id": "account_id",
        "amount": "any",
        "frequency": "any",
        "next_on": "any",
    },
    "debt_add": {"balance": "owed"},
}
# A plain file for what reads one.
FILE = b"Date,Description,Amount\n2025-01-02,Baker,-2.50\n"
MISSING_ID = 999_999_999_999
NEEDS_KEY = re.compile(  # paths that move money
    r"/transactions(/batch|/batch-drop|/[^/]+/post)?$|/transfers(/link|/match)?$"
    r"|/statement-imports(/[^/]+/(book|undo))?$"
)


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        """What lies in the envelope."""
        return self.json["data"]


class Client:
    """One kept connection to a service, speaking for one token (or for nobody)."""

    def __init__(self, url: str, token: str | None = None) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
        self.token = token

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        is_keyed: bool = True,
    ) -> Reply:
        """One request; body is sent as JSON, or as it is when it is bytes.

        A POST that needs an Idempotency-Key has a fresh one, unless is_keyed is false.
        """
        sent = {"Authorization": f"Bearer {self.token}"} if self.token is not None else {}
        if is_keyed and method == "POST" and NEEDS_KEY.search(path):
            sent["Idempotency-Key"] = secrets.token_hex(16)
        payload = None
        if body is not None:
            payload = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        sent |= headers or {}
        target = path + (f"?{urlencode(query)}" if query else "")
        for attempt in range(2):
            try:
                self._connection.request(method, target, payload, sent)
                answer = self._connection.getresponse()
                return Reply(answer.status, answer.headers, answer.read())
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self._connection.close()  # the service closed the kept connection before this one
                if attempt:
                    raise
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Hangs up."""
        self._connection.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass(frozen=True)
class Operation:
    """One operation of /openapi.json."""

    id: str
    method: str
    path: str
    spec: dict[str, Any] = field(repr=False)

    @property
    def path_fields(self) -> list[str]:
        """Names in the path, in order."""
        return re.findall(r"\{([a-z_]+)\}", self.path)

    @property
    def query(self) -> dict[str, dict[str, Any]]:
        """Query parameters by name."""
        listed = (one for one in self.spec["parameters"] if one.get("in") == "query")
        return {one["name"]: one for one in listed}

    @property
    def body(self) -> dict[str, Any] | None:
        """Schema of the body, when there is one."""
        content = self.spec.get("requestBody", {}).get("content", {})
        schema: dict[str, Any] | None = content.get("application/json", {}).get("schema")
        return schema

    @property
    def takes_file(self) -> bool:
        """Whether its body is a file."""
        content = self.spec.get("requestBody", {}).get("content", {})
        return "application/octet-stream" in content

    @property
    def is_admins(self) -> bool:
        """Whether only an admin is answered."""
        return self.path.startswith("/api/v2/admin/")

    @property
    def is_public(self) -> bool:
        """Whether it answers without a token."""
        return not self.spec["security"]

    def address(self, ids: Mapping[str, Any]) -> str:
        """The path with its fields filled in."""
        filled = self.path
        for name in self.path_fields:
            filled = filled.replace(f"{{{name}}}", quote(str(ids[name]), safe=""))
        return filled

    def plain_query(self, ids: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Only what must be there."""
        return {
            name: self._said(name, ids or {}, sample(one["schema"]))
            for name, one in self.query.items()
            if one["required"]
        }

    def plain_body(self, ids: Mapping[str, Any]) -> Any:
        """The least body that means something: required fields, with ids of the caller's own.

        A field that is said by name is in it too: what one of several fields must say. Of what
        reads a file, a plain file.
        """
        if self.takes_file:
            return FILE
        if self.body is None:
            return None
        fields = self.body["properties"]
        said = (name for name in SAID_BY_OPERATION.get(self.id, {}) if name in fields)
        return {
            name: self._said(name, ids, plain(fields[name], name, ids))
            for name in dict.fromkeys((*self.body.get("required", []), *said))
        }

    def _said(self, name: str, ids: Mapping[str, Any], otherwise: Any) -> Any:
        return ids.get(SAID_BY_OPERATION.get(self.id, {}).get(name, ""), otherwise)


def plain(schema: dict[str, Any], name: str, ids: Mapping[str, Any]) -> Any:
    """A plain value of a schema, with the caller's own ids where it asks for ids."""
    if name in TABLE_BY_ID:
        return ids[name]
    if schema.get("type") == "array" and schema.get("items", {}).get("properties"):
        return [plain(schema["items"], name, ids)]
    if schema.get("type") == "object" and schema.get("properties"):
        wanted = schema.get("required", [])
        return {key: plain(schema["properties"][key], key, ids) for key in wanted}
    return sample(schema)


def id_fields(
    schema: dict[str, Any] | None, at: tuple[str | int, ...] = ()
) -> Iterator[tuple[Any, ...]]:
    """Where in a body ids stand, as paths of keys (0 for the items of a list)."""
    if schema is None:
        return
    for name, part in schema.get("properties", {}).items():
        if name.endswith("_id") and name != "external_id":
            yield (*at, name)
        yield from id_fields(part, (*at, name))
    if isinstance(schema.get("items"), dict):
        yield from id_fields(schema["items"], (*at, 0))


def document(service: Service) -> dict[str, Any]:
    """/openapi.json as it is now."""
    client = Client(service.url)
    try:
        reply = client.ask("GET", "/openapi.json")
        assert reply.status == 200, reply
        parsed: dict[str, Any] = reply.json
        return parsed
    finally:
        client.close()


def operations(service: Service) -> list[Operation]:
    """Every operation that a function answers, aliases too."""
    return [
        Operation(item[method]["operationId"], method.upper(), path, item[method])
        for path, item in document(service)["paths"].items()
        for method in METHODS
        if method in item and item[method]["tags"] != ["service"]
    ]

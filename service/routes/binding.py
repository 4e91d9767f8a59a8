"""From named values to one statement: what a signature accepts, and the text that calls it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from jsonschema_rs import Draft202012Validator, ValidationError

from service.errors import Problem
from service.routes.files import FILE_FIELDS
from service.routes.proofs import PROOF_SCHEMAS, PROOFS
from service.routes.values import ToArgument, to_argument

OWNER = "user_id"  # `me` or the caller's public id on the wire, the caller's number in SQL
RESERVED = frozenset(
    {
        *("caller_id", "caller_tier", "session_hash", "client_ip", "user_agent", "body"),
        *("if_match", "server_key", "checked_hash", "upgraded_hash", *PROOFS, "file", "rows"),
    }
)
_STATEMENTS_KEPT = 128  # per route: each set of given fields is a text of its own
# Set for this transaction alone, before the function runs: row-level security reads it.
AS_IDENTITY = "from pg_catalog.set_config('app.user_id', $1, true)"
_AS_IT_IS = frozenset({"body", "file", "rows"})
_ERRORS_SHOWN = 50
_WORDS_SHOWN = 20  # of what a value may be, in a refusal
_NAME_LENGTH = 100  # characters of a name that a refusal repeats


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a function, by its name on the wire."""

    name: str
    pg_type: str
    base: str
    schema: Mapping[str, Any]
    required: bool
    default: str | None = None


class Once(NamedTuple):
    """A write that is done once: its Idempotency-Key and what tells its request from others."""

    key: bytes
    request_hash: bytes


class Binding:
    """What one function accepts, compiled once; lives as long as its route."""

    def __init__(
        self, function: str, parameters: Sequence[Parameter], *, takes_any: bool = False
    ) -> None:
        self._function = function
        self.takes_file = any(item.name == "file" for item in parameters)
        self.takes_any = takes_any  # the function reads the body by itself, whatever its fields
        self._slots: tuple[tuple[int, str, str, ToArgument], ...] = tuple(
            (1 << position, item.name, item.pg_type, _argument_of(item))
            for position, item in enumerate(parameters)
        )
        self._statements: dict[int, bytes] = {}
        wire = [item for item in parameters if item.name not in RESERVED and item.name != OWNER]
        self.base_by_field = {item.name: item.base for item in wire}
        self.takes_owner = any(item.name == OWNER for item in parameters)
        proved = [PROOFS[item.name] for item in parameters if item.name in PROOFS]
        self.proofs = {name: dict(PROOF_SCHEMAS[name]) for name in proved}
        self.base_by_field |= dict.fromkeys(proved, "text")
        self.file_fields = {
            name: dict(schema)
            for name, schema in FILE_FIELDS.items()
            if self.takes_file and name not in self.base_by_field
        }
        self.base_by_field |= dict.fromkeys(self.file_fields, "text")
        self.schema: dict[str, Any] = {
            "type": "object",
            "properties": {item.name: dict(item.schema) for item in wire}
            | self.proofs
            | self.file_fields,
            "required": [
                *(item.name for item in wire if item.required),
                *(name for name in proved if name != "captcha_token"),
            ],
            "additionalProperties": takes_any,
        }
        self._is_open = not self.schema["required"]
        self._validator = Draft202012Validator(
            self.schema, validate_formats=True, mask="This value"
        )

    def check(self, values: Mapping[str, Any]) -> None:
        """Nothing, when the values fit. Errors: Problem 422 with every wrong field."""
        if (self._is_open and not values) or self._validator.is_valid(values):
            return
        found: dict[str, str] = {}
        for error in self._validator.iter_errors(values):
            for field, sentence in _blames(error, self.schema):
                found.setdefault(field, sentence)
                if len(found) == _ERRORS_SHOWN:
                    raise wrong_fields(list(found.items()))
        raise wrong_fields(list(found.items()))

    def call(
        self, values: Mapping[str, Any], identity: bytes, once: Once | None = None
    ) -> tuple[bytes, tuple[bytes | None, ...]]:
        """Statement and arguments for these fields; SQL's defaults stand for the others.

        identity is whose rows the second wall lets through: a user's number, empty for nobody's.
        With once, the call goes through api.request_once: answer, status, whether it is a replay.
        """
        given = 0
        arguments: list[bytes | None] = [identity]
        if once:
            arguments += once.key, b"\\x" + once.request_hash.hex().encode()
        for bit, name, _, convert in self._slots:
            if name in values and not (once and name == OWNER):  # who is once's own owner
                given |= bit
                try:
                    arguments.append(convert(values[name]))
                except (TypeError, ValueError):
                    raise wrong_fields([(name, "This value does not fit.")]) from None
        form = ~given if once else given
        statement = self._statements.get(form)
        if statement is None:
            statement = (self._once(given) if once else self._plain(given)).encode()
            if len(self._statements) < _STATEMENTS_KEPT:
                self._statements[form] = statement
        return statement, tuple(arguments)

    def _plain(self, given: int) -> str:
        named = [(name, pg_type) for bit, name, pg_type, _ in self._slots if given & bit]
        listed = ", ".join(
            f"_{name} => ${number}::{pg_type}" for number, (name, pg_type) in enumerate(named, 2)
        )
        return f"select {self._function}({listed}) {AS_IDENTITY}"

    def _once(self, given: int) -> str:
        names = [f"_{name}" for bit, name, _, _ in self._slots if given & bit]
        values = ", ".join(f"${number}::text" for number in range(4, 4 + len(names)))
        return (
            f"select once.answer, once.status, once.is_replayed {AS_IDENTITY} as identity "
            "cross join lateral api.request_once(_user_id => identity::bigint, _key => $2::text, "
            f"_request_hash => $3::bytea, _function => '{self._function}', "
            f"_names => '{{{','.join(names)}}}', _values => array[{values}]::text[]) as once"
        )


def _argument_of(item: Parameter) -> ToArgument:
    """The body, a file and its rows are json already; everything else is a value."""
    return (lambda text: text) if item.name in _AS_IT_IS else to_argument(item.base)


def wrong_fields(errors: Sequence[tuple[str, str]]) -> Problem:
    """422 that names the wrong fields, each with a sentence: the first 50, and names cut."""
    shown = [(name[:_NAME_LENGTH], sentence) for name, sentence in errors[:_ERRORS_SHOWN]]
    field, sentence = shown[0]
    if len(shown) > 1:
        at_least = "At least " if len(shown) == _ERRORS_SHOWN else ""
        sentence = f"{at_least}{len(shown)} fields are wrong."
    return Problem(422, "wrong_fields", sentence, field=field, errors=shown)


def _blames(error: ValidationError, schema: Any) -> Iterator[tuple[str, str]]:
    """Field and sentence of each thing that one error says; nested fields are written a[0].b."""
    place = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.instance_path
    )
    known = error.kind.as_dict()
    if "unexpected" in known:
        for name in known["unexpected"]:
            yield f"{place}.{name}".removeprefix("."), "There is no such field."
    elif error.kind.name == "required":
        yield f"{place}.{known['property']}".removeprefix("."), "This field is required."
    else:
        yield place.removeprefix(".") or "body", _sentence(error, known, schema)


def _sentence(error: ValidationError, known: Mapping[str, Any], schema: Any) -> str:
    """What is wrong with a value: every word that may stand there, or how it is written."""
    if error.kind.name == "enum" and len(known["options"]) <= _WORDS_SHOWN:
        words = [json.dumps(word) for word in known["options"] if word is not None]
        return f"This value is not one of {', '.join(words)}."
    if error.kind.name == "pattern":
        for step in error.schema_path[:-1]:
            schema = schema[step]
        if examples := schema.get("examples"):
            return f"This value is not written like {json.dumps(examples[0])}."
    return f"{error.message}."

"""Is this body JSON that we are willing to read? Bytes -> fields, or 400 with the reason.

Limits and the traps behind them: docs/limits.md 1.
"""

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

from service.config import Config
from service.errors import Problem

_NUMBER = re.compile(r"-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?")
# A text without an end takes the rest with it: each of its quotes tried anew would be quadratic.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)
_NAME_LENGTH = 100  # characters of a name that a refusal repeats


def read_object(body: bytes, config: Config) -> dict[str, Any]:
    """The fields of a JSON object; decimals as Decimal. Errors: Problem 400 says what is wrong."""
    if not body.strip(b" \t\r\n"):
        return {}
    if body.startswith(b"\xef\xbb\xbf"):
        _refuse("It begins with a byte order mark.")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("It is not valid UTF-8.")
    _check_depth(body, config.json_depth)
    try:
        value = json.loads(
            text,
            parse_int=lambda digits: _integer(digits, config.json_integer_digits),
            parse_float=lambda digits: _decimal(digits, config),
            parse_constant=lambda word: _refuse(f"{word} is not a JSON number."),
            object_pairs_hook=_unique,
        )
    except json.JSONDecodeError as error:
        _refuse(f"{error.msg} at line {error.lineno}, column {error.colno}.")
    except (ValueError, RecursionError):
        _refuse("It cannot be read.")
    if b"\\u" in body:
        _check_texts(value)
    if not isinstance(value, dict):
        raise Problem(422, "wrong_fields", "The body must be a JSON object.", field="body")
    return value


def _refuse(reason: str) -> NoReturn:
    raise Problem(400, "bad_json", f"The body is not acceptable JSON. {reason}")


def _check_depth(body: bytes, most: int) -> None:
    """Counts brackets outside of texts before the parser recurses into them."""
    if body.count(b"[") + body.count(b"{") <= most:
        return
    depth = 0
    for token in _TOKEN.finditer(body):
        first = body[token.start()]
        if first in b"[{":
            depth += 1
            if depth > most:
                _refuse(f"It is nested more than {most} levels deep.")
        elif first in b"]}":
            depth -= 1


def _integer(digits: str, most: int) -> int:
    if len(digits.lstrip("-")) > most:
        _refuse(f"A whole number has more than {most} digits.")
    return int(digits)


def _decimal(digits: str, config: Config) -> Decimal:
    parts = _NUMBER.fullmatch(digits)
    if parts is None:
        _refuse("A number cannot be read.")
    whole, fraction, exponent = parts.groups()
    most = config.json_integer_digits
    if len(whole) > most or len(fraction or "") > most:
        _refuse(f"A number has more than {most} digits before or after its point.")
    if exponent and (len(exponent) > 5 or abs(int(exponent)) > config.json_exponent):
        _refuse(f"An exponent is beyond {config.json_exponent}.")
    return Decimal(digits)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                # Half of a surrogate pair, which an escape can spell, is no text to answer with.
                shown = name[:_NAME_LENGTH].encode("utf-8", "replace").decode()
                raise Problem(400, "bad_json", "A field stands twice in one object.", field=shown)
            seen.add(name)
    return fields


def _check_texts(value: Any) -> None:
    """Escapes can spell what PostgreSQL cannot store: NUL and halves of a surrogate pair."""
    if isinstance(value, str):
        if "\x00" in value:
            _refuse("A text contains the character NUL.")
        try:
            value.encode()
        except UnicodeEncodeError:
            _refuse("A text contains half of a surrogate pair.")
    elif isinstance(value, dict):
        for name, item in value.items():
            _check_texts(name)
            _check_texts(item)
    elif isinstance(value, list):
        for item in value:
            _check_texts(item)

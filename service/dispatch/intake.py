"""What a request says: its fields from path, query and body, each in one place only."""

import asyncio
import time
from typing import Any
from urllib.parse import parse_qsl

from service.config import Config
from service.dispatch.reader import read_object
from service.errors import Problem
from service.exchange import Exchange
from service.routes.binding import OWNER, wrong_fields
from service.routes.table import Match
from service.routes.values import query_value

_QUERY_FIELDS = 100
LAST = {"Connection": "close"}  # the rest of such a body is not waited for


async def read_fields(
    exchange: Exchange, match: Match, config: Config
) -> tuple[dict[str, Any], bytes]:
    """Fields by name, and the body as it came. Errors: Problem 400, 408, 413, 415, 422."""
    values, twice = fields_outside(exchange, match)
    body = b""
    if exchange.request.can_read_body:
        body = await _body(exchange, match.route.max_body_bytes, config)
        for name, value in (read_object(body, config) if body else {}).items():
            if name in values or name in match.values:
                twice.append(name)
            values[name] = value
    check_once(twice)
    return values, body


def fields_outside(exchange: Exchange, match: Match) -> tuple[dict[str, Any], list[str]]:
    """Fields of path and query, and the names that stand there twice. Errors: Problem 400, 422."""
    route = match.route
    bases = route.binding.base_by_field
    path = match.values
    values = {name: query_value(bases[name], path[name]) for name in path if name != OWNER}
    if "%00" in exchange.path:
        hurt = [name for name, text in path.items() if "\x00" in text]
        raise wrong_fields([(name, "A text contains the character NUL.") for name in hurt])
    twice: list[str] = []
    if exchange.query:
        for name, text in _query(exchange.query):
            if name in values or name in path:
                twice.append(name)
            if name in route.binding.proofs:  # addresses are logged on the way, bodies are not
                raise wrong_fields([(name, "This field belongs into the body.")])
            if route.binding.takes_any and name not in bases:  # any field of the body, not of this
                raise wrong_fields([(name, "There is no such field.")])
            values[name] = query_value(bases.get(name, "text"), text)
    return values, twice


def check_once(twice: list[str]) -> None:
    """Nothing, when no field stands twice. Errors: Problem 422."""
    if twice:
        raise wrong_fields([(name, "This field is given twice.") for name in twice])


def _query(query: str) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, errors="strict", max_num_fields=_QUERY_FIELDS
        )
    except ValueError:  # UnicodeDecodeError is one
        raise Problem(400, "bad_query", "The query cannot be read.") from None
    for name, text in pairs:
        if "\x00" in name or "\x00" in text:
            raise wrong_fields([(name.replace("\x00", ""), "A text contains the character NUL.")])
    return pairs


async def _body(exchange: Exchange, most: int, config: Config) -> bytes:
    """The whole body. Errors: Problem 400, 408 too slow, 413 too large, 415 not plain JSON."""
    request = exchange.request
    await invite(exchange, most)
    chunks: list[bytes] = []
    size = 0
    began = time.perf_counter()
    try:
        async with asyncio.timeout(config.body_timeout_ms / 1000):
            while chunk := await request.content.readany():
                size += len(chunk)
                if size > most:
                    raise too_large(most)
                chunks.append(chunk)
    except TimeoutError:
        raise Problem(408, "slow_body", "The body did not arrive.", headers=LAST) from None
    exchange.waited_s = time.perf_counter() - began
    if size and exchange.match and exchange.match.route.method == "GET":
        raise Problem(400, "body_of_a_get", "A GET takes its fields from the query.")
    if size and not _is_json(request.headers.get("Content-Type", "").lower()):
        raise Problem(415, "not_json", "Send the body as application/json.")
    return b"".join(chunks)


def _is_json(content_type: str) -> bool:
    """Whether it is application/json, and UTF-8 if it says so."""
    kind, _, rest = content_type.partition(";")
    charset = rest.strip().removeprefix("charset=").strip('"')
    return kind.strip() == "application/json" and charset in ("", "utf-8", "utf8")


async def invite(exchange: Exchange, most: int) -> None:
    """Lets a body come that may be read. Errors: Problem 413 too large, 415 packed."""
    request = exchange.request
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem(415, "encoded_body", "Send the body without Content-Encoding.", headers=LAST)
    if (request.content_length or 0) > most:
        raise too_large(most)
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the answer itself has not begun


def too_large(most: int) -> Problem:
    """413 that names the limit."""
    return Problem(413, "body_too_large", f"The body has more than {most} bytes.", headers=LAST)

"""Bytes on their way out: envelope, ETag and 304, compression, headers that caches read."""

import time
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b

import brotli  # type: ignore[import-untyped]
import zstandard
from isal import igzip

from service.condition import changed, version_of, versions_of
from service.config import Config
from service.exchange import Answer, Exchange, Handler
from service.moment import moment
from service.routes.lists import ARCHIVE
from service.stream.packing import packed

_ETAG_BYTES = 12
_JSON = "application/json"
_VARY = "Authorization, Cookie, Accept-Encoding"
_ACCEPTED_LENGTH = 200  # a browser says about 25; what is longer is neither read nor remembered

Compressor = Callable[[bytes], bytes]


def _compressors() -> dict[str, Compressor]:
    """Quick levels: 3 kB take 7 to 30 microseconds (docs/limits.md 2)."""
    zstd = zstandard.ZstdCompressor(level=1, write_checksum=False)
    return {
        "zstd": zstd.compress,
        "br": lambda body: brotli.compress(body, quality=4),
        "gzip": lambda body: igzip.compress(body, 1),
    }


def respond(config: Config, inner: Handler) -> Handler:
    """Gives an answer its envelope, its tag and its encoding, or says that nothing changed."""
    compressors = _compressors()

    async def responded(exchange: Exchange) -> Answer:
        answer = await inner(exchange)
        request = exchange.request
        headers = answer.headers
        if answer.chunks is not None:
            return _streamed(answer, ",".join(request.headers.getall("Accept-Encoding", ())))
        headers.setdefault("Content-Type", _JSON)
        is_kept = headers.get("Cache-Control") != "no-store"
        if answer.status == 200 and is_kept and exchange.method in ("GET", "HEAD"):
            tag = headers.get("ETag") or etag(answer.body, exchange)
            headers["ETag"] = tag
            headers.setdefault("Cache-Control", "private, no-cache")
            headers["Vary"] = _vary(exchange)
            if named := request.headers.getall("If-Match", ()):
                check_match(",".join(named), tag)
            known = ",".join(request.headers.getall("If-None-Match", ()))
            if known and matches(known, tag):
                headers.pop("Content-Type")
                return Answer(304, b"", headers)
        elif "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
            if answer.is_data and version_of(answer.body):  # what an edit answers is what it made
                headers["ETag"] = etag(answer.body, exchange)
        if answer.is_data:
            answer.body = envelope(answer.body, time.perf_counter() - exchange.started)
            answer.is_data = False
        if len(answer.body) >= config.compress_from_bytes:
            accepted = ",".join(request.headers.getall("Accept-Encoding", ()))
            encoding = chosen_encoding(accepted) if len(accepted) <= _ACCEPTED_LENGTH else None
            headers["Vary"] = _vary(exchange)
            if encoding:
                answer.body = compressors[encoding](answer.body)
                headers["Content-Encoding"] = encoding
        return answer

    return responded


def _vary(exchange: Exchange) -> str:
    """What an answer depends on; a list comes in several forms."""
    has_forms = exchange.match is not None and exchange.match.route.forms
    return f"Accept, {_VARY}" if has_forms else _VARY


def _streamed(answer: Answer, accepted: str) -> Answer:
    """A stream has no tag and no envelope, and is packed as it goes (an archive is already)."""
    assert answer.chunks is not None
    answer.headers["Vary"] = f"Accept, {_VARY}"
    encoding = chosen_encoding(accepted) if len(accepted) <= _ACCEPTED_LENGTH else None
    if encoding and answer.headers["Content-Type"] != ARCHIVE:
        answer.chunks = packed(answer.chunks, encoding)
        answer.headers["Content-Encoding"] = encoding
    return answer


def envelope(data: bytes, load_s: float) -> bytes:
    """The answer around a function's json, as bytes: 0.60 stays 0.60."""
    return b'{"success":true,"data":%b,"cached":false,"load_time":%.6f,"timestamp":"%b"}' % (
        data,
        load_s,
        moment(),
    )


def etag(data: bytes, exchange: Exchange) -> str:
    """Weak tag over the data alone, keyed by the caller: equal bytes of two users differ.

    The version comes first where the data has one, so that If-Match can name it.
    """
    key = exchange.caller.public_id.encode() if exchange.caller else b""
    digest = blake2b(data, digest_size=_ETAG_BYTES, key=key).hexdigest()
    version = version_of(data)
    return f'W/"{version}-{digest}"' if version else f'W/"{digest}"'


def check_match(named: str, tag: str) -> None:
    """Nothing, when a read may go on. Errors: Problem 412 what it names is no longer there."""
    if matches(named, tag):
        return
    version = tag.removeprefix('W/"').partition("-")[0]
    if version not in map(str, versions_of(named)):
        raise changed()


def matches(known: str, tag: str) -> bool:
    """Whether If-None-Match names this tag: a list or *, compared weakly (RFC 9110, 13.1.2)."""
    if known == tag or known.strip() == "*":
        return True
    bare = tag.removeprefix("W/")
    return any(item.strip().removeprefix("W/") == bare for item in known.split(","))


@lru_cache(maxsize=512)
def chosen_encoding(accepted: str) -> str | None:
    """The best encoding that the client takes: its own order of weight, then ours."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        weights[name.strip()] = _weight(parameters)
    best = None
    for name in ("zstd", "br", "gzip"):
        weight = weights.get(name, weights.get("*", 0.0))
        if weight > 0 and (best is None or weight > best[1]):
            best = (name, weight)
    # RFC 9110: identity is acceptable unless refused; it is preferred only when weighed higher.
    if best and weights.get("identity", 0.0) > best[1]:
        return None
    return best[0] if best else None


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0

"""A form with a file: what browsers send, and curl -F."""

import warnings
from typing import Any

from aiohttp import (
    BadContentDispositionHeader,
    BadContentDispositionParam,
    BodyPartReader,
    MultipartReader,
    StreamReader,
)
from aiohttp.http_exceptions import HttpProcessingError

from service.dispatch.intake import LAST, check_once
from service.errors import Problem
from service.exchange import Exchange
from service.routes import Route
from service.routes.binding import wrong_fields
from service.routes.table import Match
from service.routes.values import query_value
from service.upload.arrival import Pace, Spooled, Writer

FORM_BYTES = 65536  # of a form beside its file
_PARTS = 50  # of a form
_NAME_LENGTH = 200
_AS_IT_IS = frozenset({"binary", "8bit", "7bit"})

# The library warns with the header as it came: names of files are nobody's business in a log.
warnings.filterwarnings("ignore", "", BadContentDispositionHeader)
warnings.filterwarnings("ignore", "", BadContentDispositionParam)


async def read_form(
    exchange: Exchange, match: Match, spooled: Spooled, writer: Writer, pace: Pace
) -> None:
    """One file of a form, and its other fields. Errors: Problem 400, 413, 422."""
    request = exchange.request
    has_file, left = False, FORM_BYTES
    try:
        content: Any = _Counted(request.content)
        reader = MultipartReader(request.headers, content)
        for _ in range(_PARTS):
            part = await pace.of(reader.next())
            if part is None:
                break
            if not isinstance(part, BodyPartReader) or part.name is None:
                raise _bad_form("A part of it has no name.")
            if part.headers.get("Content-Transfer-Encoding", "binary") not in _AS_IT_IS:
                raise _bad_form("A part of it is encoded.")
            if part.filename is None:
                text = b""
                while chunk := await pace.of(part.read_chunk(FORM_BYTES)):
                    left -= len(chunk)
                    if left < 0:
                        raise _bad_form(f"Its fields have more than {FORM_BYTES} bytes.")
                    text += chunk
                _add(match.route, spooled, part.name, text, match)
            elif has_file:
                raise wrong_fields([(part.name[:100], "The form has a second file.")])
            else:
                has_file = True
                spooled.name = _base_name(part.filename)
                while chunk := await pace.of(part.read_chunk(FORM_BYTES)):
                    pace.took(len(chunk))
                    await writer.take(chunk)
        else:
            raise _bad_form(f"It has more than {_PARTS} parts.")
    except (ValueError, AssertionError, RuntimeError, LookupError, HttpProcessingError):
        raise _bad_form("It cannot be read.") from None
    if not has_file:
        raise wrong_fields([("file", "The form has no file.")])


class _Counted:
    """A body, read by a form's reader: lines around its parts end somewhere, a file has a limit."""

    def __init__(self, content: StreamReader) -> None:
        self._content = content
        self._left = FORM_BYTES
        self.read = content.read
        self.at_eof = content.at_eof
        self.unread_data = content.unread_data

    async def readline(self, *, max_line_length: int | None = None) -> bytes:
        """A line of a preamble, a boundary or a header. Errors: Problem 400, there are too many."""
        line = await self._content.readline(max_line_length=max_line_length)
        self._left -= len(line)
        if self._left < 0:
            raise _bad_form(f"Around its parts it has more than {FORM_BYTES} bytes.")
        return line


def _add(route: Route, spooled: Spooled, name: str, text: bytes, match: Match) -> None:
    try:
        said = text.decode("utf-8")
    except UnicodeDecodeError:
        raise wrong_fields([(name[:100], "This is not UTF-8.")]) from None
    if "\x00" in said or "\x00" in name:
        raise wrong_fields([(name.replace("\x00", ""), "A text contains the character NUL.")])
    if name in spooled.fields or name in match.values:
        check_once([name[:100]])
    spooled.fields[name] = query_value(route.binding.base_by_field.get(name, "text"), said)


def _base_name(name: str) -> str | None:
    """The name of a file without its folders."""
    bare = name.replace("\\", "/").rpartition("/")[2].replace("\x00", "")
    return bare.encode("utf-8", "replace").decode()[:_NAME_LENGTH] or None


def _bad_form(reason: str) -> Problem:
    return Problem(400, "bad_form", f"The form is not acceptable. {reason}", headers=LAST)

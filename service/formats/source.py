"""A file as text: which encoding its bytes are in, and lines that cannot grow without end.

The whole file is looked at: what is ASCII for a megabyte may say otherwise in its last line.
"""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from service.formats.guess import best_of, beyond
from service.formats.row import Unreadable

LINE_LENGTH = 262144  # characters; what is longer is no line of a statement
_CHUNK = 1 << 20
_HEAD = 65536
_TELLING = 65536  # bytes of lines beyond ASCII that the guess is made from
# Of Python and of names of hosts, not of texts; the time of some grows with the square of a file.
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(slots=True)
class Source:
    """An open file and the encoding that it is read in."""

    file: BinaryIO
    size: int
    encoding: str = "utf-8"
    is_guessed: bool = False
    broken_bytes: int = field(default=0)  # that stand for no character in this encoding

    def head(self) -> str:
        """The beginning as text."""
        self.file.seek(0)
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        return decoder.decode(self.file.read(_HEAD))

    def text(self) -> io.TextIOWrapper:
        """The whole text from its beginning, with its line ends as they are."""
        self.file.seek(0)
        raw = io.BufferedReader(_Unclosed(self.file), _CHUNK)
        return io.TextIOWrapper(raw, encoding=self.encoding, errors="replace", newline="")

    def bytes_read(self) -> int:
        """About how far the text was read."""
        return self.file.tell()


class _Unclosed(io.RawIOBase):
    """Reads from a file that stays open for the next reading."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def opened(file: BinaryIO, size: int, asked: str | None) -> Source:
    """The file in the encoding that was asked for, or that its bytes show. Errors: Unreadable."""
    if size == 0:
        raise Unreadable("The file is empty.", code="empty_file")
    if asked:
        return _as_asked(file, size, asked)
    file.seek(0)
    start = file.read(_HEAD)
    if not start.strip(b" \t\r\n\0"):
        raise Unreadable("The file is empty.", code="empty_file")
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return _checked(Source(file, size, encoding))
    wide = _wide(start)
    if wide:
        return _checked(Source(file, size, wide, is_guessed=True))
    return _guessed(file, size)


def lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines with their ends. One that is too long comes as its beginning, without an end."""
    while line := text.readline(LINE_LENGTH):
        yield line
        while len(line) == LINE_LENGTH and line[-1] not in "\r\n":
            line = text.readline(LINE_LENGTH)


def _as_asked(file: BinaryIO, size: int, asked: str) -> Source:
    name = _charset(asked)
    if name is None:
        raise Unreadable("There is no such encoding.", code="wrong_fields", field="encoding")
    return _checked(Source(file, size, name))


def _charset(asked: str) -> str | None:
    """The name of a character set as Python has it; None when this is none."""
    try:
        found = codecs.lookup(asked)
        is_text = found._is_text_encoding and bool("a".encode(asked))
    except (LookupError, UnicodeError, ValueError):
        return None
    return found.name if is_text and found.name not in _NO_CHARSETS else None


def _wide(start: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of what is mostly ASCII is NUL."""
    odd, even = start[1::2].count(0), start[::2].count(0)
    half = len(start) // 2
    if half >= 4 and odd > 0.6 * half > 10 * even:
        return "utf-16-le"
    return "utf-16-be" if half >= 4 and even > 0.6 * half > 10 * odd else None


def _checked(source: Source) -> Source:
    """Counts what stands for no character."""
    decoder = codecs.getincrementaldecoder(source.encoding)("replace")
    source.file.seek(0)
    while True:
        chunk = source.file.read(_CHUNK)
        source.broken_bytes += decoder.decode(chunk, final=not chunk).count("\ufffd")
        if not chunk:
            return source


def _guessed(file: BinaryIO, size: int) -> Source:
    """UTF-8 if all or nearly all of it is; else what its lines beyond ASCII look like."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    file.seek(0)
    accented, broken = 0, 0
    telling = bytearray()
    while True:
        chunk = file.read(_CHUNK)
        if chunk and chunk.isascii() and not decoder.getstate()[0]:
            continue
        text = decoder.decode(chunk, final=not chunk)
        lost = text.count("\ufffd")
        broken += lost
        accented += beyond(text) - lost
        if len(telling) < _TELLING:
            for line in chunk.splitlines():
                if not line.isascii():
                    telling += line[:1000] + b"\n"
                    if len(telling) >= _TELLING:
                        break
        if not chunk:
            break
    if broken * 10 <= accented or not broken:
        return Source(file, size, "utf-8", broken_bytes=broken)
    return _checked(Source(file, size, best_of(bytes(telling)), is_guessed=True))


def declared(source: Source, pattern: re.Pattern[str]) -> None:
    """Takes the encoding that a file declares, where its bytes alone left a guess."""
    found = pattern.search(source.head()) if source.is_guessed else None
    name = next((group for group in found.groups() if group), "") if found else ""
    if name.isdecimal():
        name = f"cp{name}"
    encoding = _charset(name) if name else None
    if encoding is None or encoding.startswith(("utf-16", "utf-32")):
        return
    trial = _checked(Source(source.file, source.size, encoding))
    if not trial.broken_bytes:
        source.encoding, source.is_guessed = encoding, False
        source.broken_bytes = 0

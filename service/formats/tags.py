"""Tags and texts of OFX, in SGML and in XML alike: a stream of tokens, none of them without end.

Nothing is ever expanded but the five entities of XML and numbers of characters; a document type,
where entities would be declared, ends the reading.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from service.formats.row import Unreadable

_CHUNK = 65536
_LONGEST = 100000  # characters of one tag, text or comment
_ENTITY = re.compile(r"&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|amp|lt|gt|quot|apos|nbsp);")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}
_NAME = re.compile(r"/?[A-Za-z0-9_.:-]{1,64}")


class Token(NamedTuple):
    """open, close or text; the name of a tag in capitals, or a text; and the line it begins in."""

    kind: str
    text: str
    line: int


def tokens(text: TextIO) -> Iterator[Token]:
    """Tags and the texts between them. Errors: Unreadable."""
    held, line = "", 1
    while True:
        chunk = text.read(_CHUNK)
        held += chunk
        place = 0
        while True:
            token, behind = _next(held, place, line, is_end=not chunk)
            if behind == place:
                break
            if token:
                yield token
            line += held.count("\n", place, behind)
            place = behind
        held = held[place:]
        if len(held) > _LONGEST:
            raise Unreadable("A part of it has no end.", line=line)
        if not chunk:
            return


def _next(held: str, place: int, line: int, *, is_end: bool) -> tuple[Token | None, int]:
    """The token at a place and where the next one begins; the same place when more is needed."""
    if place >= len(held):
        return None, place
    if held[place] != "<":
        behind = held.find("<", place)
        if behind < 0:
            if not is_end and len(held) - place <= _LONGEST:
                return None, place
            behind = len(held)
        said = _plain(held[place:behind])
        return (Token("text", said, line) if said else None), behind
    for start, end in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")):
        if held.startswith(start, place):
            behind = held.find(end, place + len(start))
            if behind < 0:
                return _cut(held, place, line, is_end)
            inner = held[place + len(start) : behind].strip() if start == "<![CDATA[" else ""
            return (Token("text", inner, line) if inner else None), behind + len(end)
    if len(held) - place < 9 and not is_end:
        return None, place  # it may still become one of those
    if held.startswith("<!", place):
        raise Unreadable("It declares a document type or entities: no bank's file does.", line=line)
    behind = held.find(">", place)
    if behind < 0:
        return _cut(held, place, line, is_end)
    name = _NAME.match(held, place + 1)
    if not name:
        return Token("text", held[place : behind + 1][:200], line), behind + 1
    tag = name[0].upper()
    if tag.startswith("/"):
        return Token("close", tag[1:], line), behind + 1
    if held[behind - 1] == "/":  # <MEMO/> has no text
        return Token("empty", tag, line), behind + 1
    return Token("open", tag, line), behind + 1


def _cut(held: str, place: int, line: int, is_end: bool) -> tuple[Token | None, int]:
    if is_end:
        raise Unreadable("The file ends in the middle of a tag.", line=line)
    return None, place


def _plain(text: str) -> str:
    stripped = text.strip()
    return _ENTITY.sub(_character, stripped) if "&" in stripped else stripped


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name[0] != "#":
        return _NAMED[name]
    number = int(name[2:], 16) if name[1] == "x" else int(name[1:])
    return chr(number) if 31 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"

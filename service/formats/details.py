"""Field 86 of MT940: what a payment was for and with whom, in the ways that banks write it."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from service.formats.row import plain

_FULL = 65  # a line of so many characters goes on in the next, in the middle of a word
# Germany, Austria, Poland, the Netherlands: a code of three digits, then parts with a mark before
# each; 20 to 29 and 60 to 63 are the purpose, 32 and 33 the name.
_MARKED = re.compile(r"\s*[0-9]{3}\s*([?>~<^@])(?=[0-9]{2})")
_PURPOSE, _NAMES = (*range(20, 30), *range(60, 66)), (32, 33)
# The Netherlands: /NAME/…/REMI/…; a part may be empty and holds its own slashes.
_SLASHED = re.compile(
    r"/(EREF|ORDP|BENM|NAME|REMI|IBAN|BIC|ID|ADDR|CNTP|ISDT|CSID|MARF|PURP|ULTD|ULTC|RTRN|SVCL"
    r"|TRTP|PREF|USTD|TRCD|KREF|MREF|CREF|ABWA|ABWE|BREF)/"
)
_CITED = re.compile(r"(?:EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC)\+")


class Details(NamedTuple):
    """Purpose and name, null when there is none."""

    purpose: str | None
    name: str | None


def details_of(fields: Sequence[str]) -> Details:
    """What the fields 86 of one booking say."""
    text = "\n".join(fields)
    marked = _MARKED.match(text)
    if marked:
        return _of_parts(_parts(_joined(text[marked.start(1) :], ""), marked[1]))
    if _SLASHED.match(text.lstrip()):
        parts = _slashed(_joined(text, ""))
        usual = parts.get("REMI") or parts.get("USTD")
        return Details(plain(usual or parts.get("EREF") or text), plain(parts.get("NAME")))
    return Details(plain(_joined(text, " ")), None)


def _joined(text: str, between: str) -> str:
    """Lines as one: a full line and its next belong to one word."""
    whole = ""
    previous = ""
    for line in text.split("\n"):
        whole += (line if len(previous) >= _FULL else between + line) if whole else line
        previous = line
    return whole


def _parts(text: str, mark: str) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for piece in re.split(re.escape(mark) + r"(?=[0-9]{2})", text)[1:60]:
        number = int(piece[:2])
        found[number] = found.get(number, "") + piece[2:]
    return found


def _of_parts(parts: Mapping[int, str]) -> Details:
    """Parts of 27 characters break words; what a label such as SVWZ+ cites is the purpose."""
    purpose = "".join(parts.get(number, "") for number in _PURPOSE)
    labels = [*_CITED.finditer(purpose)]
    for number, label in enumerate(labels):
        if label[0] == "SVWZ+":
            end = labels[number + 1].start() if number + 1 < len(labels) else len(purpose)
            purpose = purpose[label.end() : end]
            break
    name = "".join(parts.get(number, "") for number in _NAMES)
    return Details(plain(purpose) or plain(parts.get(0)), plain(name))


def _slashed(text: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    places = [*_SLASHED.finditer(text)]
    for number, place in enumerate(places[:60]):
        end = places[number + 1].start() if number + 1 < len(places) else len(text)
        found.setdefault(place[1], text[place.end() : end].strip("/ "))
        if not found[place[1]]:
            del found[place[1]]
    return found

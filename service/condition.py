"""If-Match and ETag: which version an edit means, and which one an answer is of (RFC 9110, 13.1.1).

A tag begins with the version where there is one: W/"7-<hash>". The hash tells answers apart, the
version tells edits apart: a balance that a booking moved changes the one and not the other.
"""

import re

from service.errors import Problem

NEVER = 0  # versions begin at 1
_TAG = re.compile(r'\s*(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*')
_VERSION = re.compile(r"([1-9][0-9]{0,8})(?:-.*)?")
_FIRST_FIELD = b'{"version"'
_FIRST_VERSION = re.compile(rb'\{"version" ?: ?([1-9][0-9]{0,8})[,}]')
_VERSIONS_MOST = 5  # each that is named is tried, one statement after another


def versions_of(header: str) -> list[int]:
    """The versions that an If-Match names, none when any will do (*).

    A tag without a readable version never matches. Errors: Problem 400 too many of them.
    """
    if header.strip() == "*":
        return []
    versions: list[int] = []
    for item in header.split(","):
        tag = _TAG.fullmatch(item)
        version = tag and _VERSION.fullmatch(tag[1])
        number = int(version[1]) if version else NEVER
        if number not in versions:
            versions.append(number)
    if len(versions) > 1 and NEVER in versions:
        versions.remove(NEVER)
    if len(versions) > _VERSIONS_MOST:
        raise Problem(400, "too_many_tags", f"If-Match names more than {_VERSIONS_MOST} versions.")
    return versions


def version_of(data: bytes) -> str:
    """The version that an answer's first field tells, empty when it has none; parses nothing."""
    if not data.startswith(_FIRST_FIELD):
        return ""
    found = _FIRST_VERSION.match(data)
    return found[1].decode() if found else ""


def changed() -> Problem:
    """The refusal of what stands under another tag than the one that was named."""
    return Problem(412, "changed_meanwhile", "This was edited meanwhile: read it again.")

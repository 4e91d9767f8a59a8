"""Passwords and the texts that are kept of them: hash -> is it this one, and is it still good?

Figures: docs/limits.md 8. Argon2id as OWASP asks for it; the kind that werkzeug writes is accepted
from the old system, and replaced when its owner logs in.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass

import argon2
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

_OLD = re.compile(r"pbkdf2:sha256:([1-9][0-9]{0,6})\$([^$\s]{1,64})\$([0-9a-f]{64})", re.ASCII)
_MOST_OLD_ROUNDS = 2_000_000  # about half a second: no stored text may hold a thread for longer
_MOST_MEMORY_KIB = 1024 * 1024
_MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password is the one; when the stored hash is too weak, the one to keep instead."""

    is_right: bool
    upgraded: str | None = None


def folded(password: str) -> bytes:
    """The bytes that are hashed: one spelling of what looks the same (NIST 800-63B-4, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


class Hashes:
    """Makes and checks hashes at one cost; every method takes as long as a hash takes."""

    def __init__(self, memory_kib: int, rounds: int) -> None:
        self._hasher = argon2.PasswordHasher(
            time_cost=rounds, memory_cost=memory_kib, parallelism=1, type=Type.ID
        )
        # What somebody unknown is measured against, at the same cost as anybody's.
        self._dummy = self._hasher.hash(b"nobody has this password")

    def hashed(self, password: str) -> str:
        """What is kept of a new password."""
        return self._hasher.hash(folded(password))

    def verdict(self, stored: str | None, password: str) -> Verdict:
        """None, or a text that is no hash, costs the same as a wrong password and is wrong."""
        given = folded(password)
        old = _OLD.fullmatch(stored or "")
        if old and int(old[1]) <= _MOST_OLD_ROUNDS:
            return self._upgraded(_is_old(old, given), given)
        known = stored if stored and _is_bearable(stored) else None
        try:
            is_right = self._hasher.verify(known or self._dummy, given) and known is not None
        except VerificationError:
            return Verdict(False)
        except (InvalidHashError, ValueError):
            self._spend(given)
            return Verdict(False)
        if known and self._hasher.check_needs_rehash(known):
            return self._upgraded(is_right, given)
        return Verdict(is_right)

    def _upgraded(self, is_right: bool, given: bytes) -> Verdict:
        return Verdict(is_right, self._hasher.hash(given) if is_right else None)

    def _spend(self, given: bytes) -> None:
        """The time of one verification, for a text that cannot be verified."""
        self._hasher.hash(given)


def _is_old(old: re.Match[str], given: bytes) -> bool:
    digest = hashlib.pbkdf2_hmac("sha256", given, old[2].encode(), int(old[1]))
    return hmac.compare_digest(digest.hex(), old[3])


def _is_bearable(stored: str) -> bool:
    """Whether it is an Argon2 hash that may be computed here: its own parameters say the cost."""
    try:
        asked = argon2.extract_parameters(stored)
    except InvalidHashError:
        return False
    return (
        asked.memory_cost <= _MOST_MEMORY_KIB
        and asked.time_cost <= _MOST_ROUNDS
        and asked.parallelism <= 4
    )

"""May this be a password? Length, and whether it is among the first that anybody would try.

NIST 800-63B-4, 3.1.1.2 and ASVS 5.0, 6.2: no rules about kinds of characters, no expiry.
"""

import threading
import unicodedata
from collections.abc import Sequence

from zxcvbn import zxcvbn

LEAST_CHARACTERS = 15  # the password is the only factor
MOST_BYTES = 256
# The estimate is quadratic and worse: of a long password, only so much is looked at. 7 ms at most.
_LOOKED_AT = 32
_FEWEST_GUESSES = 10**8  # zxcvbn's own line between somewhat and safely unguessable
_PRODUCT = ("tideline",)
_estimating = threading.Lock()  # the library keeps the words of a call in a module's variable


def fault(password: str, words: Sequence[str]) -> str | None:
    """Why this cannot be a password, as a sentence that does not repeat it; None when it can.

    words are what everybody knows of its owner: address, name.
    """
    text = unicodedata.normalize("NFKC", password)
    if len(text) < LEAST_CHARACTERS:
        return f"A password has at least {LEAST_CHARACTERS} characters; several words are fine."
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return f"A password has at most {MOST_BYTES} bytes."
    if _guesses(text[:_LOOKED_AT], words) < _FEWEST_GUESSES:
        return (
            "This password would be guessed soon: it is in lists of passwords, repeats itself,"
            " or is made of what is known of you."
        )
    return None


def _guesses(text: str, words: Sequence[str]) -> int:
    known = [*_PRODUCT, *words, *(part for word in words for part in _parts(word))]
    with _estimating:
        return int(zxcvbn(text, user_inputs=known)["guesses"])


def _parts(word: str) -> list[str]:
    """`ada.lovelace@example.org` is known by each of its pieces too."""
    split = "".join(sign if sign.isalnum() else " " for sign in word).split()
    return [part for part in split if len(part) > 2]

"""The session's cookie: a browser keeps the token where no script reads it.

`__Host-` asks for Secure, Path=/ and no Domain, so that no neighbour can plant one (RFC 6265bis,
4.1.3.2); SameSite=Strict keeps it out of every request that another site begins.
"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal

from service.exchange import Answer
from service.routes.values import json_text

NAME = "__Host-session"
_ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Strict"
GONE = {"Set-Cookie": f"{NAME}=; Max-Age=0; {_ATTRIBUTES}"}  # the header that ends it
_SITE_DATA = '"cache", "cookies", "storage"'


def token_in(headers: Mapping[str, str]) -> str:
    """The token of the cookie; empty when there is none, or more than one."""
    text = headers.get("Cookie", "")
    if NAME not in text:
        return ""
    pairs = (part.partition("=") for part in text.split(";"))
    found = [value.strip() for name, _, value in pairs if name.strip() == NAME]
    return found[0] if len(found) == 1 else ""


def keep(answer: Answer, token: str, max_age_s: int) -> None:
    """The browser keeps the token for so long from now on."""
    answer.headers["Set-Cookie"] = f"{NAME}={token}; Max-Age={max_age_s}; {_ATTRIBUTES}"


def clear(answer: Answer) -> None:
    """The browser forgets the token, and all that it keeps of this site."""
    answer.headers |= {**GONE, "Clear-Site-Data": _SITE_DATA, "Cache-Control": "no-store"}


def move(answer: Answer, max_age_s: int, proof_of: Callable[[str], str]) -> None:
    """A token that its log-in wants as a cookie leaves the body; the proof for writes comes in."""
    answer.headers["Cache-Control"] = "no-store"
    data = json.loads(answer.body, parse_float=Decimal)
    token = data.get("token")
    if data.get("cookie") is not True or not isinstance(token, str):
        return
    keep(answer, token, max_age_s)
    answer.body = json_text(data | {"token": None, "csrf_token": proof_of(token)}).encode()

"""Was it a person? The siteverify form that hCaptcha, Turnstile and reCAPTCHA share.

Whatever goes wrong, nobody is verified: a captcha is asked for where a doubt exists already.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import aiohttp

from service.config import Config

# The one token that development accepts (docs/messages.md). There is no other way to skip it.
TEST_TOKEN = "tideline-test-captcha"  # noqa: S105 - it opens nothing outside of development
_LONGEST_TOKEN = 8192  # characters; Turnstile's have at most 2,048, hCaptcha's some thousand
_LONGEST_ANSWER = 65536  # bytes
_TIMEOUT_S = 3.0  # a request waits for it, within its own five seconds


@dataclass(frozen=True, slots=True)
class CaptchaMissed:
    """The gateway gave no usable answer, so somebody was not verified."""

    reason: str


class Captcha(Protocol):
    """Says whether a person solved it."""

    async def verify(self, token: str, client_ip: str | None) -> bool:
        """True when the token is a fresh proof. Never raises but for cancelling."""
        ...

    async def close(self) -> None:
        """Lets connections go."""
        ...


class OneToken:
    """Development: one documented token is good, every other one is not."""

    async def verify(self, token: str, client_ip: str | None) -> bool:
        """True for the test token alone."""
        return token == TEST_TOKEN

    async def close(self) -> None:
        """There is nothing to let go."""


class Nobody:
    """No gateway is set: nobody can prove anything."""

    async def verify(self, token: str, client_ip: str | None) -> bool:
        """False."""
        return False

    async def close(self) -> None:
        """There is nothing to let go."""


class SiteVerify:
    """Asks the provider, once for each token."""

    def __init__(self, url: str, secret: str, tell: Callable[[object], None]) -> None:
        self._url = url
        self._secret = secret
        self._tell = tell
        self._session: aiohttp.ClientSession | None = None

    async def verify(self, token: str, client_ip: str | None) -> bool:
        """True when the provider says so, in time."""
        if not 0 < len(token) <= _LONGEST_TOKEN:
            return False
        if self._session is None:
            limit = aiohttp.ClientTimeout(total=_TIMEOUT_S)
            self._session = aiohttp.ClientSession(timeout=limit)
        asked = {"secret": self._secret, "response": token}
        if client_ip:
            asked["remoteip"] = client_ip
        try:
            async with self._session.post(self._url, data=asked, allow_redirects=False) as answer:
                if answer.status != 200:
                    self._tell(CaptchaMissed(f"http_{answer.status}"))
                    return False
                said = b""
                while len(said) <= _LONGEST_ANSWER and (part := await answer.content.readany()):
                    said += part  # it may come in pieces
            found = json.loads(said[: _LONGEST_ANSWER + 1])
        except (aiohttp.ClientError, OSError, ValueError, RecursionError) as error:
            self._tell(CaptchaMissed(type(error).__name__))
            return False
        return isinstance(found, dict) and found.get("success") is True

    async def close(self) -> None:
        """Closes the connections that were kept."""
        if self._session is not None:
            await self._session.close()


def captcha(config: Config, tell: Callable[[object], None]) -> Captcha:
    """Who is asked under these settings."""
    if config.captcha_verify_url:
        return SiteVerify(config.captcha_verify_url, config.captcha_secret, tell)
    return OneToken() if config.environment == "development" else Nobody()

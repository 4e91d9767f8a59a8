"""Text messages: one JSON POST to an HTTP gateway. docs/messages.md says what it must answer."""

from collections.abc import Callable

import aiohttp

from service.config import Config
from service.gateways import Gateway, Message, Refused, Unreachable, without_address

# The request itself is at fault, and will be next time; every other answer may be another one then.
_REFUSALS = frozenset({400, 410, 413, 422})


def text(config: Config, tell: Callable[[object], None]) -> Gateway:
    """The way out for text messages under these settings."""
    if not config.sms_gateway_url:
        return without_address(config, tell)
    timeout_s = config.gateway_timeout_ms / 1000
    return Text(config.sms_gateway_url, config.sms_gateway_token, timeout_s)


class Text:
    """Posts {id, to, text}; id and Idempotency-Key are the same for every attempt of a message."""

    def __init__(self, url: str, token: str, timeout_s: float) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, message: Message) -> None:
        """Returns once the gateway took it. Errors: Refused, Unreachable."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        try:
            async with self._session.post(
                self._url,
                json={"id": message.delivery_id, "to": message.recipient, "text": message.body},
                headers=self._headers | {"Idempotency-Key": message.delivery_id},
                allow_redirects=False,
            ) as answer:
                status = answer.status
        except TimeoutError as error:
            raise Unreachable("no_answer") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Unreachable("no_connection") from error
        if status in _REFUSALS:
            raise Refused(f"http_{status}")
        if not 200 <= status < 300:
            raise Unreachable(f"http_{status}")

    async def close(self) -> None:
        """Closes the connections that were kept."""
        if self._session is not None:
            await self._session.close()

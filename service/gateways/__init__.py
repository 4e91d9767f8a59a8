"""The ways out: mail, text message, captcha; each with a form for development and for production.

What is set decides: a gateway with an address is used; without one development prints what it would
have sent, and everywhere else nothing leaves and nothing is written that only its reader may know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from service.config import Config


@dataclass(frozen=True, slots=True)
class Message:
    """One attempt to tell somebody something, as api.message_claim hands it out."""

    user_id: int
    id: int
    attempt: int
    delivery_id: str  # the same for every attempt: a gateway can tell it from a second message
    channel: str
    recipient: str
    template: str
    subject: str | None
    body: str


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A gateway took a message."""

    channel: str
    template: str
    delivery_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class MessageKept:
    """An attempt failed; the message is tried again after a pause."""

    channel: str
    template: str
    delivery_id: str
    attempt: int
    code: str


@dataclass(frozen=True, slots=True)
class MessageLost:
    """A message was given up."""

    channel: str
    template: str
    delivery_id: str
    attempt: int
    code: str


class Refused(Exception):
    """The gateway will never take this message; the argument is a code without personal data."""


class Unreachable(Exception):
    """Not now, and not because of this message; the argument is a code without personal data."""


class Gateway(Protocol):
    """Takes messages of one channel."""

    async def send(self, message: Message) -> None:
        """Returns once the gateway accepted it. Errors: Refused, Unreachable, TimeoutError."""
        ...

    async def close(self) -> None:
        """Lets connections go."""
        ...


@dataclass(frozen=True, slots=True)
class MessagePrinted:
    """Development's way to deliver: whoever reads the log is the recipient."""

    channel: str
    recipient: str
    subject: str | None
    text: str


class Printed:
    """The development form of every channel."""

    def __init__(self, tell: Callable[[object], None]) -> None:
        self._tell = tell

    async def send(self, message: Message) -> None:
        """Writes the message as a log line."""
        self._tell(
            MessagePrinted(message.channel, message.recipient, message.subject, message.body)
        )

    async def close(self) -> None:
        """There is nothing to let go."""


class Absent:
    """No gateway is set: messages wait for one, and are given up in the end."""

    async def send(self, message: Message) -> None:
        """Errors: Unreachable, always."""
        raise Unreachable("no_gateway")

    async def close(self) -> None:
        """There is nothing to let go."""


def without_address(config: Config, tell: Callable[[object], None]) -> Gateway:
    """What stands in for a gateway that nobody set."""
    return Printed(tell) if config.environment == "development" else Absent()

"""Mail over SMTP: one message, one connection. RFC 5321 (envelope), 5322 and 3834 (headers)."""

from collections.abc import Callable
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

import aiosmtplib

from service.config import Config
from service.gateways import Gateway, Message, Refused, Unreachable, without_address
from service.postal import Server, address_of, sender_of


def mail(config: Config, tell: Callable[[object], None]) -> Gateway:
    """The way out for mail under these settings. Errors: WrongSetting."""
    if not config.smtp_url:
        return without_address(config, tell)
    sender = sender_of(config.mail_from)
    return Mail(Server.of(config.smtp_url), sender, config.gateway_timeout_ms / 1000)


class Mail:
    """Posts to one SMTP server; with STARTTLS or TLS the certificate must be good."""

    def __init__(self, server: Server, sender: Address, timeout_s: float) -> None:
        self._server = server
        self._sender = sender
        self._timeout_s = timeout_s

    async def send(self, message: Message) -> None:
        """Returns once the server took it. Errors: Refused, Unreachable, TimeoutError."""
        server, recipient = self._server, address_of(message.recipient)
        if recipient is None:
            raise Refused("bad_recipient")
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.is_tls,
            start_tls=server.is_upgraded,
            timeout=self._timeout_s,
        )
        try:
            async with client:
                await client.ehlo()  # a server that only knows HELO is none to trust with mail
                is_ascii = recipient.addr_spec.isascii()
                if not is_ascii and not client.supports_extension("smtputf8"):
                    raise Refused("no_smtputf8")
                await client.sendmail(
                    self._sender.addr_spec,
                    [recipient.addr_spec],
                    composed(message, self._sender, recipient),
                    mail_options=[] if is_ascii else ["SMTPUTF8"],
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _judged(error.recipients[0].code) from error
        except aiosmtplib.SMTPDataError as error:
            raise _judged(error.code) from error
        except aiosmtplib.SMTPResponseException as error:
            # A log-in or a sender that is refused says nothing about the message.
            raise Unreachable(f"smtp_{error.code}") from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise Unreachable(_code(error)) from error

    async def close(self) -> None:
        """No connection outlives its message."""


def composed(message: Message, sender: Address, recipient: Address) -> bytes:
    """The mail as bytes. Errors: Refused, when a header would be more than one line."""
    letter = EmailMessage(policy=SMTP if recipient.addr_spec.isascii() else SMTPUTF8)
    try:
        letter["From"] = sender
        letter["To"] = recipient
        letter["Subject"] = message.subject or ""
        letter["Date"] = datetime.now(UTC)
        letter["Message-ID"] = f"<{message.delivery_id}@{sender.domain}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer from a robot
        letter.set_content(f"{message.body}\n", charset="utf-8", cte="quoted-printable")
        return letter.as_bytes()
    except (ValueError, MessageError) as error:
        raise Refused("bad_header") from error


def _judged(code: int) -> Exception:
    """4xx passes by itself, 5xx does not: RFC 5321, section 4.2.1."""
    return Refused(f"smtp_{code}") if code >= 500 else Unreachable(f"smtp_{code}")


def _code(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no_answer"
    if "STARTTLS" in str(error):
        return "no_starttls"
    is_away = isinstance(error, ConnectionError | OSError) and "certificate" not in str(error)
    return "no_connection" if is_away else "bad_certificate_or_talk"

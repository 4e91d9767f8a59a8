"""Addresses of mail: whom the service may write to, where it posts, and whom it comes from."""

import re
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from urllib.parse import unquote, urlsplit

from service.knob import WrongSetting

# RFC 5321 dot-string, and the letters that RFC 6531 adds. A quoted local part is not sent to: what
# it may hold (commas, blanks, brackets) is read differently by different servers.
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_SENDER = re.compile(r'\s*(?:"?(?P<name>[^"<>]*?)"?\s*<(?P<inner>[^<>\s]+)>|(?P<bare>\S+))\s*')
_PORT_BY_SCHEME = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail goes, as SMTP_URL says it: smtp[s]://user:password@host:port?starttls=off."""

    host: str
    port: int
    user: str | None
    password: str | None
    is_tls: bool
    is_upgraded: bool

    @staticmethod
    def of(url: str) -> "Server":
        """The parts of SMTP_URL. Errors: WrongSetting."""
        try:
            parts = urlsplit(url)
            usual = _PORT_BY_SCHEME.get(parts.scheme)
            port = usual and (parts.port or usual)
        except ValueError:
            raise WrongSetting("SMTP_URL has a host or a port that is none.") from None
        if not (port and parts.hostname and parts.query in ("", "starttls=off", "starttls=on")):
            raise WrongSetting("SMTP_URL must be smtp[s]://…, with no more than ?starttls=off.")
        return Server(
            parts.hostname,
            port,
            unquote(parts.username) if parts.username else None,
            unquote(parts.password) if parts.password else None,
            is_tls=parts.scheme == "smtps",
            is_upgraded=parts.scheme == "smtp" and parts.query != "starttls=off",
        )


def sender_of(text: str) -> Address:
    """Name and address of MAIL_FROM. Errors: WrongSetting."""
    found = _SENDER.fullmatch(text)
    sender = found and address_of(found["inner"] or found["bare"], found["name"] or "")
    if sender is None:
        raise WrongSetting("MAIL_FROM must be an address, as in Tideline <post@example.org>.")
    return sender


def address_of(text: str, name: str = "") -> Address | None:
    """An address with an ASCII domain; None for what no server should be asked about."""
    local, _, domain = text.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
        if not (_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
            return None
        return Address(name, local, domain)
    except (UnicodeError, ValueError, MessageError):
        return None

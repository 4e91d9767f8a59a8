"""What the service talks to outside of the house, for real: an SMTP server, an HTTP gateway."""

import asyncio
import email.message
import email.policy
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.support.server import free_port


@dataclass
class PostOffice:
    """Takes mail, unless it was told what to answer instead: rcpt and data are SMTP replies."""

    port: int
    rcpt: str = "250 OK"
    data: str = "250 OK"
    silent_s: float = 0.0
    letters: list[email.message.EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    was_tls: list[bool] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """SMTP_URL of this server, without encryption."""
        return f"smtp://127.0.0.1:{self.port}?starttls=off"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Somebody to write to."""
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """A letter."""
        await asyncio.sleep(self.silent_s)
        if self.data.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.letters.append(
                email.message_from_bytes(envelope.content, policy=email.policy.default)
            )
            self.envelopes.append(envelope)
            self.was_tls.append(session.ssl is not None)
        return self.data

    def let_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any
    ) -> AuthResult:
        """Everybody whose password is right."""
        self.logins.append((login.login, login.password))
        return AuthResult(success=login.password == b"p@ss:word", handled=False)


@contextmanager
def post_office(port: int | None = None, **settings: Any) -> Iterator[PostOffice]:
    """A real SMTP server, gone with the with-block; settings are aiosmtpd's."""
    office = PostOffice(port or free_port())
    if settings.get("auth_required"):
        settings["authenticator"] = office.let_in
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **settings)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@dataclass
class Desk:
    """Answers every POST with its status and text; keeps what it was asked."""

    url: str = ""
    status: int = 200
    text: str = "{}"
    silent_s: float = 0.0
    piece_length: int = 0  # characters of an answer that comes in pieces; 0: all at once
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One answer."""
        if request.content_type == "application/json":
            self.asked.append(await request.json())
        else:
            self.asked.append(dict(await request.post()))
        self.headers.append(dict(request.headers))
        await asyncio.sleep(self.silent_s)
        if not self.piece_length:
            return web.Response(status=self.status, text=self.text)
        reply = web.StreamResponse(status=self.status)
        await reply.prepare(request)
        for start in range(0, len(self.text), self.piece_length):
            await reply.write(self.text[start : start + self.piece_length].encode())
            await asyncio.sleep(0.02)
        await reply.write_eof()
        return reply


@asynccontextmanager
async def desk(port: int | None = None) -> AsyncIterator[Desk]:
    """A real HTTP server in this loop, gone with the with-block."""
    found = Desk()
    app = web.Application()
    app.router.add_post("/", found.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    number = port or free_port()
    await web.TCPSite(runner, "127.0.0.1", number).start()
    found.url = f"http://127.0.0.1:{number}/"
    try:
        yield found
    finally:
        await runner.cleanup()


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that is its own authority, and a server's side with it."""
    key, public = folder / "key", folder / "certificate"
    command = "openssl req -x509 -nodes -newkey rsa:2048 -days 2 -subj /CN=127.0.0.1"
    extension = ["-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(public)]
    subprocess.run([*command.split(), *extension, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, key)
    return public, context

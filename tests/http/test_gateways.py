"""The ways out, each against a real server: what arrives, what is refused, what is tried again."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.config import Config
from service.gateways import (
    Absent,
    Gateway,
    Message,
    MessagePrinted,
    Refused,
    Unreachable,
)
from service.gateways.captcha import TEST_TOKEN, Captcha, CaptchaMissed, captcha
from service.gateways.mail import composed, mail
from service.gateways.text import text
from service.knob import WrongSetting
from service.postal import Server, sender_of
from tests.support.outside import Desk, PostOffice, certificate, desk, post_office
from tests.support.server import free_port

LETTER = Message(
    user_id=1,
    id=2,
    attempt=1,
    delivery_id="6f2c3c7e-2f6e-4e0f-9c43-0d3f2b8a3c11",
    channel="mail",
    recipient="ada@example.org",
    template="password_reset",
    subject="Wähle ein neues Passwort",
    body="Hallo Ada,\n\n.ein Punkt am Anfang\n\n    7.geheim_žluťoučký\n" + "lang " * 300,
)
CODE = replace(
    LETTER, channel="sms", recipient="+4915112345678", subject=None, body="Your code is 123456."
)


def quiet(event: object) -> None:
    """Nobody listens."""


def way_of_mail(url: str, **settings: object) -> Gateway:
    """Mail to this server, with short limits."""
    return mail(Config(smtp_url=url, gateway_timeout_ms=1000, **settings), quiet)  # type: ignore[arg-type]


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """An SMTP server."""
    with post_office() as found:
        yield found


@pytest.fixture
async def gateway_desk() -> AsyncIterator[Desk]:
    """An HTTP server."""
    async with desk() as found:
        yield found


async def test_a_mail_arrives_as_it_was_written(office: PostOffice) -> None:
    await way_of_mail(office.url, mail_from="Tideline, Inc. <post@tideline.example>").send(LETTER)
    (letter,) = office.letters
    assert letter.get_content().replace("\r\n", "\n") == f"{LETTER.body}\n"
    assert letter["Subject"] == LETTER.subject
    assert letter["From"] == '"Tideline, Inc." <post@tideline.example>'
    assert letter["To"] == "ada@example.org"
    assert letter["Message-ID"] == f"<{LETTER.delivery_id}@tideline.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert abs(letter["Date"].datetime.timestamp() - time.time()) < 60
    (envelope,) = office.envelopes
    assert envelope.mail_from == "post@tideline.example"
    assert envelope.rcpt_tos == ["ada@example.org"]
    assert isinstance(envelope.content, bytes)
    assert max(map(len, envelope.content.splitlines())) <= 78  # RFC 5322, section 2.1.1


@pytest.mark.parametrize("subject", ["Hello\r\nBcc: all@example.org", "Hello\nX: 1", "a\rb"])
async def test_a_line_break_in_a_subject_adds_no_header(office: PostOffice, subject: str) -> None:
    with pytest.raises(Refused, match="bad_header"):
        await way_of_mail(office.url).send(replace(LETTER, subject=subject))
    assert office.letters == []


@pytest.mark.parametrize(
    "recipient",
    [
        "a,b@example.org",
        "ada@example.org,eve@example.org",
        "<eve@example.org>ada@example.org",
        "ada@example.org\r\nRCPT TO:<eve@example.org>",
        '"a b"@example.org',
        "ada@exa mple.org",
        "ada@[127.0.0.1]",
        "ada@",
        "@example.org",
        "ada",
        "ada..b@example.org",
        "ada@" + "x" * 64 + ".org",
        "",
    ],
)
async def test_nobody_but_one_plain_address_is_written_to(
    office: PostOffice, recipient: str
) -> None:
    with pytest.raises(Refused, match="bad_recipient"):
        await way_of_mail(office.url).send(replace(LETTER, recipient=recipient))
    assert office.envelopes == []


async def test_a_domain_in_any_script_is_written_in_ascii(office: PostOffice) -> None:
    await way_of_mail(office.url).send(replace(LETTER, recipient="ada@bücher.example"))
    assert office.envelopes[0].rcpt_tos == ["ada@xn--bcher-kva.example"]


async def test_an_address_in_any_script_needs_a_server_that_takes_it(office: PostOffice) -> None:
    message = replace(LETTER, recipient="žofie@example.org")
    await way_of_mail(office.url).send(message)
    assert office.envelopes[0].rcpt_tos == ["žofie@example.org"]
    assert office.letters[0]["To"] == "žofie@example.org"
    with post_office(enable_SMTPUTF8=False) as other:
        with pytest.raises(Refused, match="no_smtputf8"):
            await way_of_mail(other.url).send(message)
        assert other.envelopes == []


@pytest.mark.parametrize(
    ("field", "reply", "kind", "code"),
    [
        ("rcpt", "450 4.2.1 Later", Unreachable, "smtp_450"),
        ("rcpt", "550 5.1.1 Nobody of that name", Refused, "smtp_550"),
        ("data", "451 4.3.0 Busy", Unreachable, "smtp_451"),
        ("data", "554 5.7.1 Not this one", Refused, "smtp_554"),
    ],
)
async def test_what_may_pass_later_is_told_from_what_will_not(
    office: PostOffice, field: str, reply: str, kind: type[Exception], code: str
) -> None:
    setattr(office, field, reply)
    with pytest.raises(kind, match=code):
        await way_of_mail(office.url).send(LETTER)
    assert office.letters == []


async def test_a_server_that_is_away_or_silent_is_tried_again(office: PostOffice) -> None:
    with pytest.raises(Unreachable, match="no_connection"):
        await way_of_mail(f"smtp://127.0.0.1:{free_port()}?starttls=off").send(LETTER)
    office.silent_s = 5.0
    began = time.monotonic()
    with pytest.raises(Unreachable, match="no_answer"):
        await way_of_mail(office.url).send(LETTER)
    assert time.monotonic() - began < 3.0


async def test_a_log_in_goes_over_starttls_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = certificate(tmp_path)
    settings = {"tls_context": context, "require_starttls": True, "auth_required": True}
    with post_office(**settings) as office:
        url = f"smtp://ada:p%40ss%3Aword@127.0.0.1:{office.port}"
        with pytest.raises(Unreachable, match="bad_certificate"):
            await way_of_mail(url).send(LETTER)
        assert office.logins == []  # the password was not shown to a stranger
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        await way_of_mail(url).send(LETTER)
        assert office.was_tls == [True]
        assert office.logins == [(b"ada", b"p@ss:word")]
        with pytest.raises(Unreachable, match="smtp_535"):
            await way_of_mail(url.replace("word", "w0rd")).send(LETTER)
        with pytest.raises(Unreachable, match="no_starttls"):
            await way_of_mail(f"{url}?starttls=off").send(LETTER)


async def test_nothing_is_sent_where_starttls_is_missing(office: PostOffice) -> None:
    with pytest.raises(Unreachable, match="no_starttls"):
        await way_of_mail(f"smtp://127.0.0.1:{office.port}").send(LETTER)
    assert office.letters == []


@pytest.mark.parametrize(
    "url",
    ["mail.example.org:25", "http://x:25", "smtp://", "smtp://x?a=b", "smtp://x:p", "smtp://[x"],
)
def test_a_wrong_address_of_the_mail_server_is_said_at_the_start(url: str) -> None:
    with pytest.raises(WrongSetting, match="SMTP_URL"):
        Config.from_env({"SMTP_URL": url})


def test_a_wrong_sender_is_said_at_the_start() -> None:
    with pytest.raises(WrongSetting, match="MAIL_FROM"):
        Config.from_env({"MAIL_FROM": "Tideline"})


def test_ports_follow_the_scheme() -> None:
    assert (Server.of("smtp://x").port, Server.of("smtps://x").port) == (587, 465)


async def test_a_text_message_is_one_post_with_the_same_id_each_time(gateway_desk: Desk) -> None:
    way = text(Config(sms_gateway_url=gateway_desk.url, sms_gateway_token="t-1"), quiet)
    await way.send(CODE)
    await way.send(replace(CODE, attempt=2))
    await way.close()
    wanted = {"id": CODE.delivery_id, "to": "+4915112345678", "text": "Your code is 123456."}
    assert gateway_desk.asked == [wanted, wanted]
    assert {item["Idempotency-Key"] for item in gateway_desk.headers} == {CODE.delivery_id}
    assert {item["Authorization"] for item in gateway_desk.headers} == {"Bearer t-1"}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused),
        (422, Refused),
        (302, Unreachable),
        (401, Unreachable),
        (429, Unreachable),
        (500, Unreachable),
        (503, Unreachable),
    ],
)
async def test_a_gateway_s_no_is_for_good_only_when_the_message_is_at_fault(
    gateway_desk: Desk, status: int, kind: type[Exception]
) -> None:
    gateway_desk.status = status
    way = text(Config(sms_gateway_url=gateway_desk.url), quiet)
    with pytest.raises(kind, match=f"http_{status}"):
        await way.send(CODE)
    await way.close()


async def test_a_gateway_that_is_slow_or_away_is_tried_again(gateway_desk: Desk) -> None:
    gateway_desk.silent_s = 3.0
    way = text(Config(sms_gateway_url=gateway_desk.url, gateway_timeout_ms=200), quiet)
    with pytest.raises(Unreachable, match="no_answer"):
        await way.send(CODE)
    await way.close()
    way = text(Config(sms_gateway_url=f"http://127.0.0.1:{free_port()}/"), quiet)
    with pytest.raises(Unreachable, match="no_connection"):
        await way.send(CODE)
    await way.close()


@pytest.mark.parametrize("way_of", [mail, text])
async def test_only_development_prints(way_of: Callable[..., Gateway]) -> None:
    told: list[object] = []
    await way_of(Config(environment="development"), told.append).send(LETTER)
    assert told == [MessagePrinted("mail", "ada@example.org", LETTER.subject, LETTER.body)]
    for environment in ("staging", "production"):
        way = way_of(Config(environment=environment), told.append)
        assert isinstance(way, Absent)
        with pytest.raises(Unreachable, match="no_gateway"):
            await way.send(LETTER)
    assert len(told) == 1


async def answered(gateway_desk: Desk, token: str = "t") -> tuple[bool, list[object]]:
    """What a captcha at this desk comes to, and what was told of it."""
    told: list[object] = []
    config = Config(captcha_verify_url=gateway_desk.url, captcha_secret="s")
    asked: Captcha = captcha(config, told.append)
    is_person = await asked.verify(token, "192.0.2.7")
    await asked.close()
    return is_person, told


async def test_a_captcha_is_asked_with_secret_token_and_address(gateway_desk: Desk) -> None:
    gateway_desk.text = '{"success": true, "hostname": "tideline.example"}'
    assert await answered(gateway_desk) == (True, [])
    assert gateway_desk.asked == [{"secret": "s", "response": "t", "remoteip": "192.0.2.7"}]


@pytest.mark.parametrize(
    "said",
    [
        '{"success": false, "error-codes": ["timeout-or-duplicate"]}',
        '{"success": "true"}',
        '{"success": 1}',
        "{}",
        "[true]",
    ],
)
async def test_only_a_plain_yes_is_a_yes(gateway_desk: Desk, said: str) -> None:
    gateway_desk.text = said
    assert await answered(gateway_desk) == (False, [])


@pytest.mark.parametrize(
    ("status", "said"),
    [(200, "true dat"), (500, '{"success": true}'), (302, ""), (200, "[" * 9999)],
)
async def test_an_answer_that_makes_no_sense_is_a_no(
    gateway_desk: Desk, status: int, said: str
) -> None:
    gateway_desk.status, gateway_desk.text = status, said
    is_person, told = await answered(gateway_desk)
    assert not is_person
    assert [type(event) for event in told] == [CaptchaMissed]


async def test_a_yes_that_comes_in_pieces_is_a_yes(gateway_desk: Desk) -> None:
    gateway_desk.text = '{"success": true, "hostname": "tideline.example"}'
    gateway_desk.piece_length = 10
    assert await answered(gateway_desk) == (True, [])


async def test_a_captcha_that_does_not_answer_is_a_no_in_time(gateway_desk: Desk) -> None:
    gateway_desk.silent_s = 10.0
    gateway_desk.text = '{"success": true}'
    async with asyncio.timeout(4.0):
        assert (await answered(gateway_desk))[0] is False
    gateway_desk.url = f"http://127.0.0.1:{free_port()}/"
    assert (await answered(gateway_desk))[0] is False


@pytest.mark.parametrize("token", ["", "x" * 8193])
async def test_what_is_no_token_is_not_asked_about(gateway_desk: Desk, token: str) -> None:
    gateway_desk.text = '{"success": true}'
    assert await answered(gateway_desk, token) == (False, [])
    assert gateway_desk.asked == []


async def test_development_takes_one_token_and_nobody_else_does() -> None:
    development = captcha(Config(environment="development"), quiet)
    assert await development.verify(TEST_TOKEN, None)
    assert not await development.verify("true", None)
    assert not await development.verify("", None)
    for environment in ("staging", "production"):
        other = captcha(Config(environment=environment), quiet)
        assert not await other.verify(TEST_TOKEN, None)


def test_a_mail_names_nobody_who_was_not_meant() -> None:
    """Bcc and the key of the user are not in it."""
    sender, recipient = sender_of("Tideline <post@example.org>"), sender_of("ada@example.org")
    head = composed(LETTER, sender, recipient).partition(b"\r\n\r\n")[0].decode()
    names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith(" ")]
    assert sorted(names) == [
        "Auto-Submitted",
        "Content-Transfer-Encoding",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Subject",
        "To",
    ]

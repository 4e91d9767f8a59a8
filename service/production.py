"""What a production start insists on, as far as the settings themselves can tell.

Every refusal names the setting and never its value. There is no switch that turns this off: the
words `development` and `staging` change what is asked, not what the service does for a stranger.
What only the database can tell is asked in service/guard.py.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from service.knob import WrongSetting, networks, origins
from service.postal import Server, sender_of
from service.tiers import hourly

SHORTEST_SECRET = 32  # characters; 16 random bytes in hexadecimal
LEAST_BITS = 80.0  # by the frequencies of its own characters; 32 random hex digits have about 115
WELL_KNOWN = ("secret", "password", "changeme", "example", "default", "tideline", "0123456789")
# Argon2id: KiB and rounds of equal strength (OWASP Password Storage Cheat Sheet).
LEAST_HASHES = ((47104, 1), (19456, 2), (12288, 3), (9216, 4), (7168, 5))
# A network of more addresses than this is not a list of proxies: it is whoever comes.
LARGEST_PROXY_NETWORK = {4: 8, 6: 32}  # shortest prefix

Values = Mapping[str, Any]


def check(values: Values) -> None:
    """Nothing, when settings (by variable) can be used. Errors: WrongSetting."""
    networks("TRUSTED_PROXIES", values["TRUSTED_PROXIES"])
    sender_of(values["MAIL_FROM"])
    hourly(values["TIDELINE_ENV"], values["LIMITS"])
    if values["SMTP_URL"]:
        Server.of(values["SMTP_URL"])
    origins("CORS_ORIGINS", values["CORS_ORIGINS"])
    if values["TIDELINE_ENV"] == "production":
        for refused in faults(values):
            raise WrongSetting(f"{refused} in production.")


def faults(values: Values) -> Iterator[str]:
    """What production refuses, as sentences without their end."""
    yield from _secret(values["SECRET_KEY"])
    for name in ("DATABASE_URL", "DATABASE_URL_DIRECT"):
        if values[name]:
            yield from _dsn(name, values[name])
    if values["LOG_LEVEL"] == "debug":
        yield "LOG_LEVEL must not be debug"
    if any(one.startswith("http://") for one in origins("CORS_ORIGINS", values["CORS_ORIGINS"])):
        yield "CORS_ORIGINS must name https:// origins alone"
    for network in networks("TRUSTED_PROXIES", values["TRUSTED_PROXIES"]):
        if network.prefixlen < LARGEST_PROXY_NETWORK[network.version]:
            yield "TRUSTED_PROXIES must not trust whole regions of the network"
    work = values["HASH_MEMORY_KIB"], values["HASH_ROUNDS"]
    if not any(work[0] >= kib and work[1] >= rounds for kib, rounds in LEAST_HASHES):
        yield "HASH_MEMORY_KIB must be at least 47104, or less with more HASH_ROUNDS,"
    for name, sentence, is_fine in RULES:
        if name in values and not is_fine(values[name]):
            yield f"{name} {sentence}"


# Settings that a release may lack: what is not there is not asked.
RULES: tuple[tuple[str, str, Callable[[Any], bool]], ...] = (
    ("RATELIMIT_ENABLED", "must be on", bool),
    ("PUBLIC_URL", "must be https://…", lambda url: url.startswith("https://")),
    ("SMTP_URL", "must not leave encryption out to another machine", lambda url: is_private(url)),
    ("SMS_GATEWAY_URL", "must be https://…", lambda url: is_private(url)),
    ("CAPTCHA_VERIFY_URL", "must be https://…", lambda url: is_private(url)),
    ("ANSWER_STEP_MS", "must be at least 200", lambda step_ms: step_ms >= 200),
)


def is_private(url: str) -> bool:
    """Whether nobody on the way reads what is sent to this address; no address sends nothing."""
    parts = urlsplit(url)
    is_sealed = parts.scheme in ("https", "smtps", "smtp") and parts.query != "starttls=off"
    return not url or is_sealed or is_local(parts.hostname or "")


def _secret(key: str) -> Iterator[str]:
    if len(key) < SHORTEST_SECRET:
        yield f"SECRET_KEY must have at least {SHORTEST_SECRET} characters"
    elif any(word in key.lower() for word in WELL_KNOWN):
        yield "SECRET_KEY must not contain a well-known word"
    elif _bits(key) < LEAST_BITS:
        yield "SECRET_KEY must be random, as `openssl rand -hex 32` makes one,"


def _bits(text: str) -> float:
    """How surprising a text is by the frequencies of its characters (Shannon), in bits."""
    counts = Counter(text).values()
    return -sum(count * math.log2(count / len(text)) for count in counts)


def _dsn(name: str, dsn: str) -> Iterator[str]:
    """A way to the database that nobody else can take or listen to."""
    if not dsn.startswith(("postgresql://", "postgres://")):
        yield f"{name} must be a URL, postgresql://…,"
        return
    parts = urlsplit(dsn)
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = unquote(options.get("host") or options.get("hostaddr") or parts.hostname or "")
    if parts.username == "postgres" or options.get("user") == "postgres":
        yield f"{name} must not log in as postgres"
    if is_local(host):
        if not host.startswith("/") and not _has_proof(parts.password, options):
            yield f"{name} must carry a password"
        return
    if not _has_proof(parts.password, options):
        yield f"{name} must carry a password"
    if options.get("sslmode") not in ("require", "verify-ca", "verify-full"):
        yield f"{name} must say sslmode=verify-full, or at least require, to another machine"


def _has_proof(password: str | None, options: Mapping[str, str]) -> bool:
    return bool(password or {"password", "passfile", "sslcert"} & options.keys())


def is_local(host: str) -> bool:
    """Whether a host is this machine: a socket, a loopback address or its name."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

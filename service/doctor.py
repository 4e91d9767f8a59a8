"""`tideline doctor`: what is set, where it comes from, and whether it leads anywhere."""

import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import psycopg

from service import guard, production, schema
from service.config import Config, knobs
from service.embedded import guests
from service.knob import Knob, masked, text_of

OLDEST, NEWEST = 16, 18  # the PostgreSQL versions that are tested
# Without these an acknowledged write may be lost in a crash: nothing is claimed then.
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
PATIENCE_S = 2
TABLES_IN_REACH = """
select session_user::text, count(*)
from pg_catalog.pg_class as relation
inner join pg_catalog.pg_namespace as schema on schema.oid = relation.relnamespace
where schema.nspname in ('data', 'mart')
  and relation.relkind in ('r', 'p', 'm')
  and pg_catalog.has_schema_privilege(schema.oid, 'usage')
  and pg_catalog.has_table_privilege(relation.oid, 'select')
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, what was found, and whether that will do."""

    subject: str
    found: str
    is_fine: bool


def examine(given: Mapping[str, str], reached: Mapping[str, str]) -> int:
    """Prints settings and checks; 0 when every check passed, else 1.

    given is the environment as it is, reached the same with what leads to the embedded servers.
    """
    config = Config.from_env(reached)
    print(f"{'setting':<32} {'value':<42} {'unit':<12} from")
    for knob, value, origin in sources(config):
        is_ours = knob.env in reached and knob.env not in given
        print(f"{knob.env:<32} {value:<42} {knob.unit:<12} {'embedded' if is_ours else origin}")
    print()
    is_fine = True
    for finding in _findings(config):
        is_fine = is_fine and finding.is_fine
        print(f"{'ok  ' if finding.is_fine else 'FAIL'} {finding.subject}: {finding.found}")
    return 0 if is_fine else 1


def sources(config: Config) -> Iterator[tuple[Knob, str, str]]:
    """Each knob, its value for people (secrets masked) and whether it is the default."""
    for name, item, default in knobs():
        value = getattr(config, name)
        origin = "default" if value == default else "environment"
        yield item, masked(value) if item.is_secret else text_of(value), origin


def _findings(config: Config) -> Iterator[Finding]:
    yield from _database(config)
    yield _service_login(config)
    if config.cache_redis_url:
        yield _redis(config.cache_redis_url)
    else:
        yield Finding("Redis", "none is set; answers are not shared between workers", True)
    yield from _ways_out(config)
    yield _production(config)


def _database(config: Config) -> Iterator[Finding]:
    try:
        connection = psycopg.connect(config.direct_url, autocommit=True, connect_timeout=PATIENCE_S)
    except psycopg.Error as reason:
        yield Finding("database", _first_line(reason), False)
        return
    with connection:
        version = connection.info.server_version
        yield Finding(
            "database",
            f"PostgreSQL {version // 10000}.{version % 10000}, tested with {OLDEST} to {NEWEST}",
            OLDEST <= version // 10000 <= NEWEST,
        )
        for name in DURABLE:
            row = connection.execute("select current_setting(%s)", [name]).fetchone()
            assert row is not None
            yield Finding(name, row[0], row[0] not in ("off", "local"))
    states = schema.status(config.direct_url)
    behind = [step for step in states if step.state != "applied"]
    named = ", ".join(f"{step.step} is {step.state}" for step in behind[:3])
    yield Finding(
        "migrations",
        f"{named}; run `make migrate`" if behind else f"all {len(states)} steps are applied",
        not behind,
    )
    yield _routes(config)


def _routes(config: Config) -> Finding:
    try:
        with psycopg.connect(config.direct_url, autocommit=True) as connection:
            row = connection.execute("select count(*) from api.routes").fetchone()
    except psycopg.Error as reason:
        return Finding("routes", _first_line(reason), False)
    assert row is not None
    return Finding("routes", f"{row[0]}" if row[0] else "none; run `make apply`", row[0] > 0)


def _service_login(config: Config) -> Finding:
    """What the workers log in as may call functions of api and read no table."""
    try:
        with psycopg.connect(
            config.database_url, autocommit=True, connect_timeout=PATIENCE_S
        ) as connection:
            connection.execute("set role service")
            row = connection.execute(TABLES_IN_REACH).fetchone()
    except psycopg.Error as reason:
        return Finding("login of the workers", _first_line(reason), False)
    assert row is not None
    login, table_count = row
    return Finding(
        "login of the workers", f"{login}; role service reads {table_count} tables", not table_count
    )


def _production(config: Config) -> Finding:
    """What would have to change before production starts; in production, nothing may."""
    values = {knob.env: getattr(config, name) for name, knob, _ in knobs()}
    refused = list(production.faults(values))
    try:
        for name, dsn in guard.logins(config):
            refused += guard.faults(name, guard.ask(dsn))
    except psycopg.Error as reason:
        refused.append(_first_line(reason))
    words = (
        "; ".join(dict.fromkeys(one.rstrip(",") for one in refused)) or "nothing stands against it"
    )
    return Finding("production", words, not refused or config.environment != "production")


def _redis(url: str) -> Finding:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        answers = guests.redis_answers(unquote(parts.path))
        return Finding("Redis", "answers" if answers else "does not answer", answers)
    try:
        with socket.create_connection(
            (parts.hostname or "127.0.0.1", parts.port or 6379), timeout=PATIENCE_S
        ):
            return Finding("Redis", "is there", True)
    except OSError as reason:
        return Finding("Redis", _first_line(reason), False)


def _ways_out(config: Config) -> Iterator[Finding]:
    is_fine = config.environment == "development"
    for subject, address, without in (
        ("mail", config.smtp_url, "printed to the log" if is_fine else "set SMTP_URL"),
        ("text messages", config.sms_gateway_url, "printed" if is_fine else "set SMS_GATEWAY_URL"),
        ("captcha", config.captcha_verify_url, "the test token" if is_fine else "nobody passes"),
    ):
        yield Finding(subject, "a gateway is set" if address else f"none is set: {without}", True)


def _first_line(reason: Exception) -> str:
    return str(reason).strip().splitlines()[0]

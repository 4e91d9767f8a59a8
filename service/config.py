"""Which settings are in force, and what each of them means: environment -> one frozen Config.

Figures: docs/limits.md; docs/settings.md lists them for people.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from service.knob import Knob, knob, value_of
from service.production import check

Environment = Literal["development", "staging", "production"]
_DSN = "postgresql://service@127.0.0.1:5432/tideline"
_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set, with the value that is in force."""

    # fmt: off
    environment: Environment = knob("development", "TIDELINE_ENV",  # noqa: RUF009 - makes a field
        "name", "How strict to be.", choices=get_args(Environment))
    secret_key: str = knob("", "SECRET_KEY", "text",
        "Key of this installation; production does not start without.", is_secret=True)
    log_level: str = knob("info", "LOG_LEVEL", "name",
        "Least weight of an event that becomes a log line.", choices=_LEVELS)
    host: str = knob("127.0.0.1", "HOST", "address", "Address to listen on.")
    port: int = knob(8080, "PORT", "port", "Port to listen on.", least=1, most=65535)
    workers: int = knob(1, "WORKERS", "processes", "Processes that share the port.",
        least=1, most=64)
    trusted_proxies: str = knob("", "TRUSTED_PROXIES", "networks",
        "Whose word about a client's address is believed; empty: nobody's.")
    proxy_header: str = knob("x-forwarded-for", "PROXY_HEADER", "name",
        "The one header in which they say it.", choices=("x-forwarded-for", "forwarded"))
    cors_origins: str = knob("", "CORS_ORIGINS", "origins",
        "Whose pages may ask from a browser; empty: our own alone.")

    database_url: str = knob(_DSN, "DATABASE_URL", "DSN",
        "Where requests are answered; may be a pooler.", is_secret=True)
    database_url_direct: str = knob("", "DATABASE_URL_DIRECT", "DSN",
        "Same database without a pooler, for LISTEN and migrations; empty: DATABASE_URL.",
        is_secret=True)
    cache_redis_url: str = knob("", "CACHE_REDIS_URL", "URL",
        "Shared Redis; empty: none, and nothing fails.", is_secret=True)
    ratelimit_enabled: bool = knob(True, "RATELIMIT_ENABLED", "on/off", "Hourly limits.")
    ratelimit_storage_url: str = knob("", "RATELIMIT_STORAGE_URL", "URL",
        "Redis that counts them; empty: CACHE_REDIS_URL.", is_secret=True)
    ratelimit_memory_size: int = knob(50000, "RATELIMIT_MEMORY_SIZE", "callers",
        "A worker counts by itself at once.", least=1)
    limits: str = knob("", "LIMITS", "tier=units",
        "Units an hour; empty: development 1000, staging 150, production by tier.")
    fast_lane: bool = knob(True, "FAST_LANE", "on/off",
        "Pipelined lane; off behind a transaction pooler.")
    read_lane_connections: int = knob(2, "READ_LANE_CONNECTIONS", "connections",
        "Pipelined connections for reads, per worker.", least=1, most=64)
    write_lane_connections: int = knob(8, "WRITE_LANE_CONNECTIONS", "connections",
        "Connections for short writes, per worker.", least=1, most=64)
    lane_depth: int = knob(8, "LANE_DEPTH", "statements", "In flight on one read connection.",
        least=1, most=256)
    lane_timeout_ms: int = knob(3000, "LANE_TIMEOUT_MS", "ms",
        "Longest statement of the fast lane; others use the pool.")
    lane_queue_size: int = knob(10000, "LANE_QUEUE_SIZE", "requests", "May wait for the fast lane.",
        least=1, most=100000)
    lane_statements: int = knob(256, "LANE_STATEMENTS", "statements", "Prepared on one connection.",
        least=8, most=10000)
    db_pool_size: int = knob(10, "DB_POOL_SIZE", "connections", "Pool for slow routes, per worker.",
        least=1, most=1000)
    db_max_overflow: int = knob(20, "DB_MAX_OVERFLOW", "connections", "More of them under load.",
        most=1000)
    db_pool_waiting: int = knob(400, "DB_POOL_WAITING", "requests",
        "May wait for a pool connection.", least=1, most=100000)
    db_pool_timeout_ms: int = knob(2000, "DB_POOL_TIMEOUT_MS", "ms",
        "Longest wait for a pool connection.", least=1)

    statement_timeout_ms: int = knob(60000, "STATEMENT_TIMEOUT_MS", "ms",
        "Server's limit for a statement of the pool.", least=1)
    lock_timeout_ms: int = knob(1000, "LOCK_TIMEOUT_MS", "ms", "Server's limit for one lock.",
        least=1)
    idle_in_transaction_timeout_ms: int = knob(5000, "IDLE_IN_TRANSACTION_TIMEOUT_MS", "ms",
        "Server ends forgotten transactions.", least=1)
    tcp_user_timeout_ms: int = knob(2000, "TCP_USER_TIMEOUT_MS", "ms",
        "Silence after which a connection is dead.", least=100)
    connect_timeout_s: int = knob(2, "CONNECT_TIMEOUT_S", "s", "Longest wait for a new connection.",
        least=1, most=60)
    redis_timeout_ms: int = knob(50, "REDIS_TIMEOUT_MS", "ms", "Longest wait for Redis.", least=1,
        most=5000)
    request_timeout_ms: int = knob(5000, "REQUEST_TIMEOUT_MS", "ms",
        "From complete body to answer, fast routes.", least=100)
    database_wait_ms: int = knob(3000, "DATABASE_WAIT_MS", "ms",
        "Part of it that may wait for the database.", least=1)
    waiting_room_size: int = knob(400, "WAITING_ROOM_SIZE", "requests",
        "May wait while the database is away.", most=100000)
    shutdown_timeout_s: int = knob(10, "SHUTDOWN_TIMEOUT_S", "s",
        "Time to finish what runs after SIGTERM.", most=600)

    header_timeout_ms: int = knob(10000, "HEADER_TIMEOUT_MS", "ms",
        "Silence before a request's head is complete.", least=100)
    body_timeout_ms: int = knob(20000, "BODY_TIMEOUT_MS", "ms",
        "From the head to the end of the body.", least=100)
    upload_max_bytes: int = knob(67108864, "UPLOAD_MAX_BYTES", "bytes",
        "Longest file, whatever a route allows.", least=1024, most=1073741824)
    upload_floor_bytes_s: int = knob(4096, "UPLOAD_FLOOR_BYTES_S", "bytes/s",
        "A file that comes slower, over BODY_TIMEOUT_MS, is given up.", least=1)
    upload_timeout_s: int = knob(600, "UPLOAD_TIMEOUT_S", "s",
        "From the head of a request with a file to its answer.", least=1, most=3600)
    upload_folder: str = knob("", "UPLOAD_FOLDER", "folder",
        "Where files lie, without a name, while they are read; empty: the system's.")
    uploads_at_once: int = knob(16, "UPLOADS_AT_ONCE", "files",
        "Received or read at once, per worker.", least=1, most=1000)
    uploads_of_one: int = knob(2, "UPLOADS_OF_ONE", "files", "Of one caller at once, per worker.",
        least=1, most=100)
    upload_parsers: int = knob(2, "UPLOAD_PARSERS", "processes",
        "That read files at once, per worker.", least=1, most=64)
    upload_parser_mib: int = knob(512, "UPLOAD_PARSER_MIB", "MiB", "Memory of one of them.",
        least=128, most=65536)
    json_depth: int = knob(32, "JSON_DEPTH", "levels", "Of a body.", least=1, most=200)
    json_integer_digits: int = knob(18, "JSON_INTEGER_DIGITS", "digits", "Of a number in a body.",
        least=1, most=1000)
    json_exponent: int = knob(18, "JSON_EXPONENT", "power of ten", "In a body.", most=300)

    session_memory_ms: int = knob(1000, "SESSION_MEMORY_MS", "ms",
        "A worker trusts what it knows of a session.", most=1000)
    session_memory_size: int = knob(10000, "SESSION_MEMORY_SIZE", "sessions",
        "A worker knows at once.", least=1)
    session_cookie_max_age_s: int = knob(3600, "SESSION_COOKIE_MAX_AGE", "s",
        "A browser keeps the session's cookie for so long after its last use.", least=60)
    hash_memory_kib: int = knob(47104, "HASH_MEMORY_KIB", "KiB",
        "Of one password hash (Argon2id).", least=8, most=1048576)
    hash_rounds: int = knob(1, "HASH_ROUNDS", "rounds", "Of one password hash.", least=1, most=20)
    hash_threads: int = knob(1, "HASH_THREADS", "threads", "That hash passwords, per worker.",
        least=1, most=64)
    hash_queue: int = knob(16, "HASH_QUEUE", "requests", "May wait for such a thread.", most=10000)
    answer_step_ms: int = knob(300, "ANSWER_STEP_MS", "ms",
        "Log-in and its like refuse at multiples of it, so that time tells nothing.", most=5000)
    public_url: str = knob("", "PUBLIC_URL", "URL",
        "Where people reach the page, for links in mails; empty: HOST and PORT.")
    smtp_url: str = knob("", "SMTP_URL", "URL",
        "Where mail is posted: smtp[s]://user:password@host:port; empty: nowhere.", is_secret=True)
    mail_from: str = knob("Tideline <tideline@localhost>", "MAIL_FROM", "address",
        "Who mail comes from.")
    sms_gateway_url: str = knob("", "SMS_GATEWAY_URL", "URL",
        "Where text messages are posted as JSON; empty: nowhere.", is_secret=True)
    sms_gateway_token: str = knob("", "SMS_GATEWAY_TOKEN", "text",
        "Sent to it as a Bearer token.", is_secret=True)
    captcha_verify_url: str = knob("", "CAPTCHA_VERIFY_URL", "URL",
        "The provider's siteverify address; empty: nobody proves anything.")
    captcha_secret: str = knob("", "CAPTCHA_SECRET", "text", "Sent to it.", is_secret=True)
    gateway_timeout_ms: int = knob(10000, "GATEWAY_TIMEOUT_MS", "ms",
        "Longest attempt to send one message.", least=100, most=15000)
    courier_poll_ms: int = knob(1000, "COURIER_POLL_MS", "ms",
        "A worker looks for messages to send.", least=100, most=60000)
    jobs_enabled: bool = knob(True, "JOBS_ENABLED", "on/off", "Work of the schedule, per worker.")
    jobs_poll_ms: int = knob(1000, "JOBS_POLL_MS", "ms", "A worker looks what is due.",
        least=50, most=60000)
    jobs_at_once: int = knob(2, "JOBS_AT_ONCE", "runs", "Of jobs at once, per worker.",
        least=1, most=16)
    stream_count: int = knob(8, "STREAM_COUNT", "lists",
        "Whole lists on their way at once, per worker; a quarter for one caller.",
        least=1, most=1000)
    stream_timeout_ms: int = knob(600000, "STREAM_TIMEOUT_MS", "ms",
        "Longest way of a whole list to its reader.", least=1000)
    stream_stall_ms: int = knob(30000, "STREAM_STALL_MS", "ms",
        "Longest wait until a reader takes the next piece of it.", least=100)
    compress_from_bytes: int = knob(1024, "COMPRESS_FROM_BYTES", "bytes",
        "Shorter answers travel as they are.")
    routes_poll_ms: int = knob(1000, "ROUTES_POLL_MS", "ms",
        "Look for new routes, should NOTIFY not arrive.", least=10)
    # fmt: on

    @property
    def page_url(self) -> str:
        """Where people log in."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def direct_url(self) -> str:
        """The database without a pooler in between."""
        return self.database_url_direct or self.database_url

    @staticmethod
    def from_env(environ: Mapping[str, str]) -> "Config":
        """The settings of this environment. Errors: WrongSetting names what cannot be used."""
        values = {
            name: value_of(item, environ[item.env], default)
            for name, item, default in knobs()
            if item.env in environ
        }
        config = Config(**values)
        check({item.env: getattr(config, name) for name, item, _ in knobs()})
        return config


def knobs() -> Iterator[tuple[str, Knob, Any]]:
    """Field name, knob and default of every setting, in the order of the class."""
    for setting in fields(Config):
        yield setting.name, setting.metadata["knob"], setting.default

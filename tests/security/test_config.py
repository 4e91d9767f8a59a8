"""Production refuses to start on settings that nobody should run, in time and in one sentence.

The sentence names the setting and keeps its value to itself. What only the database knows is asked
of a real one, with the settings that the embedded server really has.
"""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service import embedded, schema
from service.config import Config, knobs
from service.knob import WrongSetting
from service.production import faults
from tests.support.server import as_url, free_port, open_folder
from tests.support.service import ROOT

WITHIN_S = 2.0
KEY = "Zk3vQ9xT7bLw2Rf8Yh5Nc1Dm6Gs4Jp0A"  # pragma: allowlist secret
PASSWORD = "a-password-that-no-sentence-repeats"  # pragma: allowlist secret
LOGIN = "tideline_login"


@dataclass(frozen=True)
class House:
    """A database as production has it, and an environment that production starts with."""

    admin_dsn: str
    fine: dict[str, str]

    def run(self, sentence: str) -> None:
        """One statement of the superuser, outside any transaction."""
        with psycopg.connect(self.admin_dsn, autocommit=True) as connection:
            connection.execute(sentence.encode())

    def login(self, name: str) -> str:
        """The DSN of another login with the same password."""
        return as_url(self.fine["DATABASE_URL"], "tideline", user=name)


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with open_folder() as folder:
        servers = embedded.start(folder / "home", int(os.environ.get("PG") or 18))
        try:
            admin = servers.database_url_direct
            schema.migrate(admin)
            schema.apply(admin)
            with psycopg.connect(admin, autocommit=True) as connection:
                for role in (LOGIN, "strong", "blind", "maker", "steady", "insider"):
                    connection.execute(
                        f"create role {role} login noinherit password '{PASSWORD}' in role service"
                    )
                    connection.execute(f"alter role {role} set log_min_messages = 'log'")
                connection.execute("alter role strong superuser")
                connection.execute("alter role blind bypassrls")
                connection.execute("alter role maker createrole")
                connection.execute("grant steward to steady")
                connection.execute("grant owner to insider")
            dsn = as_url(admin, "tideline", user=LOGIN, password=PASSWORD)
            yield House(
                admin,
                {
                    "TIDELINE_ENV": "production",
                    "PUBLIC_URL": "https://tideline.example",
                    "SECRET_KEY": KEY,
                    "DATABASE_URL": dsn,
                    "CACHE_REDIS_URL": servers.redis_url,
                    "PORT": str(free_port()),
                },
            )
        finally:
            servers.stop()


def served(settings: dict[str, str]) -> tuple[int, str, float]:
    """Exit status, everything printed and seconds of a start that is refused.

    What the start waited for a core is other people's work and is taken off.
    """
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "service", "serve"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as start:
        last = threading.Timer(30, start.kill)
        last.start()
        assert start.stdout is not None
        said = start.stdout.read()
        os.waitid(os.P_PID, start.pid, os.WEXITED | os.WNOWAIT)
        last.cancel()
        took_s = time.monotonic() - began
        queued_ns = int(Path(f"/proc/{start.pid}/schedstat").read_text().split()[1])
    return start.returncode, said, took_s - queued_ns / 1e9


# Setting, bad value: told by the settings alone.
BAD: list[tuple[str, str]] = [
    ("SECRET_KEY", ""),
    ("SECRET_KEY", KEY[:31]),
    ("SECRET_KEY", "changeme" * 6),
    ("SECRET_KEY", "0123456789abcdef" * 4),
    ("SECRET_KEY", "ab" * 32),
    ("DATABASE_URL", f"postgresql://app:{PASSWORD}@db.example/tideline"),
    ("DATABASE_URL", f"postgresql://app:{PASSWORD}@db.example/tideline?sslmode=disable"),
    ("DATABASE_URL", f"postgresql://app:{PASSWORD}@db.example/tideline?sslmode=prefer"),
    ("DATABASE_URL", "postgresql://app@db.example/tideline?sslmode=verify-full"),
    ("DATABASE_URL", "postgresql://app@127.0.0.1/tideline"),
    ("DATABASE_URL", f"postgresql://postgres:{PASSWORD}@127.0.0.1/tideline"),
    ("DATABASE_URL", f"host=db.example user=app password={PASSWORD}"),
    ("DATABASE_URL_DIRECT", f"postgresql://app:{PASSWORD}@10.0.0.8/tideline?sslmode=allow"),
    ("LOG_LEVEL", "debug"),
    ("CORS_ORIGINS", "*"),
    ("CORS_ORIGINS", "https://app.example, http://plain.example"),
    ("TRUSTED_PROXIES", "0.0.0.0/0"),
    ("TRUSTED_PROXIES", "::/0"),
    ("TRUSTED_PROXIES", "anywhere"),
    ("RATELIMIT_ENABLED", "off"),
    ("PUBLIC_URL", "http://tideline.example"),
    ("SMTP_URL", "smtp://mail.example:587?starttls=off"),
    ("SMS_GATEWAY_URL", "http://sms.example/send"),
    ("CAPTCHA_VERIFY_URL", "http://captcha.example/siteverify"),
    ("HASH_MEMORY_KIB", "8192"),
]
SECRETS = {knob.env for _, knob, _ in knobs() if knob.is_secret}
# Login, what the sentence says of it.
LOGINS = {
    "strong": "superuser",
    "blind": "bypasses row security",
    "maker": "makes roles",
    "steady": "owner or steward",
    "insider": "owner or steward",
}
UNSAFE = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "100",
    "log_min_messages": "warning",
}
FINE = {"log_min_messages": "log"}  # of a login: what makes it as the server's own would be


def check_refused(house: House, name: str, *secrets: str, **changes: str) -> None:
    """The start ends in time, names the setting and repeats nothing of it."""
    code, said, took_s = served({**house.fine, **changes})
    print(f"{took_s:.2f} s: {said.strip()}")
    assert code == 1, said
    assert said.startswith(f"tideline: {name} "), said
    assert said.endswith("in production.\n") or "must be a list" in said, said
    assert said.count("\n") == 1, said
    assert took_s < WITHIN_S
    for secret in (PASSWORD, KEY, *secrets):
        assert not secret or secret not in said


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_setting_stops_the_start(house: House, name: str, value: str) -> None:
    secret = [value] if name in SECRETS else []
    check_refused(house, name, *secret, **{name: value})


@pytest.mark.parametrize("role", LOGINS)
def test_a_login_that_may_too_much_stops_the_start(house: House, role: str) -> None:
    check_refused(house, "DATABASE_URL", DATABASE_URL=house.login(role))
    check_refused(house, "DATABASE_URL_DIRECT", DATABASE_URL_DIRECT=house.login(role))
    _, said, _ = served({**house.fine, "DATABASE_URL": house.login(role)})
    assert LOGINS[role] in said


def test_a_login_that_is_not_let_in_stops_the_start(house: House) -> None:
    wrong = as_url(house.fine["DATABASE_URL"], "tideline", password="another")
    code, said, took_s = served({**house.fine, "DATABASE_URL": wrong})
    assert (code, said) == (1, "tideline: DATABASE_URL is not let in by the database.\n")
    assert took_s < WITHIN_S


@pytest.mark.parametrize("name", UNSAFE)
def test_a_server_that_may_lose_or_tell_stops_the_start(house: House, name: str) -> None:
    def settle(statement: str) -> None:
        house.run(statement)
        house.run("select pg_reload_conf()")
        time.sleep(0.2)  # the postmaster tells its children when it gets to it

    whose = f"role {LOGIN}" if name == "log_min_messages" else "system"
    settle(f"alter {whose} set {name} = '{UNSAFE[name]}'")
    try:
        check_refused(house, name)
    finally:
        settle(f"alter {whose} set {name} = {FINE.get(name, 'default')}")


def test_up_is_no_way_to_run_production(house: House, tmp_path: Path) -> None:
    """It makes a demo household and prints its token: the only account that is not asked for."""
    done = subprocess.run(
        [sys.executable, "-m", "service", "up", "--home", str(tmp_path / "home")],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **house.fine},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("tideline: TIDELINE_ENV must not be production here")
    assert not (tmp_path / "home").exists()


def test_what_is_fine_starts_and_answers(house: House) -> None:
    """Otherwise the refusals above would prove nothing."""
    import urllib.request

    with subprocess.Popen(
        [sys.executable, "-m", "service", "serve"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **house.fine},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            until = time.monotonic() + 20
            while True:
                try:
                    url = f"http://127.0.0.1:{house.fine['PORT']}/ready"
                    assert urllib.request.urlopen(url, timeout=2).status == 200
                    break
                except OSError:
                    assert process.poll() is None, process.stdout and process.stdout.read()
                    assert time.monotonic() < until
                    time.sleep(0.05)
        finally:
            process.terminate()
            process.wait(15)


def test_production_serves_nobody_while_the_database_cannot_be_asked(house: House) -> None:
    nowhere = as_url(house.fine["DATABASE_URL"], "tideline", port=str(free_port()))
    with subprocess.Popen(
        [sys.executable, "-m", "service", "serve"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1", **house.fine,
             "DATABASE_URL": nowhere},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        assert line.startswith("tideline: waiting for the database of DATABASE_URL"), line
        assert PASSWORD not in line
        import socket

        with socket.socket() as knock:
            assert knock.connect_ex(("127.0.0.1", int(house.fine["PORT"]))) != 0
        process.terminate()
        assert process.wait(10) == 0


def test_at_least_twelve_settings_are_looked_at() -> None:
    names = {name for name, _ in BAD} | set(LOGINS) | set(UNSAFE)
    assert len(names) >= 12


def test_no_setting_turns_a_wall_off() -> None:
    """There is nothing to misconfigure: no knob's name or sentence speaks of a way around."""
    words = ("bypass", "disable", "insecure", "skip", "unsafe", "debug")
    told = [f"{knob.env} {knob.sentence}".lower() for _, knob, _ in knobs()]
    assert [one for one in told for word in words if word in one] == []


@pytest.mark.parametrize(
    ("kib", "rounds", "is_fine"),
    [(47104, 1, True), (47103, 1, False), (19456, 2, True), (19455, 2, False), (7168, 5, True)],
)
def test_less_memory_takes_more_rounds(kib: int, rounds: int, is_fine: bool) -> None:
    config = Config(hash_memory_kib=kib, hash_rounds=rounds)
    values = {knob.env: getattr(config, name) for name, knob, _ in knobs()}
    told = [one for one in faults(values) if one.startswith("HASH_MEMORY_KIB")]
    assert len(told) == (0 if is_fine else 1)


def test_development_is_no_production(house: House) -> None:
    """Nothing is demanded of a laptop, and doctor says what production would demand."""
    config = Config.from_env({})
    values: dict[str, Any] = {knob.env: getattr(config, name) for name, knob, _ in knobs()}
    assert any(one.startswith("SECRET_KEY") for one in faults(values))
    with pytest.raises(WrongSetting, match="SECRET_KEY"):
        Config.from_env({"TIDELINE_ENV": "production"})

"""The command line: what it says of itself, of the settings and of what they lead to."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping

from tests.support.server import Server, free_port
from tests.support.service import ROOT

COMMANDS = ("up", "serve", "migrate", "rollback", "status", "apply", "routes", "load", "doctor")
AT_ONCE_S = 2.0  # alone --help takes 0.03 s


def tideline(
    *words: str, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs one command with these settings and no others."""
    environment = {"PATH": os.environ["PATH"], **(settings or {})}
    return subprocess.run(
        [sys.executable, "-m", "service", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def leading_to(server: Server, dsn: str) -> dict[str, str]:
    """The settings for a database of this server."""
    return {
        "DATABASE_URL": dsn,
        "DATABASE_URL_DIRECT": dsn,
        "CACHE_REDIS_URL": server.redis_url,
    }


def test_help_names_every_command_and_answers_at_once() -> None:
    began = time.monotonic()
    done = tideline("--help")
    assert time.monotonic() - began < AT_ONCE_S
    assert [name for name in COMMANDS if f"\n    {name} " not in done.stdout] == []
    assert "worker" not in done.stdout.split("options:")[0]


def test_every_command_has_help_of_its_own() -> None:
    for name in COMMANDS:
        done = tideline(name, "--help")
        assert (done.returncode, done.stderr) == (0, ""), name


def test_a_word_that_is_no_command_is_not_understood() -> None:
    done = tideline("fly")
    assert done.returncode == 2
    assert "invalid choice: 'fly'" in done.stderr


def test_doctor_finds_a_good_database_good(server: Server, database: str) -> None:
    done = tideline("doctor", settings={**leading_to(server, database), "WORKERS": "3"})
    lines = done.stdout.splitlines()
    assert [line.split() for line in lines if line.startswith("WORKERS")] == [
        ["WORKERS", "3", "processes", "environment"]
    ]
    assert [line.split() for line in lines if line.startswith("PORT")] == [
        ["PORT", "8080", "port", "default"]
    ]
    assert "ok   login of the workers" in done.stdout
    assert "ok   Redis: answers" in done.stdout


def test_doctor_shows_no_password(server: Server, database: str) -> None:
    dsn = "postgresql://service:open-sesame@127.0.0.1:1/tideline?connect_timeout=1"
    done = tideline("doctor", settings={"DATABASE_URL": dsn, "SECRET_KEY": "open-sesame" * 4})
    assert "open-sesame" not in done.stdout + done.stderr


def test_doctor_says_what_is_wrong_and_fails(server: Server, empty_database: str) -> None:
    done = tideline("doctor", settings=leading_to(server, empty_database))
    assert done.returncode == 1
    assert "FAIL migrations: " in done.stdout
    assert "run `make migrate`" in done.stdout
    assert "FAIL routes: " in done.stdout
    away = f"postgresql://service@127.0.0.1:{free_port()}/tideline"
    done = tideline("doctor", settings={"DATABASE_URL": away})
    assert done.returncode == 1
    assert "FAIL database: " in done.stdout
    assert "Traceback" not in done.stderr


def test_migrate_apply_and_status_say_what_they_did(server: Server, empty_database: str) -> None:
    settings = leading_to(server, empty_database)
    assert tideline("status", settings=settings).returncode == 1
    done = tideline("migrate", settings=settings)
    assert (done.returncode, "0001.roles_and_schemas" in done.stdout) == (0, True)
    assert tideline("status", settings=settings).returncode == 0
    again = tideline("migrate", settings=settings)
    assert again.stdout == "tideline: the database has every step already\n"
    done = tideline("rollback", "1", settings=settings)
    assert done.stdout.endswith("tideline: 1 steps taken back\n")
    assert tideline("status", settings=settings).returncode == 1


def test_refresh_says_what_was_made_anew(server: Server, database: str) -> None:
    done = tideline("refresh", settings=leading_to(server, database))
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(
        r"tideline: user_spending_summary: refreshed, 0 rows in \d+ ms\n"
        r"tideline: first payments: 0 kinds learnt\n",
        done.stdout,
    )


def test_a_setting_that_cannot_be_used_stops_the_start_with_its_name() -> None:
    done = tideline("serve", settings={"WORKERS": "none"})
    assert done.returncode == 1
    assert done.stderr.startswith("tideline: WORKERS must be a whole number")
    done = tideline("serve", settings={"TIDELINE_ENV": "production"})
    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr

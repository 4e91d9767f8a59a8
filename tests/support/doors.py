"""A service with doors of its own (doors.sql): routes that prove passwords and set cookies."""

from pathlib import Path

import psycopg

from service.auth.cookie import NAME
from tests.support.asking import Client, Reply
from tests.support.service import Service

DOORS = Path(__file__).with_name("doors.sql")
CHEAP = {"HASH_MEMORY_KIB": 64, "ANSWER_STEP_MS": 0, "RATELIMIT_ENABLED": "off"}
GOOD = "seven grey herons at noon"
ENTER, MAKE = "/api/v2/door/enter", "/api/v2/door/make"
JSON = {"Content-Type": "application/json"}


def publish(service: Service) -> None:
    """Adds the doors to a running service and waits until they are served."""
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        connection.execute("set search_path = ''")
        connection.execute(DOORS.read_text(encoding="utf-8"))
    with Client(service.url) as client:
        while client.ask("GET", ENTER).status == 404:
            pass


def keep(service: Service, email: str, stored: str | None) -> None:
    """What the database has of somebody's password."""
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        connection.execute(
            "insert into data.door_keys (email, stored) values (%s, %s)"
            " on conflict (email) do update set stored = excluded.stored",
            (email, stored),
        )


def enter(client: Client, email: str, password: str, **fields: object) -> Reply:
    """Tries to come in."""
    return client.ask("POST", ENTER, {"email": email, "password": password, **fields})


def cookie_of(token: str) -> dict[str, str]:
    """What a browser sends that keeps this token."""
    return {"Cookie": f"theme=dark; {NAME}={token}; other=1"}

"""How the people of the tests come in: passwords, what was mailed to them, and their other keys."""

import hashlib
from typing import Any

import psycopg

from tests.support.service import User

PASSWORD = "seven green lamps in a row"
NEW_PASSWORD = "eight brown lamps in a ring"
# As the old system kept it, with few rounds: cheap to check, and replaced by the first log-in.
STORED = (
    "pbkdf2:sha256:1000$pepper$"
    + hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"pepper", 1000).hex()
)


def plant_mails(dsn: str, user: User) -> None:
    """The tokens that mails would have brought to a user."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "insert into data.email_verifications (user_id, email, token_hash, expires_at)"
            " select user_id, email, core.secret_hash(%s), now() + interval '1 day'"
            " from data.user_emails where user_id = %s",
            (_mailed(user, "v"), user.user_id),
        )
        connection.execute(
            "insert into data.password_reset_tokens (user_id, token_hash, expires_at)"
            " values (%s, core.secret_hash(%s), now() + interval '1 day')",
            (user.user_id, _mailed(user, "r")),
        )


def said_by(dsn: str, user: User) -> dict[str, Any]:
    """What a user knows of themselves, by the names of SAID_BY_OPERATION."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(
            "select email from data.user_emails where user_id = %s", (user.user_id,)
        ).fetchone()
    return {
        "public_id": user.public_id,
        "email": row and row[0],
        "password": PASSWORD,
        "new_password": NEW_PASSWORD,
        "verification_token": _mailed(user, "v"),
        "reset_token": _mailed(user, "r"),
    }


def _mailed(user: User, letter: str) -> str:
    return f"{user.user_id}.{letter * 43}"

"""The token that `tideline up` hands out: one live session for each run, none that outlives it."""

import base64
import hashlib
import json
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psycopg

SESSION_LIVES = timedelta(days=30)
_CONNECT_TIMEOUT_S = 2


def issued(dsn: str, user_id: int) -> str:
    """A new token that speaks for this user. Errors: psycopg.Error."""
    secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
    token = f"{user_id}.{secret}"
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "select core.session_issue(_user_id => %s, _token_hash => %s, _lives => %s) "
            "from pg_catalog.set_config('app.user_id', %s, true)",
            [user_id, _hash(token), SESSION_LIVES, str(user_id)],
        )
    return token


def revoked(dsn: str, token: str) -> None:
    """Ends the session behind a token, if the database can be asked; it ends by itself one day."""
    user_id = token.partition(".")[0]
    with (
        suppress(psycopg.Error, ValueError),
        psycopg.connect(dsn, autocommit=True, connect_timeout=_CONNECT_TIMEOUT_S) as connection,
    ):
        connection.execute(
            "select core.session_revoke(_user_id => %s, _token_hash => %s) "
            "from pg_catalog.set_config('app.user_id', %s, true)",
            [int(user_id), _hash(token), user_id],
        )


def left_in(note: Path) -> str | None:
    """The token of a run that was killed before it could take its note away."""
    try:
        return str(json.loads(note.read_text())["token"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()

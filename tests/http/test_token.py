"""The token of a run of `tideline up`: good while it runs, and what a killed run left is ended."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service import token, up
from tests.support.service import Service, User


def is_good(db: psycopg.Connection[Any], user_id: int, text: str) -> bool:
    """Whether the token speaks for somebody."""
    digest = hashlib.sha256(text.encode()).digest()
    row = db.execute(
        "select api.caller_read(%s, %s) from set_config('app.user_id', %s::text, true)",
        (user_id, digest, user_id),
    ).fetchone()
    return row is not None and row[0] is not None


def test_a_token_is_good_until_it_is_revoked(
    db: psycopg.Connection[Any], database: str, new_user: Callable[..., User], tmp_path: Path
) -> None:
    user = new_user()
    given = token.issued(database, user.user_id)
    assert is_good(db, user.user_id, given)
    note = tmp_path / "up.json"
    note.write_text(json.dumps({"token": given}))
    left = token.left_in(note)
    assert left == given
    token.revoked(database, left)
    assert not is_good(db, user.user_id, given)
    assert is_good(db, user.user_id, user.token)  # nobody else's session


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "{"])
def test_a_note_without_a_token_is_no_token(tmp_path: Path, text: str) -> None:
    note = tmp_path / "up.json"
    assert token.left_in(note) is None
    note.write_text(text)
    assert token.left_in(note) is None


def test_what_is_no_token_ends_nothing(database: str) -> None:
    token.revoked(database, "nonsense")
    token.revoked("host=127.0.0.1 port=9", "1.x")


def test_a_proxy_of_the_environment_is_not_asked_about_ourselves(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert up._is_ready(service.url)

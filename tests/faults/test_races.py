"""Two at once for one person: what the second finds is what the first left, and nobody is told 503.

Straight at the functions, each caller on a connection of its own with the lock_timeout of the
service's role.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

USER = 900_001  # beyond what a sequence gives
NUMBER = "+420600000001"
KEY = b"\x01" * 32
_BLOCKED = (
    "select count(*) from pg_catalog.pg_stat_activity"
    " where datname = current_database() and wait_event_type = 'Lock'"
)
_SEND = "select api.phone_send(%s, %s, null, %s, '192.0.2.7', 'agent')"
_RESEND = "select api.phone_resend(%s, %s, null, %s, '192.0.2.7', 'agent')"


@pytest.fixture
def person(db: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """A superuser's connection to a database with one user."""
    db.execute("insert into data.users (id, password_hash) values (%s, 'old')", (USER,))
    db.execute("insert into data.user_emails values ('ada@example.org', %s)", (USER,))
    db.execute("select set_config('app.user_id', %s, false)", (str(USER),))
    return db


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def said(database: str, statement: str, values: tuple[Any, ...]) -> Any:
    """What one caller is answered, as the service would ask."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("set lock_timeout = '1s'")
        connection.execute("select set_config('app.user_id', %s, false)", (str(USER),))
        row = connection.execute(statement.encode(), values).fetchone()
    return row and row[0]


def begin(
    threads: ThreadPoolExecutor,
    watch: psycopg.Connection[Any],
    blocked: int,
    ask: Callable[[], Any],
) -> Future[Any]:
    """Begins a call, and waits until so many of the database wait for a lock."""
    call = threads.submit(ask)
    until = time.monotonic() + 0.8
    while watch.execute(_BLOCKED).fetchone() != (blocked,) and time.monotonic() < until:
        time.sleep(0.01)
    return call


def test_a_send_and_a_resend_do_not_wait_for_each_other(
    database: str, person: psycopg.Connection[Any], threads: ThreadPoolExecutor
) -> None:
    first = said(database, _SEND, (USER, NUMBER, KEY))
    person.execute("update data.verification_counters set last_at = last_at - interval '1 hour'")
    with psycopg.connect(database) as gate:
        gate.execute("select pg_advisory_xact_lock(hashtextextended(%s, 7))", (NUMBER,))
        send = begin(threads, person, 1, lambda: said(database, _SEND, (USER, NUMBER, KEY)))
        resend = begin(
            threads, person, 2, lambda: said(database, _RESEND, (USER, first["id"], KEY))
        )
    assert send.result()["status"] == "pending"
    with pytest.raises(psycopg.Error) as refused:
        resend.result()
    assert refused.value.sqlstate == "PT409"  # the send ended what was to be sent again


def test_an_old_password_that_was_right_comes_too_late(
    database: str, person: psycopg.Connection[Any], threads: ThreadPoolExecutor
) -> None:
    """It was checked before the change, and is used while the change is under way."""
    enter = (
        "select api.session_add('ada@example.org', true, 'old', 'old, made dearer',"
        " '192.0.2.7', 'agent')"
    )
    with psycopg.connect(database) as change:
        change.execute("select set_config('app.user_id', %s, true)", (str(USER),))
        change.execute("select core.password_set(%s, 'new')", (USER,))
        change.execute("select core.session_clear(%s)", (USER,))
        late = begin(threads, person, 1, lambda: said(database, enter, ()))
    assert late.result()["refusal"]["code"] == "wrong_credentials"
    assert person.execute("select password_hash from data.users").fetchone() == ("new",)
    assert person.execute("select count(*) from data.login_sessions").fetchone() == (0,)


def test_a_log_in_that_was_first_is_ended_by_the_change(
    database: str, person: psycopg.Connection[Any], threads: ThreadPoolExecutor
) -> None:
    change = "select api.password_edit(%s, true, 'old', 'new', null, '192.0.2.7', 'agent')"
    with psycopg.connect(database) as enter:
        enter.execute(
            "select api.session_add('ada@example.org', true, 'old', null, '192.0.2.7', 'agent')"
        )
        changed = begin(threads, person, 1, lambda: said(database, change, (USER,)))
    assert changed.result() == {"changed": True, "ended_count": 1}


def test_two_who_use_one_reset_token_set_one_password(
    database: str, person: psycopg.Connection[Any], threads: ThreadPoolExecutor
) -> None:
    token = f"{USER}.{'r' * 43}"
    person.execute(
        "insert into data.password_reset_tokens (user_id, token_hash, expires_at)"
        " values (%s, core.secret_hash(%s), now() + interval '1 hour')",
        (USER, token),
    )
    use = "select api.reset_use(%s, %s, '192.0.2.7', 'agent')"
    with psycopg.connect(database) as first:
        first.execute(use.encode(), (token, "first"))
        second = begin(threads, person, 1, lambda: said(database, use, (token, "second")))
    with pytest.raises(psycopg.Error) as refused:
        second.result()
    assert refused.value.sqlstate == "PT422"
    assert person.execute("select password_hash from data.users").fetchone() == ("first",)


def test_one_address_signed_up_twice_at_once_is_one_user(
    database: str, person: psycopg.Connection[Any], threads: ThreadPoolExecutor
) -> None:
    join = "select api.registration_add('bob@example.org', 'hash', '192.0.2.7', 'agent')"
    calls = [threads.submit(said, database, join, ()) for _ in range(8)]
    assert [call.result() for call in calls] == [{"accepted": True}] * 8
    assert person.execute("select count(*) from data.users").fetchone() == (2,)
    templates = person.execute("select template, count(*) from data.messages group by 1 order by 1")
    assert templates.fetchall() == [("already_registered", 4), ("email_verification", 1)]


def test_a_session_that_a_reset_ends_leaves_no_key_behind(
    database: str, person: psycopg.Connection[Any], threads: ThreadPoolExecutor
) -> None:
    """The service remembers a session for a second: a key would outlive it for ever."""
    make = "select api.key_add(%s, 'mine', sha256('a'), '192.0.2.7', 'agent')"
    person.execute("select core.session_issue(%s, sha256('a'), interval '1 hour')", (USER,))
    with psycopg.connect(database) as reset:
        reset.execute("select set_config('app.user_id', %s, true)", (str(USER),))
        reset.execute("select core.password_set(%s, 'new')", (USER,))
        reset.execute("select core.session_clear(%s), core.key_clear(%s)", (USER, USER))
        late = begin(threads, person, 1, lambda: said(database, make, (USER,)))
    with pytest.raises(psycopg.Error) as refused:
        late.result()
    assert refused.value.sqlstate == "PT401"
    assert person.execute("select count(*) from data.api_keys").fetchone() == (0,)


def test_a_grant_that_goes_does_not_hide_the_one_that_comes(
    database: str, person: psycopg.Connection[Any], threads: ThreadPoolExecutor
) -> None:
    add = "select core.grant_add(%s, 'coach@example.org', '{forecast}', null)"
    first = said(database, add, (USER,))
    drop = "select core.grant_end(%s, %s)"
    with psycopg.connect(database) as second:
        second.execute("select set_config('app.user_id', %s, true)", (str(USER),))
        second.execute(add.encode(), (USER,))
        gone = begin(threads, person, 1, lambda: said(database, drop, (USER, first)))
    assert gone.result() == first
    assert person.execute("select count(*) from data.client_addresses").fetchone() == (1,)


def test_a_guess_and_the_end_of_the_account_do_not_wait_for_each_other(
    database: str, person: psycopg.Connection[Any], threads: ThreadPoolExecutor
) -> None:
    sent = said(database, _SEND, (USER, NUMBER, KEY))
    text = person.execute("select body from data.messages").fetchone()
    code = text and "".join(sign for sign in text[0] if sign.isdigit())
    check = "select core.guess_settle(%s, %s, %s, %s)"
    with psycopg.connect(database) as end:
        end.execute("select set_config('app.user_id', %s, true)", (str(USER),))
        end.execute("select core.password_stands(%s, true, 'old')", (USER,))
        guess = begin(
            threads, person, 1, lambda: said(database, check, (USER, sent["id"], code, KEY))
        )
        end.execute("set local lock_timeout = '500ms'")
        end.execute("select core.deletion_run(%s)", (USER,))
    assert guess.result() is None

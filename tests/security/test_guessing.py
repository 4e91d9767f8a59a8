"""Guesses at once see one another: of 60 looks at one password, five are free in all."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest

LOOKS = 60
AT_ONCE = 20
FREE = 5  # docs/identity.md, data.attempt_rules


@pytest.mark.parametrize("email", ["known@example.org", "nobody@example.org"])
def test_guesses_at_once_are_counted_one_after_the_other(database: str, email: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("select core.user_add('known@example.org')")
        # A pause of a second would be over before a slow machine has asked for all of them.
        connection.execute("update data.attempt_rules set is_doubling = false")
    together = Barrier(AT_ONCE)

    def looks() -> int:
        codes = []
        with psycopg.connect(database, autocommit=True) as connection:
            together.wait(10)
            for _ in range(LOOKS // AT_ONCE):
                try:
                    connection.execute(
                        "select api.password_read(null, %s, '192.0.2.1') "
                        "from pg_catalog.set_config('app.user_id', '', true)",
                        (email,),
                    )
                    codes.append("")
                except psycopg.Error as error:
                    codes.append(error.sqlstate or "lost")
        assert set(codes) <= {"", "PT429"}
        return codes.count("")

    with ThreadPoolExecutor(AT_ONCE) as threads:
        passed = sum(run.result() for run in [threads.submit(looks) for _ in range(AT_ONCE)])
    print(f"{LOOKS} looks at the password of {email}, {AT_ONCE} at once: {passed} passed")
    assert passed == FREE

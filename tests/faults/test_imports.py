"""F14: a worker is killed while it reads a file in: no half import, and the same key imports once.

The file is long enough to have parts; the kill falls after the first of them is in the database.
"""

import contextlib
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg

from tests.support.asking import Client
from tests.support.service import Service

ROWS = 12_000
SECRET = "a key of the installation, which both services know 0123456789"
IMPORTS = "/api/v2/users/me/statement-imports"
BODY = b"Date,Description,Amount\n" + b"".join(
    b"2026-01-%02d,Shop %d,-%d.50\n" % (1 + number % 28, number % 7, 1 + number % 50)
    for number in range(ROWS)
)


def test_a_killed_worker_leaves_no_half_import(start: Callable[..., Service]) -> None:
    service = start(SECRET_KEY=SECRET)
    user = service.new_user()
    headers = {"Content-Type": "text/csv", "Idempotency-Key": "once"}
    with Client(service.url, user.token) as client:
        account = client.ask("POST", "/api/v2/users/me/accounts", {"name": "Checking"}).data["id"]

    def upload(url: str) -> Any:
        with Client(url, user.token) as client:
            return client.ask("POST", IMPORTS, BODY, query={"account_id": account}, headers=headers)

    def ignored() -> None:
        with contextlib.suppress(OSError):
            upload(service.url)

    with psycopg.connect(service.dsn, autocommit=True) as connection:

        def count(query: str) -> int:
            row = connection.execute(query.encode(), [user.user_id]).fetchone()
            assert row is not None
            return int(row[0])

        bookings = "select count(*) from data.transactions where user_id = %s"
        thread = threading.Thread(target=ignored)
        thread.start()
        until = time.monotonic() + 60
        while not count(
            "select coalesce(max(part_count), 0) from data.statement_imports"
            " where user_id = %s and part_count > 1"
        ):
            assert time.monotonic() < until
            time.sleep(0.002)
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
        thread.join()
        time.sleep(1)  # what was under way in the database ends
        assert count(bookings) in (0, ROWS), "all rows are booked or none"

        other = start(SECRET_KEY=SECRET)
        first, second = upload(other.url), upload(other.url)
        assert (first.status, second.status) == (200, 200), (first, second)
        assert first.data["new_count"] == second.data["new_count"] == ROWS
        assert first.data["id"] == second.data["id"]
        assert count(bookings) == ROWS
        faults = connection.execute("select * from core.balance_faults(%s)", [user.user_id])
        assert faults.fetchall() == []

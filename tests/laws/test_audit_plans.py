"""What one user asks of the audit log is found by their chain: it costs by their own events,
however long the log of everybody is. Asserted by pages, never by time.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.support.plans import pages
from tests.support.server import Server

SEED = """
insert into data.users (id) select generate_series(1, 1000);
insert into data.verification_audit_log (
    chain, place, created_at, user_id, ip_address, event_type, row_hash
)
select
    'user:' || person, place, now() - interval '1 hour' * place, person, '192.0.2.7', 'login_ok',
    sha256('')
from generate_series(1, 50) as place cross join generate_series(1, 1000) as person
"""
MOST_PAGES = 400  # 50 events of one user on 50 pages, and the catalogue; of everybody: 800 more


@pytest.fixture(scope="module")
def log(server: Server, new_database: Any) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(server.dsn(new_database()), autocommit=True) as connection:
        connection.execute(SEED)
        connection.execute("vacuum (analyze) data.verification_audit_log")
        connection.execute("set max_parallel_workers_per_gather = 0")
        connection.execute("select set_config('app.user_id', '7', false)")
        connection.execute("set role owner")
        yield connection


@pytest.mark.parametrize(
    "question",
    [
        "select core.security_json(7)",
        "select core.trail_own(7, null, 51)",
        "select core.export_page(7, core.export_cursor('data.verification_audit_log', '[]'), 200)",
    ],
)
def test_one_user_reads_their_own_events_alone(log: psycopg.Connection[Any], question: str) -> None:
    log.execute(question.encode())  # the catalogue's own pages are read once
    row = log.execute(f"explain (analyze, buffers, format json) {question}".encode()).fetchone()
    assert row is not None
    assert pages(row[0][0]["Plan"]) < MOST_PAGES

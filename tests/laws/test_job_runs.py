"""A run is one runner's, also while a connection of that runner is gone and its batch goes on."""

from typing import Any

import psycopg


def step(connection: psycopg.Connection[Any], run_id: int, runner: str) -> str:
    answer = connection.execute(
        "select core.execution_step(%s, %s) ->> 'state'", (run_id, runner)
    ).fetchone()
    assert answer is not None
    return str(answer[0])


def test_a_batch_that_goes_on_is_waited_for_by_its_own_runner_alone(
    database: str, db: psycopg.Connection[Any]
) -> None:
    db.execute("select core.execution_ask('job_history')")
    run_id = int(
        (
            db.execute("select max(id) from data.job_runs where job = 'job_history'").fetchone()
            or (0,)
        )[0]
    )
    began = db.execute("select core.execution_begin(%s, 'one') ->> 'state'", (run_id,)).fetchone()
    assert began == ("go",)
    with psycopg.connect(database) as other:
        assert step(other, run_id, "one") in ("more", "done")
        assert step(db, run_id, "one") == "busy"
        assert step(db, run_id, "two") == "lost"
        other.rollback()
    assert step(db, run_id, "one") == "done"
    assert step(db, run_id, "one") == "lost"

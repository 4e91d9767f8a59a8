"""Jobs as an admin meets them, and as Prometheus does."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from tests.support.asking import Client
from tests.support.service import DIRECT, Service


@pytest.fixture(scope="module")
def clocked(service_factory: Callable[..., Service]) -> Service:
    """A service with two workers whose jobs are on."""
    return service_factory("--workers", "2", JOBS_ENABLED="on", JOBS_POLL_MS=200)


@pytest.fixture
def admin(clocked: Service) -> Iterator[Client]:
    with Client(clocked.url, clocked.new_user(role="admin").token) as client:
        yield client


def numbers(service: Service) -> str:
    """What Prometheus reads."""
    with DIRECT.open(f"{service.url}/metrics", timeout=5) as answer:
        return str(answer.read().decode())


def finished(admin: Client, job: str, run_id: int) -> dict[str, Any]:
    """The run, once it is over."""
    deadline = time.monotonic() + 20
    while True:
        reply = admin.ask("GET", f"/api/v2/admin/jobs/{job}/runs", query={"limit": 10})
        run = next(one for one in reply.data["items"] if one["id"] == run_id)
        if run["finished_at"]:
            return dict(run)
        assert time.monotonic() < deadline, run
        time.sleep(0.1)


def test_an_admin_runs_a_job_and_sees_what_became_of_it(clocked: Service, admin: Client) -> None:
    reply = admin.ask("POST", "/api/v2/admin/jobs/messages/runs")
    assert reply.status == 202
    run = finished(admin, "messages", reply.data["id"])
    assert (run["status"], run["is_asked"], run["attempts"], run["error"]) == (
        "done", True, 1, None,
    )  # fmt: skip
    wanted = {
        'tideline_job_runs_total{job="messages",outcome="done"} 1.0',
        'tideline_job_late_seconds{job="messages"} 0.0',
        'tideline_job_running_seconds{job="messages"} 0.0',
    }
    deadline = time.monotonic() + 20
    while missing := wanted - set(numbers(clocked).splitlines()):
        assert time.monotonic() < deadline, missing
        time.sleep(0.2)


def test_a_pause_is_an_edit_like_any_other(clocked: Service, admin: Client) -> None:
    path = "/api/v2/admin/jobs/first_payments"
    listed = {one["name"]: one for one in admin.ask("GET", "/api/v2/admin/jobs").data["items"]}
    before = listed["first_payments"]
    assert before["is_active"] is True
    etag = {"If-Match": f'"{before["version"]}"'}
    reply = admin.ask("PATCH", path, {"is_active": False, "cron": "1 1 * * *"}, headers=etag)
    assert (reply.status, reply.data["is_active"], reply.data["cron"]) == (200, False, "1 1 * * *")
    assert admin.ask("PATCH", path, {"is_active": True}, headers=etag).status == 412
    assert admin.ask("PATCH", path, {"cron": "61 1 * * *"}).status == 422
    assert admin.ask("PATCH", path, {"cron": "every day"}).status == 422
    assert admin.ask("PATCH", path, {"timezone": "Europe/Atlantis"}).status == 422


def test_one_run_at_a_time(clocked: Service, admin: Client) -> None:
    with psycopg.connect(clocked.dsn, autocommit=True) as connection:
        row = connection.execute("select core.execution_ask('job_history')").fetchone()
        assert row is not None
        replies = {admin.ask("POST", "/api/v2/admin/jobs/job_history/runs").status}
    assert replies <= {202, 409}  # the first may be over by then
    assert admin.ask("POST", "/api/v2/admin/jobs/nobody/runs").status == 404
    assert admin.ask("GET", "/api/v2/admin/jobs/nobody/runs").status == 404


def test_jobs_are_for_admins(clocked: Service) -> None:
    with Client(clocked.url, clocked.new_user().token) as user:
        assert user.ask("GET", "/api/v2/admin/jobs").status in (403, 404)
        assert user.ask("POST", "/api/v2/admin/jobs/messages/runs").status in (403, 404)


def test_who_answers_requests_alone_does_no_job(
    service_factory: Callable[..., Service],
) -> None:
    quiet = service_factory(JOBS_ENABLED="off")
    with Client(quiet.url, quiet.new_user(role="admin").token) as admin:
        reply = admin.ask("POST", "/api/v2/admin/jobs/messages/runs")
    time.sleep(2)
    with psycopg.connect(quiet.dsn, autocommit=True) as connection:
        row = connection.execute(
            "select status from data.job_runs where id = %s", (reply.data["id"],)
        ).fetchone()
    assert row == ("queued",)

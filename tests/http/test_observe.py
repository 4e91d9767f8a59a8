"""What the service tells about itself: its health, numbers without ids, lines without secrets."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from prometheus_client.parser import text_string_to_metric_families

from tests.support.asking import Client
from tests.support.service import Service, User

ECHO = "/api/v2/users/me/probe/echo"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"


def numbers(client: Client) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """All samples of /metrics by name and labels."""
    text = client.ask("GET", "/metrics").body.decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def requests(client: Client, **labels: str) -> float:
    """Sum of tideline_requests_total over samples with these labels."""
    return sum(
        value
        for (name, had), value in numbers(client).items()
        if name == "tideline_requests_total" and labels.items() <= dict(had).items()
    )


def test_health_needs_nothing_and_readiness_the_database(nobody: Client) -> None:
    for path in ("/health", "/live"):
        assert nobody.ask("GET", path).json == {"status": "alive"}
    ready = nobody.ask("GET", "/ready")
    assert ready.status == 200
    assert ready.json == {
        "status": "ready", "database": "up", "migrations": "up to date", "routes": "loaded",
        "redis": "up",
    }  # fmt: skip
    assert ready.headers["Cache-Control"] == "no-store"


def test_requests_are_counted_by_template(client: Client, someone: User) -> None:
    labels = {"method": "GET", "route": "/api/v2/users/{user_id}/probe/echo", "status": "200"}
    before = requests(client, **labels)
    for name in ("me", someone.public_id):
        client.ask("GET", f"/api/v2/users/{name}/probe/echo")
    assert requests(client, **labels) == before + 2
    lost = requests(client, route="none")
    for path in ("/a1", "/a2", "/b/" + "c" * 100):
        client.ask("GET", path)
    assert requests(client, route="none") == lost + 3


def test_labels_never_carry_ids(client: Client, someone: User) -> None:
    client.ask("GET", f"/api/v2/users/{someone.public_id}/accounts/987654321")
    text = client.ask("GET", "/metrics").body.decode()
    assert someone.public_id not in text
    assert "987654321" not in text
    assert someone.token not in text


def test_histograms_and_gauges_say_something(client: Client) -> None:
    client.ask("GET", "/api/v2/users/me/probe/wait", query={"seconds": "0.02"})
    told = numbers(client)
    by_name: dict[str, float] = {}
    for (name, _), value in told.items():
        by_name[name] = by_name.get(name, 0) + value
    for name in (
        "tideline_request_seconds_count", "tideline_database_seconds_count",
        "tideline_pool_wait_seconds_count", "tideline_pool_connections", "tideline_pool_limit",
        "tideline_database_up", "tideline_routes", "tideline_resident_bytes",
        "tideline_cpu_seconds", "tideline_start_time_seconds", "tideline_events_total",
    ):  # fmt: skip
        assert by_name[name] > 0, name


def test_every_metric_stands_in_the_docs(client: Client) -> None:
    listed = set(re.findall(r"^\| `(tideline_[a-z_]+)`", DOCS.read_text(), re.MULTILINE))
    text = client.ask("GET", "/metrics").body.decode()
    families = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in text_string_to_metric_families(text)
    }
    assert {name for name in families if not name.endswith("_created")} == listed


def test_a_request_is_one_line_without_secrets(probed: Service) -> None:
    user = probed.new_user()
    client = Client(probed.url, user.token)
    client.ask("POST", f"{ECHO}?note=canary-query", {"name": "canary-body"})
    agent = {"X-Request-ID": "line-1", "User-Agent": 'canary"}'}
    client.ask("GET", f"{ECHO}?note=canary-query&count=x", headers=agent)
    client.close()
    assert probed.has_logged("line-1")
    log = probed.log()
    line = next(json.loads(line) for line in log.splitlines() if "line-1" in line)
    assert line.keys() == {
        "method", "route", "status", "ms", "db_ms", "request_id", "user", "event", "level",
        "timestamp",
    }  # fmt: skip
    assert (line["event"], line["level"], line["status"]) == ("request", "info", 422)
    assert line["route"] == "/api/v2/users/{user_id}/probe/echo"
    assert line["user"] == user.public_id
    assert "canary" not in log
    assert user.token not in log
    assert user.token.partition(".")[2] not in log


def test_a_strange_path_is_one_line_of_json(nobody: Client, probed: Service) -> None:
    nobody.ask("GET", "/%0a%22%7b", headers={"X-Request-ID": "line-2"})
    assert probed.has_logged("line-2")
    line = next(json.loads(line) for line in probed.log().splitlines() if "line-2" in line)
    assert line["route"] == "none"


def test_any_of_several_workers_tells_the_sum_of_all(
    service_factory: Callable[..., Service],
) -> None:
    service = service_factory("--workers", "2")
    token = service.new_user().token
    for _ in range(40):  # each on a connection of its own, so that both workers are met
        client = Client(service.url, token)
        assert client.ask("GET", "/api/v2/users/me/accounts").status == 200
        client.close()
    labels = {"route": "/api/v2/users/{user_id}/accounts", "status": "200"}
    for _ in range(6):
        client = Client(service.url)
        assert requests(client, **labels) == 40
        client.close()
    service.stop()


def test_pending_migrations_are_not_ready(service_factory: Callable[..., Service]) -> None:
    service = service_factory()
    with psycopg.connect(service.dsn, autocommit=True) as connection:
        connection.execute("delete from public.applied_steps where step like '0007%'")
        connection.execute("delete from public._yoyo_migration where migration_id like '0007%'")
        connection.execute("update api.routes set summary = summary; notify routes")
    client = Client(service.url)
    until = time.monotonic() + 4
    while client.ask("GET", "/ready").status == 200:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert client.ask("GET", "/ready").json["migrations"] == "pending"
    client.close()
    service.stop()

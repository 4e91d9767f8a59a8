"""Runs over HTTP: stored by night, listed, shown beside what happened, and judged."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import jsonschema_rs
import psycopg
import pytest

from tests.support.asking import Client, document
from tests.support.service import Service

HOME = "/api/v2/users/me"
TODAY = date.today()
NIGHTS = [TODAY - timedelta(days) for days in (100, 60, 40, 9, 2)]


@pytest.fixture(scope="module")
def client(service_factory: Any) -> Iterator[tuple[Client, Service]]:
    """Somebody with a salary, a rent and five runs; two of them were made by the same night."""
    service = service_factory()
    user = service.new_user()
    with Client(service.url, user.token) as opened:
        account = opened.ask(
            "POST", f"{HOME}/accounts", {"name": "Everyday", "opening_balance": 500}
        ).data["id"]
        items = [
            {
                "account_id": account,
                "amount": amount,
                "transaction_date": str(TODAY - timedelta(days)),
                "description": name,
            }
            for days in range(5, 300, 30)
            for name, amount in (("Salary", 900), ("Rent", -800))
        ]
        added = opened.ask("POST", f"{HOME}/transactions/batch", {"items": items})
        assert added.status == 201, added
        with psycopg.connect(service.dsn, autocommit=True) as connection:
            for night in (*NIGHTS, NIGHTS[0]):
                while True:
                    row = connection.execute("select core.run_night(%s)", (night,)).fetchone()
                    assert row is not None
                    if row[0]["is_done"]:
                        break
        yield opened, service


def test_every_night_is_listed_once_newest_first(client: tuple[Client, Service]) -> None:
    first = client[0].ask("GET", f"{HOME}/forecast/runs", query={"limit": 3}).data
    rest = client[0].ask(
        "GET", f"{HOME}/forecast/runs", query={"limit": 3, "cursor": first["next_cursor"]}
    ).data  # fmt: skip
    listed = [run["as_of"] for run in first["items"] + rest["items"]]
    assert listed == [str(night) for night in reversed(NIGHTS)]
    assert rest["next_cursor"] is None


def test_a_run_stands_beside_what_happened(client: tuple[Client, Service]) -> None:
    run = client[0].ask("GET", f"{HOME}/forecast/runs/{NIGHTS[2]}").data
    columns = run["columns"]
    assert columns["on_day"][0] == str(NIGHTS[2] + timedelta(1))
    assert columns["on_day"][91] == str(NIGHTS[2] + timedelta(92))
    assert columns["on_day"][-1] == str(NIGHTS[2] + timedelta(365))
    assert {len(values) for values in columns.values()} == {131}
    assert columns["happened"][:39] == [1300.0] * 4 + [1400.0] * 30 + [1500.0] * 5
    assert set(columns["happened"][39:]) == {None}, "today has not ended"
    assert all(
        low <= middle <= high
        for low, middle, high in zip(columns["p10"], columns["p50"], columns["p90"], strict=True)
    )


def test_accuracy_counts_what_it_rests_on(client: tuple[Client, Service]) -> None:
    answer = client[0].ask("GET", f"{HOME}/forecast/accuracy").data
    assert (answer["runs"], answer["judged"], answer["too_young"]) == (5, 4, 1)
    runs = {one["days"]: (one["runs"], one["is_few"]) for one in answer["horizons"]}
    assert runs == {7: (4, True), 30: (3, True), 90: (1, True), 180: (0, True), 365: (0, True)}
    assert answer["horizons"][4]["error"] is None
    week = answer["horizons"][0]
    assert week["error"] >= 0
    assert 0 <= week["coverage"] <= 1
    assert week["width"] >= 0


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/api/v2/users/{user_id}/forecast/runs", "/forecast/runs"),
        ("/api/v2/users/{user_id}/forecast/runs/{as_of}", f"/forecast/runs/{NIGHTS[0]}"),
        ("/api/v2/users/{user_id}/forecast/accuracy", "/forecast/accuracy"),
    ],
)
def test_an_answer_is_of_its_declared_shape(
    client: tuple[Client, Service], path: str, asked: str
) -> None:
    whole = document(client[1])
    spec = whole["paths"][path]["get"]["responses"]["200"]
    schema = spec["content"]["application/json"]["schema"]
    reply = client[0].ask("GET", f"{HOME}{asked}")
    jsonschema_rs.validator_for({**schema, "components": whole.get("components", {})}).validate(
        reply.json
    )


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("/forecast/runs/2001-01-01", 404),
        ("/forecast/runs/yesterday", 422),
        ("/forecast/runs?cursor=now", 422),
        ("/forecast/accuracy?as_of=2026-02-30", 422),
    ],
)
def test_what_is_not_there_is_refused(
    client: tuple[Client, Service], asked: str, status: int
) -> None:
    assert client[0].ask("GET", f"{HOME}{asked}").status == status


def test_nobody_sees_the_runs_of_another(client: tuple[Client, Service]) -> None:
    with Client(client[1].url, client[1].new_user().token) as other:
        assert other.ask("GET", f"{HOME}/forecast/runs").data["items"] == []
        assert other.ask("GET", f"{HOME}/forecast/runs/{NIGHTS[0]}").status == 404
        assert other.ask("GET", f"{HOME}/forecast/accuracy").data["runs"] == 0

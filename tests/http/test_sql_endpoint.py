"""An endpoint without Python: SQL alone adds it to a running service, changes it, takes it away."""

import time
from collections.abc import Callable

import psycopg

from tests.support.asking import Client, Reply, document
from tests.support.service import Service

WITHIN_S = 1.0
PATH = "/api/v2/users/{user_id}/greeting"
ADD = """
create or replace function api.greeting_read(_user_id bigint, _name api.label default 'you')
returns json
language sql stable
as $$ select json_build_object('words', 'Hello, ' || _name, 'amount', 0.60) $$;

call api.route(
    'GET /api/v2/users/{user_id}/greeting', 'api.greeting_read',
    summary => 'A word of welcome', answer => '{"words": "text", "amount": "money"}'
);
"""
CHANGE = """
create or replace function api.greeting_read(_user_id bigint, _name api.label default 'you')
returns json
language sql stable
as $$ select json_build_object('words', 'Good day, ' || _name, 'amount', 0.60) $$;

call api.route(
    'GET /api/v2/users/{user_id}/greeting', 'api.greeting_read',
    summary => 'Another word of welcome', answer => '{"words": "text", "amount": "money"}'
);
"""
DROP = """
delete from api.routes where function = 'api.greeting_read';
drop function api.greeting_read;
select pg_notify('routes', '');
"""


def until(holds: Callable[[], bool], words: str) -> float:
    """Seconds until it holds; fails after WITHIN_S."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < WITHIN_S, f"{words}: not within {WITHIN_S} s"
        time.sleep(0.01)
    return time.monotonic() - began


def test_an_endpoint_comes_changes_and_goes_with_sql_alone(own_service: Service) -> None:
    user = own_service.new_user()
    with Client(own_service.url, user.token) as client:

        def ask() -> Reply:
            return client.ask("GET", "/api/v2/users/me/greeting", query={"name": "Ada"})

        assert ask().status == 404
        with psycopg.connect(own_service.dsn, autocommit=True) as connection:
            connection.execute(ADD)
            until(lambda: ask().status == 200, "a new endpoint is served")
            assert b'"data":{"words" : "Hello, Ada", "amount" : 0.60}' in ask().body
            wrong = client.ask("GET", "/api/v2/users/me/greeting", query={"nme": "Ada"})
            assert (wrong.status, wrong.json["errors"][0]["field"]) == (422, "nme")

            told = document(own_service)["paths"][PATH]["get"]
            assert told["operationId"] == "greeting_read"
            assert told["tags"] == ["greeting"]
            assert told["summary"] == "A word of welcome"
            schema = told["responses"]["200"]["content"]["application/json"]["schema"]
            assert set(schema["properties"]["data"]["properties"]) == {"words", "amount"}

            connection.execute(CHANGE)
            until(lambda: b"Good day, Ada" in ask().body, "a changed function answers anew")
            until(
                lambda: document(own_service)["paths"][PATH]["get"]["summary"].startswith(
                    "Another"
                ),
                "a changed route is described anew",
            )

            connection.execute(DROP)
            until(lambda: ask().status == 404, "a dropped endpoint is gone")
            assert PATH not in document(own_service)["paths"]

"""/openapi.json says what is served, and what is served is as it says."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from jsonschema_rs import Draft202012Validator, meta
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from service import openapi, routes
from service.openapi.handbook import API_MD, markdown
from service.openapi.shapes import ShapeRefused, sample, schema_of
from tests.support.asking import Client, Operation, document, operations
from tests.support.household import own_ids, settle
from tests.support.service import Service, User

GOOD = [
    "integer",
    "money?",
    "skip|move|amount?",
    ["date"],
    {"id": "integer", "note?": "text?", "items": [{"on": "date"}], "any": "any", "o": "object?"},
    {},
]
BAD = ["mony", "", "a|", "text??", 4, None, [], ["text", "date"], {"a b": "text"}, {"x": ["?"]}]


def schemas(node: Any) -> Iterator[Any]:
    """Every schema of a document, wherever it stands."""
    if isinstance(node, dict):
        if isinstance(node.get("schema"), dict):
            yield node["schema"]
        for part in node.values():
            yield from schemas(part)
    elif isinstance(node, list):
        for part in node:
            yield from schemas(part)


def references(node: Any) -> Iterator[str]:
    """Every $ref."""
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for part in node.values():
            yield from references(part)
    elif isinstance(node, list):
        for part in node:
            yield from references(part)


def test_it_is_openapi_3_1_with_valid_schemas_and_no_loose_ends(service: Service) -> None:
    told = document(service)
    OPENAPI_31_VALIDATOR.validate(told)
    for schema in schemas(told):
        meta.validate(schema)
    for reference in set(references(told)):
        node = told
        for key in reference.removeprefix("#/").split("/"):
            node = node[key]
    names = [one.id for one in operations(service)]
    assert len(names) == len(set(names))
    for one in operations(service):
        listed = {p["name"] for p in one.spec["parameters"] if p.get("in") == "path"}
        assert listed == set(one.path_fields), one.path


def test_every_route_of_ours_describes_its_answer_and_can_be_sampled(service: Service) -> None:
    for one in operations(service):
        success = next(iter(one.spec["responses"].values()))
        schema = success["content"]["application/json"]["schema"]
        assert schema["properties"]["data"].get("properties"), f"{one.id} has no answer => …"
        Draft202012Validator(schema).validate(sample(schema))
        if one.body:
            Draft202012Validator(one.body, validate_formats=True).validate(sample(one.body))


def test_it_is_tagged_and_not_sent_twice(service: Service) -> None:
    with Client(service.url) as client:
        first = client.ask("GET", "/openapi.json")
        tag = first.headers["ETag"]
        again = client.ask("GET", "/openapi.json", headers={"If-None-Match": tag})
    assert (first.status, again.status, again.body) == (200, 304, b"")
    assert again.headers["ETag"] == tag


def test_the_page_needs_nothing_from_elsewhere(service: Service) -> None:
    with Client(service.url) as client:
        page = client.ask("GET", "/docs")
        assert page.status == 200
        assert page.headers["Content-Type"].startswith("text/html")
        for name in ("docs.css", "docs.js", "docs-dom.js", "docs-schema.js", "docs-try.js"):
            part = client.ask("GET", f"/{name}")
            assert part.status == 200, name
            assert b"http:" not in part.body, name
            assert b"https:" not in part.body, name
    assert b"http:" not in page.body
    assert b"https:" not in page.body
    assert b"<script>" not in page.body
    assert b"style=" not in page.body


def test_the_written_page_is_not_stale(shared_database: str) -> None:
    fresh = markdown(openapi.document(routes.read(shared_database)))
    assert API_MD.read_text(encoding="utf-8") == fresh, "make docs writes docs/api.md anew"


@pytest.mark.parametrize("shape", GOOD, ids=json.dumps)
def test_a_good_shape_is_good_to_both_readers(
    transaction: psycopg.Connection[Any], shape: Any
) -> None:
    query = "select core.shape_faults(%s::jsonb)"
    assert transaction.execute(query, (json.dumps(shape),)).fetchall() == []
    meta.validate(schema_of(shape))


@pytest.mark.parametrize("shape", BAD, ids=json.dumps)
def test_a_bad_shape_is_bad_to_both_readers(
    transaction: psycopg.Connection[Any], shape: Any
) -> None:
    query = "select core.shape_faults(%s::jsonb)"
    assert transaction.execute(query, (json.dumps(shape),)).fetchall()
    with pytest.raises(ShapeRefused, match=r"^data"):
        schema_of(shape)


def test_a_typo_in_an_answer_stops_the_apply(transaction: psycopg.Connection[Any]) -> None:
    transaction.execute(
        "create function api.typo_read() returns json language sql stable"
        " as $$ select '{}'::json $$"
    )
    with pytest.raises(psycopg.errors.InvalidParameterValue, match=r"data\.amount: .*mony"):
        transaction.execute(
            "call api.route('GET /api/v2/typo', 'api.typo_read', summary => 'x',"
            """ access => 'public', answer => '{"amount": "mony"}')"""
        )


def variants(one: Operation) -> Iterator[dict[str, Any]]:
    """Queries that together use every word of every choice, and every boolean both ways."""
    base = one.plain_query()
    yield base
    for name, parameter in one.query.items():
        schema = parameter["schema"]
        choices = schema.get("enum") or (["true", "false"] if schema["type"] == "boolean" else [])
        yield from ({**base, name: word} for word in choices)
    flags = [name for name, one in one.query.items() if one["schema"]["type"] == "boolean"]
    if flags:
        yield {**base, **dict(zip(flags, itertools.repeat("true")))}


def test_every_answer_is_as_its_schema_says(service: Service) -> None:
    reader = settle(service, role="admin")  # to whom every operation has an answer
    for one in operations(service):
        # A write may end the session or the account: each has an admin of its own.
        user = reader if one.method == "GET" else settle(service, role="admin")
        check_answers(one, service, user)


def check_answers(one: Operation, service: Service, user: User) -> None:
    """Asks an operation in each of its forms; fails when an answer is not as it is documented."""
    ids = own_ids(service.dsn, user)
    with Client(service.url, user.token) as client:
        email = client.ask("GET", "/api/v2/users/me").data["email"]
        for query in variants(one) if one.method == "GET" else [one.plain_query()]:
            asked = {**ids, "user_id": "me"}
            if "email" in query:
                query = {**query, "email": email}
            reply = client.ask(one.method, one.address(asked), one.plain_body(ids), query=query)
            where = f"{one.method} {one.path} {query}: {reply.status} {reply.body[:300]!r}"
            success = one.spec["responses"].get(str(reply.status))
            assert success, where
            if one.method == "GET":
                assert reply.status == 200, where
            if reply.status < 300:
                schema = success["content"]["application/json"]["schema"]
                judge = Draft202012Validator(schema, validate_formats=True)
                faults = list(judge.iter_errors(reply.json))
                assert not faults, f"{where}: {faults[:3]}"


def test_service_paths_answer_as_documented(service: Service) -> None:
    told = document(service)
    with Client(service.url) as client:
        for path in ("/health", "/live", "/ready", "/metrics", "/openapi.json"):
            reply = client.ask("GET", path)
            answers = told["paths"][path]["get"]["responses"]
            assert str(reply.status) in answers, path
            media = reply.headers["Content-Type"].partition(";")[0]
            assert media in answers[str(reply.status)]["content"], path
            if "ETag" in reply.headers:
                held = {"If-None-Match": reply.headers["ETag"]}
                assert str(client.ask("GET", path, headers=held).status) in answers, path

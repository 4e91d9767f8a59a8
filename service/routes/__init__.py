"""What is served: api.routes and pg_proc -> frozen Routes, read in one statement."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import psycopg

from service.routes.binding import OWNER, RESERVED, Binding, Parameter
from service.routes.lists import forms_of
from service.routes.proofs import PROOFS
from service.routes.values import nullable, schema_of

Access = Literal["public", "user", "owner", "admin"]

# One row per route. A domain is followed to its base; its comment is the JSON Schema of the wire.
ROUTES_SQL = """
with recursive bases as (
    select oid, oid as base, typtype, typbasetype
    from pg_catalog.pg_type
    union all
    select bases.oid, below.oid, below.typtype, below.typbasetype
    from bases
    inner join pg_catalog.pg_type as below on below.oid = bases.typbasetype
    where bases.typtype = 'd'
)
select json_build_object(
    'route', to_json(route),
    'volatile', routine.provolatile = 'v',
    'parameters', coalesce(
        (
            select json_agg(
                json_build_object(
                    'name', routine.proargnames[given.position],
                    'type', pg_catalog.format_type(given.type, null),
                    'base', pg_catalog.format_type(bases.base, null),
                    'schema', case
                        when bases.base <> given.type
                            then pg_catalog.obj_description(given.type, 'pg_type')
                    end,
                    'default', pg_catalog.pg_get_function_arg_default(
                        routine.oid, given.position::integer
                    ),
                    'required', given.position <= routine.pronargs - routine.pronargdefaults
                )
                order by given.position
            )
            from unnest(routine.proargtypes::oid[]) with ordinality as given (type, position)
            inner join bases on bases.oid = given.type and bases.typtype <> 'd'
        ),
        '[]'
    )
)
from api.routes as route
inner join pg_catalog.pg_proc as routine
    on routine.oid = pg_catalog.to_regproc(route.function)
order by route.path, route.method
"""
# Changes whenever a row of the table is written: every apply writes all of them.
STAMP_SQL = "select md5(string_agg(xmin::text, ',' order by method, path)) from api.routes"


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One endpoint, as api.routes and its function's signature declare it."""

    method: str
    path: str
    function: str
    access: Access
    status: int
    summary: str
    parameters: tuple[Parameter, ...]
    reserved: frozenset[str]
    timeout_ms: int
    is_fast: bool
    is_read: bool
    max_body_bytes: int
    tags: tuple[str, ...]
    cost: int
    cache_s: int
    fields: Mapping[str, Any]
    answer: Mapping[str, Any]
    aliases: tuple[str, ...]
    binding: Binding
    needs_key: bool = False
    needs_login: bool = False
    scope: str | None = None
    secret_fields: tuple[str, ...] = ()
    cookie: str | None = None
    proofs: frozenset[str] = frozenset()
    max_file_bytes: int | None = None  # the body is a file; None: it is JSON
    forms: tuple[str, ...] = ()  # media types of the whole list that its pages are of


def read(dsn: str) -> list[Route]:
    """All routes of this database, by path and method."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        rows = connection.execute(ROUTES_SQL).fetchall()
    return [compiled(row[0]) for row in rows]


def compiled(row: Mapping[str, Any]) -> Route:
    """One row of ROUTES_SQL as a Route. Errors: ValueError for a schema that is none."""
    declared = row["route"]
    max_file_bytes = declared["max_file_bytes"]
    has_body = declared["method"] in ("POST", "PUT", "PATCH") and max_file_bytes is None
    parameters = [_parameter(item, declared["fields"], has_body) for item in row["parameters"]]
    names = {item.name for item in parameters}
    in_path = {OWNER, *re.findall(r"\{([a-z_]+)\}", declared["path"])}
    # A function of `_body` alone says by itself what may stand in it.
    takes_any = has_body and "body" in names and names <= RESERVED | in_path
    return Route(
        method=declared["method"],
        path=declared["path"],
        function=declared["function"],
        access=declared["access"],
        status=declared["status"],
        summary=declared["summary"],
        parameters=tuple(item for item in parameters if item.name not in RESERVED),
        reserved=RESERVED & names,
        timeout_ms=declared["timeout_ms"],
        is_fast=declared["is_fast"],
        is_read=not row["volatile"],
        max_body_bytes=declared["max_body_bytes"],
        tags=tuple(declared["tags"]),
        cost=declared["cost"],
        cache_s=declared["cache_s"],
        fields=declared["fields"],
        answer=declared["answer"],
        aliases=tuple(declared["aliases"]),
        needs_key=declared["needs_key"],
        needs_login=declared["needs_login"],
        scope=declared["scope"],
        secret_fields=tuple(declared["secret_fields"]),
        cookie=declared["cookie"],
        proofs=frozenset(PROOFS) & names,
        max_file_bytes=max_file_bytes,
        forms=() if max_file_bytes else forms_of(declared["answer"], names),
        binding=Binding(declared["function"], parameters, takes_any=takes_any),
    )


def _parameter(item: Mapping[str, Any], fields: Mapping[str, Any], has_body: bool) -> Parameter:
    name = item["name"].removeprefix("_")
    schema: dict[str, Any] = json.loads(item["schema"]) if item["schema"] else {}
    schema = (schema or schema_of(item["base"])) | fields.get(name, {})
    # Only a body can say null, and it then means what leaving the field out means.
    if has_body and (item["default"] or "").upper().startswith("NULL"):
        schema = nullable(schema)
    return Parameter(name, item["type"], item["base"], schema, item["required"], item["default"])

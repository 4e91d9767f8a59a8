"""Plans of the statements inside a function: taken from its source, so that they cannot differ."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from psycopg import sql

Node = dict[str, Any]


def queries_of(connection: psycopg.Connection[Any], function: str) -> list[str]:
    """Every `return query` of a plpgsql function, or what it returns, or the body of a sql one."""
    row = connection.execute(
        "select prosrc, lanname from pg_catalog.pg_proc as routine"
        " join pg_catalog.pg_language as language on language.oid = routine.prolang"
        " where routine.oid = %s::regproc",
        [function],
    ).fetchone()
    assert row is not None, function
    source, language = row
    if language == "sql":
        return [source.strip().rstrip(";")]
    found = re.findall(r"return query\s+((?:select|with)\b.*?);\n", source, re.DOTALL)
    return found or re.findall(r"return \(\s*(select.*?)\n    \);\n", source, re.DOTALL)


def plan_of(
    connection: psycopg.Connection[Any],
    query: str,
    values: Mapping[str, tuple[str, Any]],
    role: str | None = None,
) -> Node:
    """The plan as it ran, as a statement with parameters; values: variable -> (type, value).

    It runs behind the second wall, as the functions do: as owner and for _user_id alone, or as the
    steward when it names many owners, or as the role that is given.
    """
    names = [name for name in values if re.search(rf"\b{name}\b", query)]
    for number, name in enumerate(names, 1):
        query = re.sub(rf"\b{name}\b", f"${number}", query)
    types = ", ".join(values[name][0] for name in names)
    owner = values["_user_id"][1] if "_user_id" in values else ""
    connection.execute("select set_config('app.user_id', %s, false)", [str(owner)])
    chosen = role or ("steward" if "_user_ids" in names else "owner")
    connection.execute(sql.SQL("set role {}").format(sql.Identifier(chosen)))
    connection.execute(f"prepare plan_of ({types}) as {query}")  # type: ignore[call-overload]
    try:
        arguments = sql.SQL(", ").join(sql.Literal(values[name][1]) for name in names)
        row = connection.execute(
            sql.SQL("explain (analyze, buffers, format json) execute plan_of ({})").format(
                arguments
            )
        ).fetchone()
    finally:
        connection.execute("deallocate plan_of")
        connection.execute("reset role")
    assert row is not None
    plan: Node = row[0][0]["Plan"]
    return plan


def ran(plan: Node) -> Iterator[Node]:
    """Every node of the plan that was carried out."""
    if plan.get("Actual Loops", 0) > 0:
        yield plan
        for child in plan.get("Plans", ()):
            yield from ran(child)


def scans(plan: Node) -> list[Node]:
    """The nodes that read a table or an index."""
    return [node for node in ran(plan) if "Relation Name" in node]


def removed(plan: Node) -> int:
    """Rows that were read and thrown away."""
    return sum(
        int(node.get(name, 0))
        for node in ran(plan)
        for name in ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    )


def pages(plan: Node) -> int:
    """Pages that were looked at, in memory or not."""
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])

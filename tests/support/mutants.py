"""Copies of our own functions that have forgotten whose rows they may touch.

Every condition that compares an owner is replaced by true: in where clauses, in joins, and on the
id of data.users. Conditions on key tables stay: those have no owner's rows but everybody's
addresses, no wall of their own, and are looked up by what the caller knows.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import psycopg

# booking.user_id = account.user_id, user_id = _user_id, person.id = _user_id, user_id = any (_ids)
CONDITION = re.compile(
    r"(?<![\w.])(?:data\.)?"
    r"(?:(?P<left>\w+)\.)?(?:user_id|(?P<is_id>id))\s*=\s*"
    r"(?:any\s*\(\s*\w+\s*\)|(?:(?P<right>\w+)\.)?(?P<owner>user_id|_user_id|v_user_id))"
    r"(?!\w|\s*=>)"
)
LEFT_OVER = re.compile(r"\b(?:user_id|id)\s*(?:=|<>|\bin\b)\s*\S*user_id\w*")
ROWS = re.compile(r"\bdata\.(?P<table>\w+)(?:\s+as\s+(?P<alias>\w+))?")
ASSIGNED = re.compile(r"\bset\s+$|\bset\b(?:(?!\bwhere\b|\bfrom\b)[^;])*,\s*$")


@dataclass
class Mutation:
    """What was done to the functions of a database."""

    functions: int = 0
    removed: int = 0
    kept: dict[str, list[str]] = field(default_factory=dict)  # function -> conditions on key tables


def mutated(source: str, key_tables: set[str]) -> tuple[str, int, list[str]]:
    """A body without its owner conditions, how many they were, and those on key tables."""
    aliases = {match["alias"] or match["table"]: match["table"] for match in ROWS.finditer(source)}
    kept: list[str] = []
    count = 0

    def without(match: re.Match[str]) -> str:
        nonlocal count
        if match["is_id"] and match["owner"] is None:
            return match[0]  # id = any (…) of something else
        before = source[: match.start()]
        statement = before[before.rfind(";") + 1 :]
        names = {name for name in (match["left"], match["right"]) if name}
        tables = {aliases.get(name, "") for name in names}
        if not names or match["left"] is None:
            named = [row["table"] for row in ROWS.finditer(innermost(statement))]
            tables |= set(named[-1:])
        if tables & key_tables:
            kept.append(match[0])
            return match[0]
        if ASSIGNED.search(statement):
            return match[0]
        count += 1
        return "true"

    return CONDITION.sub(without, source), count, kept


def innermost(statement: str) -> str:
    """The part of a statement in the same brackets as its end."""
    depth = 0
    for place in range(len(statement) - 1, -1, -1):
        if statement[place] == ")":
            depth += 1
        elif statement[place] == "(":
            depth -= 1
            if depth < 0:
                return statement[place + 1 :]
    return statement


def mutate(connection: psycopg.Connection[Any]) -> Mutation:
    """Replaces every routine of core and api by its forgetful copy, but the steward's.

    What the steward runs sees everybody by design: it stands on the list, and no route leads to it
    but by a function that says whose rows it wants.
    """
    done = Mutation()
    key_tables = {
        name
        for (name,) in connection.execute(
            "select relname from pg_class where relnamespace = 'data'::regnamespace"
            " and not relrowsecurity and relkind in ('r', 'p')"
        )
    }
    rows = connection.execute(
        "select oid::regprocedure::text, prosrc, pg_get_functiondef(oid) from pg_proc"
        " where pronamespace in ('core'::regnamespace, 'api'::regnamespace)"
        " and prokind = 'f' and proowner = 'owner'::regrole order by 1"
    ).fetchall()
    for signature, source, definition in rows:
        body, count, kept = mutated(source, key_tables)
        if kept:
            done.kept[signature] = kept
        if count:
            connection.execute(definition.replace(source, body).encode())
            done.functions += 1
            done.removed += count
    return done


def remaining(connection: psycopg.Connection[Any]) -> dict[str, list[str]]:
    """Owner conditions that are still there, by function."""
    rows = connection.execute(
        "select oid::regprocedure::text, prosrc from pg_proc"
        " where pronamespace in ('core'::regnamespace, 'api'::regnamespace)"
        " and prokind = 'f' and proowner = 'owner'::regrole"
    ).fetchall()
    found = {signature: LEFT_OVER.findall(source) for signature, source in rows}
    return {signature: there for signature, there in found.items() if there}

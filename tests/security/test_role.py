"""What somebody can do who has taken over role service: call routed functions, and nothing else."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.support.server import Server

ATTEMPTS = {
    "reads a table": "select * from data.users",
    "reads a partition behind its parent's back": "select * from data.transactions_0",
    "reads a column of a key table": "select email from data.user_emails",
    "reads a materialized view's schema": "create table mart.loot (id bigint)",
    "writes a table": "update data.users set tier = 'enterprise'",
    "writes a route": "update api.routes set access = 'public'",
    "empties a table": "truncate data.transactions",
    "copies a table out": "copy data.login_sessions to stdout",
    "copies to a program": "copy (select 1) to program 'id'",
    "copies from a file": "copy api.routes from '/etc/passwd'",
    "reads a file": "select pg_catalog.pg_read_file('/etc/passwd')",
    "imports a file as a large object": "select pg_catalog.lo_import('/etc/passwd')",
    "becomes the owner": "set role owner",
    "becomes the superuser": "set session authorization postgres",
    "makes a role": "create role mole superuser",
    "makes itself superuser": "alter role service superuser",
    "lets itself past row security": "alter role service bypassrls",
    "grants itself the owner": "grant owner to service",
    "makes a function in api": "create function api.mole() returns json language sql as 'select 1'",
    "makes a function in public": "create function public.mole() returns int language sql as '1'",
    "makes an operator to be found first": "create operator public.= (procedure = int4eq)",
    "makes a temporary object to be found first": "create temporary table users (id bigint)",
    "makes a schema of its own": "create schema mole",
    "makes a database": "create database mole",
    "replaces a routed function": "alter function api.caller_read(bigint, bytea) owner to service",
    "declares a route": "call api.route('GET /mole', 'api.caller_read', summary => 'mole')",
    "calls the rules directly": "select core.check_range('x', 1, 0, 2)",
    "adds an untrusted language": "create extension plpython3u",
    "loads a library": "load '/tmp/mole.so'",
    "changes the server": "alter system set log_statement = 'all'",
    "writes the log's parameters": "set log_min_duration_statement = 0",
    "forgets the statistics of the server": "select pg_catalog.pg_stat_reset()",
    "ends somebody's session": "select pg_catalog.pg_terminate_backend(pid) "
    "from pg_catalog.pg_stat_activity where usename = 'postgres' limit 1",
    "reads passwords": "select rolpassword from pg_catalog.pg_authid",
    "reads the bookkeeping": "select * from public.applied_steps",
    "names an owner and reads their rows": "set app.user_id = '1'; select * from data.accounts",
    "names an owner and calls a rule": "set app.user_id = '1'; "
    "select * from core.account_page(1, 0, 50)",
    "looks over the second wall": "set row_security = off; select * from data.accounts",
    "takes the second wall down": "alter table data.accounts disable row level security",
    "drops a policy": "drop policy accounts_is_its_owners on data.accounts",
    "writes a policy": "create policy mole on data.accounts using (true)",
    "becomes the steward": "set role steward",
    "takes an identity": "select core.identity_take(1)",
    "hands a routine over to the steward": "call core.cross_owner("
    "'core.account_page(bigint, bigint, integer)', 'a mole would like to see them all')",
    "calls what crosses owners": "select * from core.forecast_many('{1,2}', '2026-01-01', 1)",
    "looks who crosses owners": "select * from data.cross_owner_routines",
    "lends a function the definer's rights": "alter function api.account_list(bigint, "
    "api.page_limit, api.cursor) reset search_path",
    "turns triggers and foreign keys off": "set session_replication_role = 'replica'",
    "hides code in a block": "do $$ begin execute 'select * from data.users'; end $$",
    "calls home": "create extension dblink",
    "reads what others ask now": "select pg_catalog.pg_ls_dir('.')",
    "stands in for the owner in a subscription": "create subscription mole connection '' "
    "publication mole with (connect = false)",
}


@pytest.fixture
def intruder(logins: Server, shared_database: str) -> Iterator[psycopg.Connection[Any]]:
    """A session that logged in as role service."""
    if logins.service_dsn is None:
        pytest.skip("this server lets nobody in as service: set TEST_SERVICE_DATABASE_URL")
    database = str(conninfo_to_dict(shared_database)["dbname"])
    with psycopg.connect(logins.login_dsn(database), autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_an_intruder(attempt: str, intruder: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        intruder.execute(attempt.encode())
    assert refusal.value.sqlstate in {"42501", "0A000"}, refusal.value


def test_a_search_path_of_its_own_changes_no_routed_function(
    intruder: psycopg.Connection[Any],
) -> None:
    """Every function that runs as owner pins its search_path; the caller's is not looked at."""
    intruder.execute("set search_path = 'data', 'public', 'pg_temp'")
    rows = intruder.execute(
        "select oid::pg_catalog.regprocedure::text from pg_catalog.pg_proc "
        "where prosecdef and not 'search_path=\"\"' = any (coalesce(proconfig, '{}')) "
        "and pronamespace::pg_catalog.regnamespace::text in ('core', 'api')"
    ).fetchall()
    assert rows == []


def test_service_owns_nothing_and_is_nobody_else(transaction: psycopg.Connection[Any]) -> None:
    role = transaction.execute(
        "select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolinherit "
        "from pg_roles where rolname = 'service'"
    ).fetchone()
    assert role == (False,) * 6
    assert transaction.execute(
        "select count(*) from pg_auth_members where member = 'service'::regrole"
    ).fetchone() == (0,)
    assert transaction.execute(
        "select count(*) from pg_shdepend where refobjid = 'service'::regrole and deptype = 'o'"
    ).fetchone() == (0,)


# What the service itself calls, before, beside and after routes: granted by hand.
BESIDE_ROUTES = {
    "api.caller_read": "who a token speaks for",
    "api.job_begin": "a worker takes a run of a job up",
    "api.job_look": "a worker looks which jobs are due",
    "api.job_settle": "a worker leaves a run of a job unfinished",
    "api.job_step": "a worker does one batch of it",
    "api.message_claim": "the courier takes what is to be sent",
    "api.message_settle": "and says what became of it",
    "api.owner_read": "whose data a coach may read",
    "api.password_read": "the hash that a password is compared with, in a bounded thread",
    "api.request_known": "what a request with a file was answered before",
    "api.request_once": "a write that carries an Idempotency-Key",
    "api.session_touch": "a session that was used lives on",
}


def test_service_may_execute_routes_and_what_the_service_itself_calls(
    transaction: psycopg.Connection[Any],
) -> None:
    allowed = transaction.execute(
        "select oid::regproc::text from pg_proc "
        "where pronamespace in (select oid from pg_namespace "
        "                       where nspname in ('data', 'mart', 'core', 'api')) "
        "and has_function_privilege('service', oid, 'execute') "
        "except select function from api.routes order by 1"
    ).fetchall()
    assert [name for (name,) in allowed] == sorted(BESIDE_ROUTES)


def test_what_crosses_owners_is_a_short_list_that_service_cannot_call(
    transaction: psycopg.Connection[Any],
) -> None:
    rows = transaction.execute(
        "select routine, kind, reason, "
        "has_function_privilege('service', routine::regprocedure, 'execute') "
        "from data.cross_owner_routines order by kind, routine"
    ).fetchall()
    print("".join(f"\n{kind:<8} {routine}: {reason}" for routine, kind, reason, _ in rows))
    stewarded = [routine for routine, kind, _, _ in rows if kind == "steward"]
    assert 5 <= len(stewarded) <= 34, "every name on it is a hole with a reason: keep it short"
    assert [row[0] for row in rows if row[1] == "steward" and row[3]] == []


def test_service_may_read_the_table_of_routes_alone(transaction: psycopg.Connection[Any]) -> None:
    readable = transaction.execute(
        "select oid::regclass::text from pg_class where relkind in ('r', 'p', 'v', 'm', 'S') "
        "and relnamespace in (select oid from pg_namespace "
        "                     where nspname in ('data', 'mart', 'core', 'api', 'public')) "
        "and (has_table_privilege('service', oid, 'select, insert, update, delete, truncate') "
        "     or has_any_column_privilege('service', oid, 'select, insert, update'))"
    ).fetchall()
    assert readable == [("api.routes",)]


def test_service_reads_two_tables_of_the_queue_and_writes_none(
    transaction: psycopg.Connection[Any],
) -> None:
    """What it does there goes through procrastinate's functions; nothing of a user is there."""
    allowed = transaction.execute(
        "select relname, privilege_type from pg_class "
        "cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) "
        "    as privilege_type "
        "where relnamespace = 'queue'::regnamespace and relkind = 'r' "
        "and has_table_privilege('service', oid, privilege_type) order by 1"
    ).fetchall()
    assert allowed == [("procrastinate_jobs", "SELECT"), ("procrastinate_workers", "SELECT")]
    assert (
        transaction.execute(
            "select oid::regprocedure::text from pg_proc "
            "where pronamespace = 'queue'::regnamespace "
            "and (not prosecdef or proowner <> 'owner'::regrole "
            "     or not 'search_path=queue, pg_temp' = any (coalesce(proconfig, '{}')))"
        ).fetchall()
        == []
    )


def test_public_may_execute_nothing_of_ours(transaction: psycopg.Connection[Any]) -> None:
    transaction.execute("create role passer_by")
    assert (
        transaction.execute(
            "select oid::regprocedure::text from pg_proc "
            "where pronamespace in (select oid from pg_namespace "
            "                       where nspname in ('core', 'api')) "
            "and has_function_privilege('passer_by', oid, 'execute')"
        ).fetchall()
        == []
    )

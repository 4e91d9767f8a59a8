"""The catalogue as an attacker reads it: each hole is found, and none is there."""

from typing import Any

import psycopg
import pytest

from tests.support import lints

OWNERS = "using (user_id = (select nullif(current_setting('app.user_id', true), '')::bigint))"
PROBE = """
create table data.probes (
    user_id bigint not null, id bigint, label text, primary key (user_id, id)
);
comment on table data.probes is 'user-keyed: probes';
alter table data.probes owner to owner;
"""
FUNCTION = "create function api.probe_read(_user_id bigint) returns json language sql stable "
ANSWER = "as 'select null::json'; "

# Lint: the hole, and what closes it.
FAULTS = {
    "definer_without_search_path": (
        f"{FUNCTION} security definer {ANSWER}",
        "alter function api.probe_read(bigint) set search_path = ''",
    ),
    "executable_by_public": (
        f"{FUNCTION} {ANSWER} grant execute on function api.probe_read(bigint) to public",
        "revoke execute on function api.probe_read(bigint) from public",
    ),
    "glued_statement": (
        "create function core.probe_count(_table text) returns void language plpgsql "
        "as $$ begin execute 'select count(*) from ' || _table; end; $$",
        "create or replace function core.probe_count(_table text) returns void language plpgsql "
        "as $$ begin execute format('select count(*) from %I', _table); end; $$",
    ),
    "key_without_owner": (
        "create unique index probes_label on data.probes (label)",
        "drop index data.probes_label; create unique index probes_label on data.probes "
        "(user_id, label)",
    ),
    "owner_not_first": (
        "create function api.probe_read(_days integer, _user_id bigint) returns json "
        f"language sql stable {ANSWER}",
        "drop function api.probe_read; " + FUNCTION + ANSWER,
    ),
    "grant_on_relation": (
        "grant select on data.transactions_0 to service",
        "revoke select on data.transactions_0 from service",
    ),
    "inexact_column": (
        "alter table data.probes add amount real, add seen_at timestamp, add rate numeric",
        "alter table data.probes alter amount type numeric(14, 2), "
        "alter seen_at type timestamptz, alter rate type numeric(9, 6)",
    ),
    "not_of_owner": (
        f"{FUNCTION} {ANSWER} grant create on schema api to service; "
        "alter function api.probe_read(bigint) owner to service",
        "alter function api.probe_read(bigint) owner to owner; "
        "revoke create on schema api from service",
    ),
    "table_without_wall": (
        "create table data.waves (user_id bigint, id bigint, primary key (user_id, id)); "
        "comment on table data.waves is 'user-keyed: waves'",
        "alter table data.waves enable row level security, force row level security; "
        f"create policy waves_is_its_owners on data.waves to owner {OWNERS}; "
        "create policy waves_is_stewarded on data.waves to steward using (true)",
    ),
    "crossing_undeclared": (
        "create function core.probe_count() returns bigint language sql security definer "
        "set search_path = '' as 'select count(*) from data.users'; "
        "alter function core.probe_count() owner to steward",
        "call core.cross_owner('core.probe_count()', 'a probe that counts everybody')",
    ),
    "identity_taken": (
        "create function core.probe_take(_user_id bigint) returns bigint language sql "
        "as 'select core.identity_take(_user_id)'",
        "call core.identity_taker('core.probe_take(bigint)', 'a probe that finds out who asks')",
    ),
}
# The same holes in other forms.
MORE = [
    ("key_without_owner", "create table data.waves (id bigint primary key, user_id bigint); "
     "comment on table data.waves is 'user-keyed: waves'"),
    ("key_without_owner", "alter table data.probes add account_user bigint, add account_id bigint, "
     "add foreign key (account_user, account_id) references data.accounts (user_id, id)"),
    ("grant_on_relation", "grant select (email) on data.user_emails to service"),
    ("inexact_column", "create materialized view mart.waves as select 1.5::float8 as height"),
    ("glued_statement", "create function core.probe_count(_table text) returns void "
     "language plpgsql as $$ begin EXECUTE format('select %L', 1)\n || _table; end; $$"),
    ("grant_on_relation", "grant truncate on data.users to steward"),
    ("grant_on_relation", "grant select on data.users to steward with grant option"),
    ("table_without_wall", "alter table data.accounts no force row level security"),
    ("table_without_wall", "alter table data.transactions_3 disable row level security"),
    ("table_without_wall", "drop policy accounts_is_its_owners on data.accounts"),
    ("table_without_wall", "drop policy accounts_is_stewarded on data.accounts"),
    ("table_without_wall", "create policy more on data.accounts to owner using (is_active)"),
    ("table_without_wall", "create policy more on data.transactions_3 to owner using (true)"),
    ("table_without_wall", "alter policy accounts_is_its_owners on data.accounts to public"),
    ("table_without_wall", "alter policy accounts_is_its_owners on data.accounts "
     "using (user_id = nullif(current_setting('app.user_id', true), '')::bigint)"),
    ("table_without_wall", "alter policy accounts_is_its_owners on data.accounts "
     "using (id = (select nullif(current_setting('app.user_id', true), '')::bigint))"),
    ("table_without_wall", "alter policy accounts_is_its_owners on data.accounts "
     "with check (true)"),
    ("table_without_wall", "alter policy accounts_is_stewarded on data.accounts to owner"),
    ("crossing_undeclared", "alter function core.forecast_many(bigint[], date, integer) "
     "owner to owner"),
    ("crossing_undeclared", "alter function core.forecast_many(bigint[], date, integer) "
     "security invoker"),
    ("crossing_undeclared", "delete from data.cross_owner_routines where kind = 'steward'"),
    ("crossing_undeclared", "insert into data.cross_owner_routines values "
     "('core.nobody()', 'steward', 'it was dropped long ago')"),
    ("identity_taken", "call core.identity_taker('core.email_owner(text)', 'it could be useful')"),
    ("identity_taken", "create function core.probe_take() returns text language sql "
     "as $$ select pg_catalog.set_config('app.user_id', '1', true) $$"),
    ("identity_taken", "create function core.probe_take() returns void language plpgsql "
     "as $$ begin set local app.user_id = '1'; end $$"),
    ("identity_taken", "create function core.probe_take() returns bigint language sql "
     "set app.user_id = '1' as 'select 1::bigint'"),
    ("identity_taken", "create function core.probe_take() returns bigint language sql "
     "set row_security = off as 'select 1::bigint'"),
]  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_hole_is_found_until_it_is_closed(
    name: str, transaction: psycopg.Connection[Any]
) -> None:
    hole, repair = FAULTS[name]
    transaction.execute(PROBE)
    before = lints.findings(transaction, name)
    transaction.execute(hole.encode())
    found = set(lints.findings(transaction, name)) - set(before)
    assert {one.name for one in found} == {name}
    transaction.execute(repair.encode())
    assert lints.findings(transaction, name) == before


@pytest.mark.parametrize(("name", "hole"), MORE)
def test_a_hole_in_another_form_is_found(
    name: str, hole: str, transaction: psycopg.Connection[Any]
) -> None:
    transaction.execute(PROBE)
    before = lints.findings(transaction, name)
    transaction.execute(hole.encode())
    assert set(lints.findings(transaction, name)) - set(before)


@pytest.mark.parametrize("name", FAULTS)
def test_no_hole_is_there(name: str, transaction: psycopg.Connection[Any]) -> None:
    assert lints.findings(transaction, name) == []

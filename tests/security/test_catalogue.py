"""The catalogue as an attacker reads it: each hole is found, and none is there."""

from typing import Any

import psycopg
import pytest

from tests.support import lints

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

"""The rules of the house as questions to the catalogue: no finding now, and each finds its fault.

What an attacker would use is in tests/security/test_catalogue.py, the rest is here.
"""

from typing import Any

import psycopg
import pytest

from tests.support import lints

PROBE = """
create table data.probes (
    user_id bigint not null references data.users (id),
    id bigint,
    label text,
    primary key (user_id, id)
);
comment on table data.probes is 'user-keyed: probes';
alter table data.probes owner to owner;
"""

# Lint: what breaks the rule, and what repairs it.
FAULTS = {
    "foreign_key_without_index": (
        "alter table data.probes add account_id bigint, "
        "add foreign key (user_id, account_id) references data.accounts (user_id, id)",
        "create index probes_account on data.probes (account_id, user_id, label)",
    ),
    "redundant_index": (
        "create index probes_owner on data.probes (user_id)",
        "drop index data.probes_owner",
    ),
    "index_without_reason": (
        "create index probes_label on data.probes (label)",
        "comment on index data.probes_label is 'core.probe_rows'",
    ),
    "index_for_nobody": (
        "create index probes_label on data.probes (label); "
        "comment on index data.probes_label is 'core.probe_rows: labels'",
        "comment on index data.probes_label is 'core.check_range: labels'",
    ),
    "comment_for_nobody": (
        "comment on column data.probes.label is 'made by core.probe_rows'",
        "comment on column data.probes.label is 'made by core.check_range'",
    ),
    "invalid_index": (
        "create index probes_label on data.probes (label); update pg_index "
        "set indisvalid = false where indexrelid = 'data.probes_label'::regclass",
        "drop index data.probes_label",
    ),
    "table_without_class": (
        "comment on table data.probes is 'probes'",
        "comment on table data.probes is 'reference: probes'",
    ),
    "trigger": (
        "create trigger probes_touch before update on data.probes "
        "for each row execute function suppress_redundant_updates_trigger()",
        "drop trigger probes_touch on data.probes",
    ),
    "column_name": (
        "alter table data.probes add active boolean, add created timestamptz",
        "alter table data.probes rename active to is_active; "
        "alter table data.probes rename created to created_at",
    ),
    "relation_needs_routine": (
        "create function core.probe_length(text) returns integer language sql immutable "
        "return length($1); alter table data.probes add check (core.probe_length(label) < 9)",
        "alter table data.probes drop constraint probes_label_check",
    ),
    "parameter_like_a_column": (
        "create function core.probe_sum(user_id bigint, out total bigint) language sql "
        "as 'select 1::bigint'",
        "drop function core.probe_sum; create function core.probe_sum(_user_id bigint) "
        "returns table (total bigint) language sql as 'select 1::bigint'",
    ),
    "get_that_writes": (
        "create function api.probe_read(_user_id bigint) returns json language sql stable "
        "as 'select null::json'; "
        "call api.route('GET /probe/{user_id}', 'api.probe_read', summary => 'A probe'); "
        "alter function api.probe_read(bigint) volatile",
        "alter function api.probe_read(bigint) stable",
    ),
    "setting_on_a_rule": (
        "create function core.probe_sum() returns integer language sql set search_path = '' "
        "as 'select 1'",
        "alter function core.probe_sum() reset search_path",
    ),
    "silent_route": (
        "create function api.probe_read(_user_id bigint) returns json language sql stable "
        "as 'select null::json'",
        "call api.route('GET /probe/{user_id}', 'api.probe_read', summary => 'A probe', "
        """answer => '{"days": "integer"}')""",
    ),
}


@pytest.mark.parametrize("name", lints.names())
def test_nothing_is_found(name: str, transaction: psycopg.Connection[Any]) -> None:
    found = lints.findings(transaction, name)
    assert not found, "\n".join(f"{one.detail}: {one.remediation}" for one in found)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_until_it_is_repaired(
    name: str, transaction: psycopg.Connection[Any]
) -> None:
    wrong, repair = FAULTS[name]
    transaction.execute(PROBE)
    before = lints.findings(transaction, name)
    transaction.execute(wrong.encode())
    found = set(lints.findings(transaction, name)) - set(before)
    assert found
    assert {one.name for one in found} == {name}
    assert {one.level for one in found} <= {"WARN", "ERROR"}
    transaction.execute(repair.encode())
    assert lints.findings(transaction, name) == before


def test_every_lint_is_proved_somewhere() -> None:
    from tests.security import test_catalogue

    assert sorted([*FAULTS, *test_catalogue.FAULTS]) == lints.names()

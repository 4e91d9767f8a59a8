-- The second wall: row-level security on every keyed table, for the owner of the routines too, and
-- the list of the routines that may look over it.
-- depends: 0015.access_rules

set lock_timeout = '3s';

-- Whoever migrates replaces functions that belong to the steward. A superuser may; another login
-- that may hand out the role takes it, and one that may not asks an administrator.
reset role;
do $$
begin
    if not pg_catalog.pg_has_role(current_user, 'steward', 'usage') then
        execute pg_catalog.format(
            'grant steward to %I with inherit true, set true', current_user
        );
    end if;
exception
    when insufficient_privilege then
        raise notice 'apply needs this once, by an administrator: grant steward to "%"',
            current_user;
end;
$$;
set role owner;

-- owner sees the rows of one user: the one that app.user_id names for this transaction, nobody
-- when it names none. The sub-select is read once a statement; without it, once a row.
do $$
declare
    v_table text;
begin
    foreach v_table in array array[
        'users', 'login_sessions', 'accounts', 'categories', 'subcategories', 'recurring_items',
        'recurring_exceptions', 'transactions', 'transactions_0', 'transactions_1',
        'transactions_2', 'transactions_3', 'transactions_4', 'transactions_5', 'transactions_6',
        'transactions_7'
    ] loop
        execute format('alter table data.%I enable row level security', v_table);
        execute format('alter table data.%I force row level security', v_table);
        continue when v_table like 'transactions\__';  -- the policies of the parent are theirs
        execute format(
            'create policy %I on data.%I to owner '
            'using (%I = (select nullif(current_setting(''app.user_id'', true), '''')::bigint))',
            v_table || '_is_its_owners', v_table,
            case v_table when 'users' then 'id' else 'user_id' end
        );
        execute format(
            'create policy %I on data.%I to steward using (true)',
            v_table || '_is_stewarded', v_table
        );
    end loop;
end;
$$;

create table data.cross_owner_routines (
    routine text primary key,
    kind text not null,
    reason text not null,
    constraint kind_is_known check (kind in ('steward', 'taker')),
    constraint reason_is_a_sentence check (length(reason) between 10 and 200)
);
comment on table data.cross_owner_routines is
    'reference: signatures of the routines that act for more than the owner a request names, and '
    'why; written anew by each apply';
comment on column data.cross_owner_routines.kind is
    'steward: sees the rows of all owners; taker: finds out whose request it is, then names them';

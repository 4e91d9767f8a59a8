-- What changed in a ledger since a moment, in numbers that commit in order: a phone asks for what
-- is above the last number it saw, and hears of what was dropped too.
-- depends: 0028.summary_by_chain
-- Every index below is on a partitioned table, where concurrently is not to be had.
-- amount_cents rewrites the ledger once: a column that triggers fill is not for this house.
-- squawk-ignore-file require-concurrent-index-creation, adding-field-with-default

set lock_timeout = '3s';

create table data.ledger_clocks (
    user_id bigint primary key references data.users (id) on delete cascade,
    change_no bigint not null,
    constraint change_no_is_positive check (change_no > 0)
);
comment on table data.ledger_clocks is
    'user-keyed: the number of the last change of an owner''s ledger; its row is locked first by '
    'every write, so numbers commit in order';

alter table data.transactions
    add column change_no bigint not null default 0,
    add column tags text[] not null default '{}',
    add column amount_cents bigint not null generated always as ((amount * 100)::bigint) stored,
    add constraint tags_are_few_words check (
        cardinality(tags) <= 20
        and array_position(tags, null) is null
        and length(array_to_string(tags, '')) <= 800
    ) not valid;
comment on column data.transactions.change_no is
    'core.clock_tick of the write that touched it last; 0 before there were numbers';
comment on column data.transactions.tags is 'words of the owner''s own, in the order given';
comment on column data.transactions.amount_cents is
    'amount as a whole number: behind row-level security an index is searched by comparisons that '
    'leak nothing, which those of numeric are not said to be';

create index transactions_change on data.transactions (user_id, change_no, id);
comment on index data.transactions_change is
    'core.sync_page: what changed since a number, in its order';

create index transactions_amount
    on data.transactions (user_id, amount_cents, transaction_date, id);
comment on index data.transactions_amount is
    'core.ledger_page: bookings in the order of their amounts';

create table data.dropped_transactions (
    user_id bigint not null references data.users (id) on delete cascade,
    id bigint not null,
    change_no bigint not null,
    account_id bigint not null,
    amount numeric(14, 2) not null,
    transaction_date date not null,
    description text not null,
    counterparty text,
    external_id text,
    dropped_at timestamptz not null default now(),
    amount_cents bigint not null generated always as ((amount * 100)::bigint) stored,
    primary key (user_id, id),
    constraint amount_is_a_number check (amount <> 'NaN')
);
create index dropped_transactions_change on data.dropped_transactions (user_id, change_no, id);
comment on index data.dropped_transactions_change is
    'core.sync_page: what was dropped since a number, in its order';
create index dropped_transactions_alike
    on data.dropped_transactions (user_id, account_id, amount_cents, transaction_date);
comment on index data.dropped_transactions_alike is
    'core.import_known: what was dropped stays dropped when its file comes again';
comment on table data.dropped_transactions is
    'user-keyed: bookings that their owner dropped, so that phones hear of it and files that hold '
    'them add nothing';
comment on column data.dropped_transactions.id is 'the key that the booking had';
comment on column data.dropped_transactions.account_id is
    'the account that it was on; no foreign key: an account may go after its bookings';

do $$
declare
    v_table text;
begin
    foreach v_table in array array['ledger_clocks', 'dropped_transactions'] loop
        execute format('alter table data.%I enable row level security', v_table);
        execute format('alter table data.%I force row level security', v_table);
        execute format(
            'create policy %I on data.%I to owner '
            'using (user_id = '
            '(select nullif(current_setting(''app.user_id'', true), '''')::bigint))',
            v_table || '_is_its_owners', v_table
        );
        execute format(
            'create policy %I on data.%I to steward using (true)',
            v_table || '_is_stewarded', v_table
        );
    end loop;
end;
$$;

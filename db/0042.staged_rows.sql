-- Rows of a file between its first part and its booking. Unlogged: after a crash the file is read
-- again. No read of the product looks here, because a standby cannot.
-- depends: 0041.statement_imports

set lock_timeout = '3s';

create unlogged table data.staged_rows (
    user_id bigint not null,
    import_id bigint not null,
    row_no integer not null,
    line integer,
    account text,
    currency text,
    account_id bigint,
    external_id text,
    amount numeric(14, 2),
    amount_cents bigint,
    transaction_date date,
    posted_at timestamptz,
    description text,
    counterparty text,
    comment text,
    category text,
    is_pending boolean not null default false,
    import_hash bigint,
    rule text,
    transaction_id bigint,
    is_match boolean not null default false,
    is_dropped boolean not null default false,
    fault_column text,
    fault text,
    fault_text text,
    primary key (user_id, import_id, row_no),
    constraint amount_is_a_number check (amount <> 'NaN')
)
with (fillfactor = 90);
comment on table data.staged_rows is
    'user-keyed, unlogged: rows of a file that is not booked yet; no foreign keys, which each of '
    'its rows would pay for; core.upload_forget takes away what nobody booked for a day';
comment on column data.staged_rows.rule is
    'why it is not new: the rule that found transaction_id; null for a row that is new or bad';
comment on column data.staged_rows.is_match is
    'transaction_id is pending, and this row is its posting';
comment on column data.staged_rows.is_dropped is
    'transaction_id is what its owner dropped';
comment on column data.staged_rows.fault is
    'why it cannot be booked';

alter table data.staged_rows enable row level security;
alter table data.staged_rows force row level security;
create policy staged_rows_is_its_owners on data.staged_rows to owner
    using (user_id = (select nullif(current_setting('app.user_id', true), '')::bigint));
create policy staged_rows_is_stewarded on data.staged_rows to steward using (true);

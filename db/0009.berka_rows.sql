-- Where the files of the Berka bank wait while they are loaded, cell by cell as they were written,
-- so that the rules of the load are SQL and a row that is refused can be shown.
-- depends: 0008.reference_rows

set lock_timeout = '3s';

create unlogged table data.berka_rows (
    kind text not null,
    file text not null,
    line integer not null,
    cells text[] not null,
    on_day date,
    amount numeric(14, 2),
    user_id bigint,
    account_id bigint,
    outcome text, -- null -> loaded | known | the reason why it was refused, once it was looked at
    primary key (file, line),
    constraint kind_is_known check (kind in ('account', 'owner', 'order', 'booking'))
);
comment on table data.berka_rows is
    'reference, unlogged: rows of the files that tideline load berka reads; empty between loads';
comment on column data.berka_rows.cells is 'the row as written';
comment on column data.berka_rows.amount is
    'of an order or a booking: income positive, spending negative';
comment on column data.berka_rows.account_id is 'where it belongs, once its account is open';

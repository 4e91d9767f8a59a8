select plan(19);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values
    (-1, 1, 'Checking', 'USD', '2020-01-01'), (-1, 2, 'Savings', 'USD', '2020-01-01'),
    (-1, 3, 'Konto', 'EUR', '2020-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'Home');
insert into data.subcategories (user_id, id, category_id, name)
values (-1, 1, 1, 'Rent'), (-1, 2, 1, 'Other');

create function pg_temp.book(
    _account bigint, _days date[], _amount numeric, _payee text, _description text default 'Rent',
    _subcategory bigint default null, _transfer bigint default null
)
returns void language sql as $$
    insert into data.transactions (
        user_id, account_id, amount, transaction_date, description, counterparty, subcategory_id,
        transfer_id
    )
    select
        -1, _account, _amount, day, _description, _payee, _subcategory, _transfer + place
    from unnest(_days) with ordinality as booked (day, place);
$$;
create function pg_temp.seen(_as_of date default '2026-04-20') returns text language sql as $$
    select string_agg(
        concat_ws(' ', kind, name, amount, account_id, '> ' || to_account_id), ', ' order by amount
    )
    from core.proposal_rows(-1, _as_of);
$$;

do $$ begin
    perform pg_temp.book(1, '{2026-01-12,2026-02-12,2026-03-12}', -900, 'Landlord', 'Rent', 1);
    perform pg_temp.book(1, '{2026-04-12}', -900, ' Landlord ', 'Rent', 2);
    perform pg_temp.book(1, '{2026-01-01,2026-02-01,2026-03-01,2026-04-01}', 2000, null, 'Wages');
end $$;
select is(
    pg_temp.seen(), 'expense Landlord -900.00 1, income Wages 2000.00 1',
    'named by the counterparty, else by the description'
);
select results_eq(
    $$select subcategory_id, counterparty, frequency, every_n, month_days, anchor_on, roll,
        first_on, last_on, expected_from, next_on, missed_count, confidence,
        cardinality(transaction_ids),
        is_covered, is_dismissed
    from core.proposal_rows(-1, '2026-04-20') where kind = 'expense'$$,
    $$select 1::bigint, 'Landlord', 'monthly', 1, '{12}'::integer[], '2026-01-12'::date, 'none',
        '2026-01-12'::date, '2026-04-12'::date, '2026-04-13'::date, '2026-05-12'::date, 0::bigint,
        0.800, 4, false, false$$,
    'ready for core.recurring_add, with the most frequent category'
);

-- What covers it.
create function pg_temp.covered(_item text) returns boolean language plpgsql as $$
declare
    v_is boolean;
begin
    execute 'insert into data.recurring_items (user_id, kind, name, account_id, expected_from, '
        'frequency, anchor_on, amount, counterparty, is_active) values (-1, ''expense'', ''Item'', '
        '1, ''2026-01-01'', ' || _item || ')';
    v_is := (select is_covered from core.proposal_rows(-1, '2026-04-20') where kind = 'expense');
    delete from data.recurring_items where user_id = -1;
    return v_is;
end;
$$;
select is(
    pg_temp.covered($$'monthly', '2026-01-12', -900, 'LANDLORD', true$$), true, 'the same item'
);
select is(
    pg_temp.covered($$'monthly', '2026-01-15', -990, null, true$$), true,
    'three days and a tenth off, of nobody'
);
select is(
    pg_temp.covered($$'monthly', '2026-01-16', -900, null, true$$), false, 'another day does not'
);
select is(
    pg_temp.covered($$'monthly', '2026-01-12', -1000, null, true$$), false, 'another amount'
);
select is(
    pg_temp.covered($$'monthly', '2026-01-12', -900, 'Club', true$$), false, 'somebody else'
);
select is(
    pg_temp.covered($$'monthly', '2026-01-12', -900, null, false$$), false,
    'an item that is put away'
);
select is(
    pg_temp.covered($$'once', '2026-01-12', -900, null, true$$), false,
    'an item that does not come then'
);
insert into data.recurring_items (
    user_id, id, kind, name, account_id, expected_from, frequency, anchor_on, amount
)
values (-1, 7, 'expense', 'Item', 1, '2026-01-01', 'yearly', '2026-01-02', -5);
update data.transactions set recurring_item_id = 7
where user_id = -1 and transaction_date = '2026-02-12';
select is(
    (select is_covered from core.proposal_rows(-1, '2026-04-20') where kind = 'expense'), true,
    'an item that a booking of it is linked to'
);
delete from data.recurring_items where user_id = -1;

-- Transfers.
do $$ begin
    delete from data.transactions where user_id = -1;
    perform pg_temp.book(1, '{2026-01-12,2026-02-12,2026-03-12}', -50, null, 'Saving', null, 100);
    perform pg_temp.book(2, '{2026-01-12,2026-02-12,2026-03-12}', 50, null, 'Saving', null, 100);
end $$;
select is(pg_temp.seen('2026-03-20'), 'transfer Saving 50.00 1 > 2', 'linked legs are a transfer');
update data.transactions set transfer_id = null where user_id = -1;
select is(
    pg_temp.seen('2026-03-20'), 'transfer Saving 50.00 1 > 2',
    'so are two series of one amount, one of which arrives'
);
update data.transactions set transaction_date = transaction_date + 4
where user_id = -1 and account_id = 2;
select is(
    pg_temp.seen('2026-03-20'), 'expense Saving -50.00 1, income Saving 50.00 2',
    'not four days later'
);
update data.transactions set transaction_date = transaction_date - 4, account_id = 3
where user_id = -1 and account_id = 2;
select is(
    pg_temp.seen('2026-03-20'), 'expense Saving -50.00 1, income Saving 50.00 3',
    'nor in another currency'
);

-- Dismissed.
insert into data.recurring_dismissals (
    user_id, fingerprint, account_id, name, amount, frequency, every_n
)
select -1, fingerprint, account_id, name, -46, frequency, every_n
from core.proposal_rows(-1, '2026-03-20') where kind = 'expense';
create function pg_temp.dismissed(_as_of date) returns boolean language sql as $$
    select is_dismissed from core.proposal_rows(-1, _as_of) where kind = 'expense';
$$;
select is(pg_temp.dismissed('2026-03-20'), true, 'dismissed at nearly the same amount');
update data.recurring_dismissals set amount = -45 where user_id = -1;
select is(pg_temp.dismissed('2026-03-20'), false, 'not when it moved by more than a tenth');
update data.recurring_dismissals set amount = -50 where user_id = -1;
select is(pg_temp.dismissed('2026-03-12'), true, 'another day changes nothing');

select is(
    (select count(*) from core.proposal_rows(-1, '2026-01-20')), 0::bigint,
    'once is nothing to propose'
);
do $$ begin
    delete from data.transactions where user_id = -1;
    perform pg_temp.book(1, '{2026-01-12,2026-02-12,2026-03-12}', -1, 'X', repeat('y', 300));
    perform pg_temp.book(1, '{2026-01-02,2026-02-02,2026-03-02}', -2, null, ' ');
end $$;
select is(
    (select array_agg(name order by amount) from core.proposal_rows(-1, '2026-03-20')),
    '{Recurring,X}', 'there is always a name'
);

select * from finish();

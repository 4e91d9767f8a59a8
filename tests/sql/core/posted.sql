select plan(22);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01'), (-1, 2, 'Savings', 'USD', '2020-01-01');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, to_account_id, frequency, anchor_on, expected_from,
    counterparty
)
values
    (-1, 1, 'expense', 'Rent', -10, 1, null, 'monthly', '2026-01-10', '2026-01-01', 'Landlord'),
    (-1, 2, 'transfer', 'Saving', 7, 1, 2, 'monthly', '2026-01-12', '2026-01-01', null);

-- What the bookings in _bookings have taken by the 20th: 'item day' of each, in order.
create function pg_temp.posted(_bookings jsonb, _as_of date default '2026-01-20')
returns text language plpgsql as $$
begin
    delete from data.transactions where user_id = -1;
    insert into data.transactions (
        user_id, id, account_id, amount, transaction_date, description, recurring_item_id,
        counterparty
    )
    select -1, row_number() over (), coalesce(account, 1), amount, day, 'Booking', item, whose
    from jsonb_to_recordset(_bookings) as booking (
        account bigint, amount numeric, day date, item bigint, whose text
    );
    return (
        select string_agg(
            recurring_item_id || ' ' || to_char(occurrence_on, 'MM-DD'), ', '
            order by recurring_item_id, occurrence_on
        )
        from core.posted_pairs(-1, '{1,2}', _as_of)
    );
end;
$$;

select is(pg_temp.posted('[]'), null, 'nothing booked, nothing posted');
select is(pg_temp.posted('[{"amount": -10, "day": "2026-01-10"}]'), '1 01-10', 'on the day');
select is(pg_temp.posted('[{"amount": -10, "day": "2026-01-07"}]'), '1 01-10', 'three days early');
select is(pg_temp.posted('[{"amount": -10, "day": "2026-01-06"}]'), null, 'not four');
select is(pg_temp.posted('[{"amount": -10, "day": "2026-01-20"}]'), '1 01-10', 'ten days late');
select is(
    pg_temp.posted('[{"amount": -10, "day": "2026-01-21"}]', '2026-01-21'), null, 'not eleven'
);
select is(
    pg_temp.posted('[{"amount": -10, "day": "2026-02-08"}]', '2026-02-08'), '1 02-10',
    'early for a day that is still to come'
);
select is(
    pg_temp.posted('[{"amount": -10, "day": "2026-01-21"}]', '2026-01-20'), null,
    'what is booked after the day is not known on it'
);
select is(pg_temp.posted('[{"amount": -10.01, "day": "2026-01-10"}]'), null, 'to the cent');
select is(
    pg_temp.posted('[{"amount": -10.01, "day": "2026-01-10", "whose": "LANDLORD"}]'), '1 01-10',
    'a tenth off when both name the counterparty, however it is written'
);
select is(
    pg_temp.posted('[{"amount": -11.01, "day": "2026-01-10", "whose": "Landlord"}]'), null,
    'not more than a tenth'
);
select is(
    pg_temp.posted('[{"amount": -10, "day": "2026-01-10", "whose": "Grocer"}]'), null,
    'another counterparty is another payment'
);
select is(
    pg_temp.posted('[{"amount": -10, "day": "2026-01-10", "account": 2}]'), null,
    'another account too'
);
select is(
    pg_temp.posted('[{"amount": -4, "day": "2026-01-15", "item": 1, "account": 2}]'), '1 01-10',
    'what is linked counts with any amount and account'
);
select is(
    pg_temp.posted('[{"amount": 10, "day": "2026-01-10", "item": 1}]'), null,
    'but not a refund: it has the other sign'
);
select is(
    pg_temp.posted('[{"amount": -10, "day": "2026-02-10", "item": 1}]', '2026-02-12'), '1 02-10',
    'linked: the occurrence of its day, not a late one'
);
select is(
    pg_temp.posted('[{"amount": -10, "day": "2026-02-10", "item": 2}]', '2026-02-10'), '2 02-12',
    'what is linked to another item does not take this one'
);
select is(
    pg_temp.posted(
        '[{"amount": -7, "day": "2026-01-12"}, {"amount": 7, "day": "2026-01-12", "account": 2}]'
    ),
    '2 01-12', 'a transfer is taken by the leg that leaves'
);
select is(
    pg_temp.posted('[{"amount": -10, "day": "2026-01-09"}, {"amount": -10, "day": "2026-01-11"}]'),
    '1 01-10', 'one occurrence takes one booking'
);

update data.recurring_items
set frequency = 'weekly', anchor_on = '2026-01-05'
where user_id = -1 and id = 1;

select is(
    pg_temp.posted('[{"amount": -10, "day": "2026-01-12"}]'), '1 01-12',
    'on the day comes before seven days late'
);
select is(
    pg_temp.posted('[{"amount": -10, "day": "2026-01-12"}, {"amount": -10, "day": "2026-01-13"}]'),
    '1 01-05, 1 01-12', 'a second one takes the week before'
);
select is(
    pg_temp.posted('[{"amount": -10, "day": "2026-01-17"}]'), '1 01-19',
    'two days early comes before five days late'
);

select * from finish();

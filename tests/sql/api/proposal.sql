select plan(12);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
insert into data.transactions (
    user_id, account_id, amount, transaction_date, description, counterparty
)
select -1, 1, amount, day, 'Booking', payee
from (values ('Gym', -30), ('Club', -20), ('Paper', -5)) as kind (payee, amount)
cross join unnest('{2026-01-12,2026-02-12,2026-03-12,2026-04-12}'::date[]) as day;

create function pg_temp.names(_page json) returns text language sql as $$
    select string_agg(item ->> 'name', ', ' order by item ->> 'name')
    from json_array_elements(_page -> 'items') as item;
$$;
create temporary table pages as
select api.proposal_list(-1, '2026-04-20', 0.7, 2) as page;
insert into pages
select api.proposal_list(-1, '2026-04-20', 0.7, 2, page ->> 'next_cursor') from pages;
select is(
    (select count(distinct item ->> 'name') from pages
        cross join json_array_elements(page -> 'items') as item),
    3::bigint,
    'pages follow each other'
);
select is(
    (select count(*) from pages where page ->> 'next_cursor' is null), 1::bigint, 'and end'
);
select is(
    pg_temp.names(api.proposal_list(-1, '2026-04-20', 0.9)), null, 'none is as sure as that'
);
select throws_ok(
    $$ select api.proposal_list(-1, '2026-04-20', _cursor => 'x') $$, 'PT422', null,
    'a cursor is one of an earlier page'
);

create temporary table prints as
select item ->> 'name' as name, item ->> 'fingerprint' as print
from pages cross join json_array_elements(page -> 'items') as item;
create function pg_temp.print(_name text) returns text language sql as $$
    select print from prints where name = _name;
$$;
select is(
    json_array_length(api.proposal_read(-1, pg_temp.print('Gym'), '2026-04-20') -> 'evidence'), 4,
    'one with its bookings'
);
select throws_ok(
    format('select api.proposal_read(-1, %L, ''2026-04-20'')', repeat('a', 32)), 'PT404',
    'No such proposal', 'or none'
);
create temporary table taken as
select api.proposal_accept(
    -1, pg_temp.print('Gym'), '2026-04-20', _name => 'Iron', _amount => -31
) as item;
select is(
    (select concat_ws(' ', item ->> 'name', item ->> 'amount', item ->> 'anchor_on') from taken),
    'Iron -31.00 2026-01-12', 'the answer is the item, as the owner would rather have it'
);
select is(
    pg_temp.names(api.proposal_list(-1, '2026-04-20')), 'Club, Paper', 'accepted is gone'
);
select throws_ok(
    format('select api.proposal_accept(-1, %L, ''2026-04-20'')', pg_temp.print('Gym')), 'PT409',
    null, 'once is enough'
);
select throws_ok(
    format(
        'select api.proposal_accept(-1, %L, ''2026-04-20'', _amount => 3)', pg_temp.print('Club')
    ),
    'PT422', null, 'an expense stays one'
);
select is(
    api.proposal_dismiss(-1, pg_temp.print('Club'), '2026-04-20') ->> 'name', 'Club',
    'the answer is the dismissal'
);
select is(pg_temp.names(api.proposal_list(-1, '2026-04-20')), 'Paper', 'dismissed is gone');

select * from finish();

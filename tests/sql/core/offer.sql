select plan(22);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on, current_balance)
values (-1, 1, 'Checking', 'USD', '2020-01-01', 1000);
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty
)
values
    (-1, 1, 1, -900, '2026-01-12', 'Rent', 'Landlord'),
    (-1, 2, 1, -900, '2026-02-12', 'Rent', 'Landlord'),
    (-1, 3, 1, -900, '2026-03-11', 'Rent', 'Landlord'),
    (-1, 4, 1, -900, '2026-04-12', 'Rent', 'Landlord'),
    (-1, 5, 1, -12, '2026-03-29', 'Milk', 'Dairy'),
    (-1, 6, 1, -12, '2026-04-05', 'Milk', 'Dairy'),
    (-1, 7, 1, -12, '2026-04-12', 'Milk', 'Dairy'),
    (-1, 8, 1, -12, '2026-04-19', 'Milk', 'Dairy'),
    (-1, 9, 1, -5, '2026-02-20', 'Rag', 'Paper'),
    (-1, 10, 1, -5, '2026-03-20', 'Rag', 'Paper');

create function pg_temp.page(_least numeric, _after bigint, _limit integer)
returns text language sql as $$
    select string_agg(place || ' ' || (offer ->> 'name'), ', ' order by place)
    from core.offer_page(-1, '2026-04-20', _least, _after, _limit);
$$;
select is(pg_temp.page(0.7, 0, 9), '1 Dairy, 2 Landlord', 'surest first, then the next to come');
select is(pg_temp.page(0, 0, 9), '1 Dairy, 2 Landlord, 3 Paper', 'down to nothing');
select is(pg_temp.page(0, 1, 1), '2 Landlord', 'from a place on');
select is(pg_temp.page(0.9, 0, 9), null, 'nothing is that sure');

create temporary table found on commit drop as
select fingerprint, offer ->> 'name' as name from core.offer_rows(-1, '2026-04-20');
create function pg_temp.print(_name text) returns text language sql as $$
    select fingerprint from found where name = _name;
$$;
create temporary table shown on commit drop as
select core.offer_json(-1, pg_temp.print('Landlord'), '2026-04-20') as shown;
select is(
    (select array_agg(evidence ->> 'transaction_id') from shown
        cross join json_array_elements(shown.shown -> 'evidence') as evidence),
    '{1,2,3,4}',
    'the bookings that speak for it, the oldest first'
);
select is(
    (select shown #>> '{proposal,next_on}' from shown), '2026-05-12', 'with what it proposes'
);
select is(
    core.offer_json(-1, repeat('0', 32), '2026-04-20')::text, null, 'nothing by another name'
);
select is(
    (select array_agg(key order by key) from shown
        cross join json_object_keys(shown.shown -> 'proposal') as key),
    (select array_agg(key order by key) from jsonb_object_keys(core.offer_shape()) as key),
    'the shape names every field'
);

-- Accepting.
create temporary table taken on commit drop as
select core.offer_accept(-1, pg_temp.print('Landlord'), '2026-04-20') as id;
select results_eq(
    $$select kind, name, amount, account_id, counterparty, frequency, every_n, month_days,
        anchor_on, expected_from, roll, is_active from data.recurring_items where user_id = -1$$,
    $$select 'expense', 'Landlord', -900.00, 1::bigint, 'Landlord', 'monthly', 1,
        '{12}'::integer[], '2026-01-12'::date, '2026-04-13'::date, 'none', true$$,
    'an item of what was found, expected from the day after the last booking'
);
select results_eq(
    $$select id, version, change_no from data.transactions
    where user_id = -1 and recurring_item_id = (select id from taken) order by id$$,
    $$values (1::bigint, 2, 1::bigint), (2, 2, 1), (3, 2, 1), (4, 2, 1)$$,
    'linked to its bookings, each a version later, under one number of the clock'
);
select is(pg_temp.page(0.7, 0, 9), '1 Dairy', 'and no proposal any more');
select throws_ok(
    format(
        'select core.offer_accept(-1, %L, ''2026-04-20'')', pg_temp.print('Landlord')
    ),
    'PT409', null, 'a second time is refused'
);
select throws_ok(
    format('select core.offer_accept(-1, %L, ''2026-04-20'')', repeat('0', 32)),
    'PT404', null, 'and so is what is not there'
);
select is(
    core.clock_read(-1), 1::bigint, 'a refusal leaves no number behind'
);

-- Never twice in a forecast.
select is(
    (select array_agg(pair.occurrence_on order by pair.occurrence_on)
        from core.posted_pairs(-1, '{1}', '2026-04-20') as pair),
    '{2026-03-12,2026-04-12}',
    'every booking takes its own occurrence'
);
select is(
    (select array_agg(day.on_day order by day.on_day)
        from core.forecast_days(-1, '2026-04-20', 60) as day where day.expenses <> 0),
    '{2026-05-12,2026-06-12}',
    'the forecast counts what is to come, once'
);
select is(
    (select day.closing_balance from core.forecast_days(-1, '2026-04-20', 60) as day
        order by day.on_day desc limit 1),
    1000 - 1800.00,
    'and takes it off the balance once'
);
do $$ begin
    perform core.offer_accept(
        -1, pg_temp.print('Dairy'), '2026-04-20', 'Milk round', -13, null, '2026-12-31'
    );
end $$;
select results_eq(
    $$select name, amount, frequency, anchor_on, ends_on, expected_from
    from data.recurring_items where user_id = -1 and counterparty = 'Dairy'$$,
    $$select 'Milk round', -13.00, 'weekly', '2026-03-29'::date, '2026-12-31'::date,
        '2026-04-20'::date$$,
    'what the owner would rather have'
);
select is(
    (select array_agg(pair.occurrence_on order by pair.occurrence_on)
        from core.posted_pairs(-1, '{1}', '2026-04-20') as pair
        inner join data.recurring_items as item
            on item.user_id = -1 and item.id = pair.recurring_item_id
            and item.frequency = 'weekly'),
    '{2026-03-29,2026-04-05,2026-04-12,2026-04-19}',
    'weeks: none takes the occurrence of another'
);

-- Late: the occurrence that is due is overdue, not forgotten.
delete from data.recurring_items where user_id = -1;
delete from data.transactions where user_id = -1 and id in (4, 5, 6, 7, 8);
do $$ begin
    perform core.offer_accept(-1, pg_temp.print('Landlord'), '2026-04-14');
end $$;
select is(
    (select expected_from from data.recurring_items where user_id = -1), '2026-03-13'::date,
    'expected after its day by the rule, though the last booking was a day early'
);
select is(
    (select array_agg(day.on_day order by day.on_day)
        from core.forecast_days(-1, '2026-04-14', 40) as day where day.expenses <> 0),
    '{2026-04-14,2026-05-12}',
    'what is late counts on the first day'
);

-- A dismissal gives way.
insert into data.recurring_dismissals (
    user_id, fingerprint, account_id, name, amount, frequency, every_n
)
values (-1, pg_temp.print('Paper'), 1, 'Paper', -5, 'monthly', 1);
do $$ begin
    perform core.offer_accept(-1, pg_temp.print('Paper'), '2026-04-14');
end $$;
select is_empty(
    'select from data.recurring_dismissals where user_id = -1', 'accepting forgets a dismissal'
);

select * from finish();

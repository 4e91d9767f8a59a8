select plan(17);

insert into data.users (id) select -number from generate_series(1, 12) as number;
insert into data.accounts (user_id, id, name, currency, opened_on)
select id, 1, 'Checking', 'USD', '2020-01-01' from data.users where id < 0;
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
select -number, 1, 10, '2026-01-01'::date + number, 'Booking'
from generate_series(1, 10) as number;

select is(
    core.fitting_owners('2026-01-06', -100, null) @> '{-5,-4,-3,-2,-1}', true,
    'owners with bookings up to the day'
);
select is(
    core.fitting_owners('2026-01-06', -100, null) && '{-12,-11,-6}', false,
    'nobody who booked later or never'
);
select is(core.fitting_owners('2026-12-31', -100, 2), '{-10,-9}'::bigint[], 'so many, by key');
select is(core.fitting_owners('2026-12-31', -9, 2), '{-8,-7}'::bigint[], 'after one of them');
select is(core.fitting_owners('2026-12-31', -100, null, 0), '{}'::bigint[], 'a share of none');
select is(
    core.fitting_owners('2026-12-31', -100, null, 0.5),
    core.fitting_owners('2026-12-31', -100, null, 0.5), 'a share is the same owners each time'
);

-- The fits that are there: one that came with the product, an old one and one of last week.
delete from data.expectation_fits;
create function pg_temp.fit(_on date, _is_given boolean) returns void language sql as $$
    insert into data.expectation_fits (
        fitted_on, account_count, window_count, month_flows, month_counts, is_given
    )
    values (_on, 1, 1, array_fill(0, '{12}'), array_fill(9, '{12}'), _is_given);
$$;
select
    pg_temp.fit('1997-01-01', true), pg_temp.fit('2020-01-01', false),
    pg_temp.fit('2026-01-05', false);
create function pg_temp.fits() returns text language sql as $$
    select string_agg(concat_ws(' ', fitted_on, window_count), ', ' order by fitted_on)
    from data.expectation_fits;
$$;

-- Ten owners with a booking each make no window.
select is(
    core.fitting_step('2026-01-12', 4)::jsonb, '{"is_done": false, "count": 4}'::jsonb,
    'a batch of owners, and there is more to do'
);
select is(
    core.fitting_step('2026-01-12', 4)::jsonb, '{"is_done": false, "count": 4}'::jsonb,
    'whoever asks again goes on behind them'
);
select is(
    (select last_user_id from data.expectation_rounds where fitted_on = '2026-01-12'), -3::bigint,
    'as the round says'
);
select is(
    core.fitting_step('2026-01-12', null)::jsonb - 'accounts' - 'windows',
    '{"is_done": true, "count": 2, "fitted_on": "2026-01-12", "is_kept": false}'::jsonb,
    'without a batch all that are left come at once, and too few windows are no fit'
);
select is(
    pg_temp.fits(), '1997-01-01 1, 2020-01-01 1, 2026-01-05 1', 'the fits before stay as they were'
);
select is_empty(
    $$ select 1 from data.expectation_rounds union all select 1 from data.expectation_samples $$,
    'what was on its way is gone'
);

-- A round whose owners are all done, with 200 windows.
create function pg_temp.ready(_on date) returns void language sql as $$
    insert into data.expectation_rounds (
        fitted_on, last_user_id, window_share, month_flows, month_counts
    )
    values (_on, 9223372036854775807, 1, array_fill(0.5, '{12}'), array_fill(3, '{12}'));
    insert into data.expectation_samples (
        user_id, account_id, fitted_on, cut_on, day, features, spreads, change, lowest
    )
    select
        -1 - number % 10, 1, _on, '2020-01-01'::date + number, day,
        array[number / 100.0, 1, 0, 0, 0, 0, 0, 0, 0, 0], array[number % 3, number % 5],
        number / 200.0 + (number * 7 % 11 - 5) / 10.0, -1
    from generate_series(1, 200) as number
    cross join core.refit_days();
$$;
select pg_temp.ready('2026-01-19');
select is(
    core.fitting_step('2026-01-19', 500)::jsonb,
    '{"is_done": true, "count": 0, "fitted_on": "2026-01-19", "accounts": 10, "windows": 200,
      "is_kept": true}'::jsonb,
    'enough windows make a fit'
);
select is(
    pg_temp.fits(), '1997-01-01 1, 2026-01-05 1, 2026-01-19 200',
    'what is three years older is forgotten, but not what came with the product'
);
select is(
    (select row(month_flows[1], month_counts[1], is_given)::text
     from data.expectation_fits where fitted_on = '2026-01-19'),
    '(0.5,3,f)', 'with the months of its round'
);
select is(
    (select row(
        (select count(*) from data.expectation_buckets where fitted_on = '2026-01-19'),
        (select count(*) from data.expectation_days where fitted_on = '2026-01-19'),
        (select count(*) from data.expectation_risks where fitted_on = '2026-01-19')
    )::text),
    '(10,180,3)', 'and with its buckets, days and risks'
);
select pg_temp.ready('2026-01-19');
update data.expectation_samples set cut_on = cut_on + 1000, account_id = 2 where user_id = -1;
select is(
    core.fitting_step('2026-01-19', 500) ->> 'accounts', '10', 'a fit of the same day is replaced'
);

select * from finish();

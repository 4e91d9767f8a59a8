select plan(26);
\ir _fit.sql

select is_empty(
    $$ select * from core.expectation_fit('2026-03-31') $$, 'no fit before there is any'
);
select pg_temp.fit('2026-01-01', true), pg_temp.fit('2026-02-01'), pg_temp.fit('2026-03-01');
select is(fitted_on, '2026-02-01'::date, 'the newest fit that is not later than the day')
from core.expectation_fit('2026-02-28');
select is(fitted_on, '2026-02-01'::date, 'one of the day itself is not later')
from core.expectation_fit('2026-02-01');
select is(fitted_on, '2026-01-01'::date, 'the oldest, when all are later')
from core.expectation_fit('2025-12-31');

insert into data.users (id) values (-1), (-2), (-3);
insert into data.accounts (user_id, id, name, currency, opened_on)
values
    (-1, 1, 'Checking', 'USD', '2020-01-01'), (-1, 2, 'Savings', 'USD', '2020-01-01'),
    (-2, 1, 'Checking', 'USD', '2020-01-01');
create function pg_temp.book(
    _user_id bigint, _amount numeric, _day date, _account_id bigint default 1
)
returns void language sql as $$
    select core.clock_tick(_user_id);
    insert into data.transactions (user_id, account_id, amount, transaction_date, description)
    values (_user_id, _account_id, _amount, _day, 'Booking');
    update data.accounts set current_balance = current_balance + _amount
    where user_id = _user_id and id = _account_id;
$$;
select
    pg_temp.book(user_id, 2000, make_date(2026, month, 12) - 365 * back),
    pg_temp.book(user_id, -700, make_date(2026, month, 20) - 365 * back)
from unnest('{-1,-2}'::bigint[]) as user_id
cross join generate_series(0, 1) as back
cross join generate_series(1, 3) as month;

-- What is kept is told apart by a balance that no ledger has.
create function pg_temp.is_kept(_user_id bigint, _as_of date default '2026-03-31')
returns boolean language sql as $$
    select bool_and(balance = 1) from core.expectation_states(_user_id, _as_of);
$$;
select is(
    core.expectation_store('{-2,-1,-1,-9}', '2026-03-31'), 2::bigint,
    'each owner is kept once, nobody not at all'
);
select results_eq(
    $$ select * from data.expectation_states where user_id = -1 order by account_id $$,
    $$ select * from core.state_rows(-1, '2026-03-31') order by account_id $$,
    'as they are made'
);
create temporary table before as
select * from core.expectation_arrays('{-1,-2}', '2026-03-31', 100);
select is(
    core.expectation_store('{-1,-2}', '2026-03-31'), 2::bigint, 'storing again changes nothing'
);
select results_eq(
    $$ select * from core.expectation_arrays('{-1,-2}', '2026-03-31', 100) $$,
    $$ select * from before $$, 'of what is expected'
);
delete from data.expectation_states;
select results_eq(
    $$ select * from core.expectation_arrays('{-1,-2}', '2026-03-31', 100) $$,
    $$ select * from before $$, 'nor does having nothing kept'
);

create function pg_temp.keep() returns void language sql as $$
    select core.expectation_store('{-1,-2}', '2026-03-31');
    update data.expectation_states set balance = 1;
$$;
select pg_temp.keep();
select ok(pg_temp.is_kept(-1), 'a kept state is used');
select ok(not pg_temp.is_kept(-1, '2026-04-01'), 'on its day alone');
select pg_temp.book(-1, -5, '2026-03-30');
select ok(not pg_temp.is_kept(-1), 'until the next booking');
select ok(pg_temp.is_kept(-2), 'of its own owner');
select pg_temp.keep();
update data.accounts set is_active = false where user_id = -1 and id = 2;
select ok(not pg_temp.is_kept(-1), 'not with another set of accounts');
update data.accounts set is_active = true where user_id = -1 and id = 2;
select ok(pg_temp.is_kept(-1), 'but again with the same');
update data.accounts set opening_balance = 10, current_balance = current_balance + 10
where user_id = -1 and id = 2;
select ok(not pg_temp.is_kept(-1), 'not when an opening balance was put right');
update data.users set currency = 'EUR' where id = -2;
select ok(not pg_temp.is_kept(-2), 'nor in another currency');
update data.users set currency = 'USD' where id = -2;
delete from data.expectation_states;

select results_eq(
    $$ select user_id, account_id, cardinality(plan_cents), cardinality(p10_cents),
              cardinality(p90_cents), cardinality(below)
       from core.expectation_arrays('{-2,-1,-1,-9,-3}', '2026-03-31', 30) $$,
    $$ values
        (-2::bigint, 1::bigint, 30, 30, 30, 30), (-2, null, 30, 30, 30, 30),
        (-1, 1, 30, 30, 30, 30), (-1, 2, 30, 30, 30, 30), (-1, null, 30, 30, 30, 30) $$,
    'by owner and account, all together last; an id given twice comes once, an unknown one never'
);
select results_eq(
    $$ select * from core.expectation_arrays('{-1,-2}', '2026-03-31', 20) $$,
    $$ select * from core.expectation_arrays('{-2}', '2026-03-31', 20)
       union all
       select * from core.expectation_arrays('{-1}', '2026-03-31', 20) $$,
    'many owners are told what each is told alone'
);
select results_eq(
    $$ select * from core.expectation_many('{-1,-2}', '2026-03-31', 20) $$,
    $$ select
           row.user_id, row.account_id, '2026-03-31'::date + place, row.plan_cents[place] * 0.01,
           row.p10_cents[place] * 0.01, row.p50_cents[place] * 0.01, row.p90_cents[place] * 0.01
       from core.expectation_arrays('{-1,-2}', '2026-03-31', 20) as row
       cross join generate_series(1, 20) as place
       where row.account_id is not null
       order by row.user_id, row.account_id, place $$,
    'single accounts a row a day, in order, in amounts of money'
);
select is(
    (select bool_and(p10 <= p50 and p50 <= p90)
     from core.expectation_many('{-1,-2}', '2026-03-31', 400)),
    true, 'the band never crosses its middle'
);

delete from before;
insert into before select * from core.expectation_arrays('{-2}', '2026-03-31', 50);
select pg_temp.book(-2, -1900, '2026-04-01'), pg_temp.book(-2, 5, '2026-06-30');
select results_eq(
    $$ select * from core.expectation_arrays('{-2}', '2026-03-31', 50) $$,
    $$ select * from before $$, 'nothing that is booked later is known'
);

select is(
    core.expectation_refit('2026-03-31', _batch => 1) ->> 'is_done', 'false',
    'a refit goes by batches'
);
select is(
    core.expectation_refit(_due_at => '2026-04-05 01:30Z') ->> 'fitted_on', '2026-04-05',
    'the fit of a run is of the day that it was due'
);
select is_empty(
    $$ select * from data.expectation_rounds $$, 'a newer one takes the place of one under way'
);
delete from data.users where id = -2;
select is_empty(
    $$ select 1 from data.expectation_states where user_id = -2 $$,
    'what is kept goes with its owner'
);

select * from finish();

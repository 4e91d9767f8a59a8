select plan(15);
\ir _outlook.sql

insert into data.users (id, reserve) values (-1, 200), (-2, 200);
insert into data.accounts (user_id, id, name, currency, opened_on)
select id, -id, 'Checking', currency, '2025-01-01' from data.users where id < 0;
create function pg_temp.say(_first integer, _last integer, _chance numeric, _p50 numeric)
returns void language sql as $$
    truncate said;
    insert into said select -1, number, _chance, _p50 from generate_series(_first, _last) as number;
$$;
create function pg_temp.states() returns text language sql as $$
    select string_agg(concat_ws(' ', status, on_day, chance, told_count), ', ' order by id)
    from data.alerts where user_id = -1;
$$;

select pg_temp.say(10, 14, 0.5, 150);
select is(core.low_raise('{-1,-2}', '2026-03-01'), 1, 'a dip is told');
select results_eq(
    $$ select scope, on_day, until_on, amount, shortfall, is_waiting from data.alerts
       where user_id = -1 $$,
    $$ values ('dip', '2026-03-11'::date, '2026-03-15'::date, 150.00, 50.00, true) $$,
    'with its days, its lowest balance and what is missing to the reserve'
);
select is(core.low_raise('{-1,-2}', '2026-03-01'), 0, 'once, however often one looks');
select pg_temp.say(7, 13, 0.55, 140);
select is(core.low_raise('{-1}', '2026-03-02'), 0, 'a move of a few days is the same dip');
select is(pg_temp.states(), 'open 2026-03-09 0.550 1', 'which is kept up to date');
select pg_temp.say(6, 12, 0.65, 140);
select is(core.low_raise('{-1}', '2026-03-03'), 1, 'one that is likelier by 0.15 is told again');
select pg_temp.say(6, 12, 0.79, 140);
select is(
    core.low_raise('{-1}', '2026-03-03'), 0, 'from then on the step counts from what was told'
);

update data.alerts set status = 'dismissed', dismissed_at = now(), read_at = now();
select pg_temp.say(5, 12, 0.7, 140);
select is(core.low_raise('{-1}', '2026-03-04'), 0, 'a dismissed dip is silent');
select pg_temp.say(5, 12, 0.7, 60);
select is(core.low_raise('{-1}', '2026-03-04'), 1, 'until it becomes worse');
select is(
    (select (status, dismissed_at, read_at)::text from data.alerts where user_id = -1),
    '(open,,)', 'then it is open, and not seen'
);

select pg_temp.say(2, 12, 0.24, 190);
select core.low_raise('{-1}', '2026-03-05');
select is(
    pg_temp.states(), 'open 2026-03-07 0.240 3', 'a dip lasts while it is two thirds as likely'
);
truncate said;
select is(core.low_raise('{-1}', '2026-03-06'), 0, 'a dip that is gone is nothing to tell');
select is(pg_temp.states(), 'ended 2026-03-07 0.240 3', 'it is over');
select pg_temp.say(2, 9, 0.5, 150);
select core.low_raise('{-1}', '2026-03-07');
select is(
    pg_temp.states(), 'ended 2026-03-07 0.240 3, open 2026-03-09 0.500 1',
    'a later one is told anew'
);
insert into said values (-1, 25, 0.9, -50);
select core.low_raise('{-1}', '2026-03-07');
select is(
    (select count(*)::integer from data.alerts where status = 'open'), 2,
    'two dips at once are two alerts'
);

select * from finish();

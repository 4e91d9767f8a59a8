select plan(23);

insert into data.attempt_rules (kind, free_count, window_s, is_doubling, longest_s, reason)
values ('t_double', 3, 100, true, 8, 'test'), ('t_window', 3, 100, false, 100, 'test');

select is(
    (select array_agg(core.attempt_take('t_double', 'a')) from generate_series(1, 3)), '{0,0,0}',
    'the first attempts are free'
);
select is(core.attempt_take('t_double', 'a'), 1, 'after them one waits a second');
select is(core.attempt_wait('t_double', 'a'), 1, 'looking counts nothing');
select is(
    (select attempt_count from data.attempts where kind = 't_double'), 3,
    'what was refused was not counted'
);
select is(core.attempt_take('t_double', 'b'), 0, 'somebody else is free');

create function pg_temp.later(_kind text, _seconds integer) returns void language sql as $$
    update data.attempts
    set began_at = began_at - interval '1 second' * _seconds,
        last_at = last_at - interval '1 second' * _seconds,
        free_at = free_at - interval '1 second' * _seconds
    where kind = _kind;
$$;

select pg_temp.later('t_double', 1);
select is(core.attempt_take('t_double', 'a'), 0, 'after the second one may try once');
select is(core.attempt_wait('t_double', 'a'), 2, 'and waits twice as long');
select pg_temp.later('t_double', 2);
select is(core.attempt_take('t_double', 'a'), 0, 'once more');
select is(core.attempt_wait('t_double', 'a'), 4, 'and twice as long again');
select pg_temp.later('t_double', 4);
select core.attempt_take('t_double', 'a');
select pg_temp.later('t_double', 8);
select core.attempt_take('t_double', 'a');
select is(core.attempt_wait('t_double', 'a'), 8, 'never longer than the longest');
select pg_temp.later('t_double', 101);
select is(core.attempt_take('t_double', 'a'), 0, 'who lets it be');
select is(
    (
        select attempt_count from data.attempts
        where kind = 't_double' and subject = core.attempt_subject('a')
    ),
    1, 'begins anew'
);

select is(
    (select array_agg(core.attempt_take('t_window', 'a')) from generate_series(1, 3)), '{0,0,0}',
    'a window has its count too'
);
select is(core.attempt_take('t_window', 'a'), 100, 'and then its end is waited for');
select pg_temp.later('t_window', 60);
select is(core.attempt_take('t_window', 'a'), 40, 'which comes, however often one asks');
select throws_ok(
    $$ select core.attempt_check('t_window', 'a') $$, 'PT429',
    'Too many attempts. Wait a while before the next one.', 'a check refuses instead'
);
select pg_temp.later('t_window', 40);
select is(core.attempt_check('t_window', 'a'), true, 'a new window is free');
select is(
    (
        select attempt_count from data.attempts
        where kind = 't_window' and subject = core.attempt_subject('a')
    ),
    1, 'and counts from one'
);

select core.attempt_give('t_window', 'a');
select is(
    (select attempt_count from data.attempts where kind = 't_window'), 0,
    'what turned out well is not counted'
);
select core.attempt_give('t_window', 'a');
select is(
    (select attempt_count from data.attempts where kind = 't_window'), 0, 'and never below nothing'
);
select core.attempt_clear('t_window', 'a');
select is_empty(
    $$ select from data.attempts where kind = 't_window' $$, 'all attempts can be forgotten'
);

select is(
    (
        select core.attempt_free(rule, 3, '2026-01-01 00:00+00', '2026-01-01 00:00:30+00')
        from data.attempt_rules as rule where kind = 't_double'
    ),
    '2026-01-01 00:00:31+00'::timestamptz, 'a pause begins at the attempt'
);
select is_empty(
    $$ select from data.attempts where subject = convert_to('a', 'UTF8') $$,
    'who tried is not written down'
);

select * from finish();

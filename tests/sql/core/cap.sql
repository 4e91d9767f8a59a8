-- Ten guesses in ten minutes from a source; moments are set back to let time pass.
select plan(11);

select is(core.cap_count('check_source', 'here'), 0, 'nothing is counted at first');
select is(core.cap_wait('check_source', 'here'), 0, 'and nothing is in the way');
select is(
    (select sum(core.cap_take('check_source', 'here'))::integer from generate_series(1, 10)), 0,
    'ten are free'
);
select is(core.cap_count('check_source', 'here'), 10, 'and counted');
select is(core.cap_take('check_source', 'here') between 599 and 600, true, 'the eleventh waits');
select is(core.cap_count('check_source', 'here'), 10, 'and is not counted');
select is(core.cap_wait('check_source', 'there'), 0, 'another source does not wait');

update data.verification_counters
set moments = array(
    select moment - interval '9 minutes' from unnest(moments) as moment
);
select is(
    core.cap_wait('check_source', 'here') between 59 and 60, true,
    'the wait ends when the first is ten minutes old'
);
update data.verification_counters
set moments = array(
    select moment - interval '2 minutes' from unnest(moments) as moment
), last_at = now() - interval '1 day';
select is(core.cap_take('check_source', 'here'), 0, 'then one is free again');

update data.verification_counters set last_at = now() - interval '1 day';
select is(core.cap_forget(), 1, 'a counter that counts nothing any more is forgotten');
select is(
    core.cap_refusal('too_many_attempts', 'Wait.', 7)::jsonb #>> '{refusal,retry_after}', '7',
    'a refusal says how long to wait'
);

select * from finish();

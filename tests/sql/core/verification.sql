select plan(17);

insert into data.users (id) values (-1), (-2);
select set_config('app.user_id', '-1', true);

create function pg_temp.refusal(_wait_s integer, _risk numeric, _is_human boolean)
returns text language sql as $$
    select core.verification_refusal(
        -1, '+420600000001', _wait_s, _risk, _is_human, '192.0.2.7', 'agent'
    ) #>> '{refusal,code}';
$$;

select is(core.verification_value('code_digits'), 6, 'codes have six digits');
select is(core.verification_value('life_s'), 300, 'and live five minutes');
select throws_ok(
    $$update data.verification_settings set value = 4 where name = 'code_digits'$$, '23514',
    null, 'short codes are for tests that say so'
);

select is(pg_temp.refusal(0, 0.499, null), null::text, 'below the threshold nothing is asked');
select is(pg_temp.refusal(7, 0, true), 'too_many_attempts', 'a wait comes first');
select is(pg_temp.refusal(0, 0.5, null), 'captcha_required', 'a risk asks for a captcha');
select is(pg_temp.refusal(0, 0.5, false), 'captcha_required', 'a wrong one is none');
select is(pg_temp.refusal(0, 0.5, true), null::text, 'a person goes on');
select results_eq(
    $$select event_type, count(*)::integer from data.verification_audit_log
      where user_id = -1 group by event_type order by event_type$$,
    $$values ('captcha_required', 2), ('rate_limit_exceeded', 1)$$, 'each refusal is in the log'
);
select is(
    (select sum(refused_count)::integer from data.verification_days), 3,
    'and in the counts of the day'
);

insert into data.verification_streaks (phone_number, failed_total) values ('+420600000001', 100);
select is(
    core.verification_streak(-1, '+420600000001'), 100::bigint, 'the streak is the number''s'
);
select is(
    pg_temp.refusal(0, 0, true), 'identity_required', 'after a hundred a password is asked for'
);
insert into data.verification_proofs (user_id, phone_number, failed_total)
values (-1, '+420600000001', 100);
select is(core.verification_streak(-1, '+420600000001'), 0::bigint, 'which begins it anew');
select is(core.verification_streak(-2, '+420600000001'), 100::bigint, 'for who gave it alone');

select core.verification_tally(-1, 0, 0, 10000);
select is(core.verification_stopped(), true, '10,000 wrong guesses a day stop everything');
select is(pg_temp.refusal(0, 0, true), 'verification_stopped', 'for everybody');

select core.verification_note(
    -1, 'send_code', '+420600000001', '{"verification_id": 7}', 0.1, '192.0.2.7', 'agent'
);
select results_eq(
    $$select event_data::text from data.verification_analytics
      where user_id = -1 and event_type = 'send_code'$$,
    $$values ('{"verification_id": 7}')$$, 'analytics know the request and not the number'
);

select * from finish();

select plan(10);

select matches(core.code_text(6), '^[0-9]{6}$', 'six digits');
select is(
    (select count(distinct core.code_text(2)) > 50 from generate_series(1, 1000)), true,
    'codes differ'
);
select is(
    (select count(*) between 20 and 250
     from generate_series(1, 1000) where left(core.code_text(6), 1) = '0'),
    true, 'a code may begin with 0, as one of ten does'
);
select is(
    core.code_hash('\x01', '\x02', -1, 7, '+420600000001', '123456'),
    core.hmac_sha256('\x01', '\x02'::bytea || '-1 7 +420600000001 123456'::bytea),
    'a code is hashed with salt, user, request and number, under the key'
);
select isnt(
    core.code_hash('\x01', '\x02', -1, 7, '+420600000001', '123456'),
    core.code_hash('\x01', '\x02', -2, 7, '+420600000001', '123456'),
    'another user has another hash'
);
select is(core.code_pause_s(0), 0, 'the first code is free');
select is(
    array(select core.code_pause_s(count) from generate_series(1, 6) as count),
    array[60, 60, 120, 300, 300, 300], 'the pause grows, and is never below a minute'
);
select is(core.code_wait('+420600000001'), 0, 'a number that nothing was sent to does not wait');
select core.cap_take('send_number_day', '+420600000001');
select is(core.code_wait('+420600000001') between 59 and 60, true, 'after a code a minute');
update data.verification_counters set last_at = last_at - interval '61 seconds';
select is(core.code_wait('+420600000001'), 0, 'and no longer');

select * from finish();

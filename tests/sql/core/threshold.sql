select plan(11);

insert into data.users (id) values (-1), (-2);

select results_eq(
    $$ select version, low_chance, low_days, bill_days, has_mail, has_sms, most_a_day
       from core.threshold_rows('{-1}') $$,
    $$ values (0, 0.35, 30, 7, true, false, 3) $$,
    'who said nothing has the defaults'
);
select is(
    (select array_agg(key order by key) from json_object_keys(core.threshold_json(-1)) as key),
    (select array_agg(key order by key) from jsonb_object_keys(core.threshold_shape()) as key),
    'the shape names every field'
);
select is(core.threshold_json(-3)::text, null, 'nobody has no settings');
select core.threshold_edit(-1, '{"low_chance": 0.2, "has_sms": true, "user_id": -2}');
select results_eq(
    $$ select user_id, version, low_chance, has_sms, low_days from core.threshold_rows('{-1,-2}')
       order by user_id desc $$,
    $$ values (-1::bigint, 1, 0.20, true, 30), (-2::bigint, 0, 0.35, false, 30) $$,
    'what is absent stays, and nobody else hears of it'
);
select core.threshold_edit(-1, '{"low_chance": 0.5}', 1);
select is(
    (select (version, low_chance, has_sms)::text from core.threshold_rows('{-1}')), '(2,0.50,t)',
    'an edit keeps what another one said'
);
select throws_ok(
    $$ select core.threshold_edit(-1, '{"low_chance": 0.4}', 1) $$, 'PT412', null,
    'not over a version that one has not seen'
);
select throws_ok(
    $$ select core.threshold_edit(-1, '{"low_days": 91}') $$, 'PT422',
    'low_days must be between 1 and 90', 'no farther than the expectation'
);
select throws_ok(
    $$ select core.threshold_edit(-1, '{"most_a_day": null}') $$, 'PT422', null,
    'nothing can be cleared'
);
select throws_ok(
    $$ select core.threshold_edit(-3, '{"low_days": 9}') $$, 'PT404', null, 'no such user'
);
create temporary table said as
select to_jsonb(own) - '{user_id,version}'::text[] as said from core.threshold_rows('{-2}') as own;
insert into data.alert_settings (user_id) values (-2);
select is(
    (select to_jsonb(own) - '{user_id,version}'::text[] from core.threshold_rows('{-2}') as own),
    (select said from said),
    'the defaults of the table are those of the function'
);
select is((select version from core.threshold_rows('{-2}')), 1, 'a row has a version');

select * from finish();

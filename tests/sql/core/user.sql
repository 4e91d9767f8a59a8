select plan(16);

select ok(
    core.user_add('Ann@Example.com', 'Ann', 'EUR', 'Pacific/Kiritimati') > 0, 'sign-up gives a key'
);
select throws_ok(
    $$ select core.user_add('ann@example.com') $$, 'PT409', 'This e-mail address is in use',
    'an address signs up once'
);
select throws_ok(
    $$ select core.user_add('bob@example.com', _timezone => 'Nowhere/Land') $$, 'PT422',
    'timezone must be a name of the tz database, such as America/New_York', 'a zone must exist'
);
select throws_ok(
    $$ select core.user_add('no address') $$, '23514', null, 'an address has an @'
);
select is(
    core.user_today(core.email_owner('ann@example.com')),
    (now() at time zone 'Pacific/Kiritimati')::date, 'today is the owner''s today'
);
select is(core.user_today(-99), null::date, 'nobody has no today');
select results_eq(
    $$ select email, full_name, currency, theme, healthy_from
       from core.user_row(core.email_owner('ann@example.com')) $$,
    $$ values ('ann@example.com', 'Ann', 'EUR', 'system', 5000.00) $$, 'users see themselves'
);
select is(
    (select count(*) from data.subcategories
        where user_id = core.email_owner('ann@example.com')),
    (select count(*) from data.category_templates), 'and have categories from the start'
);

create function pg_temp.edit(_patch jsonb, _warning_from numeric default null)
returns bigint language sql as $$
    select core.user_edit(
        core.email_owner('ann@example.com'), _patch, _patch ->> 'full_name', null,
        _patch ->> 'timezone', null, null, _patch ->> 'theme', null, _warning_from, null
    );
$$;

select lives_ok(
    $$ select pg_temp.edit('{"full_name": null, "theme": "dark"}') $$, 'a patch names what changes'
);
select results_eq(
    $$ select full_name, theme, currency
       from core.user_row(core.email_owner('ann@example.com')) $$,
    $$ values (null, 'dark', 'EUR') $$, 'null clears, absent keeps'
);
select throws_ok(
    $$ select pg_temp.edit('{"theme": null}') $$, 'PT422', 'theme cannot be cleared',
    'what a user cannot do without stays'
);
select throws_ok(
    $$ select pg_temp.edit('{}', 5000.01) $$, 'PT422', 'warning_from is above healthy_from',
    'thresholds stay in order'
);
select throws_ok(
    $$ select core.user_edit(-99, '{}', null, null, null, null, null, null, null, null, null) $$,
    'PT404', 'No such user', 'nobody cannot be edited'
);
select throws_ok(
    $$ select core.user_edit(core.email_owner('ann@example.com'), '{}', 'Bob', null, null, null,
        null, null, null, null, null, 1) $$,
    'PT412', 'This was edited meanwhile: read it again', 'an edit of another version is refused'
);
select is(
    (select version from core.user_row(core.email_owner('ann@example.com'))), 2,
    'only what was done is counted'
);

select lives_ok($$ select core.user_hold(-1) $$, 'a user is held as long as somebody counts');

select * from finish();

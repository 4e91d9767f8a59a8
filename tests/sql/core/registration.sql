select plan(12);

create temporary table news as
select * from core.registration_add(
    'Ada@Example.org', 'hash', 'Ada', 'EUR', 'Europe/Paris', 'fr-FR', 'FR'
);
select is(is_new, true, 'an unknown address is signed up') from news;
select results_eq(
    $$ select password_hash, full_name, currency, timezone, locale, country, tier, role
       from data.users where id = (select user_id from news) $$,
    $$ values ('hash', 'Ada', 'EUR', 'Europe/Paris', 'fr-FR', 'FR', 'budget', 'user') $$,
    'as it says, in the first tier, as nobody special'
);
select ok(
    (select count(*) > 0 from data.categories where user_id = (select user_id from news)),
    'with the categories that everybody begins with'
);
select results_eq(
    $$ select recipient, template from data.messages $$,
    $$ values ('ada@example.org', 'email_verification') $$, 'and is mailed a token'
);
select results_eq(
    $$ select email, verified_at from data.user_emails
       where user_id = (select user_id from news) $$,
    $$ values ('ada@example.org', null::timestamptz) $$, 'the address is not proved yet'
);

delete from data.messages;
select results_eq(
    $$ select user_id, is_new from core.registration_add(
           'ADA@example.org', 'other', 'Eve', 'USD', 'UTC', 'en-US', null
       ) $$,
    $$ select user_id, false from news $$, 'a known address is not signed up again'
);
select results_eq(
    $$ select password_hash, full_name from data.users where id = (select user_id from news) $$,
    $$ values ('hash', 'Ada') $$, 'and stays what it was'
);
select results_eq(
    $$ select recipient, template from data.messages $$,
    $$ values ('ada@example.org', 'already_registered') $$, 'its owner is told'
);
select is(
    (select count(*)::integer from data.users where full_name = 'Eve'), 0,
    'nothing is left of the attempt'
);
select throws_ok(
    $$ select core.registration_add('b@x.example', 'h', null, 'USD', 'No/Where', 'en', null) $$,
    'PT422', null, 'a zone is one'
);

select core.attempt_take('mail_address', 'carl@example.org') from generate_series(1, 5);
delete from data.messages;
select is(
    (
        select is_new
        from core.registration_add('carl@example.org', 'h', null, 'USD', 'UTC', 'en-US', null)
    ),
    true, 'an address that gets too many mails can still sign up'
);
select is_empty($$ select from data.messages $$, 'and waits for its mail');

select * from finish();

select plan(18);

insert into data.users (id, locale, timezone, currency, phone_number, phone_verified_at)
values
    (-1, 'en-US', 'UTC', 'USD', '+420600000001', now()),
    (-2, 'de-DE', 'Europe/Berlin', 'EUR', null, null);
insert into data.user_emails (email, user_id, verified_at)
values ('ada@example.org', -1, now()), ('bob@example.org', -2, null);

create function pg_temp.warn(_user_id bigint, _id bigint, _scope text, _day date, _facts jsonb)
returns void language sql as $$
    insert into data.alerts (
        user_id, id, kind, scope, subject, on_day, until_on, currency, amount, shortfall, chance,
        facts, told_on_day, told_amount, raised_on
    )
    values (
        _user_id, _id,
        case _scope when 'dip' then 'low_balance' when 'bill' then 'bill_unfunded'
            else 'unusual_spending' end,
        _scope, _id::text, _day, _day + 4, 'USD', -1234.5, 50,
        case _scope when 'dip' then 0.456 end, _facts, _day, -1234.5, _day
    );
$$;
create function pg_temp.sent(_user_id bigint) returns text language sql as $$
    select string_agg(concat_ws(' ', channel, template, recipient), ', ' order by id)
    from data.messages where user_id = _user_id;
$$;

select pg_temp.warn(-1, 1, 'month', '2026-03-02',
    '{"label": "Food", "usual": 300.00, "times": 4.1, "edge": 500.00, "value_count": 12}');
select pg_temp.warn(-1, 2, 'dip', '2026-03-09',
    '{"reserve": 200.00, "lowest_on": "2026-03-10", "lowest_p10": -1400}');
select pg_temp.warn(-1, 3, 'bill', '2026-03-05',
    '{"name": "Rent", "account": "Checking", "balance": 1184.50}');
select pg_temp.warn(-1, 4, 'day', '2026-03-01',
    '{"usual": 30.00, "times": 41.2, "edge": 90.00, "value_count": 100}');

select results_eq(
    $$ select core.tell_text(alert, 'en-US') from data.alerts as alert order by id $$,
    $$ values
        ('You spent 1,234.50 USD on Food up to 2 Mar 2026, 4.1 times a usual month of 300.00 USD.'),
        ('From 9 Mar 2026 your balance may fall below 200.00 USD: chance 46 %, likely low '
            '-1,234.50 USD.'),
        ('Rent of 1,234.50 USD is due on 5 Mar 2026: Checking has about 1,184.50 USD, 50.00 USD is '
            'missing.'),
        ('You spent 1,234.50 USD on 1 Mar 2026, 41.2 times a usual day of 30.00 USD.') $$,
    'an alert in one sentence, in the currency of its money'
);
select is(core.tell_template('dip', 2), 'alert_dip_again', 'a dip that is worse says so');

select is(core.tell_queue('{-1}', '2026-03-01 12:00Z'), 3, 'as many as a day bears');
select is(
    pg_temp.sent(-1),
    'mail alert_bill ada@example.org, mail alert_dip ada@example.org, '
    'mail alert_day ada@example.org',
    'what is due soonest first, what is past last'
);
select is(
    (select array_agg(id order by id) from data.alerts where is_waiting), '{1}'::bigint[],
    'the rest waits'
);
select is(core.tell_queue('{-1}', '2026-03-01 20:00Z'), 0, 'for another day');
select is(core.tell_queue('{-1}', '2026-03-02 09:00Z'), 1, 'and is told then');
select is(core.tell_queue('{-1}', '2026-03-02 10:00Z'), 0, 'once');
select matches(
    (select body from data.messages where template = 'alert_bill'),
    e'Hello,\n\nRent of 1,234.50 USD is due on 5 Mar 2026. Its account, Checking',
    'in full in a mail'
);

delete from data.messages;
select core.threshold_edit(-1, '{"has_sms": true, "has_mail": false}');
update data.alerts set is_waiting = true, sent_at = null where id = 3;
select core.tell_queue('{-1}', '2026-03-03 22:30Z');
select is(
    pg_temp.sent(-1), 'sms alert_bill_sms +420600000001', 'by text message where it is wanted'
);
select results_eq(
    $$ select next_try_at, next_try_at - created_at < stale_at - created_at from data.messages $$,
    $$ values ('2026-03-04 08:00Z'::timestamptz, true) $$,
    'not in quiet hours, and still of use after them'
);

select pg_temp.warn(-2, 5, 'dip', '2026-03-09',
    '{"reserve": 200.00, "lowest_on": "2026-03-10", "lowest_p10": -1400}');
select is(
    core.tell_queue('{-2}', '2026-03-01 12:00Z'), 0, 'nothing to an address nobody confirmed'
);
select is(
    (select (is_waiting, sent_at)::text from data.alerts where id = 5), '(f,)',
    'it is in the list, and does not wait'
);
select is(
    (select core.tell_text(alert, 'de-DE') from data.alerts as alert where id = 5),
    'Ab 09.03.2026 könnte dein Kontostand unter 200,00 USD fallen: zu 46 %, wohl bis '
    '-1.234,50 USD.',
    'in the language of its owner'
);

insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
delete from data.alerts;
delete from data.messages;
select pg_temp.warn(-1, 6, 'bill', '2026-03-07', '{"name": "Gym", "account": "A", "balance": 0}');
select pg_temp.warn(-1, 7, 'bill', '2026-03-05', '{"name": "Rent", "account": "A", "balance": 0}');
update data.alerts set account_id = 1;
select core.tell_queue('{-1}', '2026-03-03 12:00Z'), core.tell_queue('{-1}', '2026-03-03 13:00Z');
select is(
    (select array_agg(id) from data.alerts where is_waiting), '{6}'::bigint[],
    'of the bills of an account the first to come is told'
);
update data.alerts set status = 'ended' where id = 7;
select is(core.tell_queue('{-1}', '2026-03-05 12:00Z'), 1, 'the next one when that is over');

select results_eq(
    $$ select core.tell_time(at, 'Europe/Berlin', 21, 8) at time zone 'UTC'
       from unnest('{2026-01-10 06:30Z,2026-01-10 07:00Z,2026-01-10 19:59Z,2026-01-10 20:00Z}'
           ::timestamptz[]) as at $$,
    $$ values ('2026-01-10 07:00'::timestamp), ('2026-01-10 07:00'), ('2026-01-10 19:59'),
        ('2026-01-11 07:00') $$,
    'quiet from 21 to 8, where the owner lives'
);
select results_eq(
    $$ select core.tell_time('2026-01-10 12:30Z', 'UTC', quiet_from, quiet_to) at time zone 'UTC'
       from (values (9, 9), (12, 14), (13, 12)) as said (quiet_from, quiet_to) $$,
    $$ values ('2026-01-10 12:30'::timestamp), ('2026-01-10 14:00'), ('2026-01-10 12:30') $$,
    'equal hours are no quiet, and quiet may be at noon'
);

select * from finish();

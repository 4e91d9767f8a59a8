select plan(26);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01'), (-1, 2, 'Savings', 'USD', '2025-01-01');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty
)
values
    (-1, 1, 1, -12.5, '2025-01-31', 'Café Slavia, Praha', 'SLAVIA s.r.o.'),
    (-1, 2, 1, -30, '2025-01-02', 'AMZN 100%_off', null),
    (-1, 3, 2, 30, '2025-02-28', 'Refund amazon', 'Amazon');

-- Keys of the bookings that a rule with these fields meets.
create function pg_temp.met(_rule jsonb, _ids bigint[] default '{1,2,3}')
returns bigint[] language sql as $$
    select coalesce(array_agg(transaction_id order by transaction_id), '{}')
    from core.condition_matches(
        -1, _ids,
        '{"position": 1, "name": "x", "text_match": "contains", "text_field": "either",
          "text_need": "any", "amount_by": "signed", "is_last": false}'::jsonb || _rule
    );
$$;

select is(pg_temp.met('{"texts": ["CAFÉ"]}'), '{1}', 'case does not matter');
select is(pg_temp.met('{"texts": ["amazon"]}'), '{3}', 'a text anywhere');
select is(pg_temp.met('{"texts": ["slavia", "refund"]}'), '{1,3}', 'any of several texts');
select is(
    pg_temp.met('{"texts": ["slavia", "refund"], "text_need": "all"}'), '{}', 'or all of them'
);
select is(
    pg_temp.met('{"texts": ["praha", "s.r.o"], "text_need": "all"}'), '{1}',
    'wherever each of them stands'
);
select is(
    pg_temp.met('{"texts": ["refund"], "text_field": "counterparty"}'), '{}', 'in the field asked'
);
select is(pg_temp.met('{"texts": ["a"], "text_field": "counterparty"}'), '{1,3}', 'there alone');
select is(pg_temp.met('{"texts": ["100%_"]}'), '{2}', 'signs of patterns stand for themselves');
select is(pg_temp.met('{"texts": ["1%f"]}'), '{}', 'so no user writes a pattern');
select is(pg_temp.met('{"texts": ["\\"]}'), '{}', 'a backslash is a backslash');
select is(pg_temp.met('{"texts": ["amzn"], "text_match": "starts"}'), '{2}', 'at the beginning');
select is(pg_temp.met('{"texts": ["slavia"], "text_match": "starts"}'), '{1}', 'of either text');
select is(pg_temp.met('{"texts": ["praha"], "text_match": "starts"}'), '{}', 'and not within');
select is(pg_temp.met('{"texts": ["AMAZON"], "text_match": "equals"}'), '{3}', 'the whole text');
select is(pg_temp.met('{"texts": ["refund"], "text_match": "equals"}'), '{}', 'not a part of it');
select is(pg_temp.met('{"texts": ["off"], "text_match": "word"}'), '{2}', 'a word between signs');
select is(pg_temp.met('{"texts": ["fund"], "text_match": "word"}'), '{}', 'not a part of a word');
select is(
    pg_temp.met('{"texts": ["slavia praha"], "text_match": "word"}'), '{1}', 'words in a row'
);
select is(pg_temp.met('{"direction": "in"}'), '{3}', 'money that comes');
select is(pg_temp.met('{"direction": "out", "amount_to": -20}'), '{2}', 'an amount with its sign');
select is(
    pg_temp.met('{"amount_by": "size", "amount_from": 30, "amount_to": 30}'), '{2,3}',
    'or without: exactly so much, in or out'
);
select is(pg_temp.met('{"amount_from": -12.5}'), '{1,3}', 'an end that is open');
select is(pg_temp.met('{"account_ids": [2, 9]}'), '{3}', 'one of the accounts');
select is(pg_temp.met('{"month_days": [-1]}'), '{1,3}', 'the last day of a month, whichever it is');
select is(
    pg_temp.met('{"month_days": [2, 28], "account_ids": [2], "texts": ["amazon"]}'), '{3}',
    'all conditions must hold'
);
select is(pg_temp.met('{"direction": "out"}', '{1}'), '{1}', 'only the bookings asked for');

select * from finish();

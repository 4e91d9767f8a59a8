select plan(4);
\ir _import.sql

select results_eq(
    $$ select rule, count(*)::integer from core.round_rules() group by rule order by min(place) $$,
    $$ values ('same', 1), ('same_text', 4), ('other_format', 1), ('manual', 7),
              ('pending', 27), ('posted_already', 8) $$,
    'exact rules come first, guesses last'
);
select is(
    concat_ws(
        ' ', core.round_key('none', true, 5, 'A', 'B'), core.round_key('hash', true, 5, 'A', 'B'),
        core.round_key('text', true, 5, 'A', 'B'),
        core.round_key('counterparty_as_text', true, 5, 'A', 'B'),
        core.round_key('counterparty_as_text', false, 5, 'A', 'B')
    ),
    'none 5 a b a', 'a key is what both sides must share'
);
select is(
    core.round_key('counterparty', true, 5, 'A', null), null, 'without a text there is no key'
);

insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 1, 1, -3, '2026-01-05', 'Coffee'), (-1, 2, 1, -3, '2026-01-05', 'Coffee');
select pg_temp.stage(1, '[
    [2, "-3", "2026-01-05", "coffee"], [3, "-3", "2026-01-05", "Coffee"],
    [4, "-3", "2026-01-05", "Coffee!"], [5, "-3", "2026-01-06", "Coffee"]
]');
select is(
    core.round_run(
        -1, 1, 'same', 'hash', 0, 'row_without', 'csv', '{1}', '2026-01-01', '2026-01-31', false
    ),
    2::bigint, 'two bookings are two rows of four'
);

select * from finish();

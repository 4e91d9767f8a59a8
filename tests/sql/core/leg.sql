select plan(17);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (user_id, id, name, currency, opened_on)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01'),
    (-1, 2, 'Savings', 'USD', '2025-01-01'),
    (-1, 3, 'Kronen', 'CZK', '2025-01-01');
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values
    (-1, 1, 1, -100, '2025-01-01', 'To savings'),
    (-1, 2, 1, -100, '2025-01-01', 'To savings'),
    (-1, 3, 2, 100, '2025-01-02', 'From checking'),
    (-1, 4, 2, 100, '2025-01-02', 'From checking'),
    (-1, 5, 1, -70, '2025-01-01', 'To savings'),
    (-1, 6, 2, 70, '2025-01-06', 'Five days later'),
    (-1, 7, 1, -30, '2025-01-01', 'To kronen'),
    (-1, 8, 3, 30, '2025-01-01', 'Another currency');

create function pg_temp.wishes(_ids bigint[], _account_id bigint) returns jsonb language sql as $$
    select jsonb_agg(jsonb_build_object(
        'transaction_id', id, 'to_value', _account_id, 'rule_id', 1, 'rule_name', 'r'
    )) from unnest(_ids) as id;
$$;

select results_eq(
    $$ select transaction_id, transfer_id, rule_id, rule_name
       from core.leg_rows(-1, pg_temp.wishes('{1,2}', 2)) order by 1 $$,
    $$ values
        (1::bigint, 1::bigint, 1::bigint, 'r'), (2, 2, 1, 'r'), (3, 1, 1, 'r'), (4, 2, 1, 'r') $$,
    'two equal transfers on one day are two: the first with the first'
);
select is(
    (select array_agg(row(transaction_id, transfer_id)::text order by transaction_id)
     from core.leg_rows(-1, pg_temp.wishes('{4}', 1))),
    '{"(1,1)","(4,1)"}', 'the key is that of the leg that leaves, whichever asks'
);
select is_empty(
    $$ select * from core.leg_rows(-1, pg_temp.wishes('{5}', 2)) $$, 'four days at most'
);
select is_empty(
    $$ select * from core.leg_rows(-1, pg_temp.wishes('{7}', 3)) $$, 'and one currency'
);
select is_empty($$ select * from core.leg_rows(-1, null) $$, 'without a wish, nothing');

-- What is not found is noted, and found when it comes.
insert into data.transaction_rules (user_id, id, position, name, texts, transfer_account_id)
values (-1, 1, 1, 'Saving', '{to savings}', 2);
select is(core.ruleset_apply(-1, '{5}', 1), 0::bigint, 'no other leg, no booking changes');
select ok(core.leg_noted(-1, 5, 1, '2'), 'but it is noted');
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 9, 2, 70, '2025-01-03', 'From checking');
select is(core.ruleset_apply(-1, '{9}', 2), 2::bigint, 'when it comes, both legs are linked');
select is(
    (select array_agg(transfer_id order by id) from data.transactions
     where user_id = -1 and id in (5, 9)),
    '{5,5}', 'by the key of the one that leaves'
);
select is(
    (select array_agg(row(transaction_id, to_value)::text order by id)
     from data.rule_effects where user_id = -1),
    '{"(5,\"{\"\"account_id\"\": 2}\")","(5,5)","(9,5)"}', 'and each has its line in the trail'
);

-- What a hand takes apart stays so, until a rule may overwrite.
select is(core.legs_part(-1, 5), 5::bigint, 'a transfer of a rule may be taken apart');
select is(core.ruleset_apply(-1, '{5,9}', 3), 0::bigint, 'and no rule links it again');
update data.transaction_rules set is_overwriting = true where user_id = -1;
select is(core.ruleset_apply(-1, '{5}', 4), 2::bigint, 'but one that overwrites');

-- The rule is what keeps a wish alive.
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 10, 1, -55, '2025-01-01', 'To savings');
select is(core.ruleset_apply(-1, '{10}', 5), 0::bigint, 'another one waits');
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 11, 2, 55, '2025-01-01', 'From checking');
select is(
    (select array_agg(transaction_id order by transaction_id) from core.leg_rows(-1, null)),
    '{10,11}', 'what waits for its other leg finds it'
);
select is(core.rulebook_drop(-1, 1), 1::bigint, 'unless its rule was dropped');
select is_empty($$ select * from core.leg_rows(-1, null) $$, 'or sleeps: then nothing waits');

select * from finish();

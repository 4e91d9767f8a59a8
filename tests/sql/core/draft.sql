select plan(12);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');

create function pg_temp.merged(_patch jsonb) returns jsonb language sql as $$
    select to_jsonb(core.draft_merged(-1, null, '{"name": "x"}' || _patch));
$$;

select is(
    pg_temp.merged('{"texts": ["a"], "is_last": true}')
    - '{user_id,created_at,updated_at,position,version,name}'::text[],
    '{"id": null, "is_active": true, "texts": ["a"], "text_match": "contains",
      "text_field": "either", "text_need": "any", "amount_from": null, "amount_to": null,
      "amount_by": "signed", "account_ids": null, "direction": null, "month_days": null,
      "subcategory_id": null, "counterparty": null, "add_tags": null, "remove_tags": null,
      "transfer_account_id": null, "is_last": true, "is_overwriting": false}',
    'what is not said has its default'
);
select throws_ok(
    $$ select pg_temp.merged('{"is_last": true}') $$, 'PT422',
    'A rule asks for something: texts, amounts, accounts, a direction or days',
    'a rule asks for something'
);
select throws_ok(
    $$ select pg_temp.merged('{"direction": "in"}') $$, 'PT422',
    'A rule does something: a category, a counterparty, tags, a transfer, or is_last',
    'and does something'
);
select lives_ok(
    $$ select pg_temp.merged('{"direction": "in", "is_active": false}') $$, 'unless it sleeps'
);
select throws_ok(
    $$ select pg_temp.merged('{"texts": ["ok", "--"], "text_match": "word", "is_last": true}') $$,
    'PT422', 'A text to look for has a letter or a digit', 'a word has a letter or a digit'
);
select throws_ok(
    $$ select pg_temp.merged('{"amount_from": 2, "amount_to": 1, "is_last": true}') $$,
    'PT422', 'amount_to must not be below amount_from', 'a range goes upwards'
);
select throws_ok(
    $$ select pg_temp.merged('{"amount_from": -2, "amount_by": "size", "is_last": true}') $$,
    'PT422', 'Amounts without their sign are not negative', 'a size has no sign'
);
select throws_ok(
    $$ select pg_temp.merged('{"direction": "in", "add_tags": ["a"], "remove_tags": ["a"]}') $$,
    'PT422', 'A tag is put on or taken away, not both', 'a tag goes one way'
);
select throws_ok(
    $$ select pg_temp.merged('{"account_ids": [1, 2], "is_last": true}') $$,
    'PT404', 'No such account', 'accounts are the owner''s'
);
select throws_ok(
    $$ select pg_temp.merged('{"direction": "in", "subcategory_id": 5}') $$,
    'PT404', 'No such subcategory', 'and so is a category'
);

insert into data.transaction_rules (user_id, id, position, name, direction, is_last)
select -1, n, n, 'r' || n, 'in', true from generate_series(1, 3) as n;
select throws_ok(
    $$ select core.draft_sort(-1, '{1,2}') $$, 'PT422', 'Name every rule of yours, once each',
    'an order names every rule'
);
select results_eq(
    $$ select core.draft_sort(-1, '{3,2,1}'), null::text
       union all select null, null $$,
    $$ values (2::bigint, null::text), (null, null) $$, 'and says how many moved'
);

select * from finish();

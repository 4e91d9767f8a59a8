select plan(8);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 1, 1, -5, '2025-01-01', 'Cafe'), (-1, 2, 1, -5, '2025-01-02', 'Market');

insert into data.transaction_rules (user_id, id, position, name, texts, add_tags)
values (-1, 1, 1, 'Cafes', '{cafe}', '{treat}');
create temporary table applied as
select (answer ->> 'run_id')::bigint as run_id from api.trial_apply(-1) as answer;

select is(
    api.effect_trail(-1, 1) -> 'items' -> 0 ->> 'rule_name', 'Cafes', 'the trail of a booking'
);
select is(api.effect_trail(-1, 2) ->> 'items', '[]', 'is empty for one that no rule met');
select throws_ok(
    $$ select api.effect_trail(-1, 3) $$, 'PT404', 'No such transaction', 'that must be there'
);
select is(
    api.effect_list(-1, 1) -> 'items' -> 0 ->> 'transaction_id', '1', 'the trail of a rule'
);
select throws_ok(
    $$ select api.effect_list(-1, 2) $$, 'PT404', 'No such rule', 'that must be there as well'
);
select is(
    (select api.effect_runs(-1) -> 'items' -> 0 ->> 'id' from applied),
    (select run_id::text from applied), 'runs can be listed'
);
select is(
    (select api.effect_undo(-1, run_id) ->> 'changed_count' from applied), '1', 'and taken back'
);
select is(
    (select tags from data.transactions where user_id = -1 and id = 1), '{}', 'with what they set'
);

select * from finish();

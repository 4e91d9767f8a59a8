select plan(9);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 1, 1, -5, '2025-01-01', 'Cafe'), (-1, 2, 1, -5, '2025-01-02', 'Market');

insert into data.transaction_rules (user_id, id, position, name, texts, add_tags)
values (-1, 1, 1, 'Cafes', '{cafe}', '{treat}');

select is(
    api.trial_preview(-1, '{"texts": ["market"], "is_last": true}') ->> 'met_count', '1',
    'a rule that is not saved is tested'
);
select is(
    api.trial_preview(-1, '{"rule_id": 1, "texts": ["market"]}', 1) ->> 'changed_count', '1',
    'or a change of a saved one'
);
select is(
    api.trial_preview(-1, '{"rule_id": 1, "texts": null, "direction": "out"}', 1) ->> 'met_count',
    '2', 'which may clear what may be empty'
);
select throws_ok(
    $$ select api.trial_preview(-1, '{"rule_id": 2}', 2) $$, 'PT404', 'No such rule',
    'when it is there'
);
select is(
    api.trial_apply(-1, _is_dry_run => true)::jsonb - '{changes}'::text[],
    '{"is_dry_run": true, "seen_count": 2, "changed_count": 1, "effect_count": 1,
      "run_id": null, "next_cursor": null}',
    'a dry run says what would change'
);
select is(core.clock_read(-1), 0::bigint, 'and writes nothing');
create temporary table applied as select api.trial_apply(-1) as answer;
select is(
    (select answer ->> 'changed_count' from applied), '1', 'applying says what has'
);
select is(
    (select row(tags, change_no)::text from data.transactions where user_id = -1 and id = 1),
    '({treat},1)', 'under a number of the ledger''s clock'
);

-- One session, one prepared plan: what a dry run answers and what a run answers are of one type.
prepare applying (boolean) as select api.trial_apply(-1, _is_dry_run => $1);
select lives_ok(
    $$ execute applying (true); execute applying (false); execute applying (true) $$,
    'a dry run and a run follow each other in one session'
);

select * from finish();

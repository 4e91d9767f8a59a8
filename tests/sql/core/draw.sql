select plan(5);

select is_empty(
    $$ select core.shape_faults(core.draw_compare()) $$, 'the answer is said in known words'
);
select is_empty(
    $$ select core.shape_faults(core.draw_scenario()) $$, 'and so is a saved scenario'
);
select is(
    core.draw_fields() -> 'added' -> 'items' -> 'required',
    '["kind", "name", "amount", "account_id", "frequency", "anchor_on"]'::jsonb,
    'an added item needs what POST recurring-items needs'
);
select is(
    core.draw_fields() -> 'changed' -> 'items' -> 'required', '["recurring_item_id"]'::jsonb,
    'a changed one is a patch'
);
select is(
    (select array_agg(field order by field) from jsonb_object_keys(core.draw_fields()) as field),
    '{added,balance,changed,goals,paused,purchases,removed}', 'the lists of a scenario'
);

select * from finish();

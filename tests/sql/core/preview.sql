select plan(3);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values
    (-1, 1, 1, -5, '2025-01-01', 'Cafe one'),
    (-1, 2, 1, -5, '2025-01-02', 'Cafe two'),
    (-1, 3, 1, -5, '2025-01-03', 'Market');
insert into data.transaction_rules (user_id, id, position, name, texts, counterparty, is_last)
values
    (-1, 1, 1, 'Ones', '{one}', 'One', true),
    (-1, 2, 2, 'Cafes', '{cafe}', 'Cafe', false);

create function pg_temp.preview(_patch jsonb, _id bigint default null) returns json
language sql as $$
    select core.preview_json(-1, '{1,2,3}', to_jsonb(core.draft_merged(
        -1,
        (select rule from data.transaction_rules as rule where user_id = -1 and id = _id),
        '{"name": "new"}' || _patch
    )), 1);
$$;

select is(
    pg_temp.preview('{"texts": ["cafe"], "counterparty": "Kaffee", "add_tags": ["c"]}')::jsonb
    - 'items',
    '{"seen_count": 3, "met_count": 2, "stopped_count": 1, "changed_count": 1,
      "changes_by_field": {"subcategory": 0, "counterparty": 0, "tags": 1, "transfer": 0},
      "earlier_rules": [
        {"rule_id": 1, "name": "Ones", "met_count": 1, "is_last": true},
        {"rule_id": 2, "name": "Cafes", "met_count": 1, "is_last": false}
      ]}',
    'it says what a rule meets, what it would change, and what earlier rules take'
);
select is(
    pg_temp.preview('{"texts": ["cafe"], "add_tags": ["c"]}')::jsonb -> 'items',
    '[{"transaction_id": 2, "transaction_date": "2025-01-02", "account_id": 1, "amount": -5.00,
       "description": "Cafe two", "counterparty": null, "is_reached": true,
       "changes": [{"field": "tags", "from": [], "to": ["c"]}], "earlier_rule_ids": [2]}]',
    'and shows the newest of the bookings'
);
select is(
    pg_temp.preview('{"texts": ["market"]}', 2)::jsonb
    - '{items,changes_by_field}'::text[],
    '{"seen_count": 3, "met_count": 1, "stopped_count": 0, "changed_count": 1,
      "earlier_rules": []}',
    'an edit of a saved rule stands in its place'
);

select * from finish();

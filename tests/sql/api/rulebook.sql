select plan(7);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
insert into data.transactions (user_id, id, account_id, amount, transaction_date, description)
values (-1, 1, 1, -5, '2025-01-01', 'Cafe'), (-1, 2, 1, -5, '2025-01-02', 'Market');

create temporary table added as
select (rule ->> 'id')::bigint as id, rule
from api.rulebook_add(
    -1, '{"name": "Cafes", "texts": ["cafe"], "counterparty": "Cafe"}', 'Cafes'
) as rule;

select is((select rule -> 'texts' ->> 0 from added), 'cafe', 'the answer is the rule');
select is(
    api.rulebook_list(-1) -> 'items' -> 0 ->> 'text_match', 'contains', 'which is in the list'
);
select is(
    (select api.rulebook_read(-1, id) ->> 'position' from added), '1', 'and can be read'
);
select is(
    (select api.rulebook_edit(-1, id, '{"is_active": false}') ->> 'version' from added), '2',
    'an edit raises its version'
);
select is(
    (select api.rulebook_sort(-1, array[id]) ->> 'moved_count' from added), '0',
    'an order that stands moves none'
);
select is((select api.rulebook_drop(-1, id) ->> 'dropped' from added), 'true', 'a drop says so');
select throws_ok(
    format('select api.rulebook_read(-1, %s)', (select id from added)), 'PT404', 'No such rule',
    'and nothing is left'
);

select * from finish();

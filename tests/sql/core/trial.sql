select plan(7);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'America/New_York');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
insert into data.categories (user_id, id, name) values (-1, 1, 'Living');
insert into data.subcategories (user_id, id, category_id, name) values (-1, 11, 1, 'Coffee');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, subcategory_id, transfer_id
)
values
    (-1, 1, 1, -5, '2025-01-01', 'a', null, null),
    (-1, 2, 1, -5, '2025-01-02', 'b', 11, null),
    (-1, 3, 1, -5, '2025-01-03', 'c', null, 3),
    (-1, 4, 1, -5, '2025-01-04', 'd', null, null);

create function pg_temp.ids(
    _uncategorised boolean, _from date default null, _ids bigint[] default null,
    _limit integer default 9
)
returns bigint[] language sql as $$
    select core.trial_ids(-1, _from, null, _ids, _uncategorised, null, null, _limit);
$$;

select is(pg_temp.ids(false), '{4,3,2,1}', 'the newest first');
select is(pg_temp.ids(true), '{4,1}', 'those without a category, and no transfers');
select is(pg_temp.ids(false, '2025-01-03'), '{4,3}', 'from a day on');
select is(pg_temp.ids(false, null, '{1,2,9}'), '{2,1}', 'of a list');
select is(
    core.trial_ids(-1, null, null, null, false, '2025-01-03', 3, 9), '{2,1}', 'after a place'
);
select is(
    array[core.trial_cursor(-1, '{4,3}', 2), core.trial_cursor(-1, '{4,3}', 3)],
    array[core.cursor_text(3, '2025-01-03'), null], 'a full page has another after it'
);
insert into data.transaction_rules (user_id, id, position, name, direction, subcategory_id)
values (-1, 1, 1, 'All', 'out', 11);
select results_eq(
    $$ select changed_count, effect_count, changes::text
       from core.trial_changes(-1, '{1,2,4}', 1) $$,
    $$ values (2::bigint, 2::bigint,
        '[{"transaction_id" : 1, "rule_id" : 1, "rule_name" : "All", '
        '"field" : "subcategory", "from" : null, "to" : 11}]') $$,
    'what would change is counted, and the first are shown'
);

select * from finish();

select plan(9);

insert into data.users (id) values (-1), (-2);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01');
insert into data.transactions (
    user_id, account_id, amount, transaction_date, description, counterparty
)
select -1, 1, -900, day, 'Rent', 'Landlord'
from unnest('{2026-01-12,2026-02-12,2026-03-12}'::date[]) as day;

create function pg_temp.print() returns text language sql as $$
    select fingerprint from core.proposal_rows(-1, '2026-03-20');
$$;
create temporary table said on commit drop as
select core.dismissal_add(-1, pg_temp.print(), '2026-03-20') as id;
select results_eq(
    'select name, amount, frequency, every_n from core.dismissal_page(-1, 0, 9)',
    $$values ('Landlord', -900.00, 'monthly', 1)$$,
    'with what it said'
);
select is(
    (select is_open from core.offer_rows(-1, '2026-03-20')), false, 'it is not proposed again'
);
select is(
    core.dismissal_add(-1, pg_temp.print(), '2026-03-20'), (select id from said),
    'again is the same'
);
select throws_ok(
    format('select core.dismissal_add(-1, %L, ''2026-03-20'')', repeat('0', 32)), 'PT404', null,
    'nothing by that name'
);
select is_empty(
    format('select from core.dismissal_page(-1, %s, 9)', (select id from said)), 'a page goes on'
);
select is(
    (select array_agg(key order by key)
        from json_object_keys(core.dismissal_json(-1, (select id from said))) as key),
    (select array_agg(key order by key) from jsonb_object_keys(core.dismissal_shape()) as key),
    'the shape names every field'
);
select throws_ok(
    format('select core.dismissal_drop(-2, %s)', (select id from said)), 'PT404', null,
    'not another''s'
);
select is(core.dismissal_drop(-1, (select id from said)), (select id from said), 'forgotten');
select is((select is_open from core.offer_rows(-1, '2026-03-20')), true, 'and proposed again');

select * from finish();

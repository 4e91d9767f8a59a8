select plan(11);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'A', 'USD', '2025-01-01'), (-1, 2, 'B', 'USD', '2025-01-01');
create temporary table booked as
select core.transaction_add(-1, 1 + n % 2, n, '2025-01-02', 'Booking ' || n) as id
from generate_series(1, 4) as n;
create function pg_temp.ids() returns bigint[] language sql as $$
    select array_agg(id order by id) from booked;
$$;
create function pg_temp.edit(_ids bigint[], _patch jsonb, _user_id bigint default -1)
returns bigint language sql as $$
    select core.bulk_edit(
        _user_id, _ids, _patch, null, _patch ->> 'comment', null, _patch ->> 'counterparty',
        (_patch ->> 'is_pending')::boolean, null, null
    );
$$;
create function pg_temp.field_of(_ids bigint[]) returns text language plpgsql as $$
declare
    v_field text;
begin
    perform core.bulk_drop(-1, _ids);
    return 'taken';
exception when others then
    get stacked diagnostics v_field = column_name;
    return sqlstate || ' ' || v_field;
end;
$$;

select is(
    pg_temp.edit(pg_temp.ids(), '{"counterparty": "Mill", "comment": "c"}'), 4::bigint,
    'many are edited alike'
);
select results_eq(
    $$ select distinct counterparty, comment, version, change_no, is_pending
       from data.transactions where user_id = -1 $$,
    $$ values ('Mill', 'c', 2, 5::bigint, false) $$, 'in one write'
);
select is(
    pg_temp.edit((pg_temp.ids())[:2], '{"comment": null, "is_pending": true}'), 2::bigint,
    'some of them'
);
select results_eq(
    $$ select comment, counterparty, is_pending, posted_at is null
       from data.transactions where user_id = -1 order by id $$,
    $$ values (null, 'Mill', true, true), (null, 'Mill', true, true), ('c', 'Mill', false, false),
        ('c', 'Mill', false, false) $$,
    'absent keeps, null clears'
);
select throws_ok(
    $$ select pg_temp.edit(pg_temp.ids() || 9999999::bigint, '{"comment": "d"}') $$, 'PT404',
    'No such transaction', 'all or none'
);
select throws_ok(
    $$ select pg_temp.edit(pg_temp.ids(), '{}', -2) $$, 'PT404', 'No such transaction',
    'a stranger edits nothing'
);
select is(
    pg_temp.field_of(pg_temp.ids() || 9999999::bigint), 'PT404 ids[4]', 'the place is named'
);
select is(core.bulk_drop(-1, (pg_temp.ids())[:3]), 3::bigint, 'many are dropped at once');
select is(
    (select array_agg(current_balance order by id) from data.accounts where user_id = -1),
    '{4.00,0.00}', 'and give their amounts back'
);
select is(
    (select count(distinct change_no) from data.dropped_transactions where user_id = -1), 1::bigint,
    'in one write'
);
select is_empty($$ select * from core.balance_faults(-1) $$, 'every balance is its sum');

select * from finish();

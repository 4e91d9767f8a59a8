select plan(7);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'A', 'USD', '2025-01-01'), (-1, 2, 'B', 'USD', '2025-01-01');
create temporary table booked as
select core.transaction_add(-1, 1 + n % 2, n, '2025-01-02', 'Booking ' || n) as id
from generate_series(1, 4) as n;
create function pg_temp.ids() returns bigint[] language sql as $$
    select array_agg(id order by id) from booked;
$$;
create function pg_temp.told(_cursor text, _limit integer default 10)
returns text language sql as $$
    select string_agg(
        (item ->> 'id')::bigint - (pg_temp.ids())[1]
        || case when (item ->> 'is_dropped')::boolean then '-' else '+' end,
        ' ' order by place
    ) || case when (answer ->> 'has_more')::boolean then ' more' else '' end
    from (select core.sync_json(-1, _cursor, _limit) as answer) as asked
    cross join lateral json_array_elements(answer -> 'items') with ordinality as listed (
        item, place
    )
    group by answer ->> 'has_more';
$$;
create temporary table moments as
select core.sync_json(-1, null, 10) ->> 'next_cursor' as cursor;

select is(pg_temp.told(null), '0+ 1+ 2+ 3+', 'a copy begins with all there is');
select is(pg_temp.told(null, 3), '0+ 1+ 2+ more', 'in pages');
select is(pg_temp.told((select cursor from moments)), null, 'then nothing, until a write');
select core.transaction_drop(-1, (pg_temp.ids())[1]);
select core.bulk_edit(-1, (pg_temp.ids())[2:2], '{}', 'x', null, null, null, null, null, null);
select is(
    pg_temp.told((select cursor from moments)), '0- 1+', 'what was dropped and what was written'
);
select is(pg_temp.told(null), '2+ 3+ 1+', 'a new copy never hears of what was dropped before it');
select is(
    core.sync_json(-1, (select cursor from moments), 1) -> 'items' -> 0 ->> 'is_dropped', 'true',
    'by number of the write'
);
select is(
    core.sync_json(-2, null, 10)::text,
    '{"items" : [], "next_cursor" : "0.0.0", "has_more" : false}', 'a stranger hears nothing'
);

select * from finish();

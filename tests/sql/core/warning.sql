select plan(8);

insert into data.users (id) values (-1), (-2);
insert into data.alerts (
    user_id, id, kind, scope, subject, on_day, until_on, currency, amount, shortfall, facts,
    told_on_day, told_amount, raised_on
)
select
    -1, number, 'unusual_spending', 'day', number::text, '2026-03-01', '2026-03-01', 'USD', -90, 60,
    '{"usual": 30.00, "times": 3.0, "edge": 80.00, "value_count": 40}', '2026-03-01', -90,
    '2026-03-02'
from generate_series(1, 3) as number;
create temporary table one as select 2::bigint as id;

select is(
    (
        select array_agg(id) from core.warning_page(-1, 3, 'open', 'unusual_spending', 9)
    ), '{2,1}'::bigint[], 'a page goes on, the newest first'
);
select is(
    (select array_agg(key order by key)
        from json_object_keys(core.warning_json(-1, (select id from one))) as key),
    (select array_agg(key order by key) from jsonb_object_keys(core.warning_shape()) as key),
    'the shape names every field'
);
select is(core.warning_json(-2, (select id from one))::text, null, 'not another''s');
select is(core.warning_see(-1, (select id from one)), (select id from one), 'seen');
select is(core.warning_dismiss(-1, (select id from one)), (select id from one), 'dismissed');
select is(
    (
        select (status, is_waiting, read_at is not null, dismissed_at is not null)::text
        from data.alerts where id = (select id from one)
    ),
    '(dismissed,f,t,t)', 'what is dismissed waits for nothing'
);
select throws_ok(
    'select core.warning_dismiss(-2, 1)', 'PT404', 'No such alert', 'nothing by that name'
);
update data.alerts set status = 'ended' where id = 1;
select core.warning_dismiss(-1, 1);
select is(
    (select status from data.alerts where id = 1), 'ended', 'what is over stays over'
);

select * from finish();

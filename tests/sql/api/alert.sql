select plan(7);
select set_config('app.user_id', '-1', true);

insert into data.users (id) values (-1);
insert into data.alerts (
    user_id, id, kind, scope, subject, on_day, until_on, currency, amount, shortfall, facts,
    told_on_day, told_amount, raised_on
)
select
    -1, number, 'unusual_spending', 'day', number::text, '2026-03-01', '2026-03-01', 'USD', -90, 60,
    '{"usual": 30.00, "times": 3.0, "edge": 80.00, "value_count": 40}', '2026-03-01', -90,
    '2026-03-02'
from generate_series(1, 3) as number;

create temporary table first as select api.alert_list(-1, _limit => 2) as page;
select is(
    (select page #>> '{items,0,text}' from first),
    'You spent 90.00 USD on 1 Mar 2026, 3.0 times a usual day of 30.00 USD.', 'the newest first'
);
select is(
    (select api.alert_list(-1, _cursor => page ->> 'next_cursor') #>> '{items,0,id}' from first),
    '1', 'page by page'
);
select is(api.alert_dismiss(-1, 2) ->> 'status', 'dismissed', 'silenced');
select is(
    json_array_length(api.alert_list(-1, 'open') -> 'items'), 2, 'what is open is asked for alone'
);
select is(
    json_array_length(api.alert_list(-1, null, 'low_balance') -> 'items'), 0, 'and so is a kind'
);
select isnt(api.alert_see(-1, 3) ->> 'read_at', null, 'seen');
select throws_ok('select api.alert_read(-1, 4)', 'PT404', 'No such alert', 'what is not there');

select * from finish();

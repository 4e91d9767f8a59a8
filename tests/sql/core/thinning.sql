select plan(6);

insert into data.users (id, timezone) values (-1, 'Pacific/Kiritimati'), (-2, 'Pacific/Kiritimati');
-- The 5th of January 2032 is a Monday.
insert into data.forecast_runs (user_id, as_of, days, fault)
select person, as_of, 7, 'none'
from generate_series(-2, -1) as person
cross join unnest('{2032-01-04,2032-01-05,2032-01-06}'::date[]) as as_of;
insert into data.forecast_nights (as_of, timezone)
select distinct as_of, 'Pacific/Kiritimati' from data.forecast_runs where user_id < 0;
delete from data.forecast_nights where as_of < '2031-01-01';

select is(
    core.thinning_run('2032-02-08')::text, '{"is_done" : true, "count" : 0}',
    'what is 35 days old is kept'
);
select is(
    core.thinning_run('2032-02-09', 1)::text, '{"is_done" : false, "count" : 1}',
    'a batch of what is older'
);
select is(core.thinning_run('2032-02-09', 9) ->> 'count', '1', 'and the rest of the day');
do $$
begin
    while not (core.thinning_run('2032-03-01') ->> 'is_done')::boolean loop
    end loop;
end;
$$;
select results_eq(
    $$select distinct as_of from data.forecast_runs where user_id < 0$$,
    $$values (date '2032-01-05')$$, 'those as of a Monday stay'
);
select results_eq(
    $$select as_of from data.forecast_nights where as_of >= '2032-01-01'$$,
    $$values (date '2032-01-05')$$, 'a night stands as long as its runs'
);
do $$
begin
    while not (core.thinning_run('2033-03-06') ->> 'is_done')::boolean loop
    end loop;
end;
$$;
select is_empty($$select from data.forecast_runs where user_id < 0$$, 'for fourteen months');

select * from finish();

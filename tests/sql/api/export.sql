select plan(3);

insert into data.users (id, full_name) values (-1, 'Ann'), (-2, 'Bob');
insert into data.user_emails (email, user_id) values ('ann@example.org', -1);
select set_config('app.user_id', '-1', true);

create temporary table page as select api.export_take(-1, null, null, 2)::jsonb as answer;
select is(
    (select array_agg(item ->> 'table') from page cross join lateral
     jsonb_array_elements(answer -> 'items') as item),
    '{user_emails,users}', 'a page of what a user owns'
);
select is(
    (select count(*)::integer from data.verification_audit_log
     where event_type = 'account_exported'),
    1, 'is written down'
);
select api.export_take(-1, null, null, 2, answer ->> 'next_cursor') from page;
select is(
    (select count(*)::integer from data.verification_audit_log
     where event_type = 'account_exported'),
    1, 'once, however many pages there are'
);

select * from finish();

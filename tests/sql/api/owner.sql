select plan(4);

insert into data.users (id, public_id, role) values
    (-1, '00000000-0000-4000-8000-000000000001', 'user'),
    (-2, '00000000-0000-4000-8000-000000000002', 'coach');
insert into data.user_emails (email, user_id, verified_at)
values ('coach@example.org', -2, now());
select core.grant_add(-1, 'coach@example.org', '{forecast}', null);
select set_config('app.user_id', '-2', true);

select is(
    api.owner_read(-2, '00000000-0000-4000-8000-000000000001', 'forecast')::text, '-1',
    'a coach is told whose data it is'
);
select set_config('app.user_id', '-2', true);
select is(
    api.owner_read(-2, '00000000-0000-4000-8000-000000000001', 'accounts')::text, null,
    'for what was granted'
);
select set_config('app.user_id', '-2', true);
select is(
    api.owner_read(-2, '00000000-0000-4000-8000-0000000000ff', 'forecast')::text, null,
    'and of nobody like of somebody else'
);
select ok(
    has_function_privilege('service', 'api.owner_read(bigint, uuid, text)', 'execute'),
    'the service may ask'
);

select * from finish();

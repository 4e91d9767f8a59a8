select plan(3);

insert into data.users (id, public_id, full_name, role) values
    (-1, '00000000-0000-4000-8000-000000000001', 'Ann', 'user'),
    (-2, '00000000-0000-4000-8000-000000000002', 'Bob', 'user'),
    (-3, '00000000-0000-4000-8000-000000000003', 'Coach', 'coach');
insert into data.user_emails (email, user_id, verified_at)
values ('coach@example.org', -3, now());
select core.grant_add(-1, 'coach@example.org', '{forecast}', null);
select core.grant_add(-2, 'coach@example.org', '{profile}', null);
select set_config('app.user_id', '-3', true);

select is(
    api.client_list(-3)::jsonb -> 'items' -> 0,
    '{"id": "00000000-0000-4000-8000-000000000001", "full_name": "Ann",
      "scopes": ["forecast"]}'::jsonb,
    'a coach sees who lets them read, and what'
);
select is(
    (
        select page::jsonb #>> '{items,0,full_name}'
        from api.client_list(-3, 1) as first
        cross join lateral api.client_list(-3, 1, (first ->> 'next_cursor')::uuid) as page
    ),
    'Bob', 'page after page'
);
select set_config('app.user_id', '-1', true);
select is(
    api.client_list(-1)::jsonb, '{"items": [], "next_cursor": null}'::jsonb,
    'who is no coach has no clients'
);

select * from finish();

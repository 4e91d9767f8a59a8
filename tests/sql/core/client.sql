select plan(4);

insert into data.users (id, public_id, full_name) values
    (-1, '00000000-0000-4000-8000-000000000001', 'Ann'),
    (-2, '00000000-0000-4000-8000-000000000002', 'Bob'),
    (-3, '00000000-0000-4000-8000-000000000003', 'Cy');
select core.grant_add(-1, 'coach@example.org', '{forecast}', null);
select core.grant_add(-1, 'coach@example.org', '{accounts}', null);
select core.grant_add(-2, 'coach@example.org', '{profile}', null);
select core.grant_add(-3, 'other@example.org', '{profile}', null);

select results_eq(
    $$ select full_name, scopes from core.client_rows('coach@example.org', null, 10) $$,
    $$ values ('Ann', '{accounts,forecast}'::text[]), ('Bob', '{profile}') $$,
    'a coach sees who lets them read, and what all their grants say together'
);
select results_eq(
    $$ select full_name from core.client_rows(
           'coach@example.org', '00000000-0000-4000-8000-000000000001', 10
       ) $$,
    $$ values ('Bob') $$, 'page after page'
);
select is_empty($$ select from core.client_rows(null, null, 10) $$, 'no address, no clients');
update data.access_grants set revoked_at = now() where user_id = -2;
select results_eq(
    $$ select full_name from core.client_rows('coach@example.org', null, 10) $$,
    $$ values ('Ann') $$, 'who took it back is gone'
);

select * from finish();

select plan(18);

insert into data.users (id, public_id, full_name, role) values
    (-1, '00000000-0000-4000-8000-000000000001', 'Owner', 'user'),
    (-2, '00000000-0000-4000-8000-000000000002', 'Coach', 'coach'),
    (-3, '00000000-0000-4000-8000-000000000003', 'Other', 'coach');
insert into data.user_emails (email, user_id, verified_at) values
    ('owner@example.org', -1, now()),
    ('coach@example.org', -2, null),
    ('other@example.org', -3, now());

create function pg_temp.owner_for(_caller_id bigint, _scope text) returns bigint language sql as $$
    select core.grant_owner(_caller_id, '00000000-0000-4000-8000-000000000001', _scope);
$$;

create temporary table made as
select core.grant_add(-1, 'Coach@Example.org', '{forecast,accounts,accounts}', null) as id;
select results_eq(
    $$ select email, scopes from core.grant_rows(-1, null, 10) $$,
    $$ values ('coach@example.org', '{accounts,forecast}'::text[]) $$,
    'a grant is for an address, and names each scope once'
);
select is(pg_temp.owner_for(-2, 'forecast'), null::bigint, 'an address must be proved');
update data.user_emails set verified_at = now() where user_id = -2;
select is(pg_temp.owner_for(-2, 'forecast'), -1::bigint, 'then its coach may read');
select is(current_setting('app.user_id'), '-1', 'as the owner, whose grant it is');
select is(pg_temp.owner_for(-2, 'transactions'), null::bigint, 'what the grant names, no more');
select is(pg_temp.owner_for(-3, 'forecast'), null::bigint, 'another coach may not');
update data.users set role = 'user' where id = -2;
select is(pg_temp.owner_for(-2, 'forecast'), null::bigint, 'nor one who is no coach');
update data.users set role = 'coach', is_active = false where id = -2;
select is(pg_temp.owner_for(-2, 'forecast'), null::bigint, 'nor one who is switched off');
update data.users set is_active = true where id = -2;
update data.users set is_active = false where id = -1;
select is(pg_temp.owner_for(-2, 'forecast'), null::bigint, 'nor of an owner who is');
update data.users set is_active = true where id = -1;

update data.access_grants
set created_at = now() - interval '2 days', expires_at = now() where id = (select id from made);
select is(pg_temp.owner_for(-2, 'forecast'), null::bigint, 'a grant ends when it says');
update data.access_grants set expires_at = null where id = (select id from made);

select is(core.grant_end(-3, (select id from made)), null::bigint, 'nobody takes it but its owner');
select is(core.grant_end(-1, (select id from made)), (select id from made), 'who can');
select is(pg_temp.owner_for(-2, 'forecast'), null::bigint, 'at once');
select is_empty(
    $$ select from data.client_addresses where user_id = -1 $$, 'and nothing points there any more'
);

select throws_ok(
    $$ select core.grant_add(-1, 'owner@example.org', '{forecast}', null) $$, 'PT422',
    'This is your own address', 'nobody is their own coach'
);
select throws_ok(
    $$ select core.grant_add(-1, 'coach@example.org', '{forecast}', now()) $$, 'PT422',
    'expires_at is over already', 'a grant lives for some time'
);
select ok(
    core.grant_add(-1, 'unknown@example.org', '{forecast}', null) > 0,
    'an address that nobody has is granted like any other'
);
select core.grant_clear(-1);
select is_empty($$ select from core.grant_rows(-1, null, 10) $$, 'all grants end together');

select * from finish();

select plan(8);

insert into data.users (id) values (-1), (-2);

create function core.cross_probe()
returns bigint
language sql stable security definer
as $$ select count(*) from data.users where id in (-1, -2) $$;
revoke execute on function core.cross_probe() from public;
alter function core.cross_probe() owner to owner;
select is(core.cross_probe(), 0::bigint, 'a function of owner sees nobody unasked');

call core.cross_owner('core.cross_probe()', 'a probe that counts everybody');
select is(core.cross_probe(), 2::bigint, 'handed over, it sees everybody');
select is(
    (select reason from data.cross_owner_routines where routine = 'core.cross_probe()'),
    'a probe that counts everybody', 'and stands on the list with its reason'
);
select is(
    (select proowner::regrole::text from pg_proc where oid = 'core.cross_probe()'::regprocedure),
    'steward', 'the steward runs it'
);
select is(
    (select proconfig from pg_proc where oid = 'core.cross_probe()'::regprocedure),
    array['search_path=""'], 'its search_path is fixed'
);
select ok(
    has_function_privilege('owner', 'core.cross_probe()', 'execute')
    and not has_function_privilege('service', 'core.cross_probe()', 'execute'),
    'the functions of owner may call it, service may not'
);
select throws_ok(
    $$ call core.cross_owner('api.caller_read(bigint, bytea)', 'a way past the list') $$,
    '22023', null, 'what callers reach crosses nothing'
);
select throws_ok(
    $$ call core.cross_owner('core.cross_probe()', 'why') $$, '23514', null, 'a reason is given'
);

select * from finish();

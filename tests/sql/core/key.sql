select plan(15);

insert into data.users (id) values (-1), (-2);
create temporary table made as select * from core.key_add(-1, 'script', true, null);

select matches(token, '^-1\.[A-Za-z0-9_-]{43}$', 'a key is a token of its user') from made;
select results_eq(
    $$ select caller.id, caller.is_read_only, caller.is_due
       from made cross join lateral core.key_caller(-1, core.secret_hash(token)) as caller $$,
    $$ values (-1::bigint, true, true) $$, 'it speaks for its user, and was never used'
);
select is_empty(
    $$ select from made cross join lateral core.key_caller(-2, core.secret_hash(token)) $$,
    'for nobody else'
);
select is(core.key_touch(-1, core.secret_hash(token)), true, 'using it') from made;
select is(
    (select is_due from made cross join lateral core.key_caller(-1, core.secret_hash(token))),
    false, 'is noted once a minute'
);
select results_eq(
    $$ select name, hint, is_read_only, last_used_at = now()
       from core.key_rows(-1, null, 10) $$,
    $$ select 'script', right(token, 4), true, true from made $$,
    'a list shows the end of a token'
);
select is_empty($$ select from core.key_rows(-2, null, 10) $$, 'to its owner alone');

select throws_ok(
    $$ select core.key_add(-1, 'late', true, now()) $$, 'PT422', 'expires_at is over already',
    'a key lives for some time'
);
update data.users set is_active = false where id = -1;
select is_empty(
    $$ select from made cross join lateral core.key_caller(-1, core.secret_hash(token)) $$,
    'a user who was switched off has no keys'
);
update data.users set is_active = true where id = -1;

create temporary table brief as
select * from core.key_add(-1, 'brief', false, now() + interval '1 hour');
update data.api_keys set created_at = now() - interval '2 days', expires_at = now()
where id = (select id from brief);
select is_empty(
    $$ select from brief cross join lateral core.key_caller(-1, core.secret_hash(token)) $$,
    'an expired key speaks for nobody'
);
select is(core.key_end(-2, (select id from made)), null::bigint, 'nobody ends the key of another');
select is(core.key_end(-1, (select id from made)), (select id from made), 'its owner does');
select is_empty(
    $$ select from made cross join lateral core.key_caller(-1, core.secret_hash(token)) $$,
    'a revoked key speaks for nobody'
);
select core.key_add(-1, 'again ' || number, true, null) from generate_series(1, 50) as number;
select throws_ok(
    $$ select core.key_add(-1, 'one more', true, null) $$, 'PT409',
    'There are 50 live keys: revoke one first', 'there is an end to them'
);
select is(core.key_clear(-1) >= 50, true, 'all of them end at once');

select * from finish();

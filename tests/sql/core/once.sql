select plan(22);

insert into data.users (id) values (-1), (-2);
select set_config('app.user_id', '-1', true);

select ok(core.once_lock(-1, 'api.probe_add', 'k'), 'a key that nobody works on is free');
select ok(core.once_lock(-1, 'api.probe_add', 'k'), 'and whoever has it, has it');

create function pg_temp.keep(_key text, _answer json, _secret_fields text[] default '{}')
returns void language sql as $$
    select core.once_keep(
        -1, 'api.probe_add', _key, sha256('this'), 201, _answer, _secret_fields
    );
$$;

select is_empty(
    $$ select * from core.once_rows(-1, 'api.probe_add', 'k') $$, 'nothing was done under it yet'
);
select pg_temp.keep('k', '{"amount": 0.60}');
select results_eq(
    $$ select request_hash, status, answer::text from core.once_rows(-1, 'api.probe_add', 'k') $$,
    $$ values (sha256('this'), 201, '{"amount": 0.60}') $$,
    'what was answered is kept as it was, digit by digit'
);
select is_empty(
    $$ select * from core.once_rows(-1, 'api.other_add', 'k') $$, 'for one endpoint alone'
);
select is_empty(
    $$ select * from core.once_rows(-2, 'api.probe_add', 'k') $$, 'and one user alone'
);
select throws_ok(
    $$ select pg_temp.keep('k', '{}') $$, '23505', null, 'a key stands once a day'
);
select throws_ok(
    $$ select pg_temp.keep('a b', '{}') $$, '23514', null, 'and has no blanks'
);

update data.idempotency_keys
set created_at = now() - interval '23 hours 59 minutes',
    day_at = date_trunc('day', now() - interval '23 hours 59 minutes', 'UTC');
select is(
    (select count(*) from core.once_rows(-1, 'api.probe_add', 'k')), 1::bigint,
    'a key is known for 24 hours, over midnight'
);
update data.idempotency_keys
set created_at = now() - interval '24 hours',
    day_at = date_trunc('day', now() - interval '24 hours', 'UTC');
select is_empty(
    $$ select * from core.once_rows(-1, 'api.probe_add', 'k') $$, 'and free again after them'
);
select lives_ok($$ select pg_temp.keep('k', '{"second": true}') $$, 'for another thing');

select is(
    core.once_shown('{"id": 1, "amount": 0.60, "token": "s"}', '{token,csrf}')::text,
    '{ "id" : 1, "amount" : 0.60, "token" : null }',
    'a secret is shown once'
);
select is(core.once_shown('{"id": 1}', '{}')::text, '{"id": 1}', 'where there is one');

select pg_temp.keep('long', to_json(repeat('x', 262142)));
select is(
    (select octet_length(answer::text) from core.once_rows(-1, 'api.probe_add', 'long')), 262144,
    '256 KiB are kept'
);
select pg_temp.keep('longer', to_json(repeat('x', 262143)));
select results_eq(
    $$ select status, answer::text from core.once_rows(-1, 'api.probe_add', 'longer') $$,
    $$ values (201, null::text) $$,
    'of a longer answer, that it was given'
);

create function api.probe_add(_user_id bigint, _amount api.money, _days integer[] default null)
returns json language sql as 'select null::json';
select is(
    core.once_statement('api.probe_add', '{_days,_amount}'),
    'select api.probe_add(_user_id => $1, _amount => ($2)[2]::api.money, '
    '_days => ($2)[1]::integer[])',
    'each text is cast to what its parameter is declared as'
);
select throws_ok(
    $$ select core.once_statement('api.probe_add', '{_amount,"1); drop table data.users; --"}') $$,
    '22023', null, 'a name that is no parameter is refused'
);
select throws_ok(
    $$ select core.once_statement('api.probe_add', '{_user_id}') $$,
    '22023', null, 'as is another owner'
);

select is(
    core.once_answer(sha256('a'), sha256('a'), '{"x": 1}')::text, '{"x": 1}',
    'the same request has the kept answer'
);
select throws_ok(
    $$ select core.once_answer(sha256('a'), sha256('b'), '{}') $$,
    'PT422', null, 'another request is refused'
);
select throws_ok(
    $$ select core.once_answer(sha256('a'), sha256('a'), null) $$,
    'PT409', null, 'what was too long to keep is said to be so'
);

select is(core.once_forget(-1), 4::bigint, 'who leaves takes all keys along');

select * from finish();

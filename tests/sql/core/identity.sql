select plan(9);

insert into data.users (id) values (-1), (-2);
insert into data.accounts (user_id, name, currency, opened_on)
values (-1, 'Mine', 'EUR', '2026-01-01'), (-2, 'Theirs', 'EUR', '2026-01-01');

-- As owner, whose rights every function of api has: the superuser of the tests looks over walls.
create function pg_temp.seen()
returns text
language sql security definer
as $$ select string_agg(name, ' ' order by name) from data.accounts $$;
alter function pg_temp.seen() owner to owner;

select is(pg_temp.seen(), null::text, 'who is nobody sees nothing');
select is(core.identity_take(-1), -1::bigint, 'an identity is taken');
select is(pg_temp.seen(), 'Mine', 'and its rows are seen');
select is(core.identity_take(-2), -2::bigint, 'another one takes its place');
select is(pg_temp.seen(), 'Theirs', 'and shows its own rows alone');
select is(core.identity_take(null), null::bigint, 'nobody is an identity too');
select is(pg_temp.seen(), null::text, 'that sees nothing');

call core.identity_taker('core.identity_take(bigint)', 'a probe of the list itself');
select is(
    (select kind from data.cross_owner_routines where routine = 'core.identity_take(bigint)'),
    'taker', 'a taker stands on the list'
);
select throws_ok(
    $$ call core.identity_taker('core.identity_take(bigint)', 'why') $$, '23514', null,
    'not without a reason'
);

select * from finish();

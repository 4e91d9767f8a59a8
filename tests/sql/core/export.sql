select plan(14);

insert into data.users (id, full_name, password_hash)
values (-1, 'Ann', 'secret'), (-2, 'Bob', 'x');
insert into data.user_emails (email, user_id) values ('ann@example.org', -1);
select core.account_add(-1, 'Checking', 'checking', 'USD', 10, '2026-01-01', null, null);
select core.account_add(-2, 'Other', 'checking', 'USD', 10, '2026-01-01', null, null);
select core.session_issue(-1, sha256('a'), interval '1 hour');
select core.key_add(-1, 'key ' || number, true, null) from generate_series(1, 4) as number;

-- Every page, one after the other.
create function pg_temp.pages(_user_id bigint, _limit integer)
returns table (page integer, relation text, item jsonb) language sql as $$
    with recursive pages as (
        select 1 as number, core.export_page(_user_id, null, _limit)::jsonb as page
        union all
        select number + 1, core.export_page(_user_id, page ->> 'next_cursor', _limit)::jsonb
        from pages
        where page ->> 'next_cursor' is not null
    )
    select number, line ->> 'table', line -> 'row'
    from pages cross join lateral jsonb_array_elements(page -> 'items') as line;
$$;

select results_eq(
    $$ select relation, count(*) from pg_temp.pages(-1, 200) group by 1 order by 1 $$,
    $$ values ('accounts', 1::bigint), ('api_keys', 4), ('login_sessions', 1),
              ('user_emails', 1), ('users', 1) $$,
    'everything of a user, table after table'
);
select is(
    (select item from pg_temp.pages(-1, 200) where relation = 'user_emails') - 'created_at',
    '{"email": "ann@example.org", "verified_at": null}'::jsonb, 'a row is what its table holds'
);
select is_empty(
    $$ select from pg_temp.pages(-1, 200) where item::text ~ '(secret|hash|user_id)' $$,
    'without what opens a door'
);
select results_eq(
    $$ select relation, item from pg_temp.pages(-1, 1) $$,
    $$ select relation, item from pg_temp.pages(-1, 200) $$,
    'pages of one row hold the same as one page'
);
select results_eq(
    $$ select relation, item from pg_temp.pages(-1, 3) $$,
    $$ select relation, item from pg_temp.pages(-1, 200) $$,
    'and so do pages of three'
);
select is((select max(page) from pg_temp.pages(-1, 8)), 1, 'a page that is just full is the last');
select is((select max(page) from pg_temp.pages(-1, 4)), 2, 'half as long, there are two');
select is_empty($$ select from pg_temp.pages(-9, 5) $$, 'nobody owns nothing');

select throws_ok(
    $$ select core.export_page(-1, 'nonsense', 5) $$, 'PT422',
    'cursor must be the next_cursor of an earlier page', 'a cursor is one'
);
select is_empty(
    format(
        'select from jsonb_array_elements(core.export_page(-1, %L, 5)::jsonb -> ''items'') as line'
        ' where line ->> ''table'' < ''t''', core.export_cursor('data.t', '["-2", "0"]')
    ),
    'a made-up cursor is a place in the caller''s own rows'
);

create table data.new_things (
    user_id bigint not null, id bigint not null, pin_hash text, label text,
    primary key (user_id, id)
);
insert into data.new_things values (-1, 1, 'x', 'mine'), (-2, 1, 'x', 'theirs');
select results_eq(
    $$ select item from pg_temp.pages(-1, 200) where relation = 'new_things' $$,
    $$ values ('{"id": 1, "label": "mine"}'::jsonb) $$, 'a new table is in it by itself'
);
select is_empty(
    $$ select from core.export_left() as left_out where to_regclass(left_out.relation) is null $$,
    'what is left out is there to be left out'
);
select is(
    (
        select array_agg(name order by name)
        from unnest('{token_hash,salt,row_hash,user_id,hint,hashed_at,name}'::text[]) as name
        where core.export_hidden(name)
    ),
    '{row_hash,salt,token_hash,user_id}', 'hidden is what ends in hash, salt or secret'
);
select is(
    (select place from core.export_place(core.export_cursor('data.a', '["1", "x"]'))),
    '{1,x}', 'a cursor keeps its place'
);

select * from finish();

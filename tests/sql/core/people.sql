select plan(3);

select results_eq(
    $$ select email, user_id > 0
       from core.people_take('{C@x.example,d@x.example}', '{C,D}', 'CZK', 'Europe/Prague', 'CZ')
       order by email $$,
    $$ values ('c@x.example', true), ('d@x.example', true) $$, 'many sign up at once'
);
select is(
    (select count(*) from data.subcategories where user_id = core.email_owner('d@x.example')),
    (select count(*) from data.category_templates), 'each with categories'
);
select throws_ok(
    $$ select core.people_take('{d@x.example}', '{D}', 'CZK', 'UTC', 'CZ') $$, '23505', null,
    'none of them twice'
);

select * from finish();

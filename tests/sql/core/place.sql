select plan(6);

select results_eq(
    $$ select core.place_text(name, -1250, '2000-01-03', 7) from unnest(
        '{newest,oldest,largest,smallest}'::text[]
    ) as name $$,
    $$ values ('2.7'), ('o2.7'), ('l-1250.2.7'), ('s-1250.2.7') $$, 'a cursor names its order'
);
select is(
    (
        select array_agg(core.place_cents(cursor) || ' ' || core.place_tail(cursor))
        from unnest('{l-1250.2.7,s3.-4.5}'::text[]) as cursor
    ),
    '{-1250 2.7,3 -4.5}', 'and its place is read again'
);
select is(core.place_tail('o2.7'), '2.7', 'by day as well');
select ok(core.place_check(null, 'largest'), 'no cursor is none of any order');
select ok(core.place_check('l-1250.2.7', 'largest'), 'one of the order is taken');
select throws_ok(
    $$ select core.place_check('l-1250.2.7', 'smallest') $$, 'PT422',
    'cursor must be the next_cursor of an earlier page in the same order', 'one of another is not'
);

select * from finish();

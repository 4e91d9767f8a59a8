select plan(10);

select is(core.cursor_text(12, '2025-01-03'), '9134.12', 'a cursor holds a day and a key');
select is(core.cursor_text(12), '0.12', 'a list by key alone has no day');
select is(core.cursor_day('9134.12'), '2025-01-03'::date, 'its day comes back');
select is(core.cursor_id('9134.12'), 12::bigint, 'its key comes back');
select is(core.cursor_day('-36524.7'), '1900-01-01'::date, 'days before 2000 count backwards');
select is(core.cursor_day(null), null::date, 'no cursor is no day');
select ok(core.cursor_check(null), 'no cursor is nothing to check');
select throws_ok(
    $$ select core.cursor_check('12') $$, 'PT422',
    'cursor must be the next_cursor of an earlier page', 'a word of our own making is refused'
);
select throws_ok(
    $$ select core.cursor_check('9134.12;drop') $$, 'PT422',
    'cursor must be the next_cursor of an earlier page', 'as is one with a tail'
);
select throws_ok(
    $$ select core.cursor_check('999999.1') $$, 'PT422',
    'cursor must be the next_cursor of an earlier page', 'as is a day that no list holds'
);

select * from finish();

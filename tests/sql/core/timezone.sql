select plan(4);

select ok(core.timezone_check('America/New_York'), 'a place of the tz database is a zone');
select ok(core.timezone_check('Etc/GMT+5'), 'as is a fixed offset by its name');
select throws_ok(
    $$ select core.timezone_check('Mars/Olympus') $$, 'PT422',
    'timezone must be a name of the tz database, such as America/New_York', 'no such place'
);
select throws_ok(
    $$ select core.timezone_check('Foo/Bar3') $$, 'PT422',
    'timezone must be a name of the tz database, such as America/New_York',
    'what PostgreSQL would take for a POSIX rule is refused'
);

select * from finish();

select plan(6);

select ok(core.version_check(7, null), 'who names no version means whatever stands');
select ok(core.version_check(7, 7), 'or names the one that stands');
select throws_ok(
    'select core.version_check(7, 6)', 'PT412', 'This was edited meanwhile: read it again',
    'an earlier one is refused'
);
select throws_ok(
    'select core.version_check(7, 0)', 'PT412', 'This was edited meanwhile: read it again',
    'as is a version that nothing ever has'
);
select is(core.version_raised(7, 7), 8, 'an edit raises it by one');
select throws_ok(
    'select core.version_raised(7, 8)', 'PT412', 'This was edited meanwhile: read it again',
    'or does not happen'
);

select * from finish();

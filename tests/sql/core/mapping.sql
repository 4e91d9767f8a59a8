select plan(10);

insert into data.users (id, currency) values (-1, 'USD');
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2025-01-01');
insert into data.statement_imports (user_id, id, account_id, format, status, options)
values
    (-1, 1, 1, 'csv', 'booked', '{"mapping": {"date": "Day", "amount": "Sum"},
        "columns": ["Day", "Sum"], "dialect": {"date_order": "dmy", "delimiter": ";"}}'),
    (-1, 2, 1, 'ofx', 'booked', '{"mapping": {"date": "other"}}');

select is(core.mapping_json(-1, 1)::text, null, 'nothing is known before the first file');
select core.mapping_learn(-1, 1), core.mapping_learn(-1, 2);
select is(
    core.mapping_json(-1, 1) ->> 'date_order', 'dmy', 'a CSV file that was booked is remembered'
);
select is(
    core.mapping_fit(-1, 1, '["Sum", "Text", "Day"]') ->> 'amount', 'Sum',
    'it counts for the next file that has its columns'
);
select is(core.mapping_fit(-1, 1, '["Sum", "Text"]'), null, 'and not for one that has not');
select core.mapping_keep(-1, 1, '{"date": "When", "debit": "Out"}');
select is(
    core.mapping_fit(-1, 1, '["When", "Out"]') ->> 'date', 'When', 'what is said takes its place'
);
select throws_ok(
    $$ select core.mapping_keep(-1, 1, '[]') $$, 'PT422', null, 'a mapping is an object'
);
select throws_ok(
    $$ select core.mapping_keep(-1, 9, '{}') $$, 'PT404', null, 'of an account that is there'
);
select throws_ok(
    $$ select core.mapping_keep(-1, 1, '{"date": "When"}') $$, 'PT422',
    'mapping must name the columns of date and amount (or debit, credit), or be {}',
    'that leaves no file unreadable'
);
select lives_ok(
    $$ select core.mapping_keep(-1, 1, '{}') $$, 'an empty one forgets what was said'
);
select is(core.mapping_fit(-1, 1, '["When"]'), null, 'and then the columns are found anew');

select * from finish();

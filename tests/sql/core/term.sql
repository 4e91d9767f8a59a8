select plan(11);
select is(core.term_end('monthly', '2025-02-15'), '2025-03-14', 'a month on, and a day back');
select is(core.term_end('quarterly', '2024-11-01'), '2025-01-31', 'three months');
select is(core.term_end('yearly', '2024-02-28'), '2025-02-27', 'a year');
select is(core.term_end('custom', '2025-01-01'), null, 'a custom period says its own end');
select ok(core.term_check('custom', '2025-01-31', '2025-01-31'), 'one day is a period');
select throws_ok(
    $$ select core.term_check('custom', '2025-01-31', '2025-01-30') $$, 'PT422',
    'ends_on is before starts_on', 'none is not'
);
select throws_ok(
    $$ select core.term_check('monthly', '2025-01-29', '2025-02-27') $$, 'PT422',
    'starts_on must be a day of every month, 1 to 28, unless the period is custom',
    'a day that February lacks would drift'
);
select throws_ok(
    $$ select core.term_check('monthly', '2025-01-01', '2025-01-30') $$, 'PT422',
    'A monthly period from that day ends on 2025-01-31', 'a kind knows its end'
);
select throws_ok(
    $$ select core.term_check('custom', '2025-01-01', '2035-01-09') $$, 'PT422',
    'A period is 3,660 days at most and ends by 2200', 'and ends'
);
select throws_ok(
    $$ select core.term_check('custom', '2025-01-01', null) $$, 'PT422',
    'A custom period needs ends_on, its last day', 'which a custom one says'
);
select throws_ok(
    $$ select core.term_refuse() $$, 'PT409', 'An active period holds some of these days',
    'a refusal is a refusal'
);

select * from finish();

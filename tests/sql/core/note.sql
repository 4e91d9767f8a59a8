select plan(13);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0),
    (-1, 3, 'Euros', 'EUR', '2025-01-01', 0, 0),
    (-1, 4, 'Cash', 'USD', '2025-01-01', 0, 0);
create temporary table booked as
select core.transaction_add(-1, 1, -20, '2025-01-03', 'market') as id;
create temporary table noted as
select core.note_add(-1, (select id from booked), 'for Ann') as id;

select is(
    (select note from core.note_rows(-1, (select id from booked), 0, 9)), 'for Ann',
    'a note is on its booking'
);
select is(
    core.note_json(-1, (select id from booked), (select id from noted)) ->> 'version', '1',
    'in its first version'
);
select is(
    (select change_no from data.transactions where id = (select id from booked)),
    core.clock_read(-1), 'who keeps a copy of the ledger hears of it'
);
select core.note_edit(-1, (select id from booked), (select id from noted), 'for Bea', 1);
select is(
    core.note_json(-1, (select id from booked), (select id from noted)) ->> 'note', 'for Bea',
    'it may be changed'
);
select throws_ok(
    $$
        select core.note_edit(-1, (select id from booked), (select id from noted), 'no', 1)
    $$,
    'PT412', 'This was edited meanwhile: read it again', 'in the version that was read'
);
select throws_ok(
    $$ select core.note_add(-1, (select id from booked), e' \n ') $$, 'PT422',
    'A note says something', 'nothing is no note'
);
select is(core.note_count(-1, (select id from booked)), 1::bigint, 'notes are counted');
select ok(core.note_check('x'), 'a letter is one');
select throws_ok(
    $$ select core.note_home(-2, (select id from booked)) $$, 'PT404', 'No such transaction',
    'a stranger finds no booking'
);
select throws_ok(
    $$ select core.note_touch(-2, (select id from booked)) $$, 'PT404', 'No such transaction',
    'and writes on none'
);
select is(
    core.note_drop(-1, (select id from booked), (select id from noted)),
    (select id from noted), 'a note may go'
);
select throws_ok(
    $$ select core.note_drop(-1, (select id from booked), (select id from noted)) $$, 'PT404',
    'No such note', 'once'
);
insert into data.transaction_notes (user_id, transaction_id, note)
select -1, (select id from booked), 'note ' || number from generate_series(1, 100) as number;
select throws_ok(
    $$ select core.note_add(-1, (select id from booked), 'one more') $$, 'PT409',
    'A transaction has a hundred notes at most', 'a hundred are enough'
);
select * from finish();

select plan(4);
select set_config('app.user_id', '-1', true);

insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC');
insert into data.accounts (
    user_id, id, name, currency, opened_on, opening_balance, current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 100, 100),
    (-1, 2, 'Savings', 'USD', '2025-01-01', 0, 0);
create temporary table noted as
select booked.id, (api.note_add(-1, booked.id, 'for Ann') ->> 'id')::bigint as note_id
from (select core.transaction_add(-1, 1, -20, '2025-01-03', 'market') as id) as booked;

select is(
    (select api.note_list(-1, id) -> 'items' -> 0 ->> 'note' from noted), 'for Ann',
    'a note is listed'
);
select is(
    (select api.note_edit(-1, id, note_id, 'for Bea') ->> 'version' from noted), '2',
    'an edit raises its version'
);
select is((select api.note_drop(-1, id, note_id) ->> 'dropped' from noted), 'true', 'it may go');
select throws_ok(
    $$ select api.note_list(-1, 999999) $$, 'PT404', 'No such transaction',
    'notes are of a booking that is there'
);

select * from finish();

select plan(14);
\ir _import.sql

insert into data.statement_imports (user_id, id, account_id, format, status)
values (-1, 90, 1, 'ofx', 'booked');
insert into data.transactions (
    user_id, id, account_id, amount, transaction_date, description, counterparty, external_id,
    is_pending, import_id, import_hash
)
values
    (-1, 1, 1, -1, '2026-01-05', 'by id', null, 'A1', false, null, null),
    (-1, 2, 1, -2, '2026-01-05', 'pending by id', null, 'A2', true, null, null),
    (-1, 3, 1, -3, '2026-01-05', 'edited since', null, null, false, 90,
        core.import_hash(-300, '2026-01-04', 'as in the file', null)),
    (-1, 4, 1, -4, '2026-01-05', 'texts', 'Baker', null, false, 90, 0),
    (-1, 5, 1, -5, '2026-01-05', 'FITID TEXT', null, 'F5', false, 90, 0),
    (-1, 6, 1, -6, '2026-01-05', 'noted by hand', null, null, false, null, null),
    (-1, 7, 1, -7, '2026-01-05', 'Card payment', 'Kiosk', null, true, null, 0),
    (-1, 8, 1, -8, '2026-01-05', 'two of them', null, null, false, null, null);
insert into data.dropped_transactions (
    user_id, id, change_no, account_id, amount, transaction_date, description, external_id
)
values
    (-1, 20, 1, 1, -20, '2026-01-05', 'dropped', null),
    (-1, 21, 1, 1, -21, '2026-01-05', 'dropped by id', 'A21');

create function pg_temp.pair(_id bigint, _rows jsonb, _restores boolean default false)
returns text language plpgsql as $$
begin
    perform pg_temp.stage(_id, _rows);
    perform core.pair_all(-1, _id, _restores);
    return pg_temp.found(_id);
end;
$$;
select is(
    pg_temp.pair(1, '[[2, "-9", "2026-03-05", "other", {"external_id": "A1"}]]'),
    'bank_id 1', 'the bank''s own id comes first, whatever else differs'
);
select is(
    pg_temp.pair(2, '[[2, "-2.20", "2026-01-07", "posted", {"external_id": "A2"}]]'),
    'bank_id 2+', 'a pending booking with it becomes posted'
);
select is(
    pg_temp.pair(3, '[
        [2, "-50", "2026-01-05", "p", {"external_id": "B"}],
        [3, "-50", "2026-01-05", "q", {"external_id": "B"}],
        [4, "-51", "2026-01-05", "r", {"external_id": "B"}]
    ]'),
    'new, bank_id_in_file, new', 'an id that a file repeats is one booking, unless amounts differ'
);
select is(
    pg_temp.pair(4, '[[2, "-3", "2026-01-04", "As in the file"]]'), 'same 3',
    'a row is known again when its booking was edited'
);
select is(
    pg_temp.pair(5, '[[2, "-4", "2026-01-05", "baker"]]'), 'same_text 4',
    'text of one format is counterparty of another'
);
select is(
    pg_temp.pair(6, '[[2, "-5", "2026-01-05", "quite another text"]]'), 'other_format 5',
    'the bank''s other format said it: same day and amount'
);
select is(
    pg_temp.pair(7, '[[2, "-5", "2026-01-05", "quite another", {"external_id": "X"}]]'), 'new',
    'two ids of the bank are two bookings'
);
select is(
    pg_temp.pair(8, '[
        [2, "-6", "2026-01-09", "SQ KIOSK"], [3, "-6", "2026-01-08", "SQ KIOSK"],
        [4, "-6", "2026-01-02", "SQ KIOSK"]
    ]'),
    'new, manual 6, new', 'what was entered by hand is found within three days, once'
);
select is(
    pg_temp.pair(9, '[[2, "-7", "2026-01-08", "Kiosk 12"], [3, "-7", "2026-01-12", "x"]]'),
    'pending 7+, new', 'a pending payment is posted within a week, by one row'
);
select is(
    pg_temp.pair(10, '[
        [2, "-8", "2026-01-05", "Two of them"], [3, "-8", "2026-01-05", "two of them"]
    ]'),
    'same 8, new', 'of two rows that are alike one is new, when one is known'
);
select is(
    pg_temp.pair(11, '[
        [2, "-20", "2026-01-05", "dropped"], [3, "-21", "2026-02-05", "x", {"external_id": "A21"}]
    ]'),
    'same 20-, bank_id 21-', 'what was dropped stays dropped'
);
select is(
    pg_temp.pair(12, '[
        [2, "-20", "2026-01-05", "dropped"], [3, "-21", "2026-02-05", "x", {"external_id": "A21"}]
    ]', true),
    'new, new', 'unless it is asked for'
);
select is(
    pg_temp.pair(13, '[[2, "-1", "2026-01-04", "x", {"is_pending": true}]]'), 'posted_already 1',
    'an old file says pending of what is posted now'
);
select is(
    core.bankid_posts(-1, 2, true, -2), false, 'a row that is pending posts nothing'
);

select * from finish();

select plan(24);

insert into data.users (id, currency) values (-1, 'USD'), (-2, 'USD');
insert into data.accounts (
    user_id, id, name, currency, opened_on, number_masked, external_id, opening_balance,
    current_balance
)
values
    (-1, 1, 'Checking', 'USD', '2025-01-01', 'NL71RABO0123456789', null, 100, 100),
    (-1, 2, 'Card', 'USD', '2025-01-01', '****4321', 'bank-card', 0, 0),
    (-1, 3, 'Euros', 'EUR', '2025-01-01', null, null, 0, 0),
    (-2, 4, 'Theirs', 'USD', '2025-01-01', null, null, 0, 0);

create function pg_temp.row(
    _line integer, _amount text, _day text, _text text, _more jsonb default '{}'
)
returns jsonb language sql as $$
    select jsonb_build_object(
        'line', _line, 'amount', _amount, 'transaction_date', _day, 'description', _text
    ) || _more;
$$;
-- Sends a file in two parts and answers its import.
create function pg_temp.send(
    _rows jsonb,
    _file jsonb default '{}',
    _account_id bigint default 1,
    _dry_run boolean default false,
    _strict boolean default false,
    _restore boolean default false
)
returns json language plpgsql as $$
declare
    v_file jsonb := '{"part": 0, "format": "csv", "is_last": false}' || _file;
    v_id jsonb := api.import_add(
        -1, v_file - 'fault', '[]', _account_id, _dry_run, _strict, _restore
    ) -> 'upload_id';
begin
    return api.import_add(
        -1,
        v_file || jsonb_build_object('upload_id', v_id, 'part', 1, 'is_last', true),
        _rows, _account_id, _dry_run, _strict, _restore
    );
end;
$$;
create function pg_temp.counts(_import json) returns text language sql as $$
    select concat_ws(
        ' ', _import ->> 'status', _import ->> 'read_count', _import ->> 'new_count',
        _import ->> 'duplicate_count', _import ->> 'rejected_count', _import ->> 'matched_count'
    );
$$;

select set_config('app.user_id', '-1', true);
create temporary table coffee on commit drop as
select jsonb_build_array(
    pg_temp.row(2, '-3.50', '2026-01-05', 'Coffee'),
    pg_temp.row(3, '-3.50', '2026-01-05', 'COFFEE'),
    pg_temp.row(4, '20', '2026-01-06', 'Gift', '{"external_id": "g1"}'),
    pg_temp.row(5, 'x', '2026-01-06', 'bad')
) as rows;

select is(
    pg_temp.counts(pg_temp.send(rows)), 'booked 4 3 0 1 0',
    'good rows are booked, a bad one is told'
) from coffee;
select is(
    (select current_balance from data.accounts where user_id = -1 and id = 1), 113.00,
    'the balance moves by their sum'
);
select is(
    pg_temp.counts(pg_temp.send(rows)), 'booked 4 0 3 1 0', 'a file that comes again adds nothing'
) from coffee;
select is(
    pg_temp.counts(pg_temp.send(rows || (rows -> 0))), 'booked 5 1 3 1 0',
    'a third coffee that looks like the two is one more'
) from coffee;
select is(
    pg_temp.send(rows, _strict => true) ->> 'failure',
    '1 of 4 rows are bad, and strict was asked for: nothing was booked',
    'strict: one bad row, and nothing is booked'
) from coffee;
select is(
    pg_temp.send(rows, '{"fault": {"line": 6, "reason": "it ends in a quote"}}') ->> 'failure',
    'Line 6: it ends in a quote: nothing was booked', 'a file that breaks off books nothing'
) from coffee;

-- A dry run, what it shows, and booking it.
create temporary table preview on commit drop as
select pg_temp.send(jsonb_build_array(
    pg_temp.row(2, '-8', '2026-03-01', 'Lunch'), pg_temp.row(3, '-9', '2026-03-02', 'Dinner')
), _dry_run => true) as import;
select is(pg_temp.counts(import), 'previewed 2 2 0 0 0', 'a dry run tells') from preview;
select is(
    (select count(*)::integer from data.transactions where user_id = -1), 4, 'and books nothing'
);
select core.transaction_add(-1, 1, -9, '2026-03-02', 'Dinner');
select is(
    pg_temp.counts(api.import_book(-1, (import ->> 'id')::bigint)), 'booked 2 1 1 0 0',
    'booked is what was shown as new and still is'
) from preview;
select throws_ok(
    format('select api.import_book(-1, %s)', import ->> 'id'), 'PT409', null,
    'a preview is booked once'
) from preview;
select is(
    (select count(*)::integer from data.staged_rows where user_id = -1), 0,
    'nothing is left of the rows'
);
select throws_ok('select api.import_book(-1, 999)', 'PT404', null, 'no such import');
select throws_ok('select api.import_read(-2, 1)', 'PT404', null, 'an import is its owner''s');

-- Parts.
create temporary table parts on commit drop as
select api.import_add(-1, '{"part": 0}', '[]', 2) ->> 'upload_id' as id;
create function pg_temp.part(_id text, _part integer, _is_last boolean)
returns json language sql as $$
    select api.import_add(
        -1,
        jsonb_build_object(
            'upload_id', _id, 'part', _part, 'is_last', _is_last, 'bytes_read', _part * 10
        ),
        jsonb_build_array(pg_temp.row(_part, '-1', '2026-05-05', 'Part ' || _part)),
        2
    );
$$;
select pg_temp.part(id, 1, false) from parts;
select pg_temp.part(id, 1, false) from parts;
select is(
    (
        select concat_ws(' ', import ->> 'status', import ->> 'read_count', import ->> 'byte_count')
        from parts cross join api.import_read(-1, id::bigint) as import
    ),
    'staged 1 10', 'progress is told while it comes in; a part that comes twice counts once'
);
select throws_ok(
    format('select pg_temp.part(%L, 3, true)', id), 'PT409', null, 'no part may be missing'
) from parts;
select is(
    pg_temp.counts(pg_temp.part(id, 2, true)), 'booked 2 2 0 0 0', 'the last part books all'
) from parts;
select is(
    pg_temp.counts(pg_temp.part(id, 2, true)), 'booked 2 2 0 0 0', 'and answers the same once more'
) from parts;
select is(
    (
        select json_array_length(page -> 'items') || ' ' || (page ->> 'next_cursor' is not null)
        from api.import_list(-1, 2) as page
    ),
    '2 true', 'imports are listed, newest first'
);

-- What was dropped and restored is there again, and no longer dropped.
create temporary table tea on commit drop as
select jsonb_build_array(
    pg_temp.row(2, '-2', '2026-06-05', 'Tea'), pg_temp.row(3, '-2', '2026-06-05', 'Tea'),
    pg_temp.row(4, '-9', '2026-06-05', 'Pot', '{"external_id": "pot"}')
) as rows;
select is(pg_temp.counts(pg_temp.send(rows)), 'booked 3 3 0 0 0', 'two teas and a pot') from tea;
select core.bulk_drop(
    -1, array(select id from data.transactions where user_id = -1 and description in ('Tea', 'Pot'))
);
select is(
    pg_temp.counts(pg_temp.send(rows)), 'booked 3 0 3 0 0', 'what was dropped stays dropped'
) from tea;
create temporary table restored on commit drop as
select pg_temp.send(rows, _restore => true) as import from tea;
select is(pg_temp.counts(import), 'booked 3 3 0 0 0', 'unless it is asked for') from restored;
select is(
    pg_temp.counts(pg_temp.send(rows || (rows -> 0))), 'booked 4 1 3 0 0',
    'then a third tea is a new one, not one that was dropped'
) from tea;
select is(
    api.import_undo(-1, (import ->> 'id')::bigint) ->> 'dropped_count', '3', 'and undone'
) from restored;
select is(
    pg_temp.counts(pg_temp.send(rows || (rows -> 0))), 'booked 4 0 4 0 0',
    'what it restored is dropped as before'
) from tea;

select * from finish();

select plan(8);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 1, 'Checking', 'USD', '2020-01-01');
insert into data.recurring_items (
    user_id, id, kind, name, amount, account_id, frequency, anchor_on, expected_from
)
values (-1, 1, 'expense', 'Rent', -10, 1, 'monthly', '2026-01-10', '2026-01-01');
insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values (-1, 1, -10, '2026-01-11', 'Rent');

create function pg_temp.change(_is_posted boolean, _has_exceptions boolean)
returns text language sql as $$
    select concat_ws(' ', gone_items, gone_days, extras)
    from core.change_row(
        -1, '{1}', '{1}', '2026-01-20', '2026-01-01', '2026-04-30', _is_posted, _has_exceptions
    );
$$;

select is(pg_temp.change(false, false), '', 'a plan without either changes nothing');
select is(pg_temp.change(true, false), '{1} {2026-01-10}', 'what was posted is gone');
select is(
    pg_temp.change(true, true), '{1} {2026-01-10}', 'looking for exceptions finds it too'
);

insert into data.recurring_exceptions (
    user_id, recurring_item_id, occurrence_on, action, moved_to, amount
)
values
    (-1, 1, '2026-02-10', 'skip', null, null),
    (-1, 1, '2026-03-10', 'move', '2026-03-20', -12);

select is(
    (select cardinality(gone_items) from core.change_row(
        -1, '{1}', '{1}', '2026-01-20', '2026-01-01', '2026-04-30', true, true
    )),
    3, 'an occurrence with an exception is gone from where the rule has it'
);
select results_eq(
    $$ select extra.recurring_item_id, extra.occurrence_on, extra.on_day, extra.net_cents,
              extra.reason
       from core.change_row(
           -1, '{1}', '{1}', '2026-01-20', '2026-01-01', '2026-04-30', true, true
       ) as change
       cross join lateral unnest(change.extras) as extra $$,
    $$ values (1::bigint, '2026-03-10'::date, '2026-03-20'::date, -1200::bigint, 'moved') $$,
    'and comes back where the exception puts it'
);

update data.recurring_exceptions set moved_to = '2026-01-15' where action = 'move';
select results_eq(
    $$ select extra.on_day, extra.reason
       from core.change_row(
           -1, '{1}', '{1}', '2026-01-20', '2026-01-01', '2026-04-30', true, true
       ) as change
       cross join lateral unnest(change.extras) as extra $$,
    $$ values ('2026-01-20'::date, 'overdue') $$,
    'moved to a day that has passed it is overdue'
);
update data.transactions set transaction_date = '2026-01-15', amount = -12 where user_id = -1;
select is(
    (select change.extras from core.change_row(
        -1, '{1}', '{1}', '2026-01-20', '2026-01-01', '2026-04-30', true, true
    ) as change),
    null, 'unless it was posted there'
);

select ok(
    (select gone_days from core.change_row(
        -1, '{1}', '{1}', '2026-02-20', '2026-02-12', '2026-02-28', false, true
    )) @> '{2026-02-10}',
    'an exception before the window is known there: its day might roll in'
);

select * from finish();

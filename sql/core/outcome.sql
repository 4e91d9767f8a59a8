-- What became of the rows of the bank's files, and where the bank counts otherwise.

-- What became of the rows: one row per file and outcome, with the first three rows as examples.
create or replace function core.outcome_report()
returns table (file text, kind text, outcome text, row_count bigint, examples text[])
language sql stable parallel safe
as $$
    select
        file,
        kind,
        coalesce(outcome, 'not looked at'),
        count(*),
        (array_agg(format('line %s: %s', line, array_to_string(cells, ';')) order by line))[1:3]
    from data.berka_rows
    group by file, kind, outcome
    order by file, outcome;
$$;

-- Where the bank's own balances, rounded to 0.1 by the bank, differ from the sum of the bookings.
-- One row: days of accounts compared, how many differ, how many by more than one crown, the largest
-- difference and where it is. The order of rows inside a day is not that of booking, so a day
-- agrees when any of its rows says what its end says.
create or replace function core.outcome_differences()
returns table (
    day_count bigint,
    differing_count bigint,
    over_one_count bigint,
    largest numeric,
    account text,
    on_day date
)
language sql
as $$
    select core.load_analyze('{data.berka_rows,data.transactions}');

    with said as materialized (
        select user_id, account_id, on_day, cells[2] as account, cells[7]::numeric as balance
        from data.berka_rows
        where kind = 'booking'
          and outcome in ('loaded', 'known')
    ),
    sums as materialized (
        select
            booking.user_id,
            booking.account_id,
            booking.transaction_date as on_day,
            account.opening_balance + sum(sum(booking.amount)) over (
                partition by booking.user_id, booking.account_id
                order by booking.transaction_date
            ) as balance
        from data.transactions as booking
        inner join data.accounts as account
            on account.user_id = booking.user_id and account.id = booking.account_id
        where (booking.user_id, booking.account_id) in (select user_id, account_id from said)
        group by
            booking.user_id, booking.account_id, booking.transaction_date, account.opening_balance
    ),
    days as (
        select
            said.account,
            said.on_day,
            min(abs(sums.balance - said.balance)) as difference
        from said
        inner join sums
            on sums.user_id = said.user_id
            and sums.account_id = said.account_id
            and sums.on_day = said.on_day
        group by said.account, said.on_day
    )
    select
        count(*),
        count(*) filter (where difference > 0),
        count(*) filter (where difference > 1),
        max(difference),
        (array_agg(account order by difference desc, on_day))[1],
        (array_agg(on_day order by difference desc, on_day))[1]
    from days;
$$;
call core.cross_owner(
    'core.outcome_differences()', 'the report of a load adds up what it booked for everybody'
);

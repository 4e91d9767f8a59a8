-- Bookings of the bank's files, the third step of berka.sql.

-- Books what is not booked yet and moves every balance by the sum; returns how many are new.
-- Each booking goes to the category that its symbol or its operation names.
create or replace function core.booking_take()
returns bigint
language sql
as $$
    -- A tick for each owner, in the order of their keys, before anything is locked.
    insert into data.ledger_clocks as clock (user_id, change_no)
    select row.user_id, 1
    from data.berka_rows as row
    where row.kind = 'booking'
      and row.outcome is null
    group by row.user_id
    order by row.user_id
    on conflict (user_id) do update set change_no = clock.change_no + 1;

    select core.booking_open();

    with names as materialized (
        select user_id, name, min(id) as subcategory_id
        from data.subcategories
        where name in (select subcategory from core.czech_words())
        group by user_id, name
    ),
    added as (
        insert into data.transactions (
            user_id, account_id, amount, transaction_date, posted_at, description, counterparty,
            subcategory_id, external_id, change_no
        )
        select
            row.user_id,
            row.account_id,
            row.amount,
            row.on_day,
            row.on_day::timestamp at time zone 'Europe/Prague',
            concat_ws(', ', symbol.meaning, coalesce(operation.meaning, type.meaning)),
            core.czech_counterparty(row.cells[9], row.cells[10]),
            names.subcategory_id,
            row.cells[1],
            clock.change_no
        from data.berka_rows as row
        inner join data.ledger_clocks as clock on clock.user_id = row.user_id
        inner join core.czech_words() as type on type.part = 'type' and type.word = row.cells[4]
        left join core.czech_words() as operation
            on operation.part = 'operation' and operation.word = row.cells[5]
        left join core.czech_words() as symbol
            on symbol.part = 'symbol' and symbol.word = row.cells[8]
        left join names
            on names.user_id = row.user_id
            and names.name = coalesce(symbol.subcategory, operation.subcategory)
        where row.kind = 'booking'
          and row.outcome is null
        order by row.user_id, row.on_day, row.cells[1]::bigint
        on conflict (user_id, account_id, external_id) where external_id is not null do nothing
        returning user_id, account_id, external_id, amount
    ),
    moves as (
        select user_id, account_id, sum(amount) as amount
        from added
        group by user_id, account_id
    ),
    balanced as (
        update data.accounts as account
        set current_balance = core.balance_moved(account.current_balance, moves.amount),
            updated_at = now()
        from moves
        where account.user_id = moves.user_id
          and account.id = moves.account_id
    ),
    marked as (
        update data.berka_rows
        set outcome = case
            when (user_id, account_id, cells[1]) in (
                select user_id, account_id, external_id from added
            ) then 'loaded'
            else 'known'
        end
        where kind = 'booking'
          and outcome is null
    )
    select count(*) from added;
$$;
call core.cross_owner('core.booking_take()', 'a load books for many people at once');

-- Gives an account that nothing is booked on what the bank says that it held before the first
-- booking: its balance less its amount, or nothing when a booking of the first day opened it.
-- Returns how many accounts did not begin empty.
create or replace function core.booking_open()
returns bigint
language sql
as $$
    with firsts as (
        select distinct on (row.user_id, row.account_id)
            row.user_id,
            row.account_id,
            row.cells[7]::numeric(14, 2) - row.amount as held
        from data.berka_rows as row
        where row.kind = 'booking'
          and row.outcome is null
        order by
            row.user_id,
            row.account_id,
            row.on_day,
            row.cells[7]::numeric = row.amount desc,
            row.cells[1]::bigint
    ),
    opened as (
        update data.accounts as account
        set opening_balance = account.opening_balance + firsts.held,
            current_balance = core.balance_moved(account.current_balance, firsts.held)
        from firsts
        where account.user_id = firsts.user_id
          and account.id = firsts.account_id
          and firsts.held <> 0
          and not exists (
                select from data.transactions as booking
                where booking.user_id = account.user_id and booking.account_id = account.id
            )
        returning 1
    )
    select count(*) from opened;
$$;

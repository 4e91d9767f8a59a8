-- Bookings of the bank's files, the third step of berka.sql.

-- Books what is not booked yet and moves every balance by the sum; returns how many are new.
-- An account without a booking so far begins with what the bank says that it held before the first
-- one: balance less amount, or nothing when a booking of the first day opened it.
create or replace function core.booking_take()
returns bigint
language sql
as $$
    with bookings as materialized (
        select
            row.file,
            row.line,
            place.user_id,
            place.account_id,
            row.cells[1] as external_id,
            core.czech_day(row.cells[3]) as transaction_date,
            type.direction * row.cells[6]::numeric(14, 2) as amount,
            row.cells[7]::numeric(14, 2) as balance,
            concat_ws(', ', symbol.meaning, coalesce(operation.meaning, type.meaning)) as description,
            core.czech_counterparty(row.cells[9], row.cells[10]) as counterparty,
            coalesce(symbol.subcategory, operation.subcategory) as subcategory,
            row_number() over (
                partition by place.account_id, row.cells[1] order by row.file, row.line
            ) as time
        from data.berka_rows as row
        join core.berka_accounts() as place on place.account = row.cells[2]
        join core.czech_words() as type on type.part = 'type' and type.word = row.cells[4]
        left join core.czech_words() as operation
            on operation.part = 'operation' and operation.word = row.cells[5]
        left join core.czech_words() as symbol
            on symbol.part = 'symbol' and symbol.word = row.cells[8]
        where row.kind = 'booking'
          and row.outcome is null
    ),
    names as materialized (
        select user_id, name, min(id) as subcategory_id
        from data.subcategories
        where name in (select subcategory from core.czech_words())
        group by user_id, name
    ),
    openings as (
        select distinct on (booking.user_id, booking.account_id)
            booking.user_id,
            booking.account_id,
            booking.balance - booking.amount as opening_balance
        from bookings as booking
        where not exists (
            select from data.transactions as earlier
            where earlier.user_id = booking.user_id and earlier.account_id = booking.account_id
        )
        order by
            booking.user_id,
            booking.account_id,
            booking.transaction_date,
            booking.balance = booking.amount desc,
            booking.external_id::bigint
    ),
    added as (
        insert into data.transactions (
            user_id, account_id, amount, transaction_date, posted_at, description, counterparty,
            subcategory_id, external_id
        )
        select
            booking.user_id, booking.account_id, booking.amount, booking.transaction_date,
            booking.transaction_date::timestamp at time zone 'Europe/Prague',
            booking.description, booking.counterparty, names.subcategory_id, booking.external_id
        from bookings as booking
        left join names
            on names.user_id = booking.user_id and names.name = booking.subcategory
        where booking.time = 1
        order by booking.user_id, booking.transaction_date, booking.external_id::bigint
        on conflict (user_id, account_id, external_id) where external_id is not null do nothing
        returning user_id, account_id, external_id, amount
    ),
    moves as (
        select
            added.user_id,
            added.account_id,
            sum(added.amount) as amount,
            coalesce(max(openings.opening_balance), 0) as opening_balance
        from added
        left join openings
            on openings.user_id = added.user_id and openings.account_id = added.account_id
        group by added.user_id, added.account_id
    ),
    balanced as (
        update data.accounts as account
        set opening_balance = account.opening_balance + moves.opening_balance,
            current_balance = core.balance_moved(
                account.current_balance, moves.opening_balance + moves.amount
            ),
            updated_at = now()
        from moves
        where account.user_id = moves.user_id
          and account.id = moves.account_id
    ),
    marked as (
        update data.berka_rows as row
        set outcome = case
            when booking.line is null then 'its account is not among the accounts'
            when booking.time > 1 then 'the files hold this number twice'
            when added.external_id is not null then 'loaded'
            else 'known'
        end
        from data.berka_rows as waiting
        left join bookings as booking
            on booking.file = waiting.file and booking.line = waiting.line
        left join added
            on added.account_id = booking.account_id and added.external_id = booking.external_id
        where row.kind = 'booking'
          and row.outcome is null
          and waiting.file = row.file
          and waiting.line = row.line
    )
    select count(*) from added;
$$;

-- Standing orders of the bank's files, the fourth step of berka.sql.

-- Makes a monthly expense of every standing order that is not known yet; returns how many are new.
-- The files give no day. The ledger does where it holds transfers of that amount to that
-- counterparty: the most frequent day of the last six, counted from the month of the last one. An
-- order that the ledger does not show begins on the first of the month after the ledger ends.
-- Nothing counts as overdue before the end of the ledger. Bookings are not linked to the orders:
-- the orders are the truth that detection is measured by, so the ledger must not give them away.
create or replace function core.standing_take()
returns bigint
language sql
as $$
    select core.load_analyze('{data.transactions}');

    with orders as materialized (
        select
            row.user_id,
            row.account_id,
            row.cells[1] as external_id,
            row.amount,
            coalesce(symbol.meaning, 'Standing order') as meaning,
            symbol.subcategory,
            core.czech_counterparty(row.cells[3], row.cells[4]) as counterparty
        from data.berka_rows as row
        left join core.czech_words() as symbol
            on symbol.part = 'symbol' and symbol.word = row.cells[6]
        where row.kind = 'order'
          and row.outcome is null
    ),
    names as materialized (
        select user_id, name, min(id) as subcategory_id
        from data.subcategories
        where name in (select subcategory from core.czech_words())
        group by user_id, name
    ),
    ends as materialized (
        select
            account.user_id,
            account.id as account_id,
            coalesce(max(booking.transaction_date), account.opened_on) as ends_on
        from data.accounts as account
        left join data.transactions as booking
            on booking.user_id = account.user_id and booking.account_id = account.id
        where (account.user_id, account.id) in (select user_id, account_id from orders)
        group by account.user_id, account.id, account.opened_on
    ),
    transfers as (
        select
            orders.user_id,
            orders.external_id,
            booking.transaction_date,
            row_number() over (
                partition by orders.user_id, orders.external_id
                order by booking.transaction_date desc
            ) as place
        from orders
        inner join data.transactions as booking
            on booking.user_id = orders.user_id
            and booking.account_id = orders.account_id
            and booking.amount = orders.amount
            and booking.counterparty = orders.counterparty
    ),
    rhythms as materialized (
        select
            user_id,
            external_id,
            date_trunc('month', max(transaction_date)::timestamp)::date as month_on,
            mode() within group (
                order by extract(day from transaction_date)::integer
            ) filter (where place <= 6) as day
        from transfers
        group by user_id, external_id
    ),
    added as (
        insert into data.recurring_items (
            user_id, kind, name, amount, account_id, subcategory_id, counterparty, external_id,
            frequency, anchor_on, expected_from
        )
        select
            orders.user_id,
            'expense',
            concat_ws(' to ', orders.meaning, orders.counterparty),
            orders.amount,
            orders.account_id,
            names.subcategory_id,
            orders.counterparty,
            orders.external_id,
            'monthly',
            coalesce(
                rhythms.month_on + least(rhythms.day, month.day_count) - 1,
                (date_trunc('month', ends.ends_on::timestamp) + interval '1 month')::date
            ),
            ends.ends_on + 1
        from orders
        inner join ends on ends.user_id = orders.user_id and ends.account_id = orders.account_id
        left join names on names.user_id = orders.user_id and names.name = orders.subcategory
        left join rhythms
            on rhythms.user_id = orders.user_id and rhythms.external_id = orders.external_id
        left join data.months as month on month.first_on = rhythms.month_on
        order by orders.user_id, orders.external_id::bigint
        on conflict (user_id, external_id) where external_id is not null do nothing
        returning user_id, external_id
    ),
    marked as (
        update data.berka_rows
        set outcome = case
            when (user_id, cells[1]) in (select user_id, external_id from added) then 'loaded'
            else 'known'
        end
        where kind = 'order'
          and outcome is null
    )
    select count(*) from added;
$$;
call core.cross_owner('core.standing_take()', 'a load takes the orders of many people at once');

-- What is known of spending over many users: a summary by user, currency, month and subcategory for
-- questions that no one user's ledger can answer, and when it was made.
-- depends: 0037.spending_words
-- The view is new: nobody waits for its index.
-- squawk-ignore-file require-concurrent-index-creation

set lock_timeout = '3s';

-- It belongs to the steward: refreshed with the rights of owner it would see the rows of nobody. To
-- refresh it beside its readers PostgreSQL makes a temporary table, with the rights of its owner.
reset role;
do $$
begin
    execute pg_catalog.format(
        'grant temporary on database %I to steward', pg_catalog.current_database()
    );
end;
$$;
set role owner;
grant create on schema mart to steward;

-- Months are cut by arithmetic on the day alone: truncating a date would go by way of a timestamp
-- with time zone, and the month would be that of whoever refreshes. Its amounts are those of the
-- legs that the ledger's sums are made of: no transfers, split bookings as their parts.
create materialized view mart.user_spending_summary as
with legs as (
    select
        booking.user_id,
        booking.account_id,
        booking.transaction_date,
        booking.subcategory_id,
        booking.amount
    from data.transactions as booking
    where booking.transfer_id is null
      and not exists (
          select
          from data.transaction_splits as part
          where part.user_id = booking.user_id
            and part.transaction_id = booking.id
      )
    union all
    select
        booking.user_id,
        booking.account_id,
        booking.transaction_date,
        part.subcategory_id,
        part.amount
    from data.transaction_splits as part
    inner join data.transactions as booking
        on booking.user_id = part.user_id
        and booking.id = part.transaction_id
    where booking.transfer_id is null
)
select
    legs.user_id,
    account.currency,
    legs.transaction_date - (extract(day from legs.transaction_date)::integer - 1) as month_on,
    coalesce(legs.subcategory_id, 0) as subcategory_id,
    coalesce(-sum(legs.amount) filter (where legs.amount < 0), 0)::numeric(20, 2) as spent,
    coalesce(sum(legs.amount) filter (where legs.amount >= 0), 0)::numeric(20, 2) as received,
    (count(*) filter (where legs.amount < 0))::integer as spent_count,
    (count(*) filter (where legs.amount >= 0))::integer as received_count
from legs
inner join data.accounts as account
    on account.user_id = legs.user_id
    and account.id = legs.account_id
group by 1, 2, 3, 4;

create unique index user_spending_summary_month
    on mart.user_spending_summary (currency, month_on, user_id, subcategory_id);
comment on index mart.user_spending_summary_month is
    'core.mart_refresh: refreshing beside readers needs it; core.summary_medians: one month of all '
    'users';
comment on materialized view mart.user_spending_summary is
    'spending of every user by currency, month and subcategory (0: none), as of the last '
    'core.mart_refresh; for questions over many users, never for what one is told of themselves';
alter materialized view mart.user_spending_summary owner to steward;

create table data.mart_refreshes (
    relation text primary key,
    refreshed_at timestamptz not null,
    took_ms integer not null,
    row_count bigint not null,
    constraint took_is_a_duration check (took_ms >= 0),
    constraint rows_are_counted check (row_count >= 0)
);
comment on table data.mart_refreshes is
    'reference: when each summary of mart was made last, by core.mart_refresh';
comment on column data.mart_refreshes.refreshed_at is
    'what was committed before this moment is in it';

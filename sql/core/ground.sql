-- The ground that a plan stands on: whose, since when, which accounts, with how much.

-- The ground of a plan; no row for an unknown user. as_of: today where nothing is said, never
-- after start_on. active: the accounts whose items are scheduled. covered: the accounts whose
-- money is counted, which are the active ones in the user's currency, or _account_id alone.
-- excluded: active accounts in another currency. opening_cents: balance of the covered ones with
-- all that is booked up to as_of. due_from: first day on which something overdue may be, at most
-- 31 days back. is_posted: some booking of the last 46 days is linked to an active item, or is of
-- its amount or counterparty; without one nothing was posted, and looking for it costs as much as
-- the plan. _drafts: see core.variant_items.
create or replace function core.ground_row(
    _user_id bigint,
    _as_of date,
    _start date default null,
    _account_id bigint default null,
    _drafts data.recurring_items[] default null
)
returns table (
    as_of date,
    start_on date,
    currency text,
    healthy_cents bigint,
    warning_cents bigint,
    reserve_cents bigint,
    active bigint[],
    covered bigint[],
    excluded bigint[],
    opening_cents bigint,
    due_from date,
    is_posted boolean,
    has_exceptions boolean
)
language sql stable parallel safe
as $$
    select
        days.as_of,
        coalesce(_start, days.as_of),
        coalesce(held.currency, person.currency),
        (person.healthy_from * 100)::bigint,
        (person.warning_from * 100)::bigint,
        (person.reserve * 100)::bigint,
        held.active,
        held.covered,
        held.excluded,
        held.cents - booked.later_cents,
        greatest(days.as_of - 31, least(days.as_of, scheduled.expected_from)),
        coalesce(scheduled.is_posted, false),
        exists (select from data.recurring_exceptions where user_id = _user_id)
    from data.users as person
    cross join lateral (
        select given.as_of, given.as_of - 46 as known_from
        from (
            select least(
                coalesce(_as_of, (now() at time zone person.timezone)::date), _start
            ) as as_of
        ) as given
        offset 0
    ) as days
    cross join lateral (
        select
            coalesce(array_agg(account.id) filter (where account.is_active), '{}') as active,
            coalesce(array_agg(account.id) filter (where account.is_covered), '{}') as covered,
            coalesce(
                array_agg(account.id) filter (
                    where account.is_active and account.currency <> person.currency
                ),
                '{}'
            ) as excluded,
            core.cents_sum((account.current_balance * 100)::bigint) filter (
                where account.is_covered
            ) as cents,
            min(account.currency) filter (where account.id = _account_id) as currency
        from (
            select
                id,
                is_active,
                currency,
                current_balance,
                case
                    when _account_id is null then is_active and currency = person.currency
                    else id = _account_id
                end as is_covered
            from data.accounts
            where user_id = _user_id
        ) as account
        offset 0
    ) as held
    cross join lateral (
        select
            core.cents_sum(booking.cents) filter (
                where booking.transaction_date > days.as_of
                  and booking.account_id = any (held.covered)
            ) as later_cents,
            array_agg(booking.cents) filter (
                where booking.transaction_date <= days.as_of
            ) as amounts,
            array_agg(booking.recurring_item_id) filter (
                where booking.recurring_item_id is not null
            ) as items,
            array_agg(lower(booking.counterparty)) filter (
                where booking.counterparty is not null
                  and booking.transaction_date <= days.as_of
            ) as counterparties
        from (
            select
                transaction_date,
                account_id,
                recurring_item_id,
                counterparty,
                (amount * 100)::bigint as cents
            from data.transactions
            where user_id = _user_id
              -- A bare column: behind row-level security, a difference could not search an index.
              and transaction_date >= days.known_from
        ) as booking
        offset 0
    ) as booked
    cross join lateral (
        select
            min(item.expected_from) as expected_from,
            bool_or(
                case item.kind when 'transfer' then -item.amount_cents else item.amount_cents end
                    = any (booked.amounts)
                or item.id = any (booked.items)
                or lower(item.counterparty) = any (booked.counterparties)
            ) as is_posted
        from core.variant_items(_user_id, _drafts) as item
        where item.is_active
    ) as scheduled
    where person.id = _user_id
    offset 0;
$$;

-- Balance of an account in cents with all that is booked up to a day; null for an unknown account.
create or replace function core.ground_balance(_user_id bigint, _account_id bigint, _as_of date)
returns bigint
language sql stable parallel safe
as $$
    select (account.current_balance * 100)::bigint - (
        select core.cents_sum((booked.amount * 100)::bigint) filter (
            where booked.account_id = _account_id
        )
        from data.transactions as booked
        where booked.user_id = _user_id
          and booked.transaction_date > _as_of
    )
    from data.accounts as account
    where account.user_id = _user_id
      and account.id = _account_id;
$$;

-- Where a plan starts and what of the schedule still counts: balances on a day, what was posted
-- already, what is overdue.

-- The ground of a plan; no row for an unknown user. as_of: today where nothing is said, never after
-- start_on. covered: the accounts whose money is counted, which are the active ones in the user's
-- currency, or _account_id alone. active: those whose items are scheduled. excluded: active accounts
-- in another currency. opening_cents: balance of the covered ones with all that is booked up to as_of.
create or replace function core.plan_ground(
    _user_id bigint, _as_of date, _start date default null, _account_id bigint default null
)
returns table (
    as_of date,
    start_on date,
    currency text,
    healthy_cents bigint,
    warning_cents bigint,
    reserve_cents bigint,
    covered bigint[],
    active bigint[],
    excluded bigint[],
    opening_cents bigint
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
        coalesce(held.covered, '{}'),
        coalesce(held.active, '{}'),
        coalesce(held.excluded, '{}'),
        held.cents - later.cents
    from data.users as person
    cross join lateral (
        select least(
            coalesce(_as_of, (now() at time zone person.timezone)::date), _start
        ) as as_of
    ) as days
    cross join lateral (
        select
            array_agg(account.id) filter (where account.is_covered) as covered,
            array_agg(account.id) filter (where account.is_active) as active,
            array_agg(account.id) filter (
                where account.is_active and account.currency <> person.currency
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
    ) as held
    cross join lateral (
        select coalesce(
            core.cents_sum((booked.amount * 100)::bigint) filter (
                where booked.account_id = any (held.covered)
            ),
            0
        ) as cents
        from data.transactions as booked
        where booked.user_id = _user_id
          and booked.transaction_date > days.as_of
    ) as later
    where person.id = _user_id;
$$;

-- Occurrences that a booking has taken the place of, as of a day; later bookings are not looked at.
-- A booking takes the occurrence of the item that it is linked to; one that is linked to none takes an
-- alike occurrence: on the same account, of the same amount to the cent, and from the same counterparty
-- where both name one (then the amount may differ by a tenth). Best pair first: linked before alike; on
-- the day, then up to 3 days early, then up to 10 days late, then, if linked, up to 15 days early or 31
-- late; the nearer day before the farther. Each booking takes one occurrence, a transfer is taken by
-- the leg that leaves. Shape: one row per occurrence that is taken, no order.
create or replace function core.plan_posted(_user_id bigint, _as_of date)
returns table (recurring_item_id bigint, occurrence_on date, transaction_id bigint)
language plpgsql stable parallel safe
as $$
#variable_conflict use_column
declare
    v_pair record;
    v_places bigint[] := '{}';
    v_bookings bigint[] := '{}';
begin
    -- A loop, because every choice takes its booking and its occurrence away from all pairs after it.
    for v_pair in
        with near as materialized (
            select
                row_number() over () as place,
                occurrence.recurring_item_id,
                occurrence.occurrence_on,
                occurrence.on_day,
                occurrence.account_id,
                lower(occurrence.counterparty) as counterparty,
                case occurrence.kind
                    when 'transfer' then -occurrence.amount_cents
                    else occurrence.amount_cents
                end as cents
            from core.occurrence_rows(_user_id, _as_of - 41, _as_of + 15) as occurrence
        ),
        bookings as materialized (
            select
                id,
                account_id,
                recurring_item_id,
                transaction_date,
                lower(counterparty) as counterparty,
                (amount * 100)::bigint as cents
            from data.transactions
            where user_id = _user_id
              and transaction_date between _as_of - 56 and _as_of
        ),
        pairs as (
            select near.*, booking.id, true as is_linked, booking.transaction_date - near.on_day as late
            from bookings as booking
            inner join near on near.recurring_item_id = booking.recurring_item_id
            where booking.transaction_date - near.on_day between -15 and 31
              and sign(booking.cents) = sign(near.cents)

            union all

            select near.*, booking.id, false, booking.transaction_date - near.on_day
            from bookings as booking
            inner join near on near.account_id = booking.account_id
            where booking.recurring_item_id is null
              and booking.transaction_date - near.on_day between -3 and 10
              and case
                  when near.counterparty = booking.counterparty
                      then sign(booking.cents) = sign(near.cents)
                          and abs(booking.cents - near.cents) * 10 <= abs(near.cents)
                  when near.counterparty <> booking.counterparty then false
                  else booking.cents = near.cents
              end
        )
        select place, recurring_item_id, occurrence_on, id
        from pairs
        order by
            is_linked desc,
            case
                when late = 0 then 0
                when late between -3 and -1 then 1
                when late between 1 and 10 then 2
                else 3
            end,
            abs(late),
            on_day,
            recurring_item_id,
            occurrence_on,
            id
    loop
        continue when v_pair.place = any (v_places) or v_pair.id = any (v_bookings);
        v_places := v_places || v_pair.place;
        v_bookings := v_bookings || v_pair.id;
        recurring_item_id := v_pair.recurring_item_id;
        occurrence_on := v_pair.occurrence_on;
        transaction_id := v_pair.id;
        return next;
    end loop;
end;
$$;

-- What is still to come from _as_of to _to: the schedule, less what was posted, with what is overdue on
-- the first day (unless _has_overdue is false). Overdue: due in the 31 days before _as_of, expected by
-- then, and not posted. Shape: one row per occurrence, no order; as core.occurrence_rows, with the day
-- on which the plan counts it.
create or replace function core.plan_rows(
    _user_id bigint, _as_of date, _to date, _has_overdue boolean
)
returns table (
    recurring_item_id bigint,
    occurrence_on date,
    on_day date,
    kind text,
    amount_cents bigint,
    account_id bigint,
    to_account_id bigint,
    reason text
)
language sql stable parallel safe
as $$
    select
        occurrence.recurring_item_id,
        occurrence.occurrence_on,
        greatest(occurrence.on_day, _as_of),
        occurrence.kind,
        occurrence.amount_cents,
        occurrence.account_id,
        occurrence.to_account_id,
        case when occurrence.on_day < _as_of then 'overdue' else occurrence.reason end
    from core.occurrence_rows(_user_id, _as_of - 31, _to) as occurrence
    where (
            occurrence.on_day >= _as_of
            or (_has_overdue and occurrence.on_day >= occurrence.expected_from)
        )
      and (
          occurrence.on_day > _as_of + 15
          or (occurrence.recurring_item_id, occurrence.occurrence_on) not in (
              select posted.recurring_item_id, posted.occurrence_on
              from core.plan_posted(_user_id, _as_of) as posted
          )
      );
$$;

-- What the plan does to the money of the covered accounts, from _as_of to _to: core.plan_rows of items
-- whose accounts are active, with net_cents, positive for income. A transfer between two covered
-- accounts changes nothing, one that leaves them is spending, one that comes in is income.
create or replace function core.plan_flows(
    _user_id bigint,
    _covered bigint[],
    _active bigint[],
    _as_of date,
    _to date,
    _has_overdue boolean
)
returns table (
    recurring_item_id bigint,
    occurrence_on date,
    on_day date,
    kind text,
    amount_cents bigint,
    account_id bigint,
    to_account_id bigint,
    reason text,
    net_cents bigint
)
language sql stable parallel safe
as $$
    select
        due.recurring_item_id,
        due.occurrence_on,
        due.on_day,
        due.kind,
        due.amount_cents,
        due.account_id,
        due.to_account_id,
        due.reason,
        due.amount_cents * case due.kind
            when 'transfer' then (due.to_account_id = any (_covered))::integer
                - (due.account_id = any (_covered))::integer
            else (due.account_id = any (_covered))::integer
        end
    from core.plan_rows(_user_id, _as_of, _to, _has_overdue) as due
    where due.account_id = any (_active)
      and (due.to_account_id is null or due.to_account_id = any (_active));
$$;

-- Balance of an account in cents with all that is booked up to a day; null for an unknown account.
create or replace function core.plan_balance(_user_id bigint, _account_id bigint, _as_of date)
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

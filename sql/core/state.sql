-- State: what an owner's ledger says of each account as of a day, in a few numbers. Nothing that
-- was booked later is read.

-- What a state stands on besides the bookings, to be compared: currency and balance of each active
-- account by key, and the owner's currency. Empty without an account.
create or replace function core.state_held(_user_id bigint)
returns text
language sql stable parallel safe
as $$
    select (
        select concat_ws(
            ' ',
            max(person.currency),
            string_agg(
                concat_ws(' ', account.id, account.currency, account.current_balance), ' '
                order by account.id
            )
        )
        from data.users as person
        inner join data.accounts as account
            on account.user_id = person.id and account.is_active
        where person.id = _user_id
    );
$$;

-- The states of one owner as of a day: one row per active account, and one with account_id 0 for
-- all covered accounts together (those of core.ground_row); no order. See data.expectation_states
-- for the columns. Balances of past days are the balance of today less what was booked since. In
-- the row of all, transfers are neither income nor spending. plpgsql for its kept plan.
-- Formulas, with n = min(history, window) days: scale = income / (n / 30.4375), pace and thrift
-- from rates of the same kind; sway = sd(balance - balance 30 days before).
create or replace function core.state_rows(_user_id bigint, _as_of date)
returns setof data.expectation_states
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
#variable_conflict use_column
begin
    return query
    with held as materialized (
        select
            account.id,
            account.currency = person.currency as is_covered,
            (account.current_balance * 100)::bigint as cents
        from data.users as person
        inner join data.accounts as account
            on account.user_id = person.id and account.is_active
        where person.id = _user_id
    ),
    booked as materialized (
        select
            booking.account_id,
            _as_of - booking.transaction_date as age,
            booking.transfer_id is not null as is_transfer,
            (booking.amount * 100)::bigint as cents
        from data.transactions as booking
        where booking.user_id = _user_id
          and booking.transaction_date > _as_of - 401
    ),
    scopes as (
        select held.id as account_id, held.id as scope from held
        union all
        select held.id, 0 from held where held.is_covered
    ),
    flows as materialized (
        select
            scopes.scope,
            booked.age,
            core.cents_sum(booked.cents) as cents,
            core.cents_sum(booked.cents) filter (
                where booked.cents > 0 and (scopes.scope > 0 or not booked.is_transfer)
            ) as income,
            core.cents_sum(booked.cents) filter (
                where booked.cents < 0 and (scopes.scope > 0 or not booked.is_transfer)
            ) as spending
        from booked
        inner join scopes on scopes.account_id = booked.account_id
        group by scopes.scope, booked.age
    ),
    starts as materialized (
        select
            known.scope,
            known.cents - coalesce(moved.later_cents, 0) as cents,
            coalesce(moved.first_age + 1, 0) as history_days,
            coalesce(moved.income, 0)::double precision as income,
            coalesce(moved.income_90, 0)::double precision as income_90,
            coalesce(-moved.spending, 0)::double precision as spending,
            coalesce(-moved.spending_180, 0)::double precision as spending_180
        from (
            select scopes.scope, core.cents_sum(held.cents) as cents
            from scopes
            inner join held on held.id = scopes.account_id
            group by scopes.scope
        ) as known
        left join (
            select
                flows.scope,
                core.cents_sum(flows.cents) filter (where flows.age < 0) as later_cents,
                max(flows.age) filter (where flows.age >= 0) as first_age,
                core.cents_sum(flows.income) filter (where flows.age between 0 and 364) as income,
                core.cents_sum(flows.income) filter (where flows.age between 0 and 89) as income_90,
                core.cents_sum(flows.spending) filter (
                    where flows.age between 0 and 364
                ) as spending,
                core.cents_sum(flows.spending) filter (
                    where flows.age between 0 and 179
                ) as spending_180
            from flows
            group by flows.scope
        ) as moved on moved.scope = known.scope
    ),
    past as materialized (
        select
            starts.scope,
            ages.age,
            extract(day from _as_of - ages.age)::integer as month_day,
            (starts.cents - coalesce(sum(flows.cents) over (
                partition by starts.scope
                order by ages.age
                rows between unbounded preceding and 1 preceding
            ), 0))::double precision as balance
        from starts
        cross join generate_series(0, 179) as ages (age)
        left join flows on flows.scope = starts.scope and flows.age = ages.age
        where ages.age < greatest(starts.history_days, 1)
    ),
    means as (
        select
            back.scope,
            avg(back.balance) filter (where back.age < 90) as mean_90,
            avg(back.balance) filter (where back.age < 91) as mean_91,
            avg(back.balance) as mean_180,
            coalesce(stddev_pop(back.balance - back.before), 0) as sway,
            coalesce(stddev_pop(back.balance), 0) as swing
        from (
            select
                past.*,
                lead(past.balance, 30) over (partition by past.scope order by past.age) as before
            from past
        ) as back
        group by back.scope
    ),
    shapes as (
        select means.scope, array_agg(coalesce(day.mean, means.mean_91) order by place) as profile
        from means
        cross join generate_series(1, 31) as place
        left join (
            select past.scope, past.month_day, avg(past.balance) as mean
            from past
            where past.age < 91
            group by past.scope, past.month_day
        ) as day on day.scope = means.scope and day.month_day = place
        group by means.scope
    )
    select
        _user_id,
        starts.scope,
        _as_of,
        core.clock_read(_user_id),
        core.state_held(_user_id),
        least(starts.history_days, 400),
        starts.cents::double precision,
        size.scale,
        means.mean_90 - starts.cents,
        means.mean_180 - starts.cents,
        case when size.scale > 0 and starts.income > 0
            then starts.income_90 / (least(starts.history_days, 90) / 30.4375) / size.scale - 1
            else 0
        end,
        case when size.scale > 0
            then 1 - least(
                starts.spending_180 / (least(starts.history_days, 180) / 30.4375) / size.scale, 3
            )
            else 0
        end,
        means.sway,
        means.swing,
        shapes.profile,
        coalesce(due.days, '{}'),
        coalesce(due.cents, '{}')
    from starts
    inner join means on means.scope = starts.scope
    inner join shapes on shapes.scope = starts.scope
    cross join lateral (
        select coalesce(
            nullif(starts.income, 0), starts.spending
        ) / (greatest(least(starts.history_days, 365), 1) / 30.4375) as scale
    ) as size
    left join (
        select
            scopes.scope,
            array_agg(habit.day order by habit.day, habit.cents) as days,
            array_agg(habit.cents order by habit.day, habit.cents) as cents
        from core.habit_rows(_user_id, _as_of) as habit
        inner join scopes on scopes.account_id = habit.account_id
        where scopes.scope > 0 or not habit.is_internal
        group by scopes.scope
    ) as due on due.scope = starts.scope;
end;
$$;

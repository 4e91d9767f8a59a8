-- Samples: windows of the past, seen from their first day, with what happened then.

-- Net flow of the months January to December over the accounts of these owners: the mean over whole
-- account-months of flow / scale (cut at 3, scale as in core.state_rows over the last year of the
-- ledger), less that of the median month, times n / (n + 50). Months that begin in the first 90
-- days of an account are left out: a young account grows, whatever the month. A month that nobody
-- has seen is 0. Shape: one row.
create or replace function core.sample_months(_user_ids bigint[], _as_of date)
returns table (month_flows double precision[], month_counts integer[])
language sql stable parallel safe
as $$
    with booked as materialized (
        select
            booking.user_id,
            booking.account_id,
            booking.transaction_date as on_day,
            (booking.amount * 100)::bigint as cents
        from data.transactions as booking
        where booking.user_id = any (_user_ids)
          and booking.transaction_date <= _as_of
    ),
    accounts as (
        select
            booked.user_id,
            booked.account_id,
            min(booked.on_day) as first_on,
            max(booked.on_day) as last_on
        from booked
        group by booked.user_id, booked.account_id
    ),
    sized as (
        select
            account.user_id,
            account.account_id,
            account.first_on,
            account.last_on,
            core.cents_sum(booked.cents) filter (
                where booked.cents > 0 and booked.on_day > account.last_on - 365
            ) * 30.4375 / least(account.last_on - account.first_on + 1, 365) as scale
        from accounts as account
        inner join booked
            on booked.user_id = account.user_id and booked.account_id = account.account_id
        group by account.user_id, account.account_id, account.first_on, account.last_on
    ),
    flows as (
        select
            extract(month from calendar.month_on)::integer as month,
            least(greatest(coalesce(flow.cents, 0) / sized.scale, -3), 3)::double precision as flow
        from sized
        cross join lateral (
            select start::date as month_on
            from generate_series(
                date_trunc('month', (sized.first_on + 120)::timestamp),
                sized.last_on::timestamp,
                interval '1 month'
            ) as start
            where start >= sized.first_on + 90
              and start + interval '1 month' <= sized.last_on + 1
        ) as calendar
        left join (
            select
                booked.user_id,
                booked.account_id,
                date_trunc('month', booked.on_day::timestamp)::date as month_on,
                core.cents_sum(booked.cents) as cents
            from booked
            group by 1, 2, 3
        ) as flow
            on flow.user_id = sized.user_id
            and flow.account_id = sized.account_id
            and flow.month_on = calendar.month_on
        where sized.scale > 0
    ),
    months as (
        select year.month, count(flows.flow)::integer as seen, avg(flows.flow) as flow
        from generate_series(1, 12) as year (month)
        left join flows on flows.month = year.month
        group by year.month
    ),
    middle as (
        select percentile_cont(0.5) within group (order by flow) as flow
        from months
        where seen > 0
    )
    select
        array_agg(
            coalesce((months.flow - middle.flow) * months.seen / (months.seen + 50), 0)
            order by months.month
        ),
        array_agg(months.seen order by months.month)
    from months
    cross join middle;
$$;

-- Takes the windows of these owners into data.expectation_samples and returns how many rows. A
-- window begins on a cut, 21 days before the owner's last booking up to _fitted_on and then every
-- 45 days back, 16 at most, with at least 120 days of history; it is seen as of its cut, and what
-- happened after it, up to the last booking, is the truth beside it. _window_share, 0 to 1: how
-- many of them are taken, by a hash.
create or replace function core.sample_take(
    _user_ids bigint[],
    _fitted_on date,
    _month_flows double precision[],
    _window_share double precision
)
returns bigint
language sql
as $$
    with owners as materialized (
        select
            booking.user_id,
            min(booking.transaction_date) as first_on,
            max(booking.transaction_date) as last_on
        from data.transactions as booking
        where booking.user_id = any (_user_ids)
          and booking.transaction_date <= _fitted_on
        group by booking.user_id
    ),
    windows as materialized (
        select owners.user_id, owners.last_on, state
        from owners
        cross join lateral (
            select owners.last_on - 21 - 45 * back as on_day
            from generate_series(0, 15) as back
            where abs(hashint8(owners.user_id * 16 + back)::bigint) % 10000
                < _window_share * 10000
              and owners.last_on - 21 - 45 * back >= owners.first_on + 119
            offset 0
        ) as cut
        cross join lateral core.state_rows(owners.user_id, cut.on_day) as state
        where state.account_id > 0
          and state.history_days >= 120
          and state.scale > 0
    ),
    truths as materialized (
        select
            windows.state,
            truth.changes,
            truth.lowest
        from windows
        cross join lateral (
            select
                array_agg(line.cents / (windows.state).scale order by line.day) as changes,
                array_agg(line.lowest / (windows.state).scale order by line.day) as lowest
            from (
                select
                    moved.day,
                    moved.cents,
                    min(moved.cents) over (order by moved.day) as lowest
                from (
                    select
                        ahead.day,
                        (core.cents_sum(coalesce(flow.cents, 0)) over (order by ahead.day))
                            ::double precision as cents
                    from generate_series(
                        1, least(180, windows.last_on - (windows.state).as_of)
                    ) as ahead (day)
                    left join (
                        select
                            booking.transaction_date - (windows.state).as_of as day,
                            core.cents_sum((booking.amount * 100)::bigint) as cents
                        from data.transactions as booking
                        where booking.user_id = windows.user_id
                          and booking.account_id = (windows.state).account_id
                          and booking.transaction_date > (windows.state).as_of
                          and booking.transaction_date <= windows.last_on
                        group by booking.transaction_date
                    ) as flow on flow.day = ahead.day
                ) as moved
            ) as line
        ) as truth
    ),
    taken as (
        insert into data.expectation_samples (
            user_id, account_id, fitted_on, cut_on, day, features, spreads, change, lowest
        )
        select
            (truths.state).user_id,
            (truths.state).account_id,
            _fitted_on,
            (truths.state).as_of,
            seen.day,
            array[seen.saw, seen.trend, seen.season, seen.level, seen.mean_90, seen.mean_180]
                || array[seen.aged, seen.youth, seen.pace, seen.thrift],
            core.feature_spread(
                (truths.state).scale, (truths.state).sway, (truths.state).swing, 1
            ),
            truths.changes[seen.day],
            truths.lowest[seen.day]
        from truths
        cross join lateral core.feature_rows(
            truths.state, _month_flows, least(180, cardinality(truths.changes))
        ) as seen
        where seen.day in (select known.day from core.refit_days() as known)
        on conflict do nothing
        returning 1
    )
    select count(*) from taken;
$$;

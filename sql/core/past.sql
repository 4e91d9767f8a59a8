-- What was held on days gone by.

-- Balances of these accounts together at the end of each day from _from to _to, in cents, by day:
-- what they hold now less what was booked after the day.
create or replace function core.past_balances(
    _user_id bigint, _account_ids bigint[], _from date, _to date
)
returns table (on_day date, cents bigint)
language sql stable parallel safe
as $$
    with flows as (
        select
            least(booking.transaction_date, _to + 1) as on_day,
            core.cents_sum((booking.amount * 100)::bigint) as cents
        from data.transactions as booking
        where booking.user_id = _user_id
          and booking.transaction_date > _from
          and booking.account_id = any (_account_ids)
        group by 1
    )
    select
        day.on_day::date,
        held.cents - coalesce(
            core.cents_sum(coalesce(flows.cents, 0)) over (
                order by day.on_day desc rows between unbounded preceding and 1 preceding
            ),
            0
        )
    from (
        select core.cents_sum((account.current_balance * 100)::bigint) as cents
        from data.accounts as account
        where account.user_id = _user_id
          and account.id = any (_account_ids)
    ) as held
    cross join generate_series(
        _from::timestamp, _to::timestamp + interval '1 day', interval '1 day'
    ) as day (on_day)
    left join flows on flows.on_day = day.on_day::date
    order by day.on_day
    limit greatest(0, _to - _from + 1);
$$;

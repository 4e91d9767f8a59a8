-- A way to pay debts month by month, as the wire writes it.

-- The months of one way from _from_month on, _count at most, as json: of each the totals and the
-- debts that something was paid or is owed on.
create or replace function core.instalment_months(
    _user_id bigint,
    _as_of date,
    _first_on date,
    _currency text,
    _order text,
    _extra bigint,
    _lump bigint,
    _lump_month integer,
    _from_month integer,
    _count integer
)
returns json
language sql stable parallel safe
as $$
    with debts as materialized (
        select place, debt_id, balance_cents, rate, minimum_cents
        from core.payoff_debts(_user_id, _as_of, _currency, _order)
    ),
    months as (
        select schedule.month, schedule.interests, schedule.payments, schedule.balances
        from (
            select
                array_agg(balance_cents order by place) as balances,
                array_agg(rate order by place) as rates,
                array_agg(minimum_cents order by place) as minimums
            from debts
        ) as list
        cross join lateral core.payoff_months(
            list.balances, list.rates, list.minimums, _extra, _lump, _lump_month
        ) as schedule
        where schedule.month between _from_month and _from_month + _count - 1
    )
    select coalesce(
        json_agg(
            json_build_object(
                'month', months.month,
                'on_day', core.payoff_day(_first_on, months.month),
                'interest', total.interest,
                'payment', total.payment,
                'balance', total.balance,
                'debts', total.debts
            )
            order by months.month
        ),
        '[]'
    )
    from months
    cross join lateral (
        select
            core.cents_sum(part.interest) * 0.01 as interest,
            core.cents_sum(part.payment) * 0.01 as payment,
            core.cents_sum(part.balance) * 0.01 as balance,
            coalesce(
                json_agg(
                    json_build_object(
                        'debt_id', debts.debt_id,
                        'interest', part.interest * 0.01,
                        'payment', part.payment * 0.01,
                        'balance', part.balance * 0.01
                    )
                    order by debts.place
                ) filter (where part.payment > 0 or part.balance > 0),
                '[]'
            ) as debts
        from unnest(months.interests, months.payments, months.balances)
            with ordinality as part (interest, payment, balance, place)
        inner join debts on debts.place = part.place
    ) as total;
$$;

-- What api.payoff_list says, in the words of api.route.
create or replace function core.instalment_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "as_of": "date",
        "first_on": "date",
        "currency": "text",
        "order": "avalanche|snowball",
        "months": [{
            "month": "integer",
            "on_day": "date",
            "interest": "money",
            "payment": "money",
            "balance": "money",
            "debts": [{
                "debt_id": "integer", "interest": "money", "payment": "money", "balance": "money"
            }]
        }]
    }'::jsonb;
$$;

-- What ends one debt in _months payments from _first_on on, as json; the last one is what is left.
-- Null for no such debt. One with nothing owed needs no payment.
create or replace function core.instalment_payment(
    _user_id bigint, _debt_id bigint, _months integer, _as_of date, _first_on date
)
returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'debt_id', debt.id,
        'balance', debt.balance_cents * 0.01,
        'months', total.months,
        'payment', least.payment,
        'last_payment', total.last_payment,
        'total_interest', total.interest,
        'total_paid', total.interest + debt.balance_cents * 0.01,
        'payoff_on', case
            when total.months > 0 then core.payoff_day(ground.first_on, total.months)
            else ground.as_of
        end
    )
    from core.debt_rows(
        _user_id, coalesce(_as_of, core.user_today(_user_id))
    ) as debt
    cross join lateral core.repay_ground(
        _user_id, _as_of, _first_on, debt.currency, 0, 0
    ) as ground
    cross join lateral (
        select case
            when debt.balance_cents > 0
                then core.payoff_payment(debt.balance_cents * 0.01, debt.apr, _months)
            else 0.00
        end as payment
    ) as least
    cross join lateral (
        select
            coalesce(max(schedule.month), 0) as months,
            core.cents_sum(schedule.interests[1]) * 0.01 as interest,
            coalesce(
                (array_agg(schedule.payments[1] order by schedule.month desc))[1], 0
            ) * 0.01 as last_payment
        from core.payoff_months(
            array[debt.balance_cents],
            array[(debt.apr * 1000000)::bigint],
            array[(least.payment * 100)::bigint]
        ) as schedule
    ) as total
    where debt.id = _debt_id;
$$;

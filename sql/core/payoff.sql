-- How debts are paid off, month by month and to the cent. Amounts are cents, rates millionths of a
-- year.

-- The months of a schedule, from the first payment on. The arrays are debts in the order in which
-- money beyond the minimums reaches them. A month: every debt costs balance * apr / 12, rounded
-- half up to the cent; each gets its minimum or what is left of it; then what _extra, the minimums
-- no longer needed and in _lump_month _lump come to goes down the order, so the last payment is
-- exact. Not _is_rolling: minimums alone, each for its own debt.
-- It ends when nothing is owed; unfinished after 1,200 months, when a month changes nothing, or
-- when a debt has outgrown five billion.
-- Shape: one row per month, by month; arrays in the order of the arguments.
-- A recursive CTE, because a month begins with the rounded cents of the one before: no closed
-- form gives those. Within a month all debts are one set: sums over a window, no loop.
create or replace function core.payoff_months(
    _balances bigint[],
    _rates bigint[],
    _minimums bigint[],
    _extra bigint default 0,
    _lump bigint default 0,
    _lump_month integer default 1,
    _is_rolling boolean default true
)
returns table (month integer, interests bigint[], payments bigint[], balances bigint[])
language sql immutable parallel safe
as $$
    with recursive months as (
        select
            0 as month,
            null::bigint[] as interests,
            null::bigint[] as payments,
            _balances as balances,
            null::bigint[] as before

        union all

        select
            months.month + 1,
            step.interests,
            step.payments,
            step.balances,
            months.balances
        from months
        cross join lateral (
            select
                array_agg(paid.interest order by paid.place) as interests,
                array_agg(paid.payment order by paid.place) as payments,
                array_agg(paid.owed - paid.payment order by paid.place) as balances
            from (
                select
                    due.place,
                    due.interest,
                    due.owed,
                    due.least + greatest(
                        0,
                        least(
                            due.owed - due.least,
                            case when _is_rolling then
                                _extra
                                + case when months.month + 1 = _lump_month then _lump else 0 end
                                + core.cents_sum(due.minimum - due.least) over ()
                                - core.cents_sum(due.owed - due.least) over (
                                    order by due.place
                                    rows between unbounded preceding and current row
                                )
                                + due.owed - due.least
                            else 0 end
                        )
                    ) as payment
                from (
                    select
                        cost.place,
                        cost.minimum,
                        cost.interest,
                        cost.balance + cost.interest as owed,
                        least(cost.minimum, cost.balance + cost.interest) as least
                    from (
                        select
                            debt.place,
                            debt.balance,
                            debt.minimum,
                            -- Half up in whole numbers: (2ab + 12m) / 24m is floor(ab / 12m + 1/2).
                            (2 * debt.balance * debt.rate + 12000000) / 24000000 as interest
                        from unnest(months.balances, _rates, _minimums)
                            with ordinality as debt (balance, rate, minimum, place)
                    ) as cost
                ) as due
            ) as paid
        ) as step
        where months.month < 1200
          and 0 < any (months.balances)
          and 500000000000 >= all (months.balances)
          and (months.balances is distinct from months.before or months.month < _lump_month)
    )
    select months.month, months.interests, months.payments, months.balances
    from months
    where months.month > 0
    order by months.month;
$$;

-- The payment that ends one debt in so many months: the annuity B * r / (1 - (1 + r)^-n), r a
-- twelfth of the rate (B / n without interest), rounded up to the cent; a cent more where rounded
-- interest would leave a rest. Errors: PT422 months.
create or replace function core.payoff_payment(_balance numeric, _apr numeric, _months integer)
returns numeric
language sql immutable parallel safe
as $$
    select min(tried.cents) * 0.01
    from (
        select (
            case
                when core.check_range('months', _months, 1, 1200) is null then null
                when _apr = 0 then ceil(_balance * 100 / _months)
                -- To 40 digits, then to 12: what is cut off is no cent.
                else ceil(
                    round(
                        _balance * 100 * growth.rate
                            / (1 - 1 / power(1 + growth.rate, _months)),
                        12
                    )
                )
            end + more
        )::bigint as cents
        from (select _apr::numeric(50, 40) / 12 as rate) as growth
        cross join generate_series(0, 1) as more
    ) as tried
    where (
        select max(schedule.month) filter (where schedule.balances = '{0}') <= _months
        from core.payoff_months(
            array[(_balance * 100)::bigint], array[(_apr * 1000000)::bigint], array[tried.cents]
        ) as schedule
    );
$$;

-- The day of a month's payment: counted from the first one each time, so the 31st comes back after
-- a short month.
create or replace function core.payoff_day(_first_on date, _month integer)
returns date
language sql immutable parallel safe
as $$
    select (_first_on + make_interval(months => _month - 1))::date;
$$;

-- What a user owes in a currency on a day, of active debts with something owed; a linked account
-- owes what it is below zero. Places are the order of paying: avalanche is the highest rate first,
-- then the smallest balance; snowball the smallest balance, then the highest rate; then by key, as
-- any other order is. They stand as they are on that day, whatever becomes of the balances.
-- Shape: one row per debt, by place.
create or replace function core.payoff_debts(
    _user_id bigint, _as_of date, _currency text, _order text
)
returns table (
    place bigint,
    debt_id bigint,
    name text,
    balance_cents bigint,
    rate bigint,
    minimum_cents bigint
)
language sql stable parallel safe
as $$
    select
        row_number() over (
            order by
                case _order when 'avalanche' then -debt.apr end,
                case when _order in ('avalanche', 'snowball') then debt.balance_cents end,
                case _order when 'snowball' then -debt.apr end,
                debt.id
        ) as place,
        debt.id,
        debt.name,
        debt.balance_cents,
        (debt.apr * 1000000)::bigint,
        (debt.minimum_payment * 100)::bigint
    from core.debt_rows(_user_id, _as_of) as debt
    where debt.is_active
      and debt.currency = _currency
      and debt.balance_cents > 0
    order by place;
$$;

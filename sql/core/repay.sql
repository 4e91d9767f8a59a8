-- What a way to pay debts comes to, beside the other ways.

-- One way as json: its months, last day, interest and payments, and each debt's own by place.
-- _order: avalanche, snowball, or minimums (each debt alone, nothing extra, nothing rolls over).
-- months, payoff_on and sums of a debt that never ends, and of a way that leaves one, are null.
-- Amounts in cents; parameters: see core.payoff_months and core.payoff_debts.
create or replace function core.repay_plan(
    _user_id bigint,
    _as_of date,
    _first_on date,
    _currency text,
    _order text,
    _extra bigint,
    _lump bigint,
    _lump_month integer
)
returns json
language sql stable parallel safe
as $$
    with debts as materialized (
        select place, debt_id, name, balance_cents, rate, minimum_cents
        from core.payoff_debts(_user_id, _as_of, _currency, _order)
    ),
    months as materialized (
        select schedule.month, schedule.interests, schedule.payments, schedule.balances
        from (
            select
                array_agg(balance_cents order by place) as balances,
                array_agg(rate order by place) as rates,
                array_agg(minimum_cents order by place) as minimums
            from debts
        ) as list
        cross join lateral core.payoff_months(
            list.balances, list.rates, list.minimums, _extra, _lump, _lump_month,
            _order <> 'minimums'
        ) as schedule
    ),
    ends as (
        select
            part.place,
            min(months.month) filter (where part.balance = 0) as months,
            core.cents_sum(part.interest) as interest,
            core.cents_sum(part.payment) as payment,
            min(part.interest) filter (where months.month = 1) as first_interest,
            min(part.payment) filter (where months.month = 1) as first_payment
        from months
        cross join lateral unnest(months.interests, months.payments, months.balances)
            with ordinality as part (interest, payment, balance, place)
        group by part.place
    ),
    lines as (
        select
            debts.place,
            debts.debt_id,
            debts.name,
            debts.balance_cents * 0.01 as balance,
            ends.months,
            core.payoff_day(_first_on, ends.months) as payoff_on,
            case when ends.months is not null then ends.interest * 0.01 end as interest,
            case when ends.months is not null then ends.payment * 0.01 end as paid,
            ends.first_interest * 0.01 as first_interest,
            ends.first_payment * 0.01 as first_payment
        from debts
        inner join ends on ends.place = debts.place
    )
    select json_build_object(
        'is_finite', count(*) = count(months),
        'months', case when count(*) = count(months) then coalesce(max(months), 0) end,
        'payoff_on', case when count(*) = count(months) then max(payoff_on) end,
        'total_interest', case
            when count(*) = count(months) then coalesce(sum(interest), 0.00)
        end,
        'total_paid', case when count(*) = count(months) then coalesce(sum(paid), 0.00) end,
        'debts', coalesce(json_agg(to_json(lines) order by place), '[]')
    )
    from lines;
$$;

-- What api functions say of one way, in the words of api.route.
create or replace function core.repay_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "is_finite": "boolean",
        "months": "integer?",
        "payoff_on": "date?",
        "total_interest": "money?",
        "total_paid": "money?",
        "debts": [{
            "place": "integer",
            "debt_id": "integer",
            "name": "text",
            "balance": "money",
            "months": "integer?",
            "payoff_on": "date?",
            "interest": "money?",
            "paid": "money?",
            "first_interest": "money",
            "first_payment": "money"
        }]
    }'::jsonb;
$$;

-- What one way saves against another: months and interest, null where one of them never ends.
create or replace function core.repay_difference(_one json, _other json)
returns json
language sql immutable parallel safe
as $$
    select json_build_object(
        'months', (_other ->> 'months')::integer - (_one ->> 'months')::integer,
        'interest',
        (_other ->> 'total_interest')::numeric - (_one ->> 'total_interest')::numeric
    );
$$;

-- What a question about debts stands on. as_of: the owner's today where nothing is said; first_on,
-- the first payment: a month later. excluded: active debts with something owed in another currency.
-- Errors: PT422 with the field.
create or replace function core.repay_ground(
    _user_id bigint,
    _as_of date,
    _first_on date,
    _currency text,
    _extra numeric,
    _lump_sum numeric
)
returns table (
    as_of date,
    first_on date,
    currency text,
    extra_cents bigint,
    lump_cents bigint,
    excluded bigint[]
)
language sql stable parallel safe
as $$
    select
        day.as_of,
        coalesce(_first_on, (day.as_of + interval '1 month')::date),
        coalesce(_currency, person.currency),
        (core.check_range('extra', coalesce(_extra, 0), 0, 1000000000) * 100)::bigint,
        (core.check_range('lump_sum', coalesce(_lump_sum, 0), 0, 1000000000) * 100)::bigint,
        array(
            select debt.id
            from core.debt_rows(_user_id, day.as_of) as debt
            where debt.is_active
              and debt.currency <> coalesce(_currency, person.currency)
              and debt.balance_cents > 0
        )
    from data.users as person
    cross join lateral (
        select coalesce(_as_of, (now() at time zone person.timezone)::date) as as_of
    ) as day
    where person.id = _user_id
      and core.check_rule(
          'first_on', coalesce(_first_on >= day.as_of, true), 'first_on is before as_of'
      );
$$;

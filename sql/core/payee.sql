-- Counterparties: with whom the most was spent.

-- Sums of the legs from _from to _to by currency and counterparty, in any case; null for bookings
-- that name none. months: in how many of them there is a leg. Shape: one row a currency and
-- counterparty, no order.
create or replace function core.payee_rows(_user_id bigint, _from date, _to date)
returns table (
    currency text,
    counterparty text,
    spent numeric,
    received numeric,
    spent_count bigint,
    received_count bigint,
    first_on date,
    last_on date,
    months bigint
)
language sql stable parallel safe
as $$
    select
        account.currency,
        max(sums.counterparty),
        coalesce(-sum(sums.amount) filter (where sums.is_spent), 0.00),
        coalesce(sum(sums.amount) filter (where not sums.is_spent), 0.00),
        coalesce(sum(sums.legs) filter (where sums.is_spent), 0)::bigint,
        coalesce(sum(sums.legs) filter (where not sums.is_spent), 0)::bigint,
        min(sums.first_on),
        max(sums.last_on),
        count(distinct sums.month_on)
    from (
        select
            leg.account_id,
            lower(leg.counterparty) as folded,
            core.spending_month(leg.on_day) as month_on,
            leg.amount < 0 as is_spent,
            max(leg.counterparty) as counterparty,
            sum(leg.amount) as amount,
            count(*) as legs,
            min(leg.on_day) as first_on,
            max(leg.on_day) as last_on
        from core.spending_legs(_user_id, _from, _to) as leg
        group by 1, 2, 3, 4
    ) as sums
    inner join data.accounts as account
        on account.user_id = _user_id and account.id = sums.account_id
    group by account.currency, sums.folded;
$$;

-- What api.spending_counterparties answers: the counterparties that the most was spent with, what
-- came back taken off, and what names none. share is the per cent of all that went out on balance,
-- those that are not named included.
create or replace function core.payee_json(
    _user_id bigint, _from date, _to date, _currency text, _limit integer
)
returns json
language plpgsql stable
as $$
begin
    return (
        with sums as (
            select *, received - spent as net
            from core.payee_rows(_user_id, _from, _to)
            where currency = _currency
        ),
        ranked as (
            select
                *,
                row_number() over (order by counterparty is null, net, counterparty) as place,
                sum(greatest(-net, 0)) over () as outlay
            from sums
        )
        select json_build_object(
            'from', _from,
            'to', _to,
            'currency', _currency,
            'items', coalesce(
                json_agg(
                    json_build_object(
                        'counterparty', counterparty,
                        'spent', spent,
                        'received', received,
                        'net', net,
                        'spent_count', spent_count,
                        'received_count', received_count,
                        'average', round(spent / nullif(spent_count, 0), 2),
                        'share', round(100 * greatest(-net, 0) / nullif(outlay, 0), 1),
                        'first_on', first_on,
                        'last_on', last_on,
                        'months', months
                    )
                    order by place
                ) filter (where place <= _limit and counterparty is not null),
                '[]'
            ),
            'count', count(counterparty),
            'unnamed', json_build_object(
                'spent', coalesce(sum(spent) filter (where counterparty is null), 0.00),
                'received', coalesce(sum(received) filter (where counterparty is null), 0.00)
            )
        )
        from ranked
    );
end;
$$;

-- What core.payee_json says, in the words of api.route.
create or replace function core.payee_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "from": "date",
        "to": "date",
        "currency": "text",
        "items": [{
            "counterparty": "text",
            "spent": "money",
            "received": "money",
            "net": "money",
            "spent_count": "integer",
            "received_count": "integer",
            "average": "money?",
            "share": "number?",
            "first_on": "date",
            "last_on": "date",
            "months": "integer"
        }],
        "count": "integer",
        "unnamed": {"spent": "money", "received": "money"}
    }'::jsonb;
$$;

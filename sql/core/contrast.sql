-- One month against another, subcategory by subcategory.

-- Sums of the legs of two ranges by currency and subcategory: those from _from to _to, and beside
-- them those from _with to _with_to. spent and received are positive and before refunds. Shape: one
-- row a currency and subcategory that has anything in either range, null for none; no order.
create or replace function core.contrast_rows(
    _user_id bigint, _from date, _to date, _with date, _with_to date
)
returns table (
    currency text,
    subcategory_id bigint,
    subcategory text,
    category_id bigint,
    category text,
    spent numeric,
    received numeric,
    with_spent numeric,
    with_received numeric
)
language sql stable parallel safe
as $$
    select
        account.currency,
        sums.subcategory_id,
        subcategory.name,
        category.id,
        category.name,
        coalesce(-sum(sums.amount) filter (where sums.is_first and sums.is_spent), 0.00),
        coalesce(sum(sums.amount) filter (where sums.is_first and not sums.is_spent), 0.00),
        coalesce(-sum(sums.amount) filter (where not sums.is_first and sums.is_spent), 0.00),
        coalesce(sum(sums.amount) filter (where not sums.is_first and not sums.is_spent), 0.00)
    from (
        select
            leg.account_id,
            leg.subcategory_id,
            true as is_first,
            leg.amount < 0 as is_spent,
            sum(leg.amount) as amount
        from core.spending_legs(_user_id, _from, _to) as leg
        group by 1, 2, 4
        union all
        select
            leg.account_id,
            leg.subcategory_id,
            false,
            leg.amount < 0,
            sum(leg.amount)
        from core.spending_legs(_user_id, _with, _with_to) as leg
        group by 1, 2, 4
    ) as sums
    inner join data.accounts as account
        on account.user_id = _user_id and account.id = sums.account_id
    left join data.subcategories as subcategory
        on subcategory.user_id = _user_id and subcategory.id = sums.subcategory_id
    left join data.categories as category
        on category.user_id = _user_id and category.id = subcategory.category_id
    group by 1, 2, 3, 4, 5;
$$;

-- What api.spending_compare answers: totals of both ranges, then subcategories, those first in
-- which the most more was spent. difference is net less with_net, below zero: more went out;
-- percent says the same in size, null where a side is zero or the sign has changed.
create or replace function core.contrast_json(
    _user_id bigint, _from date, _to date, _with date, _with_to date, _currency text
)
returns json
language plpgsql stable
as $$
begin
    return (
        with pairs as (
            select
                *,
                received - spent as net,
                with_received - with_spent as with_net
            from core.contrast_rows(_user_id, _from, _to, _with, _with_to)
        )
        select json_build_object(
            'from', _from,
            'to', _to,
            'with_from', _with,
            'with_to', _with_to,
            'currency', _currency,
            'totals', json_build_object(
                'spent', coalesce(sum(spent), 0.00),
                'received', coalesce(sum(received), 0.00),
                'net', coalesce(sum(net), 0.00),
                'with_spent', coalesce(sum(with_spent), 0.00),
                'with_received', coalesce(sum(with_received), 0.00),
                'with_net', coalesce(sum(with_net), 0.00),
                'difference', coalesce(sum(net - with_net), 0.00),
                'percent', core.spending_percent(sum(net), sum(with_net))
            ),
            'items', coalesce(
                json_agg(
                    json_build_object(
                        'subcategory_id', subcategory_id,
                        'subcategory', subcategory,
                        'category_id', category_id,
                        'category', category,
                        'spent', spent,
                        'received', received,
                        'net', net,
                        'with_spent', with_spent,
                        'with_received', with_received,
                        'with_net', with_net,
                        'difference', net - with_net,
                        'percent', core.spending_percent(net, with_net)
                    )
                    order by net - with_net, category, subcategory
                ),
                '[]'
            ),
            'other_currencies', (
                select coalesce(json_agg(other order by other.currency), '[]')
                from (
                    select currency, sum(spent) as spent, sum(received) as received, sum(net) as net
                    from pairs
                    where currency <> _currency
                    group by currency
                ) as other
            )
        )
        from pairs
        where currency = _currency
    );
end;
$$;

-- What core.contrast_json says, in the words of api.route.
create or replace function core.contrast_shape()
returns jsonb
language sql immutable parallel safe
as $$
    with figures as (
        select '{
            "spent": "money",
            "received": "money",
            "net": "money",
            "with_spent": "money",
            "with_received": "money",
            "with_net": "money",
            "difference": "money",
            "percent": "number?"
        }'::jsonb as figure
    )
    select jsonb_build_object(
        'from', 'date',
        'to', 'date',
        'with_from', 'date',
        'with_to', 'date',
        'currency', 'text',
        'totals', figure,
        'items', jsonb_build_array(
            '{
                "subcategory_id": "integer?",
                "subcategory": "text?",
                "category_id": "integer?",
                "category": "text?"
            }'::jsonb || figure
        ),
        'other_currencies', '[
            {"currency": "text", "spent": "money", "received": "money", "net": "money"}
        ]'::jsonb
    )
    from figures;
$$;

-- Outlay: what was spent and received in a range, by one of several groupings, beside the equal
-- range before it.

-- Sums of the legs from _from to _to by currency and group, and of those from _earlier to the day
-- before _from. _by: category, subcategory, account, counterparty (in any case; null for none) or
-- month. A month is compared with the month before it, when _is_whole says that months are whole.
-- spent and received are positive and before refunds: net is received - spent.
-- Shape: one row a currency and group that has anything in either range, no order; of id, name,
-- category and month_on those that the grouping has.
create or replace function core.outlay_groups(
    _user_id bigint, _earlier date, _from date, _to date, _by text, _is_whole boolean
)
returns table (
    currency text,
    id bigint,
    name text,
    category text,
    month_on date,
    spent numeric,
    received numeric,
    spent_count bigint,
    received_count bigint,
    earlier_spent numeric,
    earlier_received numeric
)
language plpgsql stable parallel safe
as $$
#variable_conflict use_column
begin
    if _by = 'month' then
        return query
        select
            now.currency, null::bigint, null::text, null::text,
            now.month_on,
            now.spent,
            now.received,
            now.spent_count,
            now.received_count,
            case when _is_whole then coalesce(before.spent, 0.00) end,
            case when _is_whole then coalesce(before.received, 0.00) end
        from core.trend_sums(_user_id, _from, _to) as now
        left join core.trend_sums(_user_id, _earlier, _to) as before
            on _is_whole and before.currency = now.currency
            and before.month_on = (now.month_on - interval '1 month')::date;
    else
        return query
        with sums as (
            select
                leg.account_id,
                case when _by in ('category', 'subcategory') then leg.subcategory_id end
                    as subcategory_id,
                case when _by = 'counterparty' then lower(leg.counterparty) end as folded,
                case when _by = 'counterparty' then max(leg.counterparty) end as counterparty,
                leg.on_day >= _from as is_now,
                leg.amount < 0 as is_spent,
                sum(leg.amount) as amount,
                count(*) as legs
            from core.spending_legs(_user_id, _earlier, _to) as leg
            group by 1, 2, 3, 5, 6
        )
        select
            account.currency,
            case _by
                when 'category' then subcategory.category_id
                when 'subcategory' then sums.subcategory_id
                when 'account' then sums.account_id
            end,
            max(case _by
                when 'category' then category.name
                when 'subcategory' then subcategory.name
                when 'account' then account.name
                when 'counterparty' then sums.counterparty
            end),
            max(case when _by = 'subcategory' then category.name end),
            null::date,
            coalesce(-sum(sums.amount) filter (where sums.is_now and sums.is_spent), 0.00),
            coalesce(sum(sums.amount) filter (where sums.is_now and not sums.is_spent), 0.00),
            coalesce(sum(sums.legs) filter (where sums.is_now and sums.is_spent), 0)::bigint,
            coalesce(sum(sums.legs) filter (where sums.is_now and not sums.is_spent), 0)::bigint,
            coalesce(-sum(sums.amount) filter (where not sums.is_now and sums.is_spent), 0.00),
            coalesce(sum(sums.amount) filter (where not sums.is_now and not sums.is_spent), 0.00)
        from sums
        inner join data.accounts as account
            on account.user_id = _user_id and account.id = sums.account_id
        left join data.subcategories as subcategory
            on subcategory.user_id = _user_id and subcategory.id = sums.subcategory_id
        left join data.categories as category
            on category.user_id = _user_id and category.id = subcategory.category_id
        group by 1, 2, sums.folded;
    end if;
end;
$$;

-- What api.spending_read answers, from the range of core.spending_range: totals, the groups with
-- the most outlay first (months in their order), the rest of them as one, and the totals of other
-- currencies, which are never added to it. The outlay of a group is its net where groups say what
-- money was for (category, subcategory, counterparty): refunds come off what was spent there. An
-- account or a month has income beside its spending: there it is what was spent. share is the part
-- of all outlay in per cent; change is that of the outlay, below zero when more went out.
create or replace function core.outlay_json(
    _user_id bigint,
    _earlier date,
    _from date,
    _to date,
    _by text,
    _is_whole boolean,
    _currency text,
    _limit integer
)
returns json
language plpgsql stable
as $$
declare
    v_is_for constant boolean := _by not in ('account', 'month');
begin
    return (
        with groups as (
            select
                *,
                received - spent as net,
                case when v_is_for then received - spent else -spent end as outlay,
                case when v_is_for then earlier_received - earlier_spent else -earlier_spent end
                    as earlier_outlay
            from core.outlay_groups(_user_id, _earlier, _from, _to, _by, _is_whole)
        ),
        ranked as (
            select
                *,
                row_number() over (order by month_on, outlay, name, id) as place,
                sum(greatest(-outlay, 0)) over () as gone
            from groups
            where currency = _currency
        )
        select json_build_object(
            'from', _from,
            'to', _to,
            'compared_from', _earlier,
            'compared_to', _from - 1,
            'by', _by,
            'currency', _currency,
            'totals', json_build_object(
                'spent', coalesce(sum(spent), 0.00),
                'received', coalesce(sum(received), 0.00),
                'net', coalesce(sum(net), 0.00),
                'spent_count', coalesce(sum(spent_count), 0),
                'received_count', coalesce(sum(received_count), 0)
            ),
            'earlier', (
                select json_build_object(
                    'spent', coalesce(sum(spent), 0.00),
                    'received', coalesce(sum(received), 0.00),
                    'net', coalesce(sum(received - spent), 0.00)
                )
                from core.trend_sums(_user_id, _earlier, _from - 1)
                where currency = _currency
            ),
            'items', coalesce(
                json_agg(
                    json_build_object(
                        'id', id,
                        'name', name,
                        'category', category,
                        'month_on', month_on,
                        'spent', spent,
                        'received', received,
                        'net', net,
                        'spent_count', spent_count,
                        'received_count', received_count,
                        'average', round(spent / nullif(spent_count, 0), 2),
                        'share', round(100 * greatest(-outlay, 0) / nullif(gone, 0), 1),
                        'earlier_spent', earlier_spent,
                        'earlier_received', earlier_received,
                        'change', outlay - earlier_outlay,
                        'change_percent', core.spending_percent(outlay, earlier_outlay)
                    )
                    order by place
                ) filter (where place <= _limit),
                '[]'
            ),
            'rest', json_build_object(
                'groups', count(*) filter (where place > _limit),
                'spent', coalesce(sum(spent) filter (where place > _limit), 0.00),
                'received', coalesce(sum(received) filter (where place > _limit), 0.00),
                'net', coalesce(sum(net) filter (where place > _limit), 0.00)
            ),
            'other_currencies', (
                select coalesce(json_agg(other order by other.currency), '[]')
                from (
                    select currency, sum(spent) as spent, sum(received) as received, sum(net) as net
                    from groups
                    where currency <> _currency
                    group by currency
                ) as other
            )
        )
        from ranked
    );
end;
$$;

-- One budget as it stands on a day: its envelopes, what was spent beside them, and its income.

-- The summary of a budget as json, null for one that is not there. Bookings after _as_of are not
-- looked at. Shape: core.digest_shape. One statement, and one in each function that it asks.
-- plpgsql keeps its plan.
create or replace function core.tally_json(_user_id bigint, _budget_id bigint, _as_of date)
returns json
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
begin
    return (
        with grounds as materialized (
            select
                ground.*,
                ground.ends_on - ground.starts_on + 1 as days,
                greatest(0, least(_as_of, ground.ends_on) - ground.starts_on + 1) as elapsed
            from core.digest_ground(_user_id, _budget_id) as ground
        ),
        booked as materialized (
            select sums.*, sums.spent - sums.received as lost
            from grounds as ground
            cross join lateral core.envelope_sums(
                _user_id, ground.starts_on, least(ground.ends_on, _as_of), ground.accounts
            ) as sums
        ),
        dues as materialized (
            select due.*
            from grounds as ground
            cross join lateral core.envelope_dues(
                _user_id, ground.active, ground.accounts, greatest(ground.starts_on, _as_of - 31),
                _as_of, ground.ends_on
            ) as due
        ),
        envelopes as materialized (
            select
                allocation.id as allocation_id,
                allocation.subcategory_id,
                allocation.is_recurring,
                allocation.is_carried,
                allocation.amount as allocated,
                coalesce(came.amount, 0.00) as carried,
                allocation.amount + coalesce(came.amount, 0) as available,
                coalesce(booked.lost, 0.00) as spent,
                coalesce(booked.pending, 0.00) as pending,
                coalesce(later.amount, 0.00) as due
            from data.budget_allocations as allocation
            left join (
                select rows.*
                from grounds as ground
                cross join lateral core.carry_rows(
                    _user_id, ground.chain_id, ground.chain_no, ground.accounts, _as_of
                ) as rows
            ) as came on came.subcategory_id = allocation.subcategory_id
            left join booked on booked.subcategory_id = allocation.subcategory_id
            left join (
                select due.subcategory_id, -sum(due.amount) as amount
                from dues as due
                where due.kind = 'expense'
                group by due.subcategory_id
            ) as later on later.subcategory_id = allocation.subcategory_id
            where allocation.user_id = _user_id
              and allocation.budget_id = _budget_id
        ),
        others as materialized (
            select booked.subcategory_id, side.received, side.spent, booked.pending
            from booked
            cross join lateral (
                select
                    case
                        when booked.subcategory_id is null then booked.received
                        else greatest(0.00, -booked.lost)
                    end as received,
                    case
                        when booked.subcategory_id is null then booked.spent
                        else greatest(0.00, booked.lost)
                    end as spent
            ) as side
            where booked.subcategory_id is null
               or booked.subcategory_id not in (select subcategory_id from envelopes)
        ),
        expected as materialized (
            select due.name, due.recurring_item_id, null::bigint as income_source_id, due.next_on,
                due.due_count, due.amount
            from dues as due
            where due.kind = 'income'
            union all
            select source.name, null, source.id, min(day.on_day), count(*),
                count(*) * source.amount
            from grounds as ground
            inner join data.income_sources as source
                on source.user_id = _user_id
                and source.is_active
                and source.account_id = any (ground.accounts)
            cross join lateral core.income_days(
                source.frequency, source.next_on, greatest(ground.starts_on, _as_of + 1),
                ground.ends_on
            ) as day
            group by source.user_id, source.id
        )
        select json_build_object(
            'as_of', _as_of,
            'budget', core.budget_json(_user_id, _budget_id),
            'days', ground.days,
            'elapsed_days', ground.elapsed,
            'totals', core.digest_totals(
                total.allocated, total.carried, total.spent, total.pending, total.projected,
                ground.elapsed::numeric / ground.days, beside.spent
            ),
            'income', core.digest_income(
                beside.received, coming.amount, total.allocated, beside.spent
            ),
            'envelopes', coalesce(total.items, '[]'),
            'unallocated', coalesce(beside.items, '[]'),
            'expected', coalesce(coming.items, '[]')
        )
        from grounds as ground
        cross join lateral (
            select
                coalesce(sum(envelope.allocated), 0.00) as allocated,
                coalesce(sum(envelope.carried), 0.00) as carried,
                coalesce(sum(envelope.spent), 0.00) as spent,
                coalesce(sum(envelope.pending), 0.00) as pending,
                coalesce(sum(coalesce(state.projected, envelope.spent)), 0.00) as projected,
                json_agg(
                    json_build_object(
                        'allocation_id', envelope.allocation_id,
                        'subcategory_id', envelope.subcategory_id,
                        'subcategory', named.subcategory,
                        'category', named.category,
                        'is_recurring', envelope.is_recurring,
                        'is_carried', envelope.is_carried,
                        'allocated', envelope.allocated,
                        'carried', envelope.carried,
                        'available', envelope.available,
                        'spent', envelope.spent,
                        'pending', envelope.pending,
                        'remaining', envelope.available - envelope.spent,
                        'percent', state.percent,
                        'pace', state.pace,
                        'due', envelope.due,
                        'projected', state.projected,
                        'status', state.status
                    )
                    order by envelope.subcategory_id
                ) as items
            from envelopes as envelope
            cross join lateral core.envelope_state(
                envelope.available, envelope.spent, ground.elapsed::numeric / ground.days,
                envelope.due, envelope.is_recurring
            ) as state
            left join lateral core.category_names(_user_id, envelope.subcategory_id) as named
                on true
        ) as total
        cross join lateral (
            select
                coalesce(sum(other.received), 0.00) as received,
                coalesce(sum(other.spent), 0.00) as spent,
                json_agg(
                    json_build_object(
                        'subcategory_id', other.subcategory_id,
                        'subcategory', named.subcategory,
                        'category', named.category,
                        'spent', other.spent,
                        'received', other.received,
                        'pending', other.pending
                    )
                    order by other.subcategory_id nulls last
                ) as items
            from others as other
            left join lateral core.category_names(_user_id, other.subcategory_id) as named on true
        ) as beside
        cross join lateral (
            select
                coalesce(sum(expected.amount), 0.00) as amount,
                json_agg(to_json(expected) order by expected.next_on, expected.name) as items
            from expected
        ) as coming
    );
end;
$$;

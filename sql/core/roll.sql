-- From one budget to the next: another period as long, the same allocations, balances carried on.

-- The next budget of a chain: made with its period when there is none yet, else the one that is
-- there. A period of exactly those days is taken as it is. Balances are not written down: what an
-- envelope brings along follows from the bookings, so that a late one is carried on as well.
-- Errors: PT404 no such budget; PT409 with starts_on when an active period overlaps, with
-- budget_period_id when the next period has a budget of another chain, or after 400 budgets.
create or replace function core.roll_run(_user_id bigint, _budget_id bigint)
returns table (budget_id bigint, is_new boolean)
language plpgsql
as $$
#variable_conflict use_column
declare
    v_old data.budgets;
    v_period data.budget_periods;
    v_period_id bigint;
    v_id bigint;
begin
    perform core.user_hold(_user_id);
    v_old := (
        select budget from data.budgets as budget
        where budget.user_id = _user_id and budget.id = _budget_id
    );
    perform core.check_found('budget', v_old.id);
    v_id := (
        select id from data.budgets
        where user_id = _user_id and chain_id = v_old.chain_id and chain_no = v_old.chain_no + 1
    );
    if v_id is not null then
        return query select v_id, false;
        return;
    end if;
    if v_old.chain_no = 400 then
        raise exception 'This budget went on 400 times: make a new one' using errcode = 'PT409';
    end if;

    v_period := (
        select period from data.budget_periods as period
        where period.user_id = _user_id and period.id = v_old.budget_period_id
    );
    v_period := core.roll_period(v_period);
    v_period_id := (
        select id from data.budget_periods
        where user_id = _user_id
          and starts_on = v_period.starts_on
          and ends_on = v_period.ends_on
        order by is_active desc, id
        limit 1
    );
    v_id := core.budget_add(
        _user_id,
        coalesce(
            v_period_id,
            core.period_add(_user_id, v_period.kind, v_period.starts_on, v_period.ends_on)
        ),
        v_old.name,
        v_old.currency,
        v_old.carry_rule
    );
    update data.budgets
    set chain_id = v_old.chain_id,
        chain_no = v_old.chain_no + 1
    where user_id = _user_id and id = v_id;

    insert into data.budget_allocations (
        user_id, budget_id, subcategory_id, amount, is_recurring, is_carried, recurring_item_id
    )
    select
        _user_id, v_id, subcategory_id, amount, is_recurring, is_carried, recurring_item_id
    from data.budget_allocations
    where user_id = _user_id
      and budget_id = _budget_id
    order by subcategory_id;
    return query select v_id, true;
end;
$$;

-- The days right after a period: as many months on, or as many days for a custom one.
create or replace function core.roll_period(_period data.budget_periods)
returns data.budget_periods
language plpgsql immutable parallel safe
as $$
declare
    v_days constant integer := _period.ends_on - _period.starts_on;
begin
    _period.starts_on := _period.ends_on + 1;
    _period.ends_on := coalesce(
        core.term_end(_period.kind, _period.starts_on), _period.starts_on + v_days
    );
    return _period;
end;
$$;

-- The next budget and what its envelopes bring along from all that is booked before it.
create or replace function core.roll_json(_user_id bigint, _budget_id bigint, _is_new boolean)
returns json
language plpgsql stable parallel safe
as $$
begin
    return (
        select json_build_object(
            'budget', core.budget_json(_user_id, _budget_id),
            'is_new', _is_new,
            'allocated', coalesce(sum(allocation.amount), 0.00),
            'carried', coalesce(sum(came.amount), 0.00),
            'envelopes', coalesce(
                json_agg(
                    json_build_object(
                        'allocation_id', allocation.id,
                        'subcategory_id', allocation.subcategory_id,
                        'allocated', allocation.amount,
                        'carried', coalesce(came.amount, 0.00)
                    )
                    order by allocation.subcategory_id
                ) filter (where allocation.id is not null),
                '[]'
            )
        )
        from core.digest_ground(_user_id, _budget_id) as ground
        left join data.budget_allocations as allocation
            on allocation.user_id = _user_id and allocation.budget_id = _budget_id
        left join lateral core.carry_rows(
            _user_id, ground.chain_id, ground.chain_no, ground.accounts, ground.starts_on
        ) as came on came.subcategory_id = allocation.subcategory_id
    );
end;
$$;

-- What api functions say of it, in the words of api.route.
create or replace function core.roll_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select jsonb_build_object(
        'budget', core.budget_shape(),
        'is_new', 'boolean',
        'allocated', 'money',
        'carried', 'money',
        'envelopes', '[{
            "allocation_id": "integer",
            "subcategory_id": "integer",
            "allocated": "money",
            "carried": "money"
        }]'::jsonb
    );
$$;

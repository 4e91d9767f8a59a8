-- Budgets: what is planned for one period in one currency, and how one goes on into the next.

-- The user's budgets with keys below _before_id, newest first, with the days of their period, under
-- the names of the wire.
create or replace function core.budget_page(_user_id bigint, _before_id bigint, _limit integer)
returns table (
    version integer,
    id bigint,
    budget_period_id bigint,
    name text,
    currency text,
    carry_rule text,
    starts_on date,
    ends_on date,
    chain_no integer,
    created_at timestamptz,
    updated_at timestamptz
)
language sql stable parallel safe
as $$
    select
        budget.version,
        budget.id,
        budget.budget_period_id,
        budget.name,
        budget.currency,
        budget.carry_rule,
        period.starts_on,
        period.ends_on,
        budget.chain_no,
        budget.created_at,
        budget.updated_at
    from data.budgets as budget
    inner join data.budget_periods as period
        on period.user_id = budget.user_id and period.id = budget.budget_period_id
    where budget.user_id = _user_id
      and budget.id < _before_id
    order by budget.id desc
    limit _limit;
$$;

-- What api functions say of a budget, in the words of api.route.
create or replace function core.budget_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "id": "integer",
        "budget_period_id": "integer",
        "name": "text",
        "currency": "text",
        "carry_rule": "none|left|overspent|both",
        "starts_on": "date",
        "ends_on": "date",
        "chain_no": "integer",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- The one budget as json, or null.
create or replace function core.budget_json(_user_id bigint, _budget_id bigint)
returns json
language sql stable parallel safe
as $$
    select to_json(budget)
    from core.budget_page(_user_id, _budget_id + 1, 1) as budget
    where budget.id = _budget_id;
$$;

-- True when the budget is the user's. Errors: PT404 no such budget.
create or replace function core.budget_check(_user_id bigint, _budget_id bigint)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    return core.check_found(
        'budget',
        (select true from data.budgets where user_id = _user_id and id = _budget_id)
    );
end;
$$;

-- Key of the budget of the active period that holds a day, or null. No _currency: the user's, else
-- the oldest one of that period.
create or replace function core.budget_active(
    _user_id bigint, _as_of date, _currency text default null
)
returns bigint
language sql stable parallel safe
as $$
    select budget.id
    from data.budgets as budget
    inner join data.users as person on person.id = budget.user_id
    where budget.user_id = _user_id
      and budget.budget_period_id = core.period_active(_user_id, _as_of)
      and (_currency is null or budget.currency = _currency)
    order by budget.currency <> person.currency, budget.id
    limit 1;
$$;

-- Makes the first budget of a chain and returns its key. No currency: the owner's.
-- Errors: PT404 with budget_period_id, PT409 with it when the period has a budget in that currency.
create or replace function core.budget_add(
    _user_id bigint,
    _budget_period_id bigint,
    _name text,
    _currency text default null,
    _carry_rule text default 'left'
)
returns bigint
language plpgsql
as $$
declare
    v_id constant bigint := nextval(pg_get_serial_sequence('data.budgets', 'id'));
begin
    perform core.check_known(
        'budget_period_id',
        'budget period',
        exists (
            select from data.budget_periods
            where user_id = _user_id and id = _budget_period_id
        )
    );
    insert into data.budgets (
        user_id, id, budget_period_id, name, currency, carry_rule, chain_id
    )
    select
        person.id, v_id, _budget_period_id, _name, coalesce(_currency, person.currency),
        _carry_rule, v_id
    from data.users as person
    where person.id = _user_id
    on conflict (user_id, budget_period_id, currency) do nothing;
    if not found then
        raise exception 'This period has a budget in that currency'
            using errcode = 'PT409', column = 'budget_period_id';
    end if;
    return v_id;
end;
$$;

-- Merges what is named into a budget and returns its key. Errors: PT404 no such budget, PT412
-- another version, PT422 with the field.
create or replace function core.budget_edit(
    _user_id bigint,
    _budget_id bigint,
    _patch jsonb,
    _name text,
    _carry_rule text,
    _if_match bigint default null
)
returns bigint
language sql
as $$
    select core.check_kept(_patch, '{name,carry_rule}');

    with edited as (
        update data.budgets
        set version = core.version_raised(version, _if_match),
            name = coalesce(_name, name),
            carry_rule = coalesce(_carry_rule, carry_rule),
            updated_at = now()
        where user_id = _user_id
          and id = _budget_id
        returning id
    )
    select core.check_found('budget', (select id from edited));
$$;

-- Drops a budget with its allocations and returns its key; the period and what was booked stay.
-- Errors: PT404 no such budget, PT409 another one goes on from it, PT412 another version.
create or replace function core.budget_drop(
    _user_id bigint, _budget_id bigint, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_old data.budgets;
begin
    perform core.user_hold(_user_id);
    v_old := (
        select budget
        from data.budgets as budget
        where budget.user_id = _user_id and budget.id = _budget_id
        for update
    );
    perform core.check_found('budget', v_old.id), core.version_check(v_old.version, _if_match);
    if exists (
        select from data.budgets
        where user_id = _user_id and chain_id = v_old.chain_id and chain_no = v_old.chain_no + 1
    ) then
        raise exception 'A later budget goes on from this one: drop that first'
            using errcode = 'PT409';
    end if;
    delete from data.budgets where user_id = _user_id and id = _budget_id;
    return v_old.id;
end;
$$;

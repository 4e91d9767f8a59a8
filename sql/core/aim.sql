-- Writing goals.

-- Adds a goal and returns its key. Without an account, saved begins as it is said; with one, the
-- account says it. No currency: the account's, else the owner's. No next_on: the first of the next
-- month. Errors: PT404 with account_id, PT409 when there are 50 already, PT422 with the field.
create or replace function core.aim_add(
    _user_id bigint,
    _name text,
    _target_amount numeric,
    _target_on date default null,
    _saved numeric default null,
    _account_id bigint default null,
    _currency text default null,
    _monthly numeric default 0,
    _next_on date default null,
    _priority integer default 1
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform core.user_hold(_user_id);
    if (select count(*) >= 50 from data.financial_goals where user_id = _user_id) then
        raise exception 'At most 50 goals: drop one first' using errcode = 'PT409';
    end if;
    perform core.aim_check(_target_amount, _saved, _account_id, _monthly);
    insert into data.financial_goals (
        user_id, name, target_amount, target_on, account_id, saved, currency, monthly, next_on,
        priority
    )
    values (
        _user_id,
        _name,
        _target_amount,
        _target_on,
        _account_id,
        case when _account_id is null then coalesce(_saved, 0) end,
        core.currency_linked(_user_id, _account_id, _currency),
        _monthly,
        coalesce(
            _next_on,
            (date_trunc('month', core.user_today(_user_id)::timestamp) + interval '1 month')::date
        ),
        _priority
    )
    returning id into v_id;
    return v_id;
end;
$$;

-- True when a goal can be. Errors: PT422 with the field.
create or replace function core.aim_check(
    _target_amount numeric, _saved numeric, _account_id bigint, _monthly numeric
)
returns boolean
language plpgsql immutable parallel safe
as $$
begin
    perform
        core.check_rule(
            'saved', num_nonnulls(_saved, _account_id) <= 1,
            'What is saved is said, or an account says it: one of the two'
        ),
        core.check_range('target_amount', _target_amount, 0.01, 1000000000),
        core.check_range('saved', _saved, 0, 1000000000),
        core.check_range('monthly', _monthly, 0, 1000000000);
    return true;
end;
$$;

-- Merges what _patch names into a goal: absent keeps, null clears what may be empty. Naming an
-- account forgets what was said to be saved; saved takes the place of an account, and is what it
-- held when account_id is cleared without it. Returns the key.
-- Errors: PT404 no such goal, PT412 another version, PT404 and PT422 with the field.
create or replace function core.aim_edit(
    _user_id bigint, _financial_goal_id bigint, _patch jsonb, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_old data.financial_goals;
    v_new data.financial_goals;
begin
    perform core.check_kept(
        _patch, '{name,target_amount,saved,monthly,next_on,priority,currency,is_active}'
    );
    v_old := (
        select goal
        from data.financial_goals as goal
        where goal.user_id = _user_id and goal.id = _financial_goal_id
        for no key update
    );
    perform
        core.check_found('financial goal', v_old.id),
        core.version_check(v_old.version, _if_match);
    if _patch ? 'saved' and not _patch ? 'account_id' then
        v_old.account_id := null;
    elsif jsonb_typeof(_patch -> 'account_id') = 'number' then
        v_old.saved := null;
    elsif _patch ? 'account_id' and v_old.account_id is not null then
        v_old.saved := (
            select held.saved_cents * 0.01
            from core.goal_rows(_user_id) as held
            where held.id = _financial_goal_id
        );
    end if;
    v_new := jsonb_populate_record(v_old, _patch - '{user_id,id,version}'::text[]);
    perform core.aim_check(
        v_new.target_amount, v_new.saved, v_new.account_id, v_new.monthly
    );
    update data.financial_goals
    set version = version + 1,
        name = v_new.name,
        target_amount = v_new.target_amount,
        target_on = v_new.target_on,
        account_id = v_new.account_id,
        saved = v_new.saved,
        currency = core.currency_linked(
            _user_id, v_new.account_id,
            case when _patch ? 'currency' or v_new.account_id is null then v_new.currency end
        ),
        monthly = v_new.monthly,
        next_on = v_new.next_on,
        priority = v_new.priority,
        is_active = v_new.is_active,
        updated_at = now()
    where user_id = _user_id and id = _financial_goal_id;
    return v_new.id;
end;
$$;

-- Drops a goal with its contributions and returns its key; the money stays where it is.
-- Errors: PT404 no such goal, PT412 another version.
create or replace function core.aim_drop(
    _user_id bigint, _financial_goal_id bigint, _if_match bigint default null
)
returns bigint
language sql
as $$
    with dropped as (
        delete from data.financial_goals
        where user_id = _user_id
          and id = _financial_goal_id
        returning id, version
    )
    select core.check_found(
        'financial goal',
        (select id from dropped where core.version_check(version, _if_match))
    );
$$;

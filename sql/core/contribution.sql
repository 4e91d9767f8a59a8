-- What was put into goals, and taken out of them.

-- Contributions of a goal, by day and key, newest first, from the place behind _before_on and
-- _before_id on.
create or replace function core.contribution_page(
    _user_id bigint,
    _financial_goal_id bigint,
    _before_on date,
    _before_id bigint,
    _limit integer
)
returns table (
    id bigint,
    financial_goal_id bigint,
    amount numeric,
    contributed_on date,
    note text,
    created_at timestamptz
)
language sql stable parallel safe
as $$
    select id, financial_goal_id, amount, contributed_on, note, created_at
    from data.goal_contributions
    where user_id = _user_id
      and financial_goal_id = _financial_goal_id
      and (contributed_on, id) < (_before_on, _before_id)
    order by contributed_on desc, id desc
    limit _limit;
$$;

-- What api functions say of a contribution, in the words of api.route.
create or replace function core.contribution_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "id": "integer",
        "financial_goal_id": "integer",
        "amount": "money",
        "contributed_on": "date",
        "note": "text?",
        "created_at": "timestamp"
    }'::jsonb;
$$;

-- The one contribution as json, or null.
create or replace function core.contribution_json(_user_id bigint, _contribution_id bigint)
returns json
language sql stable parallel safe
as $$
    select json_build_object(
        'id', id,
        'financial_goal_id', financial_goal_id,
        'amount', amount,
        'contributed_on', contributed_on,
        'note', note,
        'created_at', created_at
    )
    from data.goal_contributions
    where user_id = _user_id
      and id = _contribution_id;
$$;

-- Puts an amount into a goal (negative: takes it out) and returns the key of the contribution;
-- what is saved moves with it. No day: the owner's today.
-- Errors: PT404 no such goal; PT409 an account says what is saved, or there are 10,000 already;
-- PT422 with amount when more is taken out than there is.
create or replace function core.contribution_add(
    _user_id bigint,
    _financial_goal_id bigint,
    _amount numeric,
    _contributed_on date default null,
    _note text default null
)
returns bigint
language plpgsql
as $$
declare
    v_id bigint;
begin
    perform
        core.check_rule('amount', _amount <> 0, 'amount must not be 0'),
        core.check_range('amount', _amount, -1000000000, 1000000000),
        core.contribution_move(_user_id, _financial_goal_id, _amount);
    if (
        select count(*) >= 10000
        from data.goal_contributions
        where user_id = _user_id and financial_goal_id = _financial_goal_id
    ) then
        raise exception 'At most 10,000 contributions to a goal' using errcode = 'PT409';
    end if;
    insert into data.goal_contributions (
        user_id, financial_goal_id, amount, contributed_on, note
    )
    values (
        _user_id, _financial_goal_id, _amount,
        coalesce(_contributed_on, core.user_today(_user_id)), _note
    )
    returning id into v_id;
    return v_id;
end;
$$;

-- Moves what a goal says is saved, and locks it. Errors: see core.contribution_add.
create or replace function core.contribution_move(
    _user_id bigint, _financial_goal_id bigint, _amount numeric
)
returns void
language plpgsql
as $$
declare
    v_goal record;
begin
    select id, account_id, saved into v_goal
    from data.financial_goals
    where user_id = _user_id and id = _financial_goal_id
    for no key update;
    perform core.check_found('financial goal', v_goal.id);
    if v_goal.account_id is not null then
        raise exception 'The account of this goal says what is saved'
            using errcode = 'PT409', column = 'financial_goal_id';
    end if;
    perform
        core.check_rule(
            'amount', v_goal.saved + _amount >= 0, 'That is more than is saved'
        ),
        core.check_rule(
            'amount', v_goal.saved + _amount <= 100000000000, 'That is more than can be saved'
        );
    update data.financial_goals
    set saved = saved + _amount, version = version + 1, updated_at = now()
    where user_id = _user_id and id = _financial_goal_id;
end;
$$;

-- Takes a contribution back and returns its key: what is saved moves back, unless an account says
-- it by now. Errors: PT404 no such contribution, PT422 when that much is not there any more.
create or replace function core.contribution_drop(_user_id bigint, _contribution_id bigint)
returns bigint
language plpgsql
as $$
declare
    v_goal record;
    v_amount numeric;
begin
    -- The goal first, as core.contribution_add does: two writers never wait in a ring.
    select goal.id, goal.account_id into v_goal
    from data.financial_goals as goal
    where goal.user_id = _user_id
      and goal.id = (
          select financial_goal_id
          from data.goal_contributions
          where user_id = _user_id and id = _contribution_id
      )
    for no key update;
    delete from data.goal_contributions
    where user_id = _user_id and id = _contribution_id
    returning amount into v_amount;
    perform core.check_found('contribution', v_amount);
    if v_goal.account_id is null then
        perform core.contribution_move(_user_id, v_goal.id, -v_amount);
    end if;
    return _contribution_id;
end;
$$;

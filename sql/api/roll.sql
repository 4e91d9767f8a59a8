-- What fills a budget at once: the recurring items, or the budget before it.

create or replace function api.roll_copy(_user_id bigint, _budget_id api.key)
returns json
language plpgsql
as $$
begin
    return core.copy_run(_user_id, _budget_id);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/budgets/{budget_id}/copy-recurring', 'api.roll_copy',
    summary => 'Fill a budget from the recurring items; what is there stays',
    tags => '{budgets}',
    answer => core.copy_shape()
);

-- The next budget and what it brings along, as of its first day.
create or replace function api.roll_next(_user_id bigint, _budget_id api.key)
returns json
language plpgsql
as $$
declare
    v_next record;
begin
    select rolled.budget_id, rolled.is_new into v_next
    from core.roll_run(_user_id, _budget_id) as rolled;
    return core.roll_json(_user_id, v_next.budget_id, v_next.is_new);
end;
$$;

call api.route(
    'POST /api/v2/users/{user_id}/budgets/{budget_id}/next', 'api.roll_next',
    summary => 'Go on into the next period: same allocations, balances carried by the rule',
    status => 201,
    tags => '{budgets}',
    answer => core.roll_shape()
);

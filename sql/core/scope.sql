-- Scopes: what is expected of each account of an owner, and of all together.

-- One owner's expectation: a row per active account by key, then all covered ones together with
-- account_id null. Columns and units: core.expectation_arrays. _account_id: that account alone, 0
-- the total alone, null every row. _due_from: first day on which something overdue may be, none:
-- that of core.ground_row.
create or replace function core.scope_rows(
    _user_id bigint,
    _as_of date,
    _days integer,
    _account_id bigint default null,
    _due_from date default null
)
returns table (
    account_id bigint,
    currency text,
    basis text,
    fitted_on date,
    reserve_cents bigint,
    opening_cents bigint,
    plan_cents bigint[],
    p10_cents bigint[],
    p50_cents bigint[],
    p90_cents bigint[],
    below real[],
    risk_7 real,
    risk_30 real,
    risk_90 real
)
language plpgsql stable parallel safe
as $$
declare
    v_fit data.expectation_fits;
    v_state data.expectation_states;
    v_ground record;
    v_plan record;
begin
    select * into v_fit from core.expectation_fit(_as_of);
    -- Over rows, because each scope has a ground, a plan and a curve of its own.
    for v_state in
        select state.*
        from core.expectation_states(_user_id, _as_of) as state
        where _account_id is null or state.account_id = _account_id
        order by state.account_id = 0, state.account_id
    loop
        select * into v_ground
        from core.ground_row(_user_id, _as_of, null, nullif(v_state.account_id, 0));
        v_ground.due_from := coalesce(_due_from, v_ground.due_from);
        select * into v_plan
        from core.extra_row(
            _user_id, v_ground, v_state.due_days, v_state.due_cents, _days
        );
        account_id := nullif(v_state.account_id, 0);
        currency := v_ground.currency;
        fitted_on := v_fit.fitted_on;
        reserve_cents := v_ground.reserve_cents;
        opening_cents := v_ground.opening_cents;
        plan_cents := v_plan.closing[:_days];
        select * into basis, p10_cents, p50_cents, p90_cents, below, risk_7, risk_30, risk_90
        from core.curve_row(
            v_state, core.given_season(v_fit, v_ground.currency), _days, v_plan.closing,
            v_plan.extra, v_ground.reserve_cents
        );
        return next;
    end loop;
end;
$$;

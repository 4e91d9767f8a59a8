-- The expectation: what will probably happen, beside the plan, which is what is scheduled. Every
-- function takes _as_of and reads nothing that was booked later.

-- The fit that a forecast as of a day goes by: the newest that is not later, else the oldest.
-- Shape: one row; none before the first apply.
create or replace function core.expectation_fit(_as_of date)
returns setof data.expectation_fits
language sql stable parallel safe
as $$
    select fit.*
    from data.expectation_fits as fit
    order by fit.fitted_on <= _as_of desc, abs(fit.fitted_on - _as_of)
    limit 1;
$$;

-- The states of an owner: the kept ones, when they are of that day and of the ledger and accounts
-- as they are now, else made anew. Shape: core.state_rows.
create or replace function core.expectation_states(_user_id bigint, _as_of date)
returns setof data.expectation_states
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
as $$
begin
    return query
    select state.*
    from data.expectation_states as state
    where state.user_id = _user_id
      and state.as_of = _as_of
      and state.change_no = core.clock_read(_user_id)
      and state.held = core.state_held(_user_id);
    if not found then
        return query select * from core.state_rows(_user_id, _as_of);
    end if;
end;
$$;

-- The expectation of many owners. account_id null: all covered accounts together. Cents and chances
-- of the days _as_of + 1 to _as_of + _days, arrays of _days; opening_cents is the balance of
-- _as_of, plan_cents what is scheduled, p10 to p90 and the rest see core.curve_row; fitted_on says
-- which fit was asked. Shape: a row per owner and active account, then their total, by owner,
-- account_id nulls last; an id given twice comes once, an unknown one not at all.
create or replace function core.expectation_arrays(
    _user_ids bigint[], _as_of date, _days integer
)
returns table (
    user_id bigint,
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
language sql stable parallel safe
as $$
    select asked.user_id, expected.*
    from (
        select distinct given.user_id from unnest(_user_ids) as given (user_id) order by 1
    ) as asked
    cross join lateral core.scope_rows(asked.user_id, _as_of, _days) as expected;
$$;
call core.cross_owner(
    'core.expectation_arrays(bigint[], date, integer)',
    'a batch names its owners in its first argument'
);

-- The same of single accounts, a row per owner, account and day, in this order. Amounts of money.
create or replace function core.expectation_many(_user_ids bigint[], _as_of date, _days integer)
returns table (
    user_id bigint,
    account_id bigint,
    on_day date,
    plan numeric,
    p10 numeric,
    p50 numeric,
    p90 numeric
)
language sql stable parallel safe
as $$
    select
        expected.user_id,
        expected.account_id,
        _as_of + day.place::integer,
        day.plan * 0.01,
        day.p10 * 0.01,
        day.p50 * 0.01,
        day.p90 * 0.01
    from core.expectation_arrays(_user_ids, _as_of, _days) as expected
    cross join lateral rows from (
        unnest(expected.plan_cents),
        unnest(expected.p10_cents),
        unnest(expected.p50_cents),
        unnest(expected.p90_cents)
    ) with ordinality as day (plan, p10, p50, p90, place)
    where expected.account_id is not null
    order by expected.user_id, expected.account_id, day.place;
$$;
call core.cross_owner(
    'core.expectation_many(bigint[], date, integer)',
    'a batch names its owners in its first argument'
);

-- Keeps the states of these owners as of a day, in place of older ones; returns how many owners.
-- For a read between this and the owner's next booking nothing of the ledger is looked at again.
create or replace function core.expectation_store(_user_ids bigint[], _as_of date)
returns bigint
language sql
as $$
    delete from data.expectation_states where user_id = any (_user_ids);

    with kept as (
        insert into data.expectation_states
        select state.*
        from (
            select distinct given.user_id from unnest(_user_ids) as given (user_id)
        ) as asked
        cross join lateral core.state_rows(asked.user_id, _as_of) as state
        on conflict do nothing
        returning user_id
    )
    select count(distinct user_id) from kept;
$$;
call core.cross_owner(
    'core.expectation_store(bigint[], date)', 'a batch names its owners in its first argument'
);

-- Makes the fit of _as_of (none: of the day of _due_at, else of today) from bookings up to that
-- day, all accounts together; see core.fitting_step. _batch: owners in one call, null for all.
-- Answer: {"is_done", "count": owners of this call} and at the end "fitted_on", "accounts",
-- "windows" and "is_kept": whether there were enough windows.
create or replace function core.expectation_refit(
    _as_of date default null, _due_at timestamptz default null, _batch integer default null
)
returns json
language sql
as $$
    select core.fitting_step(
        coalesce(_as_of, (coalesce(_due_at, now()) at time zone 'UTC')::date), _batch
    );
$$;
call core.cross_owner(
    'core.expectation_refit(date, timestamptz, integer)',
    'what all accounts did teaches what one will do'
);
call core.job(
    'expectation_refit', 'core.expectation_refit(date, timestamptz, integer)',
    cron => '30 1 * * 0', arguments => '{"batch": 500}', timeout_s => 1800,
    summary => 'Learns the weights of the expectation anew from the windows of the past'
);

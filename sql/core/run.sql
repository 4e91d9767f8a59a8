-- Runs: what is expected, stored as of its day, one row for a user and day; made when a day has
-- ended, in batches that may be stopped anywhere.

-- Stores the runs of these users as of a day, for _days ahead; how many are new. A user who has one
-- of that day keeps it; one of whom nothing can be expected has none.
create or replace function core.run_store(_user_ids bigint[], _as_of date, _days integer)
returns integer
language plpgsql
as $$
declare
    v_count integer;
begin
    insert into data.forecast_runs (
        user_id, as_of, days, currency, account_ids, basis, fitted_on, reserve_cents,
        opening_cents, risk_7, risk_30, risk_90, plan_cents, p10_cents, p50_cents, p90_cents,
        below_permille
    )
    select
        asked.user_id,
        _as_of,
        _days,
        expected.currency,
        array(
            select account.id
            from data.accounts as account
            where account.user_id = asked.user_id
              and account.is_active
              and account.currency = expected.currency
            order by account.id
        ),
        expected.basis,
        expected.fitted_on,
        expected.reserve_cents,
        expected.opening_cents,
        expected.risk_7::numeric,
        expected.risk_30::numeric,
        expected.risk_90::numeric,
        core.foretold_kept(expected.plan_cents),
        core.foretold_kept(expected.p10_cents),
        core.foretold_kept(expected.p50_cents),
        core.foretold_kept(expected.p90_cents),
        core.foretold_kept(
            array(
                select round(1000 * day.below)
                from unnest(expected.below) with ordinality as day (below, place)
                order by day.place
            )::bigint[]
        )::smallint[]
    from (
        select distinct given.user_id from unnest(_user_ids) as given (user_id) order by 1
    ) as asked
    -- 0: the total alone. Asked for with its accounts it costs twice as much.
    cross join lateral core.scope_rows(asked.user_id, _as_of, _days, 0) as expected
    on conflict (user_id, as_of) do nothing;
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;

-- Notes that a user has no run of that day and why: a SQLSTATE, or none. Nothing for a user who has
-- one, or is gone.
create or replace function core.run_miss(
    _user_ids bigint[], _as_of date, _days integer, _fault text
)
returns integer
language plpgsql
as $$
declare
    v_count integer;
begin
    insert into data.forecast_runs (user_id, as_of, days, fault)
    select person.id, _as_of, _days, _fault
    from data.users as person
    where person.id = any (_user_ids)
    on conflict (user_id, as_of) do nothing;
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;

-- Stores the runs of a batch a year ahead, and notes who has none: how many of each. An error of
-- one user's is noted with that user and does not stop the others; one of the server's (lock, room,
-- connection, cancel) is raised, and the batch comes again.
create or replace function core.run_batch(
    _user_ids bigint[], _as_of date, out stored integer, out missed integer
)
language plpgsql
as $$
declare
    v_days constant integer := 365;
    v_user_id bigint;
begin
    stored := 0;
    missed := 0;
    begin
        stored := core.run_store(_user_ids, _as_of, v_days);
    exception
        when others then
            if core.job_retries(sqlstate) then
                raise;
            end if;
            -- A loop, because a statement over all of them does not say whose error it is.
            foreach v_user_id in array _user_ids loop
                begin
                    stored := stored + core.run_store(array[v_user_id], _as_of, v_days);
                exception
                    when others then
                        if core.job_retries(sqlstate) then
                            raise;
                        end if;
                        missed := missed
                            + core.run_miss(array[v_user_id], _as_of, v_days, sqlstate);
                end;
            end loop;
    end;
    missed := missed + core.run_miss(_user_ids, _as_of, v_days, 'none');
end;
$$;

-- One batch of the night: {is_done, count, fault_count, as_of, timezone}. Call it until is_done;
-- each call is a whole step, so one that is cut off has done nothing and the next goes on where the
-- last one ended. Two at once take turns. _due_at: the moment that the night is meant for.
create or replace function core.run_night(
    _as_of date default null, _due_at timestamptz default null, _batch integer default 100
)
returns json
language plpgsql
as $$
declare
    v_moment constant timestamptz := coalesce(_due_at, now());
    v_night data.forecast_nights;
    v_user_ids bigint[];
    v_done record;
    v_is_over boolean;
begin
    perform pg_advisory_xact_lock(hashtextextended('core.run_night', 0));
    insert into data.forecast_nights (as_of, timezone)
    select due.as_of, due.timezone
    from core.night_due(_as_of, v_moment) as due
    on conflict (as_of, timezone) do nothing;

    select night.* into v_night
    from core.night_due(_as_of, v_moment) as due
    inner join data.forecast_nights as night
        on night.as_of = due.as_of and night.timezone = due.timezone
    where night.ended_at is null
    order by night.as_of, night.timezone
    limit 1;
    if not found then
        return json_build_object('is_done', true, 'count', 0, 'fault_count', 0);
    end if;

    v_user_ids := core.night_next(
        v_night.timezone, v_night.as_of, v_night.after_user_id, _batch
    );
    v_is_over := cardinality(v_user_ids) < _batch;
    select * into v_done from core.run_batch(v_user_ids, v_night.as_of);
    update data.forecast_nights
    set after_user_id = coalesce(v_user_ids[cardinality(v_user_ids)], after_user_id),
        run_count = run_count + v_done.stored,
        fault_count = fault_count + v_done.missed,
        ended_at = case when v_is_over then clock_timestamp() end
    where as_of = v_night.as_of
      and timezone = v_night.timezone;
    return json_build_object(
        'is_done', v_is_over and not exists (
            select
            from core.night_due(_as_of, v_moment) as due
            inner join data.forecast_nights as night
                on night.as_of = due.as_of and night.timezone = due.timezone
            where night.ended_at is null
        ),
        'count', v_done.stored,
        'fault_count', v_done.missed,
        'as_of', v_night.as_of,
        'timezone', v_night.timezone
    );
end;
$$;
call core.cross_owner(
    'core.run_night(date, timestamptz, integer)', 'a night stores the runs of all users'
);
call core.job(
    'forecast_runs', 'core.run_night(date, timestamptz, integer)',
    cron => '10 * * * *',
    timeout_s => 120,
    summary => 'Store what is expected of everybody, once a day has ended where they live'
);

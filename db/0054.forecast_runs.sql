-- What was expected, as of which day: one run of the forecast for a user and day, to be held
-- against what happened; and the nights that made them.
-- depends: 0047.spending_summary

set lock_timeout = '3s';

-- The paths stay in the row (storage main): compressed they are 2 kB, and all of them are read
-- together.
create table data.forecast_runs (
    user_id bigint not null references data.users (id) on delete cascade,
    as_of date not null,
    made_at timestamptz not null default now(),
    days integer not null,
    fault text,
    currency text,
    account_ids bigint[],
    basis text,
    fitted_on date,
    reserve_cents bigint,
    opening_cents bigint,
    risk_7 numeric(4, 3),
    risk_30 numeric(4, 3),
    risk_90 numeric(4, 3),
    plan_cents bigint[] storage main,
    p10_cents bigint[] storage main,
    p50_cents bigint[] storage main,
    p90_cents bigint[] storage main,
    below_permille smallint[] storage main,
    primary key (user_id, as_of),
    constraint days_are_up_to_ten_years check (days between 1 and 3660),
    constraint is_in_a_living_century check (as_of between '1900-01-01' and '2200-12-31'),
    constraint run_has_its_paths_or_a_fault check (
        (fault is null) = (
            currency is not null and account_ids is not null and basis is not null
            and reserve_cents is not null and opening_cents is not null
            and plan_cents is not null and p10_cents is not null and p50_cents is not null
            and p90_cents is not null and below_permille is not null
        )
    ),
    constraint every_day_of_the_first_92_then_every_week check (
        cardinality(plan_cents) = least(days, 92) + greatest(days - 92, 0) / 7
        and cardinality(p10_cents) = cardinality(plan_cents)
        and cardinality(p50_cents) = cardinality(plan_cents)
        and cardinality(p90_cents) = cardinality(plan_cents)
        and cardinality(below_permille) = cardinality(plan_cents)
    ),
    constraint risks_are_shares check (
        risk_7 between 0 and 1 and risk_30 between 0 and 1 and risk_90 between 0 and 1
    )
) partition by range (as_of);

create table data.forecast_runs_default partition of data.forecast_runs default;

create index forecast_runs_day on data.forecast_runs (as_of);
comment on index data.forecast_runs_day is
    'core.thinning_run: the runs of one day, whoever owns them';
comment on table data.forecast_runs is
    'user-keyed, in months: what was expected of all covered accounts together, as of one day; '
    'never changed, so that it can be held against what happened';
comment on column data.forecast_runs.as_of is 'the last day whose bookings were known';
comment on column data.forecast_runs.days is 'how many days ahead it looks';
comment on column data.forecast_runs.fault is
    'SQLSTATE of the error, or none, when there was nothing to store: a run without paths';
comment on column data.forecast_runs.account_ids is 'the accounts that it speaks of';
comment on column data.forecast_runs.plan_cents is
    'element n: balance at the end of day as_of + n up to 92, then each seventh day (99, 106, …)';
comment on column data.forecast_runs.below_permille is
    'the chance, in thousandths, that the same day ends below the reserve';

create table data.forecast_nights (
    as_of date not null,
    timezone text not null,
    began_at timestamptz not null default now(),
    ended_at timestamptz,
    after_user_id bigint,
    run_count integer not null default 0,
    fault_count integer not null default 0,
    primary key (as_of, timezone),
    constraint ends_after_it_began check (ended_at >= began_at),
    constraint counts_are_not_negative check (run_count >= 0 and fault_count >= 0)
);
comment on table data.forecast_nights is
    'reference: how far the runs of one day are, by time zone; stands as long as its runs do';
comment on column data.forecast_nights.after_user_id is
    'up to this user all are done, in the order of their keys: where the next batch goes on';
comment on column data.forecast_nights.ended_at is 'null: not everybody is done';

do $$
declare
    v_table text;
begin
    foreach v_table in array array['forecast_runs', 'forecast_runs_default'] loop
        execute format('alter table data.%I enable row level security', v_table);
        execute format('alter table data.%I force row level security', v_table);
        continue when v_table like '%default';  -- the policies of the parent are theirs
        execute format(
            'create policy %I on data.%I to owner '
            'using (user_id = '
            '(select nullif(current_setting(''app.user_id'', true), '''')::bigint))',
            v_table || '_is_its_owners', v_table
        );
        execute format(
            'create policy %I on data.%I to steward using (true)',
            v_table || '_is_stewarded', v_table
        );
    end loop;
end;
$$;

-- Fourteen months: a run that looks a year ahead can be judged for two months more.
insert into data.partition_rules (relation, keeps)
values ('data.forecast_runs', 14)
on conflict do nothing;

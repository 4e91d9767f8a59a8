-- Jobs on a clock: which function is called when. Declared beside the function, kept in
-- data.job_schedules, run by the workers (core.execution_step).

-- Declares a job: stands under its function, as api.route does. function is 'core.name(types)' and
-- returns json {"is_done": boolean, "count": integer, …}: each call is one transaction, and it is
-- called again until is_done. arguments are its parameters without their underscore; one named
-- _due_at gets the moment that the run was due. The first sight makes the row; later ones change
-- what nobody edited since. A job that no file declares any more goes with the next apply.
-- Errors: 42883 no such function, 22023 it does not fit, PT422 with cron or timezone.
create or replace procedure core.job(
    name text,
    function text,
    cron text,
    summary text,
    arguments jsonb default '{}',
    timeout_s integer default 60,
    timezone text default 'UTC',
    is_active boolean default true
)
language plpgsql
as $$
declare
    v_routine constant regprocedure := job.function;
    v_fault constant text := core.job_fault(v_routine, job.arguments);
begin
    if v_fault is not null then
        raise exception '%', v_fault using errcode = '22023';
    end if;
    perform core.cron_next(job.cron, job.timezone, now());
    insert into data.job_schedules as known (
        name, function, cron, summary, arguments, timeout_s, timezone, is_active, declared
    )
    values (
        job.name,
        v_routine::text,
        job.cron,
        job.summary,
        job.arguments,
        job.timeout_s,
        job.timezone,
        job.is_active,
        jsonb_build_object(
            'cron', job.cron,
            'arguments', job.arguments,
            'timeout_s', job.timeout_s,
            'timezone', job.timezone,
            'is_active', job.is_active
        )
    )
    on conflict on constraint job_schedules_pkey do update set
        function = excluded.function,
        summary = excluded.summary,
        cron = case known.cron
            when known.declared ->> 'cron' then excluded.cron else known.cron
        end,
        arguments = case known.arguments
            when known.declared -> 'arguments' then excluded.arguments else known.arguments
        end,
        timeout_s = case known.timeout_s
            when (known.declared ->> 'timeout_s')::integer then excluded.timeout_s
            else known.timeout_s
        end,
        timezone = case known.timezone
            when known.declared ->> 'timezone' then excluded.timezone else known.timezone
        end,
        is_active = case known.is_active
            when (known.declared ->> 'is_active')::boolean then excluded.is_active
            else known.is_active
        end,
        declared = excluded.declared;
end;
$$;

-- Why a function cannot be a job with these arguments, in a sentence; null when it can.
create or replace function core.job_fault(_function regprocedure, _arguments jsonb)
returns text
language sql stable
as $$
    with parameters as (
        select
            substr(parameter.name, 2) as name,
            parameter.place > routine.pronargs - routine.pronargdefaults as has_default
        from pg_catalog.pg_proc as routine
        cross join lateral unnest(routine.proargnames) with ordinality as parameter(name, place)
        where routine.oid = _function
    )
    select case
        when routine.pronamespace::regnamespace::text <> 'core'
        then format('%s is not a function of core', _function)
        when routine.prorettype <> 'json'::regtype or routine.proretset
        then format('%s must return one json: {"is_done": …, "count": …}', _function)
        when routine.provolatile <> 'v'
        then format('%s writes nothing: a job is volatile', _function)
        when given.unknown is not null
        then format('%s has no parameter _%s', _function, given.unknown)
        when given.missing is not null
        then format('%s needs an argument for _%s', _function, given.missing)
    end
    from pg_catalog.pg_proc as routine
    cross join lateral (
        select
            (
                select min(key) from jsonb_object_keys(_arguments) as key
                where key not in (select parameters.name from parameters) or key = 'due_at'
            ) as unknown,
            (
                select min(parameters.name) from parameters
                where not parameters.has_default
                  and parameters.name <> 'due_at'
                  and not _arguments ? parameters.name
            ) as missing
    ) as given
    where routine.oid = _function;
$$;

-- The statement of one batch: select core.name(_a => '…'::type, …). Null when there is no such
-- function any more.
create or replace function core.job_call(_function text, _arguments jsonb, _due_at timestamptz)
returns text
language sql stable
as $$
    select format('select %s(%s)', routine.oid::regproc, string_agg(
        format(
            '%I => %L::%s',
            parameter.name,
            case parameter.name
                when '_due_at' then _due_at::text
                else _arguments ->> substr(parameter.name, 2)
            end,
            parameter.type::regtype
        ),
        ', ' order by parameter.place
    ) filter (where parameter.name = '_due_at' or _arguments ? substr(parameter.name, 2)))
    from pg_catalog.pg_proc as routine
    left join lateral unnest(routine.proargnames, routine.proargtypes::oid[]) with ordinality
        as parameter(name, type, place) on true
    where routine.oid = to_regprocedure(_function)
    group by routine.oid;
$$;

-- Whether a batch that ended with this SQLSTATE comes again as it is: the error is the server's
-- (lock, room, connection, cancel), not that of a row. Classes: PostgreSQL manual, appendix A.
create or replace function core.job_retries(_sqlstate text)
returns boolean
language sql immutable parallel safe
as $$
    select _sqlstate ~ '^(40|53|55|57|58)';
$$;

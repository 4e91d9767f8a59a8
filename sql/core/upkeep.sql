-- Upkeep of what everybody shares, as jobs: partitions, summaries, what nobody needs any more.

-- Brings partitions to today. Errors: 55P03 a table is busy for longer than lock_timeout: the next
-- try finds it free.
create or replace function core.upkeep_partitions()
returns json
language sql
as $$
    select json_build_object('is_done', true, 'count', count(*)) from core.partition_keep();
$$;
call core.job(
    'partitions', 'core.upkeep_partitions()', cron => '5 * * * *', timeout_s => 600,
    summary => 'Makes the partitions ahead, moves strays, takes away what is past retention'
);

-- Makes every summary over many users anew; one that somebody else is at is left to them.
create or replace function core.upkeep_summaries()
returns json
language sql
as $$
    select json_build_object(
        'is_done', true, 'count', count(*) filter (where made.outcome = 'refreshed')
    )
    from core.mart_refresh() as made;
$$;
call core.job(
    'summaries', 'core.upkeep_summaries()', cron => '15 2 * * *', timeout_s => 1800,
    summary => 'Makes the summaries over many users anew'
);

-- Forgets what ended long ago. Never beside one who takes partitions away, and one thing after the
-- other: two at once could wait for each other's rows.
create or replace function core.upkeep_retention()
returns json
language plpgsql
as $$
declare
    v_count bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended('core.partition_keep', 0));
    perform core.cap_forget();
    select coalesce(sum(gone.row_count), 0) into v_count from core.retention_sweep() as gone;
    return json_build_object('is_done', true, 'count', v_count);
end;
$$;
call core.job(
    'retention', 'core.upkeep_retention()', cron => '35 2 * * *', timeout_s => 600,
    summary => 'Forgets ended sessions, keys, tokens, counters and rows of files nobody booked'
);

-- Forgets messages that were finished 30 days ago, or whose user is gone.
create or replace function core.upkeep_messages(_batch integer default 5000)
returns json
language sql
as $$
    select json_build_object('is_done', pruned < _batch, 'count', pruned)
    from core.message_prune(_batch) as pruned;
$$;
call core.job(
    'messages', 'core.upkeep_messages(integer)', cron => '20 * * * *',
    summary => 'Forgets messages 30 days after they were finished'
);

-- Learns which first payments come again, as of the day (UTC) that it was due.
create or replace function core.upkeep_priors(_due_at timestamptz)
returns json
language sql
as $$
    select json_build_object(
        'is_done', true, 'count', core.prior_learn((_due_at at time zone 'UTC')::date)
    );
$$;
call core.job(
    'first_payments', 'core.upkeep_priors(timestamptz)', cron => '45 2 * * *', timeout_s => 1800,
    summary => 'Learns which first payments come again'
);

-- Forgets at most _batch runs that were finished 30 days ago.
create or replace function core.upkeep_history(_batch integer default 10000)
returns json
language sql
as $$
    with forgotten as (
        delete from data.job_runs as run
        where run.id in (
            select old.id from data.job_runs as old
            where old.status in ('done', 'failed')
              and old.finished_at < now() - interval '30 days'
            limit _batch
        )
        returning 1
    )
    select json_build_object('is_done', count(*) < _batch, 'count', count(*)) from forgotten;
$$;
call core.job(
    'job_history', 'core.upkeep_history(integer)', cron => '40 3 * * *',
    summary => 'Forgets runs of jobs after 30 days'
);

-- Thinning: which runs are kept. All of the last 35 days, those as of a Monday for 14 months.

-- Takes one batch of runs away that are not kept any more: {is_done, count}. A day after another,
-- oldest first; with its last run the day's nights go too.
create or replace function core.thinning_run(
    _today date default null, _batch integer default 5000
)
returns json
language plpgsql
as $$
declare
    v_today constant date := coalesce(_today, (now() at time zone 'UTC')::date);
    v_last_month constant date := v_today - interval '14 months';
    v_as_of date;
    v_count integer;
begin
    select min(night.as_of) into v_as_of
    from data.forecast_nights as night
    where night.as_of < v_last_month
       or (night.as_of < v_today - 35 and extract(isodow from night.as_of) <> 1);
    if v_as_of is null then
        return json_build_object('is_done', true, 'count', 0);
    end if;
    delete from data.forecast_runs as run
    using (
        select old.user_id
        from data.forecast_runs as old
        where old.as_of = v_as_of
        limit _batch
    ) as gone
    where run.user_id = gone.user_id
      and run.as_of = v_as_of;
    get diagnostics v_count = row_count;
    if v_count < _batch then
        delete from data.forecast_nights where as_of = v_as_of;
    end if;
    return json_build_object('is_done', false, 'count', v_count);
end;
$$;
call core.cross_owner(
    'core.thinning_run(date, integer)', 'a job takes away runs that are kept no longer'
);
call core.job(
    'forecast_thinning', 'core.thinning_run(date, integer)',
    cron => '40 3 * * *',
    summary => 'Take runs away that are kept no longer: of those 35 days old, all but Monday''s'
);

-- Keep: what is looked up in a ledger once, so that reading a forecast need not.

-- Active users whose kept state is not of their today and of their ledger as it is, by key, at most
-- _limit. Active: an active account in their currency, and a booking within 92 days.
create or replace function core.keep_stale(_limit integer)
returns table (user_id bigint, today date)
language sql stable
as $$
    select person.id, day.today
    from data.users as person
    cross join lateral (
        select (now() at time zone person.timezone)::date as today
        offset 0
    ) as day
    where exists (
          select
          from data.accounts as account
          where account.user_id = person.id
            and account.is_active
            and account.currency = person.currency
      )
      and exists (
          select
          from data.transactions as booking
          where booking.user_id = person.id
            and booking.transaction_date > day.today - 92
      )
      and not exists (
          select
          from data.expectation_states as state
          where state.user_id = person.id
            and state.account_id = 0
            and state.as_of = day.today
            and state.change_no = core.clock_read(person.id)
      )
    order by person.id
    limit _limit;
$$;

-- Keeps the states of the next _batch users of core.keep_stale; a read in between makes its own.
-- Answer: {"is_done": whether none was left, "count": users}.
create or replace function core.keep_step(_batch integer default 200)
returns json
language plpgsql
as $$
declare
    v_group record;
    v_count bigint := 0;
begin
    -- A loop over days: around the world there are three at most.
    for v_group in
        select stale.today, array_agg(stale.user_id) as user_ids
        from core.keep_stale(_batch) as stale
        group by stale.today
    loop
        v_count := v_count + core.expectation_store(v_group.user_ids, v_group.today);
    end loop;
    return json_build_object('is_done', v_count < _batch, 'count', v_count);
end;
$$;
call core.cross_owner('core.keep_step(integer)', 'a job keeps the states of all');
call core.job(
    'expectation_states', 'core.keep_step(integer)',
    cron => '*/10 * * * *', arguments => '{"batch": 200}', timeout_s => 300,
    summary => 'Looks up in each ledger that moved what its forecast is made of'
);

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

-- Keeps the states of these users as of a day, and returns how many users. An error of one user's
-- ledger does not stop the others: that user gets a row that no read takes for theirs (nothing is
-- held by it), so that it is tried again when the day or the ledger is another. One of the server's
-- (lock, room, connection, cancel) is raised, and the batch comes again.
create or replace function core.keep_states(_user_ids bigint[], _as_of date)
returns bigint
language plpgsql
as $$
declare
    v_user_id bigint;
begin
    perform core.expectation_store(_user_ids, _as_of);
    return cardinality(_user_ids);
exception
    when others then
        if core.job_retries(sqlstate) then
            raise;
        end if;
        -- A loop, because a statement over all of them does not say whose error it is.
        foreach v_user_id in array _user_ids loop
            begin
                perform core.expectation_store(array[v_user_id], _as_of);
            exception
                when others then
                    if core.job_retries(sqlstate) then
                        raise;
                    end if;
                    perform core.keep_mark(v_user_id, _as_of);
            end;
        end loop;
        return cardinality(_user_ids);
end;
$$;

-- Notes that the ledger of a user was looked at as of a day and gave no state.
create or replace function core.keep_mark(_user_id bigint, _as_of date)
returns void
language sql
as $$
    delete from data.expectation_states where user_id = _user_id;

    insert into data.expectation_states (
        user_id, account_id, as_of, change_no, held, history_days, balance, scale, mean_90,
        mean_180, pace, thrift, sway, swing, profile, due_days, due_cents
    )
    values (
        _user_id, 0, _as_of, core.clock_read(_user_id), '', 0, 0, 0, 0, 0, 0, 0, 0, 0,
        array_fill(0, '{31}'), '{}', '{}'
    );
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
        v_count := v_count + core.keep_states(v_group.user_ids, v_group.today);
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

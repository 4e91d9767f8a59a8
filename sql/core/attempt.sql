-- What may be tried how often: counters by kind and subject, under the rules of
-- data.attempt_rules. A subject is kept as a hash, known and unknown addresses alike.

-- What a counter is kept under.
create or replace function core.attempt_subject(_subject text)
returns bytea
language sql immutable parallel safe
as $$
    select sha256(convert_to(_subject, 'UTF8'));
$$;

-- When the next attempt is free after _count in a window that began at _began_at, the last of them
-- at _at; minus infinity: at once.
create or replace function core.attempt_free(
    _rule data.attempt_rules, _count integer, _began_at timestamptz, _at timestamptz
)
returns timestamptz
language sql immutable parallel safe
as $$
    select case
        when _count < _rule.free_count then '-infinity'::timestamptz
        when _rule.is_doubling then _at + interval '1 second' * least(
            _rule.longest_s, 2 ^ least(_count - _rule.free_count, 20)
        )
        else _began_at + interval '1 second' * _rule.window_s
    end;
$$;

-- Seconds until an attempt is free; 0 now. Counts nothing.
create or replace function core.attempt_wait(_kind text, _subject text)
returns integer
language sql volatile
as $$
    select coalesce(
        (
            select greatest(0, ceil(extract(epoch from free_at - clock_timestamp())))::integer
            from data.attempts
            where kind = _kind
              and subject = core.attempt_subject(_subject)
              and free_at > clock_timestamp()
        ),
        0
    );
$$;

-- Counts an attempt and returns 0, or counts nothing and returns the seconds until one is free.
-- Of attempts at once, each sees those that were counted before it.
create or replace function core.attempt_take(_kind text, _subject text)
returns integer
language plpgsql
as $$
declare
    v_subject constant bytea := core.attempt_subject(_subject);
    v_rule data.attempt_rules;
    v_now timestamptz;
begin
    -- Looked at first: a flood beyond its limit reads, and writes nothing.
    if core.attempt_wait(_kind, _subject) > 0 then
        return core.attempt_wait(_kind, _subject);
    end if;
    select rule.* into strict v_rule from data.attempt_rules as rule where rule.kind = _kind;
    v_now := clock_timestamp();

    insert into data.attempts as known (kind, subject, began_at, last_at, free_at)
    values (_kind, v_subject, v_now, v_now, core.attempt_free(v_rule, 1, v_now, v_now))
    on conflict (kind, subject) do update
    set (attempt_count, began_at, last_at, free_at) = (
        select
            counted.attempt_count,
            counted.began_at,
            v_now,
            core.attempt_free(v_rule, counted.attempt_count, counted.began_at, v_now)
        from (
            select
                case when is_over then 1 else known.attempt_count + 1 end as attempt_count,
                case when is_over then v_now else known.began_at end as began_at
            from (
                select v_now >= interval '1 second' * v_rule.window_s + case
                    when v_rule.is_doubling then known.last_at
                    else known.began_at
                end as is_over
            ) as windows
        ) as counted
    )
    where known.free_at <= v_now;
    if not found then
        return greatest(1, core.attempt_wait(_kind, _subject));
    end if;
    return 0;
end;
$$;

-- True when the attempt was counted. Errors: PT429 with the pause, which counts nothing.
create or replace function core.attempt_check(_kind text, _subject text)
returns boolean
language plpgsql
as $$
declare
    v_wait_s constant integer := core.attempt_take(_kind, _subject);
begin
    if v_wait_s > 0 then
        raise exception 'Too many attempts. Wait a while before the next one.'
            using errcode = 'PT429', hint = 'too_many_attempts retry_after=' || v_wait_s;
    end if;
    return true;
end;
$$;

-- Takes an attempt back that turned out well. A pause that has begun goes on.
create or replace function core.attempt_give(_kind text, _subject text)
returns void
language sql
as $$
    update data.attempts
    set attempt_count = attempt_count - 1
    where kind = _kind
      and subject = core.attempt_subject(_subject)
      and attempt_count > 0;
$$;

-- Forgets all attempts of a subject.
create or replace function core.attempt_clear(_kind text, _subject text)
returns void
language sql
as $$
    delete from data.attempts where kind = _kind and subject = core.attempt_subject(_subject);
$$;

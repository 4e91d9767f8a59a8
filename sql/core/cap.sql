-- Caps: at most so many moments of a kind and subject in any window of data.verification_caps. The
-- moments themselves are kept, so that no window begins anew at a full hour.

-- Moments of a subject in the last _window, or in the window of its kind.
create or replace function core.cap_count(_kind text, _subject text, _window interval default null)
returns integer
language sql stable parallel safe
as $$
    select count(*)::integer
    from data.verification_counters as counter
    inner join data.verification_caps as cap on cap.kind = counter.kind
    cross join lateral unnest(counter.moments) as moment
    where counter.kind = _kind
      and counter.subject = _subject
      and moment > clock_timestamp() - coalesce(_window, cap.window_s * interval '1 second');
$$;

-- Seconds until one more is free; 0 now. Counts nothing.
create or replace function core.cap_wait(_kind text, _subject text)
returns integer
language sql stable parallel safe
as $$
    select coalesce(
        (
            select ceil(
                extract(epoch from moment - clock_timestamp()) + cap.window_s
            )::integer
            from data.verification_counters as counter
            inner join data.verification_caps as cap on cap.kind = counter.kind
            cross join lateral unnest(counter.moments) as moment
            where counter.kind = _kind
              and counter.subject = _subject
              and moment > clock_timestamp() - cap.window_s * interval '1 second'
            order by moment desc
            offset (select most - 1 from data.verification_caps as own where own.kind = _kind)
            limit 1
        ),
        0
    );
$$;

-- Counts one and returns 0, or counts nothing and returns the seconds until one is free. Of many at
-- once, each sees those that were counted before it.
create or replace function core.cap_take(_kind text, _subject text)
returns integer
language plpgsql
as $$
declare
    v_cap record;
begin
    select most, window_s * interval '1 second' as window_length into strict v_cap
    from data.verification_caps where kind = _kind;
    insert into data.verification_counters as known (kind, subject, moments, last_at)
    values (_kind, _subject, array[clock_timestamp()], clock_timestamp())
    on conflict (kind, subject) do update
    set moments = array(
            select moment
            from unnest(known.moments) as moment
            where moment > clock_timestamp() - v_cap.window_length
            order by moment
        ) || clock_timestamp(),
        last_at = clock_timestamp()
    where (
        select count(*)
        from unnest(known.moments) as moment
        where moment > clock_timestamp() - v_cap.window_length
    ) < v_cap.most;
    if found then
        return 0;
    end if;
    return greatest(1, core.cap_wait(_kind, _subject));
end;
$$;

-- Forgets counters that count nothing any more; how many.
create or replace function core.cap_forget()
returns integer
language sql
as $$
    with forgotten as (
        delete from data.verification_counters as counter
        using data.verification_caps as cap
        where cap.kind = counter.kind
          and counter.last_at < clock_timestamp() - cap.window_s * interval '1 second'
        returning counter.subject
    )
    select count(*)::integer from forgotten;
$$;

-- A refusal that keeps what was counted, with the seconds to wait.
create or replace function core.cap_refusal(_code text, _detail text, _wait_s bigint)
returns json
language sql immutable parallel safe
as $$
    select json_build_object(
        'refusal', json_build_object(
            'status', 429, 'code', _code, 'detail', _detail, 'retry_after', _wait_s
        )
    );
$$;

-- What will probably be: the expectation of a comparison, without the scenario and with it.

-- The expectation beside both plans, as texts: figures, an object with basis, fitted_on and the
-- lowest p10 and p50 of both; columns, members of an object, of these only _fields. The scenario is
-- expected to differ from the baseline by what its plan differs (_gap, cents by day from _as_of on,
-- _days of them), so its three lines keep their distances and never cross. On _as_of all three are
-- the plan's, _first_cents. _due_from: see core.scope_rows. Shape: one row, or none for an account
-- of which nothing is expected.
create or replace function core.prospect_row(
    _user_id bigint,
    _as_of date,
    _days integer,
    _account_id bigint,
    _due_from date,
    _first_cents bigint,
    _gap bigint[],
    _fields text[]
)
returns table (figures text, columns text)
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan'
set datestyle = 'ISO'
as $$
declare
    v_known record;
begin
    select expected.* into v_known
    from core.scope_rows(
        _user_id, _as_of, _days, coalesce(_account_id, 0), _due_from
    ) as expected;
    if not found then
        return;
    end if;
    return query
    with bands as materialized (
        select
            band.place,
            band.name,
            array_prepend(_first_cents, band.cents[:_days - 1]) as baseline
        from (
            values
                (1, 'p10', v_known.p10_cents),
                (2, 'p50', v_known.p50_cents),
                (3, 'p90', v_known.p90_cents)
        ) as band (place, name, cents)
    ),
    lines as materialized (
        select band.place, 1 as side, 'baseline' as line, band.name, band.baseline as cents
        from bands as band

        union all

        select
            band.place,
            2,
            'scenario',
            band.name,
            (
                select array_agg(day.cents + day.gap)
                from unnest(band.baseline, _gap) as day (cents, gap)
            )
        from bands as band
    )
    select
        format(
            '{"basis":"%s","fitted_on":%s,%s}',
            v_known.basis,
            coalesce('"' || v_known.fitted_on || '"', 'null'),
            string_agg(
                format(
                    '"%s_lowest_%s":{"balance":%s,"date":"%s"}',
                    line.line,
                    line.name,
                    core.cents_text(lowest.cents),
                    _as_of + array_position(line.cents, lowest.cents) - 1
                ),
                ',' order by line.side, line.place
            ) filter (where line.name <> 'p90')
        ),
        string_agg(
            format('"%s_%s":%s', line.line, line.name, core.line_text(line.cents)),
            ',' order by line.side, line.place
        ) filter (where line.line || '_' || line.name = any (_fields))
    from lines as line
    cross join lateral (
        select min(day.cents) as cents from unnest(line.cents) as day (cents)
    ) as lowest;
end;
$$;

-- What makes a budget period sound: the table's constraints, said in the user's words.

-- The last day of a period that begins on a day; null for custom, which says its own.
create or replace function core.term_end(_kind text, _starts_on date)
returns date
language sql immutable parallel safe
as $$
    select (
        case _kind
            when 'monthly' then _starts_on + interval '1 month'
            when 'quarterly' then _starts_on + interval '3 months'
            when 'yearly' then _starts_on + interval '1 year'
        end
    )::date - 1;
$$;

-- True for days that a period may have; the table's constraints, said in the user's words.
-- Errors: PT422 with the field.
create or replace function core.term_check(_kind text, _starts_on date, _ends_on date)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    perform core.check_rule(
        'ends_on', _ends_on is not null, 'A custom period needs ends_on, its last day'
    );
    perform core.check_rule('ends_on', _ends_on >= _starts_on, 'ends_on is before starts_on');
    perform core.check_rule(
        'ends_on',
        _ends_on - _starts_on < 3660 and _ends_on <= '2200-12-31',
        'A period is 3,660 days at most and ends by 2200'
    );
    perform core.check_rule(
        'starts_on',
        _kind = 'custom' or extract(day from _starts_on) <= 28,
        'starts_on must be a day of every month, 1 to 28, unless the period is custom'
    );
    return core.check_rule(
        'ends_on',
        _kind = 'custom' or _ends_on = core.term_end(_kind, _starts_on),
        format('A %s period from that day ends on %s', _kind, core.term_end(_kind, _starts_on))
    );
end;
$$;

-- Refuses days that an active period holds already. Errors: PT409 with starts_on, always.
create or replace function core.term_refuse()
returns void
language plpgsql
as $$
begin
    raise exception 'An active period holds some of these days'
        using errcode = 'PT409', column = 'starts_on';
end;
$$;

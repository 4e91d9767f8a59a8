-- Telephone numbers: one spelling each, E.164, and where a code may be sent.

-- The one spelling of a number: compatibility forms folded, +420600000001; null when it is none.
-- 00 and (0) are how people write + and the trunk prefix that it makes needless.
create or replace function core.phone_folded(_text text)
returns text
language sql immutable parallel safe
as $$
    select case when plain ~ '^\+[1-9][0-9]{6,14}$' then plain end
    from (
        select regexp_replace(
            regexp_replace(
                replace(normalize(_text, nfkc), '(0)', ''), '[[:space:]().\u2010-\u2015/-]', '', 'g'
            ),
            '^00', '+'
        ) as plain
    ) as plains;
$$;

-- What a number begins with, as the longest code that is listed; no row when none is.
create or replace function core.phone_dial(_phone_number text)
returns table (dial_code text, is_allowed boolean, has_zero boolean)
language sql stable parallel safe
as $$
    select code.dial_code, code.is_allowed, code.has_zero
    from data.dial_codes as code
    where code.dial_code = any (
        array(select substr(_phone_number, 2, length) from generate_series(1, 7) as length)
    )
    order by length(code.dial_code) desc
    limit 1;
$$;

-- The one spelling of a number that may be sent a code. Errors: PT422 with phone_number: it is no
-- number, is written with a trunk 0 behind its country, or lies where we send nothing.
create or replace function core.phone_check(_text text)
returns text
language plpgsql stable parallel safe
as $$
declare
    v_number constant text := core.phone_folded(_text);
    v_dial record;
begin
    if v_number is null then
        raise exception 'phone_number must be written with its country: +420 600 000 001'
            using errcode = 'PT422', column = 'phone_number';
    end if;
    select * into v_dial from core.phone_dial(v_number);
    if v_dial.is_allowed is not true then
        raise exception 'We send no codes to this country'
            using errcode = 'PT422', column = 'phone_number', hint = 'country_not_served';
    end if;
    if not v_dial.has_zero and substr(v_number, length(v_dial.dial_code) + 2, 1) = '0' then
        raise exception 'phone_number has no 0 behind the code of its country'
            using errcode = 'PT422', column = 'phone_number';
    end if;
    return v_number;
end;
$$;

-- The block that a number is sold in: all but its last four digits.
create or replace function core.phone_prefix(_phone_number text)
returns text
language sql immutable parallel safe
as $$
    select left(_phone_number, -4);
$$;

-- How risky a request for a code looks, from what the database itself has counted.

-- 0 (nothing known against it) to 1, of three parts; the weights and the counts that fill a part
-- are ours (decision 072), the parts those of PRODUCT.md section 7: source, velocity, failures.
-- source 0.4: wrong guesses from the address or /64 in a day, full at 20 (two windows of its cap);
-- velocity 0.3: sends from the source in an hour, full at 10 (half of its cap);
-- failures 0.3: wrong guesses for the number in a day, full at 10 (two codes).
create or replace function core.risk_score(_client_ip inet, _phone_number text)
returns numeric
language sql stable parallel safe
as $$
    select (
        0.4 * least(1, core.cap_count('failed_source', source) / 20.0)
        + 0.3 * least(1, core.cap_count('send_source', source) / 10.0)
        + 0.3 * least(1, core.cap_count('failed_number', _phone_number) / 10.0)
    )::numeric(4, 3)
    from (select coalesce(core.source_text(_client_ip), '') as source) as sources;
$$;

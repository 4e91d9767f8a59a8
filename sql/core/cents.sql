-- Money inside: whole cents in bigint, because sum(bigint) would go through numeric (10-13 %
-- dearer).

-- Sum of cents; 0 of none. Errors: 22003 beyond 92 quadrillion.
create or replace aggregate core.cents_sum(bigint) (
    sfunc = int8pl,
    stype = bigint,
    initcond = '0',
    combinefunc = int8pl,
    parallel = safe
);

-- Cents as they are written on the wire: with two decimals.
create or replace function core.cents_text(_cents bigint)
returns text
language sql immutable parallel safe
as $$
    select (_cents * 0.01)::text;
$$;

-- Linear equations.

-- The x of A x = b for a symmetric, positive definite A of n rows and columns; _upper holds its
-- upper triangle row by row: a11, a12, …, a1n, a22, …, ann. Gauss-Jordan elimination; no pivots
-- are sought, since such an A needs none. Errors: 22012 when A is singular.
-- plpgsql with loops over n: elimination goes step by step.
create or replace function core.solve_normal(_upper double precision[], _right double precision[])
returns double precision[]
language plpgsql immutable parallel safe
as $$
declare
    v_n constant integer := cardinality(_right);
    v_rows double precision[] := array_fill(0::double precision, array[v_n, v_n + 1]);
    v_place integer := 0;
    v_factor double precision;
begin
    for i in 1 .. v_n loop
        for j in i .. v_n loop
            v_place := v_place + 1;
            v_rows[i][j] := _upper[v_place];
            v_rows[j][i] := _upper[v_place];
        end loop;
        v_rows[i][v_n + 1] := _right[i];
    end loop;
    for k in 1 .. v_n loop
        v_factor := v_rows[k][k];
        for j in k .. v_n + 1 loop
            v_rows[k][j] := v_rows[k][j] / v_factor;
        end loop;
        for i in 1 .. v_n loop
            if i <> k then
                v_factor := v_rows[i][k];
                for j in k .. v_n + 1 loop
                    v_rows[i][j] := v_rows[i][j] - v_factor * v_rows[k][j];
                end loop;
            end if;
        end loop;
    end loop;
    return array(select v_rows[i][v_n + 1] from generate_series(1, v_n) as i order by i);
end;
$$;

-- The same with a ridge: _ridge x _scales[i] is added to the i-th of the diagonal, so that a
-- feature that says nothing gets the weight 0 and not a huge one.
create or replace function core.solve_ridge(
    _upper double precision[],
    _right double precision[],
    _scales double precision[],
    _ridge double precision
)
returns double precision[]
language sql immutable parallel safe
as $$
    select core.solve_normal(
        (
            select array_agg(
                entry.value + case entry.i when entry.j then _ridge * _scales[entry.i] + 1e-9
                    else 0
                end
                order by entry.i, entry.j
            )
            from (
                select
                    i,
                    j,
                    _upper[row_number() over (order by i, j)] as value
                from generate_series(1, cardinality(_right)) as i
                cross join generate_series(1, cardinality(_right)) as j
                where j >= i
            ) as entry
        ),
        _right
    );
$$;

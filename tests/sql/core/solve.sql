select plan(8);

create function pg_temp.rounded(_numbers double precision[], _digits integer default 9)
returns numeric[] language sql as $$
    select array_agg(trim_scale(round(number::numeric, _digits)) order by place)
    from unnest(_numbers) with ordinality as known (number, place);
$$;

select is(core.solve_normal('{4}', '{8}'), '{2}'::double precision[], '4 x = 8');
select is(
    pg_temp.rounded(core.solve_normal('{2,1,3}', '{4,7}')), '{1,2}'::numeric[],
    '2 x + y = 4, x + 3 y = 7'
);
select is(
    pg_temp.rounded(core.solve_normal('{4,1,2,3,0,5}', '{12,7,17}')), '{1,2,3}'::numeric[],
    'three unknowns from the upper triangle, row by row'
);
-- The Hilbert matrix of 4: the first column of its inverse is known.
select is(
    pg_temp.rounded(
        core.solve_normal(
            array[
                1, 1 / 2.0, 1 / 3.0, 1 / 4.0, 1 / 3.0, 1 / 4.0, 1 / 5.0, 1 / 5.0, 1 / 6.0, 1 / 7.0
            ]::double precision[],
            '{1,0,0,0}'
        ),
        6
    ),
    '{16,-120,240,-140}'::numeric[], 'an ill-conditioned system to six digits'
);
select throws_ok(
    $$ select core.solve_normal('{1,1,1}', '{1,2}') $$, '22012', null,
    'a system without one solution is an error'
);

-- NIST StRD, Norris: a straight line through 36 points; certified B0 and B1.
create temporary table norris (y double precision, x double precision);
insert into norris (x, y) values
    (0.2, 0.1), (337.4, 338.8), (118.2, 118.1), (884.6, 888.0), (10.1, 9.2), (226.5, 228.1),
    (666.3, 668.5), (996.3, 998.5), (448.6, 449.1), (777.0, 778.9), (558.2, 559.2), (0.4, 0.3),
    (0.6, 0.1), (775.5, 778.1), (666.9, 668.8), (338.0, 339.3), (447.5, 448.9), (11.6, 10.8),
    (556.0, 557.7), (228.1, 228.3), (995.8, 998.0), (887.6, 888.8), (120.2, 119.6), (0.3, 0.3),
    (0.3, 0.6), (556.8, 557.6), (339.1, 339.3), (887.2, 888.0), (999.0, 998.5), (779.0, 778.9),
    (11.1, 10.2), (118.3, 117.6), (229.2, 228.9), (669.1, 668.4), (448.9, 449.2), (0.5, 0.2);
select is(
    (
        select pg_temp.rounded(
            core.solve_normal(array[count(*), sum(x), sum(x * x)], array[sum(y), sum(x * y)]), 9
        )
        from norris
    ),
    '{-0.262323074,1.002116818}'::numeric[], 'the certified line of NIST''s Norris'
);

select is(
    pg_temp.rounded(core.solve_ridge('{1000,0,0}', '{2000,0}', '{1000,0}', 0), 6),
    '{2,0}'::numeric[], 'a feature that says nothing gets the weight 0'
);
select is(
    pg_temp.rounded(core.solve_ridge('{1000,0,500}', '{2000,1000}', '{1000,500}', 1), 6),
    '{1,1}'::numeric[], 'a ridge as large as the squares halves the weights'
);

select * from finish();

select plan(23);

-- A fit that adds nothing to the balance, with a spread of a tenth of the scale; quantiles rise
-- evenly from -1.96 to 1.96 spreads: p10 is 1.6 spreads below p50.
delete from data.expectation_fits;
insert into data.expectation_fits (
    fitted_on, account_count, window_count, month_flows, month_counts
)
values ('2026-01-01', 1, 1, array_fill(0, '{12}'), array_fill(9, '{12}'));
create function pg_temp.even() returns double precision[] language sql as $$
    select array_agg(4 * (point - 0.5) order by point) from unnest(core.chance_points()) as point;
$$;
insert into data.expectation_days (fitted_on, day, weights, spread, quantiles)
select '2026-01-01', day, array_fill(0, '{10}'), array[ln(0.1), 0, 0], pg_temp.even()
from generate_series(1, 180) as day;
insert into data.expectation_risks (fitted_on, days, quantiles)
select '2026-01-01', days, pg_temp.even() from unnest('{7,30,90}'::integer[]) as days;

-- 1,000.00 on 31 January 2026, 1,000.00 a month; the plan says 500.00 each day.
create function pg_temp.curve(
    _more jsonb default '{}', _days integer default 100, _extra bigint default 0,
    _reserve bigint default 0, _closing bigint default 50000
)
returns table (
    basis text, p10 bigint[], p50 bigint[], p90 bigint[], below real[], risk_7 real, risk_30 real,
    risk_90 real
)
language sql as $$
    select curve.*
    from data.expectation_fits as fit
    cross join lateral core.curve_row(
        jsonb_populate_record(
            null::data.expectation_states,
            jsonb_build_object(
                'as_of', '2026-01-31', 'history_days', 400, 'balance', 100000, 'scale', 100000,
                'mean_90', 0, 'mean_180', 0, 'pace', 0, 'thrift', 0, 'sway', 0, 'swing', 0,
                'profile', array_fill(100000, '{31}'),
                'due_days', '{10}'::integer[], 'due_cents', '{18000}'::bigint[]
            ) || _more
        ),
        fit, _days, array_fill(_closing, array[_days]), array_fill(_extra, array[_days]), _reserve
    ) as curve;
$$;

select is(
    (select row(basis, p10[50], p50[50], p90[50])::text from pg_temp.curve()),
    '(history,84000,100000,116000)', 'a known ledger: balance, and 1.6 spreads on both sides'
);
select is(
    (select row(cardinality(p10), cardinality(p50), cardinality(p90), cardinality(below))::text
     from pg_temp.curve(_days => 12)),
    '(12,12,12,12)', 'an element a day'
);
select is(
    (select row(p10[50], p50[50], p90[50])::text from pg_temp.curve(_extra => 700)),
    '(84700,100700,116700)', 'what the schedule knows beyond the habits is added'
);
select is(
    (select row(basis, p10[50], p50[50], p90[50])::text
     from pg_temp.curve('{"history_days": 14}')),
    '(plan,18000,50000,82000)', 'an unknown ledger: the plan, in a band of twice the width'
);
select is(
    (select row(basis, p10[50], p50[50], p90[50])::text
     from pg_temp.curve('{"history_days": 67}')),
    '(pooled,51000,75000,99000)', 'half known: half way between, and 1.5 times the width'
);
select is(
    (select basis from pg_temp.curve('{"history_days": 120}')), 'history', 'known from 120 days on'
);
select is(
    (select row(basis, p50[50], p90[50])::text from pg_temp.curve('{"scale": 0}')),
    '(plan,50000,66000)',
    'without a scale the plan, its widest move (500.00) standing in for the scale'
);
select is(
    (select p90[50] from pg_temp.curve('{"scale": 0}', _closing => 100000)),
    108000::bigint, 'or a quarter of the balance when nothing moves'
);
select is(
    (select row(below[1], risk_7)::text
     from pg_temp.curve('{"scale": 0, "balance": 0}', _closing => 0)),
    '(0,0)', 'of an empty account without a plan nothing is feared'
);

-- A weight on the first two features: saw and trend of 180.00 on day 10 (1.00 a day).
update data.expectation_days set weights = '{1,0.5,0,0,0,0,0,0,0,0}';
select is(
    (select row(p50[9], p50[10], p50[100])::text from pg_temp.curve()),
    '(99550,117500,113000)', 'p50 is the balance and weight x feature x scale'
);
update data.expectation_days set weights = array_fill(0, '{10}');

-- No ledger has ever seen a February: 0.25 x 15 / 30 more by its middle.
update data.expectation_fits set month_counts[2] = 0;
select is(
    (select p90[15] from pg_temp.curve()), 136000::bigint, 'an unseen month widens the band'
);
select is(
    (select p90[28] = p90[100] from pg_temp.curve()), true, 'which stays as wide behind it'
);
update data.expectation_fits set month_counts[2] = 9;

-- Spread by the two measures: exp(ln 0.1 + 1 x ln(sway / scale + 0.05)).
update data.expectation_days set spread = array[ln(0.1), 1, 0];
select is(
    (select p90[50] - p50[50] from pg_temp.curve('{"sway": 95000}')), 16000::bigint,
    'a ledger that swings as much as its income has the whole spread'
);
select ok(
    (select p90[50] - p50[50] from pg_temp.curve('{"sway": 10000}')) < 4000,
    'a calm one has less'
);
update data.expectation_days set spread = array[ln(0.1), 0, 0];

-- Chances, by the same even quantiles: 1,000.00 +- 1.6 x 100.00.
select is(
    (select below[50]::numeric(6, 4) from pg_temp.curve(_reserve => 84000)), 0.1000,
    'the chance to end below p10 is a tenth'
);
select is(
    (select below[50]::numeric(6, 4) from pg_temp.curve(_reserve => 100000)), 0.5000,
    'below p50 a half'
);
select ok(
    (select below[50] from pg_temp.curve(_reserve => 10000)) between 0 and 0.009,
    'far below p10 hardly any'
);
select is(
    (select row(risk_7 is null, risk_30 is null, risk_90 is null)::text
     from pg_temp.curve(_days => 45)),
    '(f,f,t)', 'a risk of days that were not asked for is not told'
);
update data.expectation_risks
set quantiles = array(select q - 1 from unnest(quantiles) as q order by q)
where days = 30;
select is(
    (select row(risk_7::numeric(6, 4), risk_30::numeric(6, 4), risk_90::numeric(6, 4))::text
     from pg_temp.curve(_reserve => 84000)),
    '(0.1000,0.3500,0.3500)', 'a longer span is never safer than a shorter one'
);
update data.expectation_risks set quantiles = array(
    select q + 1 from unnest(quantiles) as q order by q
);
select is(
    (select risk_7::numeric(6, 4) from pg_temp.curve(_reserve => 84000)), 0.1000,
    'nor any span safer than the worst of its days'
);

-- Quantiles that lie on one side: p50 stays inside the band.
update data.expectation_days
set quantiles = array(select q + 3 from unnest(pg_temp.even()) as q order by q);
select is(
    (select row(p10[50], p50[50], p90[50])::text from pg_temp.curve()),
    '(100000,100000,146000)', 'the band never leaves its middle above'
);
update data.expectation_days
set quantiles = array(select q - 3 from unnest(pg_temp.even()) as q order by q);
select is(
    (select row(p10[50], p50[50], p90[50])::text from pg_temp.curve()),
    '(54000,100000,100000)', 'nor below'
);

update data.expectation_days set spread = array[ln(day / 100.0), 0, 0], quantiles = pg_temp.even();
select is(
    (select p90[180] = p90[300] and p90[179] < p90[180] from pg_temp.curve(_days => 300)), true,
    'days beyond half a year are as wide as the last one'
);

select * from finish();

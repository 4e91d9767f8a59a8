-- Given: the fit that the product comes with, so that the first ledger of an installation has an
-- expectation before any has enough history for a fit of its own.

-- Keeps a fit as given, in place of one given before. weights, spreads, quantiles: by bucket (see
-- core.refit_days); risks: of 7, 30 and 90 days. A fit that was made here for that day stays.
create or replace procedure core.given_fit(
    fitted_on date,
    account_count integer,
    window_count integer,
    month_flows double precision[],
    month_counts integer[],
    weights double precision[],
    spreads double precision[],
    quantiles double precision[],
    risks double precision[]
)
language plpgsql
as $$
begin
    if exists (
        select from data.expectation_fits as made
        where made.fitted_on = given_fit.fitted_on and not made.is_given
    ) then
        return;
    end if;
    delete from data.expectation_fits as old where old.is_given;
    insert into data.expectation_fits (
        fitted_on, account_count, window_count, month_flows, month_counts, is_given
    )
    values (
        given_fit.fitted_on,
        given_fit.account_count,
        given_fit.window_count,
        given_fit.month_flows,
        given_fit.month_counts,
        true
    );
    insert into data.expectation_buckets (
        fitted_on, bucket, middle, weights, spread, quantiles
    )
    select
        given_fit.fitted_on,
        known.bucket,
        known.middle,
        array(select given_fit.weights[known.bucket][i] from generate_series(1, 10) as i),
        array(select given_fit.spreads[known.bucket][i] from generate_series(1, 3) as i),
        array(select given_fit.quantiles[known.bucket][i] from generate_series(1, 21) as i)
    from (select distinct day.bucket, day.middle from core.refit_days() as day) as known;
    perform core.bucket_unfold(given_fit.fitted_on);
    insert into data.expectation_risks (fitted_on, days, quantiles)
    select
        given_fit.fitted_on,
        span.days,
        array(select given_fit.risks[span.place][i] from generate_series(1, 21) as i)
    from unnest('{7,30,90}'::integer[]) with ordinality as span (days, place);
end;
$$;

-- The fit as it goes for money of a currency. When salaries, bonuses and bills of a year come is a
-- habit of a country: the given fit learnt it from Czech accounts (January costs two thirds of a
-- month's income). Whether it is one of other countries nobody knows before a fit of their own
-- ledgers, so in other money it counts by half.
create or replace function core.given_season(_fit data.expectation_fits, _currency text)
returns data.expectation_fits
language plpgsql immutable parallel safe
as $$
begin
    if _fit.is_given and _currency <> 'CZK' then
        _fit.month_flows := array(
            select flow / 2 from unnest(_fit.month_flows) with ordinality as month (flow, place)
            order by place
        );
    end if;
    return _fit;
end;
$$;

-- Learnt by core.expectation_refit from real, anonymised accounts of a Czech bank (PKDD'99), from
-- bookings before 1997 alone.
call core.given_fit(
    fitted_on => '1997-01-01',
    account_count => 1122,
    window_count => 4507,
    month_flows => '{-0.64,0.208,0.07,-0.058,0.164,-0.088,0.06,0.002,-0.002,-0.01,-0.007,0.02}',
    month_counts => '{881,956,1053,33,137,246,371,465,575,684,808,931}',
    weights => '{
        {1.013,0.923,0.335,-0.003,0.005,0,0.003,-1.628,-0.062,0.038},
        {0.998,0.877,0.504,-0.011,0.018,-0.006,0.028,-1.32,-0.027,0.118},
        {0.867,0.424,0.64,0.191,-0.119,-0.081,0.191,-3.367,0.072,0.313},
        {0.654,0.146,1.121,0.453,-0.302,-0.097,0.368,-5.523,0,0.5},
        {0.726,0.103,1.28,0.31,-0.126,-0.086,0.346,-4.843,-0.163,0.331},
        {0.784,0.104,1.319,0.149,-0.023,-0.013,0.324,-3.791,-0.161,0.325},
        {0.552,0.071,1.003,0.502,-0.336,0.055,0.385,-3.286,-0.172,0.301},
        {0.486,0.055,0.933,0.298,-0.027,-0.108,0.558,-2.473,-0.135,0.192},
        {0.4,0.051,0.803,0.541,-0.176,-0.2,0.798,-1.897,-0.073,0.158},
        {0.363,0.037,0.682,0.593,-0.245,-0.163,0.884,-1.444,-0.03,0.136}
    }',
    spreads => '{
        {-2.825,-0.049,0.023},
        {-2.176,0.041,-0.006},
        {-1.435,0.019,0.217},
        {-1.115,0.167,0.297},
        {-0.971,0.232,0.314},
        {-0.8,0.227,0.324},
        {-0.672,0.244,0.437},
        {-0.634,0.22,0.522},
        {-0.495,0.24,0.569},
        {-0.518,0.152,0.717}
    }',
    quantiles => '{
        {
            -13.684,-5.777,-2.319,-0.382,-0.08,-0.032,0,0.022,0.038,0.052,0.067,0.08,0.096,0.111,
            0.13,0.153,0.185,0.235,0.317,0.525,8.859
        },
        {
            -9.793,-6.06,-3.972,-2.677,-1.624,-0.901,-0.322,-0.099,-0.028,0.02,0.057,0.093,0.126,
            0.162,0.201,0.246,0.307,0.42,0.747,3.701,9.17
        },
        {
            -5.427,-3.292,-2.494,-1.932,-1.52,-1.145,-0.794,-0.516,-0.308,-0.142,0,0.127,0.241,
            0.345,0.448,0.575,0.72,0.917,1.211,2.453,6.99
        },
        {
            -4.018,-2.503,-1.854,-1.469,-1.174,-0.951,-0.757,-0.562,-0.371,-0.179,-0.001,0.152,
            0.315,0.486,0.664,0.853,1.071,1.336,1.77,2.551,6.196
        },
        {
            -4.181,-2.471,-1.771,-1.365,-1.081,-0.854,-0.662,-0.494,-0.329,-0.167,0.001,0.156,
            0.329,0.522,0.707,0.919,1.147,1.419,1.826,2.741,6.121
        },
        {
            -4,-2.454,-1.814,-1.407,-1.111,-0.884,-0.68,-0.493,-0.332,-0.173,-0.019,0.14,0.307,
            0.478,0.659,0.879,1.122,1.407,1.823,2.654,6.775
        },
        {
            -3.635,-2.273,-1.706,-1.352,-1.104,-0.885,-0.685,-0.509,-0.332,-0.175,-0.007,0.162,
            0.346,0.536,0.731,0.973,1.238,1.556,1.978,2.814,6.302
        },
        {
            -3.668,-2.382,-1.803,-1.45,-1.178,-0.951,-0.735,-0.537,-0.36,-0.177,0.006,0.184,0.358,
            0.561,0.777,1.026,1.311,1.659,2.152,3.037,6.299
        },
        {
            -3.357,-2.179,-1.657,-1.315,-1.071,-0.853,-0.663,-0.479,-0.319,-0.152,0.022,0.185,0.36,
            0.543,0.758,0.992,1.286,1.628,2.124,2.951,5.928
        },
        {
            -3.2,-2.128,-1.63,-1.305,-1.076,-0.864,-0.66,-0.482,-0.3,-0.15,0.017,0.211,0.391,0.576,
            0.789,1.047,1.343,1.701,2.193,2.999,5.972
        }
    }',
    risks => '{
        {
            -8.229,-5.224,-3.635,-2.477,-1.674,-1.015,-0.494,-0.041,-0.013,0.003,0.018,0.042,0.079,
            0.132,0.198,0.263,0.334,0.417,0.539,0.755,3.401
        },
        {
            -4.258,-2.6,-1.912,-1.497,-1.177,-0.954,-0.807,-0.62,-0.48,-0.337,-0.169,-0.035,0.022,
            0.125,0.249,0.374,0.502,0.67,0.866,1.24,2.201
        },
        {
            -4.375,-2.833,-2.219,-1.878,-1.591,-1.303,-1.109,-0.929,-0.777,-0.6,-0.466,-0.315,
            -0.186,-0.04,0.066,0.187,0.341,0.551,0.789,1.238,2.039
        }
    }'
);

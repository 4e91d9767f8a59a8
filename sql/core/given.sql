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
-- month's income), so its season holds for CZK alone. What is paid in anything else has no season
-- until a fit of its own ledgers takes the place of the given one.
create or replace function core.given_season(_fit data.expectation_fits, _currency text)
returns data.expectation_fits
language plpgsql immutable parallel safe
as $$
begin
    if _fit.is_given and _currency <> 'CZK' then
        _fit.month_flows := array_fill(0::double precision, '{12}');
    end if;
    return _fit;
end;
$$;

-- Learnt by core.expectation_refit from real, anonymised accounts of a Czech bank (PKDD'99), from
-- bookings before 1997 alone.
call core.given_fit(
    fitted_on => '1997-01-01',
    account_count => 1130,
    window_count => 12481,
    month_flows => '{-0.641,0.214,0.055,-0.037,0.164,-0.091,0.059,0.001,-0.001,-0.011,-0.004,0.02}',
    month_counts => '{881,968,957,37,137,252,371,465,577,684,817,916}',
    weights => '{
        {0.999,0.897,0.357,-0.005,0.009,-0.002,0.004,-1.906,-0.032,0.109},
        {0.981,0.849,0.416,0.001,0.011,-0.018,0.035,-2.119,0.015,0.164},
        {0.826,0.392,0.987,0.215,-0.128,-0.102,0.188,-4.491,0.046,0.34},
        {0.63,0.141,1.042,0.477,-0.312,-0.11,0.32,-5.575,-0.125,0.407},
        {0.679,0.106,0.986,0.358,-0.18,-0.056,0.3,-4.422,-0.16,0.304},
        {0.698,0.1,1.022,0.181,0.002,-0.096,0.373,-3.617,-0.137,0.268},
        {0.514,0.068,0.986,0.475,-0.202,-0.109,0.462,-2.912,-0.173,0.186},
        {0.53,0.059,0.942,0.321,0.012,-0.199,0.59,-2.141,-0.147,0.134},
        {0.456,0.051,0.846,0.331,0.073,-0.294,0.787,-1.581,-0.084,0.103},
        {0.316,0.038,0.74,0.425,-0.08,-0.144,0.838,-1.302,-0.033,0.134}
    }',
    spreads => '{
        {-2.866,0.08,-0.081},
        {-2.24,0.099,-0.111},
        {-1.447,0.049,0.133},
        {-1.136,0.123,0.254},
        {-1.01,0.194,0.29},
        {-0.852,0.169,0.371},
        {-0.71,0.215,0.434},
        {-0.586,0.219,0.512},
        {-0.525,0.199,0.597},
        {-0.536,0.116,0.708}
    }',
    quantiles => '{
        {
            -14.797,-6.461,-2.15,-0.153,-0.072,-0.039,-0.014,0.007,0.024,0.04,0.055,0.07,0.087,
            0.104,0.124,0.149,0.183,0.23,0.304,0.475,10.333
        },
        {
            -10.305,-6.223,-4.061,-2.54,-1.408,-0.645,-0.217,-0.091,-0.025,0.024,0.064,0.098,0.133,
            0.17,0.211,0.264,0.335,0.448,0.659,2.041,9.831
        },
        {
            -5.399,-3.233,-2.436,-1.906,-1.476,-1.095,-0.773,-0.515,-0.307,-0.147,-0.013,0.102,
            0.206,0.309,0.419,0.547,0.704,0.933,1.349,2.422,6.828
        },
        {
            -4.455,-2.618,-1.903,-1.499,-1.203,-0.966,-0.763,-0.566,-0.386,-0.216,-0.044,0.118,
            0.28,0.447,0.62,0.811,1.026,1.293,1.727,2.52,6.565
        },
        {
            -4.462,-2.627,-1.88,-1.449,-1.141,-0.913,-0.712,-0.532,-0.36,-0.195,-0.028,0.136,0.308,
            0.475,0.661,0.866,1.096,1.371,1.771,2.661,7.121
        },
        {
            -4.015,-2.532,-1.895,-1.489,-1.188,-0.943,-0.728,-0.536,-0.358,-0.182,-0.014,0.153,
            0.322,0.498,0.686,0.9,1.148,1.442,1.84,2.666,7.131
        },
        {
            -3.795,-2.427,-1.812,-1.428,-1.156,-0.934,-0.721,-0.529,-0.351,-0.18,-0.011,0.159,0.33,
            0.517,0.724,0.953,1.213,1.533,1.957,2.787,6.683
        },
        {
            -3.554,-2.306,-1.746,-1.396,-1.129,-0.896,-0.693,-0.504,-0.321,-0.146,0.024,0.194,
            0.372,0.554,0.751,0.986,1.266,1.61,2.06,2.865,6.221
        },
        {
            -3.35,-2.227,-1.689,-1.345,-1.081,-0.858,-0.66,-0.481,-0.309,-0.145,0.023,0.195,0.37,
            0.56,0.77,1.017,1.306,1.652,2.123,2.888,5.789
        },
        {
            -3.213,-2.105,-1.638,-1.329,-1.08,-0.868,-0.676,-0.491,-0.324,-0.152,0.027,0.204,0.384,
            0.587,0.807,1.058,1.345,1.696,2.157,2.941,5.851
        }
    }',
    risks => '{
        {
            -8.912,-5.439,-3.857,-2.66,-1.666,-0.967,-0.43,-0.047,-0.021,-0.004,0.014,0.046,0.097,
            0.15,0.206,0.263,0.328,0.417,0.536,0.728,2.95
        },
        {
            -4.162,-2.573,-1.885,-1.496,-1.187,-0.948,-0.758,-0.593,-0.429,-0.276,-0.13,-0.018,
            0.031,0.135,0.245,0.362,0.496,0.663,0.902,1.282,2.243
        },
        {
            -3.952,-2.636,-2.049,-1.684,-1.416,-1.18,-0.997,-0.83,-0.664,-0.511,-0.376,-0.245,
            -0.111,0.009,0.148,0.286,0.45,0.629,0.877,1.299,2.03
        }
    }'
);

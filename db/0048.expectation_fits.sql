-- What all accounts together teach about how a balance moves: weights, months and spreads, a
-- version for every day on which they were learnt.
-- depends: 0047.spending_summary

set lock_timeout = '3s';

create table data.expectation_fits (
    fitted_on date primary key,
    account_count integer not null,
    window_count integer not null,
    month_flows double precision[] not null,
    month_counts integer[] not null,
    is_given boolean not null default false,
    created_at timestamptz not null default now(),
    constraint a_year_has_twelve_months check (
        cardinality(month_flows) = 12 and cardinality(month_counts) = 12
    ),
    constraint fits_are_made_of_windows check (window_count >= account_count)
);
comment on table data.expectation_fits is
    'reference: fits of core.expectation_refit, estimates shared by all accounts; a forecast as of '
    'a day uses the newest one that is not later';
comment on column data.expectation_fits.fitted_on is 'nothing that was booked later is in it';
comment on column data.expectation_fits.month_flows is
    'net flow of January to December less that of the median month, in months of income, shrunk';
comment on column data.expectation_fits.month_counts is 'months of accounts behind each of them';
comment on column data.expectation_fits.is_given is
    'came with the product: what a ledger starts from that has no fit of its own yet';

create table data.expectation_buckets (
    fitted_on date not null references data.expectation_fits on delete cascade,
    bucket integer not null,
    middle double precision not null,
    weights double precision[] not null,
    spread double precision[] not null,
    quantiles double precision[] not null,
    primary key (fitted_on, bucket),
    constraint buckets_are_ten check (bucket between 1 and 10),
    constraint a_weight_for_each_feature check (cardinality(weights) = 10),
    constraint spread_is_of_two_measures check (cardinality(spread) = 3),
    constraint quantiles_are_of_core_chance check (cardinality(quantiles) = 21)
);
comment on table data.expectation_buckets is
    'reference: estimates, what a fit learnt about the days of a bucket (core.bucket_make)';
comment on column data.expectation_buckets.middle is 'the day that the numbers stand for exactly';
comment on column data.expectation_buckets.weights is 'of the features, see core.feature_rows';
comment on column data.expectation_buckets.spread is 'of core.feature_spread: log-linear';
comment on column data.expectation_buckets.quantiles is
    'of (actual - p50) / spread at the chances of core.chance_points, rising';

-- The same, day by day: between two middles by the straight line. A forecast reads a row a day.
create table data.expectation_days (
    fitted_on date not null references data.expectation_fits on delete cascade,
    day integer not null,
    weights double precision[] not null,
    spread double precision[] not null,
    quantiles double precision[] not null,
    primary key (fitted_on, day),
    constraint day_is_within_half_a_year check (day between 1 and 180)
);
comment on table data.expectation_days is
    'reference: estimates made of data.expectation_buckets by core.bucket_unfold; later days use '
    'the last one';

create table data.expectation_risks (
    fitted_on date not null references data.expectation_fits on delete cascade,
    days integer not null,
    quantiles double precision[] not null,
    primary key (fitted_on, days),
    constraint risk_is_told_of_three_spans check (days in (7, 30, 90)),
    constraint quantiles_are_of_core_chance check (cardinality(quantiles) = 21)
);
comment on table data.expectation_risks is
    'reference: estimates, quantiles of (lowest balance - lowest p50) / spread over so many days';

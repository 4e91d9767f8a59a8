-- A year of one random user's plan, all columns. Expects: bench/seed.sql, 12 rules; one partition.
\set person random(1, :users)
select api.forecast_read(_user_id => :person, _as_of => '2026-01-15')
from pg_catalog.set_config('app.user_id', :person::bigint::text, true);

-- A year of one random user's plan, the balance alone. Expects: bench/seed.sql, 12 rules.
\set person random(1, :users)
select api.forecast_read(
    _user_id => :person, _as_of => '2026-01-15', _fields => 'closing_balance'
)
from pg_catalog.set_config('app.user_id', :person::bigint::text, true);

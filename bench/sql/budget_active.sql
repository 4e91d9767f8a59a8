-- The budget of the active period of a random user, as it stands. Expects: bench/seed.sql; a year
-- of 100 bookings, 12 rules, 5 envelopes; one partition, index-only.
\set person random(1, :users)
select api.tally_active(_user_id => :person, _as_of => '2026-01-12')
from pg_catalog.set_config('app.user_id', :person::bigint::text, true);

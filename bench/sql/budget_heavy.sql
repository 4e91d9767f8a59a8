-- The same for the user after the last, who has 10,000 bookings in the period: the documents name
-- 200 ms. Expects: bench/seed.sql.
select api.tally_active(_user_id => :users + 1, _as_of => '2026-01-12')
from pg_catalog.set_config('app.user_id', (:users + 1)::bigint::text, true);

-- The first page of 50 bookings of a random user. Expects: bench/seed.sql; index-only, one partition.
\set person random(1, :users)
select api.transaction_list(_user_id => :person)
from pg_catalog.set_config('app.user_id', :person::bigint::text, true);

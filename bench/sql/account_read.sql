-- One account by its primary key, of a random user. Expects: bench/seed.sql; one row, 2 index scans.
\set person random(1, :users)
select api.account_read(_user_id => :person, _account_id => :person * 10)
from pg_catalog.set_config('app.user_id', :person::bigint::text, true);

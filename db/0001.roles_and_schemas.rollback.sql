-- The roles stay: other databases of the cluster may use them.
set lock_timeout = '3s';

drop schema api;
drop schema core;
drop schema mart;
drop schema data;

alter default privileges for role owner grant execute on functions to public;

set lock_timeout = '3s';

drop table data.client_addresses;
drop table data.access_grants;
drop domain api.role;
drop domain api.tier;
drop domain api.scopes;

-- The role stays: other databases of the cluster may use it.
set lock_timeout = '3s';

alter table api.routes
    drop column cookie,
    drop column secret_fields,
    drop column scope,
    drop column needs_login,
    drop column needs_key;

alter default privileges for role owner in schema core revoke execute on functions from steward;
alter default privileges for role owner in schema mart revoke select on tables from steward;
alter default privileges for role owner in schema data revoke usage on sequences from steward;
alter default privileges for role owner in schema data
    revoke select, insert, update, delete on tables from steward;
revoke all on all functions in schema core from steward;
revoke all on all sequences in schema data from steward;
revoke all on all tables in schema mart from steward;
revoke all on all tables in schema data from steward;
revoke all on schema data, mart, core, api from steward;

set lock_timeout = '3s';

drop table data.api_keys;

alter table data.login_sessions
    drop column idle_expires_at,
    drop column is_cookie,
    drop column client_ip,
    drop column user_agent;

-- squawk-ignore require-concurrent-index-deletion
drop index data.users_public;
comment on column data.users.public_id is
    'the only id that leaves the house; told for an id, never looked up: a session knows its owner';
comment on column data.users.password_hash is null;
alter table data.users
    drop column phone_number,
    drop column phone_verified_at;

-- What was done under an Idempotency-Key and what was answered, so that a second try gets the same
-- answer instead of a second effect. In days, of which two are kept.
-- depends: 0021.audit_log

set lock_timeout = '3s';

-- No foreign key of data.users: making and dropping a day's partition would lock that table.
create table data.idempotency_keys (
    user_id bigint not null,
    endpoint text not null,
    key text not null,
    day_at timestamptz not null,
    request_hash bytea not null,
    status smallint not null,
    answer json,
    created_at timestamptz not null default now(),
    primary key (user_id, endpoint, key, day_at),
    constraint key_is_visible_ascii check (key ~ '^[!-~]{1,255}$'),
    constraint day_is_a_midnight check (
        day_at = date_trunc('day', day_at at time zone 'UTC') at time zone 'UTC'
    ),
    constraint request_hash_is_sha256 check (octet_length(request_hash) = 32),
    constraint answer_is_short check (octet_length(answer::text) <= 262144)
) partition by range (day_at);

create table data.idempotency_keys_default partition of data.idempotency_keys default;

comment on table data.idempotency_keys is
    'user-keyed: one row per keyed write, in the transaction of the write itself; never updated';
comment on column data.idempotency_keys.endpoint is 'function of the route: a key counts there';
comment on column data.idempotency_keys.day_at is
    'midnight, UTC, of the day: a key stands once a day, whatever the isolation';
comment on column data.idempotency_keys.request_hash is
    'keyed hash of method, path, query and body: a body may hold a password';
comment on column data.idempotency_keys.answer is
    'without the secrets of the answer; null: it was too long to keep';

alter table data.idempotency_keys enable row level security;
alter table data.idempotency_keys force row level security;
alter table data.idempotency_keys_default enable row level security;
alter table data.idempotency_keys_default force row level security;
create policy idempotency_keys_is_its_owners on data.idempotency_keys to owner
    using (user_id = (select nullif(current_setting('app.user_id', true), '')::bigint));
create policy idempotency_keys_is_stewarded on data.idempotency_keys to steward using (true);

insert into data.partition_rules (relation, step, ahead, keeps, grace_days)
values ('data.idempotency_keys', 'day', 3, 1, 0);

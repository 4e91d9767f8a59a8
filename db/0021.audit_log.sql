-- Who did what and when: the audit log in months, the heads of its chains, and the list of the
-- tables that are kept in partitions.
-- depends: 0015.access_rules

set lock_timeout = '3s';

create table data.partition_rules (
    relation text primary key,
    step text not null default 'month',
    ahead integer not null default 3,
    keeps integer, -- null: for ever
    grace_days integer not null default 7,
    is_append_only boolean not null default false,
    constraint relation_is_in_data check (relation ~ '^data\.[a-z_]+$'),
    constraint step_is_known check (step in ('month', 'day')),
    constraint ahead_is_positive check (ahead between 1 and 60),
    constraint something_is_kept check (keeps >= 1),
    constraint grace_is_not_negative check (grace_days >= 0)
);
comment on table data.partition_rules is
    'reference: the range-partitioned tables, and how far their partitions reach';
comment on column data.partition_rules.step is 'length of one partition; months and days are UTC';
comment on column data.partition_rules.ahead is 'partitions that exist beyond the present one';
comment on column data.partition_rules.keeps is
    'whole partitions before the present one that stay; null keeps all';
comment on column data.partition_rules.grace_days is
    'days between leaving the table and being dropped';
comment on column data.partition_rules.is_append_only is
    'new partitions get no right to update, delete or truncate, not even for their owner';

create table data.detached_partitions (
    relation text primary key,
    parent text not null references data.partition_rules (relation) on delete cascade,
    detached_on date not null
);
create index detached_partitions_parent on data.detached_partitions (parent);
comment on index data.detached_partitions_parent is 'foreign key of data.partition_rules';
comment on table data.detached_partitions is
    'reference: partitions past their retention that wait for the end of their grace';

create table data.verification_audit_log (
    chain text not null,
    place bigint not null,
    created_at timestamptz not null,
    user_id bigint,
    ip_address inet,
    user_agent text,
    phone_number text,
    event_type text not null,
    event_details jsonb not null default '{}',
    risk_score numeric(4, 3) not null default 0,
    row_hash bytea not null,
    source cidr generated always as (
        network(set_masklen(ip_address, case family(ip_address) when 6 then 64 else 32 end))
    ) stored,
    primary key (chain, place, created_at),
    constraint chain_is_its_users check (
        case
            when user_id is null then chain ~ '^source:[0-9]{1,3}$'
            else chain = 'user:' || user_id
        end
    ),
    constraint place_is_positive check (place >= 1),
    constraint event_type_is_a_word check (event_type ~ '^[a-z_]{1,40}$'),
    constraint event_details_are_an_object check (jsonb_typeof(event_details) = 'object'),
    constraint risk_is_a_share check (risk_score between 0 and 1),
    constraint row_hash_is_sha256 check (octet_length(row_hash) = 32)
) partition by range (created_at);

create table data.verification_audit_log_default
    partition of data.verification_audit_log default;

comment on table data.verification_audit_log is
    'log: append only, in months; a row lives where its chain lives and outlives its user';
comment on column data.verification_audit_log.chain is
    'user:<id>, or source:<bucket> while nobody is known: rows of one chain are hashed in order';
comment on column data.verification_audit_log.row_hash is
    'SHA-256 of the hash before it in the chain and of this row: core.audit_hash';
comment on column data.verification_audit_log.source is
    'the address, or the /64 of an IPv6 address: whoever has one address has them all';

create index verification_audit_log_recent
    on data.verification_audit_log (created_at)
    include (source, event_type, risk_score);
comment on index data.verification_audit_log_recent is
    'data.suspicious_ips, core.alarm_rows: the last hours of all chains, without the heap';
create index verification_audit_log_source
    on data.verification_audit_log (source, created_at desc);
comment on index data.verification_audit_log_source is
    'core.trail_search: what came from one source, newest first';
create index verification_audit_log_event
    on data.verification_audit_log (event_type, created_at desc);
comment on index data.verification_audit_log_event is
    'core.trail_search: one kind of event, newest first';

alter table data.verification_audit_log enable row level security;
alter table data.verification_audit_log force row level security;
alter table data.verification_audit_log_default enable row level security;
alter table data.verification_audit_log_default force row level security;
create policy verification_audit_log_is_read_by_its_user
    on data.verification_audit_log for select to owner
    using (user_id = (select nullif(current_setting('app.user_id', true), '')::bigint));
create policy verification_audit_log_is_added_to
    on data.verification_audit_log for insert to owner, steward
    with check (true);
create policy verification_audit_log_is_stewarded
    on data.verification_audit_log for select to steward using (true);

-- Rows are added, never changed: the right to do so is taken from its owner too.
revoke update, delete, truncate on data.verification_audit_log from owner;
revoke update, delete, truncate on data.verification_audit_log from steward;
revoke update, delete, truncate on data.verification_audit_log_default from owner;
revoke update, delete, truncate on data.verification_audit_log_default from steward;

create table data.audit_heads (
    chain text primary key,
    place bigint not null default 0,
    row_hash bytea not null default decode(repeat('00', 32), 'hex'),
    last_at timestamptz not null default '1970-01-01 00:00:00+00',
    kept_place bigint not null default 0,
    kept_hash bytea not null default decode(repeat('00', 32), 'hex'),
    constraint row_hash_is_sha256 check (octet_length(row_hash) = 32),
    constraint kept_hash_is_sha256 check (octet_length(kept_hash) = 32),
    constraint kept_is_not_beyond_the_head check (kept_place between 0 and place)
);
comment on table data.audit_heads is
    'log: the last row of every chain, so that a missing tail shows; lives where its chain lives';
comment on column data.audit_heads.kept_place is
    'last place that retention took away; the log goes on behind it';

insert into data.partition_rules (relation, keeps, is_append_only)
values ('data.verification_audit_log', 24, true)
on conflict do nothing;

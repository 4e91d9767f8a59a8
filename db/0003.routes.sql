-- The table of routes: the service serves what stands here and nothing else. Written by api.route.
-- depends: 0002.wire_types

set lock_timeout = '3s';

create table api.routes (
    method text not null,
    path text not null,
    function text not null,
    access text not null default 'owner',
    status smallint not null default 200,
    cache_s integer not null default 0,
    tags text[] not null default '{}',
    cost integer not null default 1,
    timeout_ms integer not null default 2000,
    is_fast boolean not null default true,
    max_body_bytes integer not null default 65536,
    summary text not null,
    fields jsonb not null default '{}',
    answer jsonb not null default '{}',
    aliases text[] not null default '{}',
    primary key (method, path),
    constraint method_is_known check (method in ('GET', 'POST', 'PUT', 'PATCH', 'DELETE')),
    constraint path_is_absolute check (
        path ~ '^/([a-z0-9_.-]+|\{[a-z_]+\})(/([a-z0-9_.-]+|\{[a-z_]+\}))*$'
    ),
    constraint access_is_known check (access in ('public', 'user', 'owner', 'admin')),
    constraint owner_is_in_the_path check (access <> 'owner' or path ~ '\{user_id\}'),
    constraint only_reads_are_cached check (cache_s = 0 or method = 'GET'),
    constraint status_is_a_success check (status in (200, 201, 202)),
    constraint cost_is_positive check (cost between 1 and 1000),
    constraint time_is_limited check (timeout_ms between 1 and 60000),
    constraint body_is_limited check (max_body_bytes between 1024 and 16777216),
    constraint fields_are_an_object check (jsonb_typeof(fields) = 'object'),
    constraint answer_is_an_object check (jsonb_typeof(answer) = 'object')
);

create unique index routes_function on api.routes (function);
comment on index api.routes_function is 'api.route: a function answers one route';
grant select on api.routes to service;

comment on table api.routes is 'reference: method and path to the function that answers them';
comment on column api.routes.access is
    'public: anybody; user: any caller; owner: the user_id of the path is the caller; admin';
comment on column api.routes.cache_s is 'seconds that an answer may be kept; 0 never';
comment on column api.routes.tags is 'what a write makes stale and a read depends on';
comment on column api.routes.cost is 'units of the hourly limit that one request takes';
comment on column api.routes.is_fast is 'fast lane (true) or own cancellable connection (false)';
comment on column api.routes.fields is 'field name to JSON Schema, added to what the type says';
comment on column api.routes.answer is
    'shape of data: leaves are words such as integer, money, date?';

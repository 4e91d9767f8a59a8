-- A route may read a file: how large one may be, beside what a JSON body may be.
-- depends: 0015.access_rules
-- The table of routes has a few dozen rows: to look at them all is nothing.
-- squawk-ignore-file constraint-missing-not-valid

set lock_timeout = '3s';

alter table api.routes
    add column max_file_bytes bigint,
    add constraint file_is_limited check (max_file_bytes between 1024 and 1073741824),
    add constraint only_a_slow_post_reads_a_file check (
        max_file_bytes is null or (method = 'POST' and not is_fast)
    );

comment on column api.routes.max_file_bytes is
    'longest file that the body may be, of any media type; null: the body is JSON';

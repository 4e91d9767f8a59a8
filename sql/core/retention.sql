-- What nobody needs any more: ended sessions, used tokens, old counters.

-- Deletes keys and mailed tokens that ended before _before, sessions too but those of the last 90
-- days, which tell known sources (core.session_knows); counters that nothing was added to for a
-- day; days of codes after 90; proofs of numbers when the log forgets them, after 24 months; and
-- rows of files that nobody booked for a day (how many files).
-- One row per table: how many rows went.
create or replace function core.retention_sweep(
    _before timestamptz default now() - interval '30 days'
)
returns table (relation text, row_count bigint)
language sql
as $$
    with sessions as (
        delete from data.login_sessions
        where least(expires_at, idle_expires_at, revoked_at) < _before
          and created_at < now() - interval '90 days'
        returning 1
    ),
    keys as (
        delete from data.api_keys where least(expires_at, revoked_at) < _before returning 1
    ),
    resets as (
        delete from data.password_reset_tokens
        where least(expires_at, used_at) < _before
        returning 1
    ),
    verifications as (
        delete from data.email_verifications
        where least(expires_at, used_at) < _before
        returning 1
    ),
    counters as (
        delete from data.attempts
        where last_at < now() - interval '1 day' and free_at < now()
        returning 1
    ),
    days as (
        delete from data.verification_days
        where on_day < (now() at time zone 'UTC')::date - 90
        returning 1
    ),
    proofs as (
        delete from data.phone_verification
        where created_at < now() - interval '24 months'
        returning 1
    )
    select 'data.login_sessions', count(*) from sessions
    union all
    select 'data.api_keys', count(*) from keys
    union all
    select 'data.password_reset_tokens', count(*) from resets
    union all
    select 'data.email_verifications', count(*) from verifications
    union all
    select 'data.attempts', count(*) from counters
    union all
    select 'data.verification_days', count(*) from days
    union all
    select 'data.phone_verification', count(*) from proofs
    union all
    select 'data.staged_rows', core.upload_forget();
$$;
call core.cross_owner(
    'core.retention_sweep(timestamptz)', 'a job takes away what ended long ago, whoever owned it'
);

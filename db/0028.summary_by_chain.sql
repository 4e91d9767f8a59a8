-- What a user may know of their own safety is found by the chain of their events, which the log's
-- primary key begins with: by user_id alone the whole log was read.
-- depends: 0024.security_views

set lock_timeout = '3s';

create or replace view data.user_security_summary
with (security_invoker = true)
as
select
    user_id,
    count(*) filter (where event_type = 'verify_success') as total_verified,
    count(*) filter (where event_type = 'verify_failed') as total_failed,
    count(distinct source) as unique_ips,
    count(distinct phone_number) as unique_phones,
    max(created_at) filter (where event_type = 'verify_success') as last_verification,
    coalesce(round(avg(risk_score), 3), 0)::numeric(4, 3) as avg_risk_score,
    chain
from data.verification_audit_log
where user_id is not null
group by user_id, chain;

comment on view data.user_security_summary is
    'one row per user: proofs, failures, sources and numbers in the audit log; ask for it by chain';

-- Who looks suspicious, and what a user may know of their own safety: two relations over the audit
-- log, read with the rights of who asks.
-- depends: 0023.verification_limits

set lock_timeout = '3s';

create view data.suspicious_ips
with (security_invoker = true)
as
select
    source as ip,
    count(*) as total_events,
    count(*) filter (where event_type in ('verify_failed', 'login_failed')) as failed_attempts,
    count(*) filter (where event_type = 'rate_limit_exceeded') as rate_limit_violations,
    round(avg(risk_score), 3)::numeric(4, 3) as avg_risk_score,
    max(created_at) as last_activity
from data.verification_audit_log
where created_at > now() - interval '24 hours'
  and source is not null
group by source
having count(*) > 10 or avg(risk_score) > 0.6;
comment on view data.suspicious_ips is
    'sources of the last 24 hours with more than 10 events or a mean risk above 0.6';

create view data.user_security_summary
with (security_invoker = true)
as
select
    user_id,
    count(*) filter (where event_type = 'verify_success') as total_verified,
    count(*) filter (where event_type = 'verify_failed') as total_failed,
    count(distinct source) as unique_ips,
    count(distinct phone_number) as unique_phones,
    max(created_at) filter (where event_type = 'verify_success') as last_verification,
    coalesce(round(avg(risk_score), 3), 0)::numeric(4, 3) as avg_risk_score
from data.verification_audit_log
where user_id is not null
group by user_id;
comment on view data.user_security_summary is
    'one row per user: proofs, failures, sources and numbers in the audit log';

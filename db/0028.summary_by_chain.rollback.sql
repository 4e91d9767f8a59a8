-- squawk-ignore-file ban-drop-view
set lock_timeout = '3s';

-- A column cannot be taken out of a view in place.
drop view data.user_security_summary;
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

select plan(7);

insert into data.users (id) values (-1), (-2);
select set_config('app.user_id', '-1', true);
select core.verification_note(
    -1, event, '+420600000001', '{}', risk, ip::inet, 'agent'
)
from (
    values
        ('send_code', 0.0, '192.0.2.7'), ('verify_failed', 0.3, '192.0.2.7'),
        ('verify_success', 0.3, '192.0.2.8')
) as events (event, risk, ip);

select is(
    core.security_events(-1, 'send_code', now() - interval '1 day'), 1::bigint,
    'events of a kind are counted'
);
select is(
    core.security_json(-1)::jsonb - 'last_verification',
    '{"total_verified": 1, "total_failed": 1, "unique_ips": 2, "unique_phones": 1,
      "avg_risk_score": 0.2,
      "last_30_days": {"codes": 1, "wrong_guesses": 1, "refusals": 0}}'::jsonb,
    'what a user may know of their own safety'
);
select is(
    core.security_json(-2)::jsonb ->> 'total_failed', '0', 'who has no event has zeros'
);

insert into data.phone_verification (
    user_id, phone_number, verification_code_hash, salt, code_expires_at, status, resend_count,
    attempts
)
select
    user_id, '+42060000000' || number, sha256(''), sha256(''), now() + interval '5 minutes', status,
    resend_count, attempts
from (
    values
        (-1, 1, 'verified', 3, 2), (-2, 1, 'expired', 0, 5), (-1, 2, 'expired', 1, 0)
) as proofs (user_id, number, status, resend_count, attempts);

select results_eq(
    $$select phone_number, requests, max_resend_count, avg_resend_count, attempts, verified_count
      from core.security_resends((now() at time zone 'UTC')::date, null, null, 10)$$,
    $$values
        ('+420600000001', 2::bigint, 3, 1.50, 7::bigint, 1::bigint),
        ('+420600000002', 1, 1, 1.00, 0, 0)$$,
    'numbers with the most and the mean of their resends, over all users'
);
select results_eq(
    $$select phone_number
      from core.security_resends('2000-01-01', null, '+420600000001', 10)$$,
    $$values ('+420600000002')$$, 'a page goes on behind a number'
);
select is_empty(
    $$select 1 from core.security_resends((now() at time zone 'UTC')::date + 1, null, null, 10)$$,
    'nothing since tomorrow'
);

select core.audit_add(null, 'login_failed', ('2001:db8:0:7::' || number)::inet, 'agent')
from generate_series(1, 11) as number;
select core.audit_add(null, 'rate_limit_exceeded', '203.0.113.9', 'agent', _risk_score => 0.9);
select results_eq(
    $$select ip, total_events, failed_attempts, rate_limit_violations, avg_risk_score
      from core.security_suspects(10)
      where ip in ('2001:db8:0:7::/64', '203.0.113.9', '192.0.2.7')$$,
    $$values
        ('2001:db8:0:7::/64', 11::bigint, 11::bigint, 0::bigint, 0.000),
        ('203.0.113.9', 1, 0, 1, 0.900)$$,
    'more than ten events, or a mean risk above 0.6; a /64 is one source'
);

select * from finish();

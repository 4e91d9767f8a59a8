select plan(2);

select is(
    core.refusal_json(401, 'wrong_credentials', 'No.')::jsonb,
    '{"refusal": {"status": 401, "code": "wrong_credentials", "detail": "No."}}'::jsonb,
    'a refusal that keeps what was written is an answer'
);
select is(
    core.refusal_json(429, 'too_many_attempts', 'Wait.', 37)::jsonb #>> '{refusal,retry_after}',
    '37', 'and may say for how long'
);

select * from finish();

select plan(5);

select is(
    core.risk_score('192.0.2.7', '+420600000001'), 0.000::numeric(4, 3), 'nothing known, no risk'
);
select core.cap_take('send_source', '192.0.2.7/32') from generate_series(1, 5);
select is(
    core.risk_score('192.0.2.7', '+420600000001'), 0.150::numeric(4, 3),
    'half the velocity is half of 0.3'
);
select core.cap_take('failed_source', '192.0.2.7/32') from generate_series(1, 20);
select is(
    core.risk_score('192.0.2.7', '+420600000001'), 0.550::numeric(4, 3),
    'twenty wrong guesses from a source are 0.4'
);
select core.cap_take('failed_number', '+420600000001') from generate_series(1, 50);
select is(
    core.risk_score('192.0.2.7', '+420600000001'), 0.850::numeric(4, 3),
    'a part ends at its weight'
);
select is(
    core.risk_score('192.0.2.8', '+420600000001'), 0.300::numeric(4, 3),
    'another source has the number''s part alone'
);

select * from finish();

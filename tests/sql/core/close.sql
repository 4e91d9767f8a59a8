select plan(3);
\ir _import.sql

select pg_temp.stage(1, '[[2, "-3", "2026-01-06", "a"], [3, "x", "2026-01-06", "b"]]');
select is(
    core.close_run(-1, 1, '{"line": 9, "reason": "cut"}', null), 'failed', 'a broken file fails'
);
select pg_temp.stage(2, '[[2, "-3", "2026-01-06", "a"], [3, "x", "2026-01-06", "b"]]');
select is(core.close_run(-1, 2, 'null', 1), 'booked', 'a whole one is booked');
select throws_ok(
    'select core.close_book(-1, 2, 2)', 'PT409', null, 'and is no preview then'
);

select * from finish();

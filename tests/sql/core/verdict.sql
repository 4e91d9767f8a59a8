select plan(5);

-- May rule 1 set a field that holds the first, when the second was set last, by the third?
create function pg_temp.may(
    _now jsonb, _latest jsonb, _latest_id bigint, _is_overwriting boolean default false,
    _is_given boolean default false
)
returns boolean language sql as $$
    select core.verdict_allows(_is_overwriting, 1, _now, _latest, _latest_id, _is_given);
$$;

select ok(pg_temp.may(null, null, null), 'what is empty and was never set');
select ok(not pg_temp.may('5', null, null), 'not what a hand has set');
select ok(not pg_temp.may(null, '5', 1), 'nor what a hand has cleared');
select is(
    array[pg_temp.may('5', '5', 1), pg_temp.may('5', '5', 2), pg_temp.may('6', '5', 1)],
    '{t,f,f}', 'what the rule set itself and nobody touched since'
);
select is(
    array[
        pg_temp.may('6', '5', 2, true), pg_temp.may('6', null, null, false, true),
        pg_temp.may('6', '6', 2, false, true)
    ],
    '{t,t,f}', 'anything for a rule that overwrites; what a file gave, until a rule has set it'
);

select * from finish();

select plan(8);

select is_empty(
    $$ select core.shape_faults('{}') $$, 'an empty shape is an object not yet described'
);
select is_empty(
    $$ select core.shape_faults(
        '{"id": "integer", "on?": "date?", "in": ["a|b?"], "of": [{"x": "money"}]}'
    ) $$,
    'words, one of several words, lists, objects, ? behind either'
);
select is(
    (select core.shape_faults('{"items": [{"amount": "mony"}]}')),
    'data.items[].amount: "mony" is not a known word',
    'a typo is named with its place'
);
select is(
    (select count(*) from core.shape_faults('{"list": []}')), 1::bigint, 'a list says what it holds'
);
select is(
    (select count(*) from core.shape_faults('{"list": ["text", "date"]}')), 1::bigint,
    'and it is one thing'
);
select is((select count(*) from core.shape_faults('{"n": 4}')), 1::bigint, 'a number is no shape');
select is(
    (select count(*) from core.shape_faults('{"a b": "text"}')), 1::bigint, 'a name has no spaces'
);
select is(
    (select count(*) from core.shape_faults('{"a": "x", "b": "y"}')), 2::bigint,
    'every fault is named'
);

select * from finish();

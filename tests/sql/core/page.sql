select plan(3);

select is(
    core.page_json(array['1', '2', '3']::json[], '{a,b,c}', 2)::jsonb,
    '{"items": [1, 2], "next_cursor": "b"}'::jsonb,
    'one row too many says where the next page begins'
);
select is(
    core.page_json(array['{"amount": 0.60}']::json[], '{a}', 2)::text,
    '{"items" : [{"amount": 0.60}], "next_cursor" : null}',
    'the last page leads nowhere, and a number keeps its digits'
);
select is(
    core.page_json(null, null, 2)::jsonb, '{"items": [], "next_cursor": null}'::jsonb,
    'no rows are an empty page'
);

select * from finish();

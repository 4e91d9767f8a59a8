select plan(7);

create function pg_temp.said(_values numeric[], _recent numeric[] default null)
returns text language sql as $$
    select concat_ws(' ', value_count, usual, edge)
    from core.norm_row(_values, _recent, 4, 0.4, 5);
$$;

select is(
    pg_temp.said('{10,10,10,10,10}'), '5 10.00 26.00', 'of equal values, the floor is the spread'
);
select is(pg_temp.said('{1,10,10,10,1000}'), '5 10.00 26.00', 'two of five may be anything');
select is(pg_temp.said('{10,10,10,10}'), null, 'too few values say nothing');
select is(pg_temp.said('{}'), null, 'none say nothing');
select is(
    (
        select round(edge, -2) from core.norm_row('{1000,500,2000,1000,250,4000}', null, 4, 0.4, 5)
    ),
    (select round(edge * 100, -2) from core.norm_row('{10,5,20,10,2.5,40}', null, 4, 0.4, 5)),
    'there is no scale'
);
select is(
    pg_temp.said('{10,10,10,10,10,900,900}', '{900,10,900}'), '7 10.00 1125.00',
    'what came twice lately is no surprise'
);
select is(
    pg_temp.said('{10,10,10,10,10,900}', '{900,10}'), '6 10.00 26.00',
    'one outlier does not hide the next'
);

select * from finish();

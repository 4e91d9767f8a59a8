select plan(3);

select is_empty(
    'select fault from core.shape_faults(core.figure_shape()) as fault', 'the shape can be read'
);
select is_empty(
    $$
    select field
    from unnest(core.chart_fields()) as field
    where field <> 'months'
    except
    select rtrim(key, '?') from jsonb_object_keys(core.figure_shape() -> 'columns?') as key
    $$,
    'every field that can be asked for is a column of the shape'
);
select is_empty(
    $$
    select key from jsonb_object_keys(core.figure_shape() -> 'columns?') as key
    except
    select key from jsonb_object_keys(core.figure_shape() #> '{rows?,0}') as key
    $$,
    'a row has what the columns have'
);

select * from finish();

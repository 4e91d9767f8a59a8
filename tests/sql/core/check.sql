select plan(12);

create function pg_temp.field_of(_statement text) returns text language plpgsql as $$
declare
    v_field text;
begin
    execute _statement;
    return null;
exception when others then
    get stacked diagnostics v_field = column_name;
    return v_field;
end;
$$;

select is(core.check_range('days', 1, 1, 731), 1::numeric, 'the least value is inside');
select is(core.check_range('days', 731, 1, 731), 731::numeric, 'the most value is inside');
select is(
    core.check_range('days', null, 1, 731), null::numeric, 'what was not given is not refused'
);
select throws_ok(
    $$select core.check_range('days', 0, 1, 731)$$, 'PT422',
    'days must be between 1 and 731', 'a value below the range is refused with both ends'
);
select throws_ok(
    $$select core.check_range('days', 731.01, 1, 731)$$, 'PT422',
    'days must be between 1 and 731', 'a hair above the range is refused'
);
select is(
    pg_temp.field_of($$select core.check_range('days', 0, 1, 731)$$), 'days',
    'a range names the field that is to blame'
);

select is(core.check_rule('name', true, 'never said'), true, 'a rule that holds answers true');
select throws_ok(
    $$select core.check_rule('name', false, 'name is taken')$$, 'PT422',
    'name is taken', 'a broken rule is refused in its own words'
);
select throws_ok(
    $$select core.check_rule('name', null, 'name is taken')$$, 'PT422',
    'name is taken', 'a rule that nobody can tell is broken'
);
select is(
    pg_temp.field_of($$select core.check_rule('name', false, 'name is taken')$$), 'name',
    'a rule names the field that is to blame'
);

select is(core.check_found('account', 7::bigint), 7::bigint, 'what was found comes back');
select throws_ok(
    $$select core.check_found('account', null::bigint)$$, 'PT404',
    'No such account', 'what was not found is named, and nothing else about it is told'
);

select * from finish();

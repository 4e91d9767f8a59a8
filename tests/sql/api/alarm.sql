select plan(1);

update data.verification_settings set is_test = true where name = 'life_s';
select is(
    api.alarm_list()::jsonb @? '$.items[*] ? (@.alarm == "test_settings" && @.detail == "life_s")',
    true, 'an alarm that is on is listed'
);

select * from finish();

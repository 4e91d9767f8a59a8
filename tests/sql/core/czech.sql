select plan(13);

select is(core.czech_day('930630'), '1993-06-30'::date, 'days are of the 1900s');
select is(core.czech_day('930631'), null::date, 'there is no 31st of June');
select is(core.czech_day('9306'), null::date, 'half a day is none');
select is(core.czech_counterparty('YZ', '87144583'), 'YZ 87144583', 'bank and account');
select is(core.czech_counterparty(' ', ''), null, 'nobody is nobody');
select ok(core.czech_knows('symbol', 'SIPO'), 'Czech words are known');
select ok(core.czech_knows('symbol', 'household'), 'as are English ones');
select ok(not core.czech_knows('type', 'SIPO'), 'each in its part');
select is(
    core.czech_amount('order', '{1,1,YZ,8,2452.00,SIPO}'), -2452.00, 'an order always pays'
);
select is(
    core.czech_amount('booking', '{1,1,930101,PRIJEM,VKLAD,700.00,700.00,"","",""}'), 700.00,
    'a credit comes in'
);
select is(
    core.czech_amount('booking', '{1,1,930101,VYBER,VYBER,700.00,0.00,"","",""}'), -700.00,
    'cash that is taken goes out'
);
select is(
    (select count(*) from core.czech_words() where part = 'type' and direction is null), 0::bigint,
    'every type has a direction'
);
select is_empty(
    $$ select subcategory from core.czech_words() where subcategory is not null
       except select subcategory from data.category_templates $$,
    'every category is one that users have'
);

select * from finish();

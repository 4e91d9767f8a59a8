select plan(16);

select is(core.phone_folded('+420 600 000 001'), '+420600000001', 'spaces do not count');
select is(core.phone_folded('00420600000001'), '+420600000001', '00 is how people write +');
select is(core.phone_folded('+420-600.000/001'), '+420600000001', 'neither do marks between');
select is(core.phone_folded('+44 (0)20 7946 0000'), '+442079460000', '(0) is left out');
select is(core.phone_folded('＋４２０６０００００００１'), '+420600000001', 'wide digits are digits');
select is(core.phone_folded('600 000 001'), null::text, 'without a country it is no number');
select is(core.phone_folded('+420 600 CALL ME'), null::text, 'letters are no digits');
select is(core.phone_folded('+1234567890123456'), null::text, 'E.164 ends at 15 digits');

select results_eq(
    $$select dial_code, is_allowed from core.phone_dial('+12425550100')$$,
    $$values ('1242', false)$$, 'the longest listed beginning decides'
);
select results_eq(
    $$select dial_code, is_allowed from core.phone_dial('+12125550100')$$,
    $$values ('1', true)$$, 'what has no longer one is of its country'
);
select is_empty($$select 1 from core.phone_dial('+88299000000')$$, 'what is not listed has none');

select is(core.phone_check('+420 600 000 001'), '+420600000001', 'a number that may be sent to');
select throws_ok(
    $$select core.phone_check('12')$$, 'PT422',
    'phone_number must be written with its country: +420 600 000 001', 'no number, no code'
);
select throws_ok(
    $$select core.phone_check('+1 242 555 0100')$$, 'PT422',
    'We send no codes to this country', 'only listed countries are served'
);
select throws_ok(
    $$select core.phone_check('+44 020 7946 0000')$$, 'PT422',
    'phone_number has no 0 behind the code of its country', 'a trunk 0 makes no second number'
);
select is(core.phone_prefix('+420600001234'), '+42060000', 'a block is 10,000 numbers');

select * from finish();

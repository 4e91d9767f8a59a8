select plan(9);

create function pg_temp.fill() returns void language sql as $$
    truncate data.berka_rows;
    insert into data.berka_rows (kind, file, line, cells)
    values
        ('account', 'account', 2, '{900001,18,POPLATEK MESICNE,930101}'),
        ('account', 'account', 3, '{900002,18,POPLATEK MESICNE,930102}'),
        ('account', 'account', 4, '{900003,18,POPLATEK MESICNE,930231}'),
        ('owner', 'disp', 2, '{1,900011,900001,OWNER}'),
        ('owner', 'disp', 3, '{2,900012,900001,DISPONENT}'),
        ('order', 'order', 2, '{910001,900001,YZ,87144583,50.00,SIPO}'),
        ('order', 'order', 3, '{910002,900001,AB,1,20.00," "}'),
        ('order', 'order', 4, '{910003,900002,AB,1,20.00," "}'),
        ('booking', 'trans', 2, '{920001,900001,930105,PRIJEM,VKLAD,700.00,1700.00,"","",""}'),
        ('booking', 'trans', 3,
            '{920002,900001,930207,VYDAJ,PREVOD NA UCET,50.00,1650.10,SIPO,YZ,87144583}'),
        ('booking', 'trans', 4,
            ('{920003,900001,930307,withdrawal,remittance to another bank,50.00,1600.00,household,'
            || 'YZ,87144583}')::text[]),
        ('booking', 'trans', 5, '{920003,900001,930307,VYDAJ,VYBER,50.00,1600.00,"","",""}'),
        ('booking', 'trans', 6, '{920004,900001,930331,PRIJE}'),
        ('booking', 'trans', 7, '{920005,900001,930331,DAR,"",1.00,1601.00,"","",""}'),
        ('booking', 'trans', 8, '{920006,900009,930331,PRIJEM,"",1.00,1.00,UROK,"",""}');
$$;
create function pg_temp.load() returns bigint[] language plpgsql as $$
begin
    perform pg_temp.fill();
    return array[
        core.berka_check(), core.berka_people(), core.booking_take(), core.standing_take()
    ];
end;
$$;
create function pg_temp.owner() returns bigint language sql as $$
    select core.email_owner('client-900011@berka.example');
$$;

select lives_ok($$ select pg_temp.fill() $$, 'the rows wait');
select is(core.berka_check(), 5::bigint, 'five of them cannot be read');
select results_eq(
    $$ select file, line, outcome from data.berka_rows where outcome is not null order by 1, 2 $$,
    $$ values
        ('account', 4, 'there is no such day'),
        ('disp', 3, 'not the owner: one more person who may draw on the account'),
        ('trans', 5, 'the files hold this number twice'),
        ('trans', 6, 'has 4 cells: the line is cut off'),
        ('trans', 7, 'unknown type DAR') $$,
    'each with its reason'
);
select is(core.berka_people(), 1::bigint, 'an account with an owner opens');
select results_eq(
    $$ select name, currency, opened_on, external_id from data.accounts
       where user_id = pg_temp.owner() $$,
    $$ values ('Account 900001', 'CZK', '1993-01-01'::date, '900001') $$, 'on its day'
);
select results_eq(
    $$ select file, line, outcome from data.berka_rows
       where outcome like 'its account%' order by 1, 2 $$,
    $$ values
        ('account', 3, 'its account has no owner'),
        ('order', 4, 'its account is not among the accounts'),
        ('trans', 8, 'its account is not among the accounts') $$,
    'what belongs to no account is refused'
);
select is(core.berka_email('5'), 'client-5@berka.example', 'owners sign in by their number');
select is(
    core.berka_fault('booking', '{1,1,930101,PRIJEM,VKLAD,7,7,X,"",""}'), 'unknown symbol X',
    'a word that nobody knows is named'
);
select is(
    core.berka_fault('order', '{1,1,AB,1,0.00,SIPO}'), 'its amount is nothing',
    'nothing is no order'
);

select * from finish();

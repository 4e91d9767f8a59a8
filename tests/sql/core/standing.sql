select plan(3);

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

select is(pg_temp.load(), '{5,1,3,2}', 'orders of known accounts are taken');
select results_eq(
    $$ select external_id, kind, name, amount, frequency, anchor_on, expected_from
       from data.recurring_items where user_id = pg_temp.owner() order by external_id $$,
    $$ values
        ('910001', 'expense', 'Household payment to YZ 87144583', -50.00, 'monthly',
            '1993-03-07'::date, '1993-03-08'::date),
        ('910002', 'expense', 'Standing order to AB 1', -20.00, 'monthly', '1993-04-01',
            '1993-03-08') $$,
    'on the day of their transfers, else on the first after the ledger ends'
);
select is(
    (select count(recurring_item_id) from data.transactions where user_id = pg_temp.owner()),
    0::bigint, 'the ledger does not give the orders away'
);

select * from finish();

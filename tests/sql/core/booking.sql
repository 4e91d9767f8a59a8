select plan(8);

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

select is(pg_temp.load(), '{5,1,3,2}', 'what can be booked is booked');
select results_eq(
    $$ select external_id, transaction_date, amount, description, counterparty
       from data.transactions where user_id = pg_temp.owner() order by id $$,
    $$ values
        ('920001', '1993-01-05'::date, 700.00, 'Credit in cash', null),
        ('920002', '1993-02-07', -50.00, 'Household payment, Remittance to another bank',
            'YZ 87144583'),
        ('920003', '1993-03-07', -50.00, 'Household payment, Remittance to another bank',
            'YZ 87144583') $$,
    'with its sign, in English, from either language'
);
select results_eq(
    $$ select opening_balance, current_balance from data.accounts
       where user_id = pg_temp.owner() $$,
    $$ values (1000.00, 1600.00) $$, 'what the bank held before the first booking opens the account'
);
select is_empty(
    $$ select * from core.balance_faults(pg_temp.owner()) $$, 'the balance is the sum'
);
select is(
    core.ledger_json(pg_temp.owner(), (select max(id) from data.transactions
        where user_id = pg_temp.owner())) ->> 'subcategory',
    'Household payments', 'symbols are categories'
);
select is(pg_temp.load(), '{5,0,0,0}', 'a second load adds nothing');
select is(core.booking_open(), 0::bigint, 'and opens nothing');

select results_eq(
    $$ select distinct change_no from data.transactions where user_id = pg_temp.owner() $$,
    'values (1::bigint)', 'all of a load have the one number of their owner''s clock'
);

select * from finish();

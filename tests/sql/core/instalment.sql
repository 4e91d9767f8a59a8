select plan(5);
insert into data.users (id, currency, timezone) values (-1, 'USD', 'UTC'), (-2, 'USD', 'UTC');
insert into data.debts (user_id, id, name, balance, currency, apr, minimum_payment)
values
    (-1, 1, 'Car', 90, 'USD', 0.12, 40),
    (-1, 2, 'Card', 100, 'USD', 0.24, 50),
    (-1, 3, 'Euro', 100, 'EUR', 0.24, 50);
create temporary table schedules as
select number, line
from json_array_elements(
    core.instalment_months(-1, '2025-01-01', '2025-01-31', 'USD', 'avalanche', 0, 0, 1, 2, 9)
) with ordinality as month (line, number);

-- Month 1: card 52.00, car 50.90; month 2: card 3.04, car 11.41; month 3: the rest of both.
select results_eq(
    $$ select line ->> 'month', line ->> 'on_day', line ->> 'interest', line ->> 'payment',
           line ->> 'balance' from schedules order by number $$,
    $$ values
        ('2', '2025-02-28', '1.55', '90.00', '14.45'), ('3', '2025-03-31', '0.17', '14.62', '0.00')
    $$,
    'months from the one that was asked for to the last'
);
select is(
    (select line #>> '{debts,0,debt_id}' from schedules where number = 1), '2',
    'debts in the order of paying'
);
select results_eq(
    $$ select said ->> 'payment', said ->> 'months', said ->> 'last_payment',
           said ->> 'total_interest', said ->> 'payoff_on'
       from core.instalment_payment(-1, 1, 3, '2025-01-01', '2025-01-31') as said $$,
    $$ values ('30.61', '3', '30.58', '1.80', '2025-03-31') $$,
    'what ends a debt in three months, the last payment a little less'
);
update data.debts set balance = 0 where user_id = -1;
select is(
    core.instalment_payment(-1, 1, 3, '2025-01-01', '2025-01-31') ->> 'payment', '0.00',
    'nothing owed, nothing to pay'
);
select is(core.instalment_payment(-2, 1, 3, null, null)::text, null, 'a stranger owes nothing');

select * from finish();

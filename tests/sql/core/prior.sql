select plan(7);

insert into data.users (id) select -number from generate_series(1, 30) as number;
insert into data.accounts (user_id, id, name, currency, opened_on)
select -number, 1, 'Checking', 'USD', '2020-01-01' from generate_series(1, 30) as number;
insert into data.transactions (
    user_id, account_id, amount, transaction_date, description, counterparty
)
select -number, 1, -10, day, 'Plan ' || number, 'Gym ' || number
from generate_series(1, 24) as number
cross join unnest(array['2026-01-05', '2026-02-07']::date[]) as day
where number > 4 or day = '2026-01-05';
insert into data.transactions (
    user_id, account_id, amount, transaction_date, description, counterparty
)
select -number, 1, -10, '2026-01-05', 'Rare', 'Shop' from generate_series(1, 19) as number;

select is(core.prior_learn('2026-02-28'), 1::bigint, 'kinds that 20 owners have');
select results_eq(
    'select direction, words, first_count, again_count from data.series_priors',
    $$values (-1, 'plan', 24::bigint, 20::bigint)$$,
    'of 24 first payments 20 came again'
);
select is(
    (select round(chance::numeric, 4) from core.prior_rows('2026-02-28')),
    round(21.0 / 26, 4),
    'by the rule of Laplace'
);
select is_empty(
    $$select from core.prior_rows('2026-02-27')$$, 'not known before it was learnt'
);
select is_empty(
    $$select from core.prior_rows('2027-03-01')$$, 'forgotten after a year'
);
select is(core.prior_learn('2026-02-06'), 0::bigint, 'a first payment needs 38 days');
select is(core.prior_learn('2026-02-28'), 1::bigint, 'learning again replaces');

select * from finish();

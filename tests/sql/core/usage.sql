select plan(8);

insert into data.users (id) values (-1);
insert into data.accounts (user_id, id, name, currency, opened_on)
values
    (-1, 1, 'Everyday', 'USD', '2025-01-01'),
    (-1, 2, 'Savings', 'USD', '2025-01-01'),
    (-1, 3, 'Crowns', 'CZK', '2025-01-01');

select ok(not core.usage_exists(-1, 1), 'a new account is not in use');

insert into data.transactions (user_id, account_id, amount, transaction_date, description)
values (-1, 1, 0, '2025-01-02', 'x');

select ok(core.usage_exists(-1, 1), 'a booking uses it');
select ok(not core.usage_exists(-2, 1), 'whose it is says who asks');

insert into data.recurring_items (
    user_id, kind, name, amount, account_id, to_account_id, frequency, anchor_on, expected_from
)
values (-1, 'transfer', 'Save', 5, 2, 3, 'monthly', '2025-01-01', '2025-01-01');

select ok(core.usage_exists(-1, 2), 'so does a transfer that leaves it');
select ok(core.usage_exists(-1, 3), 'or arrives');

insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 4, 'Wages', 'USD', '2025-01-01');
insert into data.income_sources (user_id, name, account_id, amount, frequency, next_on)
values (-1, 'Job', 4, 100, 'monthly', '2025-01-31');
select ok(core.usage_exists(-1, 4), 'and income that is counted on there: it would go along');

insert into data.accounts (user_id, id, name, currency, opened_on)
values (-1, 5, 'Card', 'USD', '2025-01-01'), (-1, 6, 'Trip', 'USD', '2025-01-01');
insert into data.debts (user_id, name, account_id, currency, apr, minimum_payment)
values (-1, 'Card', 5, 'USD', 0.2, 10);
insert into data.financial_goals (user_id, name, account_id, currency, target_amount, next_on)
values (-1, 'Trip', 6, 'USD', 900, '2025-02-01');
select ok(core.usage_exists(-1, 5), 'and a debt that it says');
select ok(core.usage_exists(-1, 6), 'or a goal');

select * from finish();

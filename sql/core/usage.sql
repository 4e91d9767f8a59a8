-- Is an account in use? What was booked on it or is scheduled on it holds it where it is.

-- True when a booking or a recurring item names the account, on either side of a transfer, a rule
-- moves money to it, an income source is expected there, or a debt or a goal is kept on it.
create or replace function core.usage_exists(_user_id bigint, _account_id bigint)
returns boolean
language sql stable parallel safe
as $$
    select exists (
        select from data.transactions where user_id = _user_id and account_id = _account_id
        union all
        select from data.recurring_items where user_id = _user_id and account_id = _account_id
        union all
        select from data.recurring_items where user_id = _user_id and to_account_id = _account_id
        union all
        select from data.transaction_rules
        where user_id = _user_id and transfer_account_id = _account_id
        union all
        select from data.income_sources where user_id = _user_id and account_id = _account_id
        union all
        select from data.debts where user_id = _user_id and account_id = _account_id
        union all
        select from data.financial_goals where user_id = _user_id and account_id = _account_id
    );
$$;

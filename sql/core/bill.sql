-- Bills: what the plan takes from an account in the next days, and whether it can bear it.

-- The expenses of a user's plan from _as_of to _days days later, each with what the plan leaves on
-- its account once it is paid: of one day, what comes in comes first, then bills in the order of
-- their items. What is overdue lessens the balance and is no bill any more. Accounts that are meant
-- to be in debt (credit) pay any bill.
-- Shape: one row per bill, no order; cents, amount_cents is negative.
create or replace function core.bill_rows(_user_id bigint, _as_of date, _days integer)
returns table (
    recurring_item_id bigint,
    occurrence_on date,
    on_day date,
    account_id bigint,
    amount_cents bigint,
    left_cents bigint
)
language sql stable parallel safe
as $$
    with dues as materialized (
        select
            plan.recurring_item_id,
            plan.occurrence_on,
            plan.on_day,
            plan.amount_cents,
            plan.reason,
            item.kind,
            item.account_id,
            item.to_account_id
        from core.ground_row(_user_id, _as_of) as ground
        cross join lateral core.change_row(
            _user_id, ground.active, ground.active, ground.as_of, ground.due_from, _as_of + _days,
            ground.is_posted, ground.has_exceptions
        ) as change
        cross join lateral core.plan_rows(
            _user_id, ground.active, ground.active, change.gone_items, change.gone_days,
            change.extras, ground.as_of, ground.due_from, _as_of + _days
        ) as plan
        inner join data.recurring_items as item
            on item.user_id = _user_id and item.id = plan.recurring_item_id
    ),
    moves as (
        select
            due.*,
            due.account_id as moved_id,
            case due.kind when 'transfer' then -due.amount_cents else due.amount_cents end as cents
        from dues as due
        union all
        select due.*, due.to_account_id, due.amount_cents
        from dues as due
        where due.kind = 'transfer'
    ),
    courses as (
        select
            move.*,
            sum(move.cents) over (
                partition by move.moved_id
                order by
                    move.on_day, move.cents < 0, move.recurring_item_id, move.occurrence_on
                rows unbounded preceding
            )::bigint as course_cents
        from moves as move
    )
    select
        course.recurring_item_id,
        course.occurrence_on,
        course.on_day,
        course.moved_id,
        course.cents,
        core.ground_balance(_user_id, course.moved_id, _as_of) + course.course_cents
    from courses as course
    inner join data.accounts as account
        on account.user_id = _user_id
        and account.id = course.moved_id
        and account.type <> 'credit'
    where course.kind = 'expense'
      and course.reason <> 'overdue';
$$;

-- Bills of many users that their account cannot pay: what is left after the bill is below zero, by
-- the plan, moved by what is expected of that account beside it up to the evening before.
-- basis is that of its expectation. Shape: one row per such bill, no order.
create or replace function core.bill_short(_user_ids bigint[], _as_of date)
returns table (
    user_id bigint,
    recurring_item_id bigint,
    occurrence_on date,
    on_day date,
    account_id bigint,
    amount_cents bigint,
    left_cents bigint,
    basis text
)
language sql stable
as $$
    with bills as materialized (
        select own.user_id, bill.*
        from core.threshold_rows(_user_ids) as own
        cross join lateral core.bill_rows(own.user_id, _as_of, own.bill_days) as bill
        where own.has_bills
    ),
    outlooks as materialized (
        select
            outlook.user_id, outlook.account_id, outlook.basis, outlook.plan_cents,
            outlook.p50_cents
        from core.expectation_arrays(
            array(select distinct bill.user_id from bills as bill),
            _as_of,
            (select greatest(1, max(bill.on_day) - _as_of) from bills as bill)
        ) as outlook
        where exists (select from bills)
    ),
    funds as (
        select
            bill.*,
            bill.left_cents + coalesce(
                outlook.p50_cents[bill.on_day - 1 - _as_of]
                    - outlook.plan_cents[bill.on_day - 1 - _as_of],
                0
            ) as expected_cents,
            coalesce(outlook.basis, 'plan') as basis
        from bills as bill
        left join outlooks as outlook
            on outlook.user_id = bill.user_id and outlook.account_id = bill.account_id
    )
    select
        fund.user_id,
        fund.recurring_item_id,
        fund.occurrence_on,
        fund.on_day,
        fund.account_id,
        fund.amount_cents,
        fund.expected_cents,
        fund.basis
    from funds as fund
    where fund.expected_cents < 0;
$$;

-- Why a batch was refused.

-- Refuses a batch, naming the first row at fault and why. The good rows are written already, as
-- _added, and the balances of _moved: an external_id is taken by a booking that is not one of them,
-- or by an earlier row of the batch; an account that did not move is at its limit, and the row that
-- passes it is to blame. Errors: PT404, PT409, PT422.
create or replace function core.fault_raise(
    _user_id bigint, _items jsonb, _added bigint[], _moved bigint[]
)
returns void
language plpgsql
as $$
declare
    v_fault record;
begin
    with items as (
        select
            named.place,
            named.account_id,
            named.subcategory_id,
            named.external_id,
            named.recurring_item_id,
            sum(named.amount) over (partition by named.account_id order by named.place) as running,
            count(*) filter (where named.external_id is not null) over (
                partition by named.account_id, named.external_id
                order by named.place
                rows between unbounded preceding and 1 preceding
            ) as earlier_count
        from rows from (
            jsonb_to_recordset(_items) as (
                account_id bigint,
                amount numeric(14, 2),
                subcategory_id bigint,
                external_id text,
                recurring_item_id bigint
            )
        ) with ordinality as named (
            account_id, amount, subcategory_id, external_id, recurring_item_id, place
        )
    ),
    faults as (
        select
            item.place,
            case
                when account.id is null then 'account'
                when item.subcategory_id is not null and subcategory.id is null then 'subcategory'
                when item.recurring_item_id is not null and recurring.id is null then 'item'
                when item.earlier_count > 0
                    or (booking.id is not null and booking.id <> all (_added))
                    then 'external'
                when account.id <> all (_moved)
                    and not core.balance_fits(account.current_balance + item.running)
                    then 'amount'
            end as reason
        from items as item
        left join data.accounts as account
            on account.user_id = _user_id and account.id = item.account_id
        left join data.subcategories as subcategory
            on subcategory.user_id = _user_id and subcategory.id = item.subcategory_id
        left join data.recurring_items as recurring
            on recurring.user_id = _user_id and recurring.id = item.recurring_item_id
        left join data.transactions as booking
            on booking.user_id = _user_id
            and booking.account_id = item.account_id
            and booking.external_id = item.external_id
    )
    select faults.place - 1 as place, meaning.status, meaning.field, meaning.sentence
    into v_fault
    from faults
    inner join (
        values
            ('account', 'PT404', 'account_id', 'No such account'),
            ('subcategory', 'PT404', 'subcategory_id', 'No such subcategory'),
            ('item', 'PT404', 'recurring_item_id', 'No such recurring item'),
            (
                'external', 'PT409', 'external_id',
                'This account has a booking with that external_id'
            ),
            ('amount', 'PT422', 'amount', 'The balance of the account would pass 999999999999.99')
    ) as meaning (reason, status, field, sentence) on meaning.reason = faults.reason
    order by faults.place
    limit 1;

    raise exception '%',
        coalesce(v_fault.sentence, 'A row of the batch changed while it was booked')
        using
            errcode = coalesce(v_fault.status, 'PT409'),
            column = coalesce(format('items[%s].%s', v_fault.place, v_fault.field), 'items');
end;
$$;

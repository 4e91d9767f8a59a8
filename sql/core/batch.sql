-- Many bookings of one owner at once: all of them or none.

-- Books many rows at once, all or none, and returns their keys in the order of _items.
-- _items is a list of objects with the parameters of core.transaction_add. One statement does it;
-- only when a row is missing afterwards a second one looks for the reason.
-- Errors: as core.transaction_add, with the place in the field: items[3].account_id.
create or replace function core.batch_add(_user_id bigint, _items jsonb)
returns bigint[]
language plpgsql
as $$
declare
    v_ids bigint[];
    v_moved bigint[];
begin
    with items as materialized (
        select
            item.account_id,
            item.amount,
            item.transaction_date,
            item.description,
            item.comment,
            item.subcategory_id,
            item.counterparty,
            item.external_id,
            item.is_pending,
            item.recurring_item_id,
            item.place
        from rows from (
            jsonb_to_recordset(_items) as (
                account_id bigint,
                amount numeric(14, 2),
                transaction_date date,
                description text,
                comment text,
                subcategory_id bigint,
                counterparty text,
                external_id text,
                is_pending boolean,
                recurring_item_id bigint
            )
        ) with ordinality as item (
            account_id, amount, transaction_date, description, comment, subcategory_id,
            counterparty, external_id, is_pending, recurring_item_id, place
        )
    ),
    moves as (
        select account_id, sum(amount) as amount from items group by account_id
    ),
    locked as materialized (
        select account.id, moves.amount
        from data.accounts as account
        inner join moves on moves.account_id = account.id
        where account.user_id = _user_id
        order by account.id
        for no key update of account
    ),
    balanced as (
        update data.accounts as account
        set current_balance = core.balance_moved(account.current_balance, locked.amount),
            updated_at = now()
        from locked
        where account.user_id = _user_id
          and account.id = locked.id
          and core.balance_fits(account.current_balance + locked.amount)
        returning account.id
    ),
    added as (
        insert into data.transactions (
            user_id, account_id, amount, transaction_date, posted_at, description, comment,
            subcategory_id, counterparty, external_id, is_pending, recurring_item_id
        )
        select
            _user_id, item.account_id, item.amount, item.transaction_date,
            case when item.is_pending is not true then now() end, item.description, item.comment,
            item.subcategory_id, item.counterparty, item.external_id,
            coalesce(item.is_pending, false), item.recurring_item_id
        from items as item
        inner join balanced on balanced.id = item.account_id
        where (
                item.subcategory_id is null
                or exists (
                    select from data.subcategories
                    where user_id = _user_id and id = item.subcategory_id
                )
            )
          and (
                item.recurring_item_id is null
                or exists (
                    select from data.recurring_items
                    where user_id = _user_id and id = item.recurring_item_id
                )
            )
        order by item.place
        on conflict (user_id, account_id, external_id) where external_id is not null do nothing
        returning id
    )
    select
        (select array_agg(id order by id) from added),
        (select array_agg(id) from balanced)
    into v_ids, v_moved;

    if cardinality(v_ids) is distinct from jsonb_array_length(_items) then
        perform core.batch_refuse(
            _user_id, _items, coalesce(v_ids, '{}'), coalesce(v_moved, '{}')
        );
    end if;
    return v_ids;
end;
$$;

-- Refuses a batch, naming the first row at fault and why. The good rows are written already, as
-- _added, and the balances of _moved: an external_id is taken by a booking that is not one of them,
-- or by an earlier row of the batch; an account that did not move is at its limit, and the row that
-- passes it is to blame. Errors: PT404, PT409, PT422.
create or replace function core.batch_refuse(
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

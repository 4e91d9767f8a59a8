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
    v_change_no constant bigint := core.clock_tick(_user_id);
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
            item.tags,
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
                recurring_item_id bigint,
                tags text[]
            )
        ) with ordinality as item (
            account_id, amount, transaction_date, description, comment, subcategory_id,
            counterparty, external_id, is_pending, recurring_item_id, tags, place
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
            subcategory_id, counterparty, external_id, is_pending, recurring_item_id, tags,
            change_no
        )
        select
            _user_id, item.account_id, item.amount, item.transaction_date,
            case when item.is_pending is not true then now() end, item.description, item.comment,
            item.subcategory_id, item.counterparty, item.external_id,
            coalesce(item.is_pending, false), item.recurring_item_id,
            coalesce(item.tags, '{}'), v_change_no
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
        perform core.fault_raise(
            _user_id, _items, coalesce(v_ids, '{}'), coalesce(v_moved, '{}')
        );
    end if;
    return v_ids;
end;
$$;

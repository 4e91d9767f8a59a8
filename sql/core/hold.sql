-- What holds a booking as it is: a leg of a transfer keeps amount and account, a split booking
-- keeps amount and has no subcategory of its own.

-- True when bookings may change so; null: that field stays. Looked at with the owner's clock
-- ticked, so that nothing changes between the look and the edit. Errors: PT409 with the field.
create or replace function core.hold_check(
    _user_id bigint,
    _transaction_ids bigint[],
    _amount numeric,
    _account_id bigint,
    _subcategory_id bigint
)
returns boolean
language plpgsql stable parallel safe
as $$
declare
    v_fault record;
begin
    select
        case
            when booking.amount <> _amount then 'amount'
            when booking.account_id <> _account_id then 'account_id'
            else 'subcategory_id'
        end as field,
        booking.transfer_id is not null as is_leg
    into v_fault
    from data.transactions as booking
    cross join lateral (
        select exists (
            select from data.transaction_splits
            where user_id = _user_id and transaction_id = booking.id
        )
    ) as look (is_split)
    where booking.user_id = _user_id
      and booking.id = any (_transaction_ids)
      and (
          (
              (booking.transfer_id is not null or look.is_split)
              and booking.amount <> _amount
          )
          or (booking.transfer_id is not null and booking.account_id <> _account_id)
          or (look.is_split and _subcategory_id is not null)
      )
    order by booking.id
    limit 1;
    if found then
        raise exception '%',
            case
                when v_fault.is_leg then 'A leg of a transfer keeps its amount and account: '
                    'edit the transfer, or take it apart first'
                else 'A split transaction is changed by its parts'
            end
            using errcode = 'PT409', column = v_fault.field;
    end if;
    return true;
end;
$$;

-- Parts of a booking: one payment that was for several things. The parts add up to the amount of
-- the booking, which has no subcategory of its own then.

-- The parts of one booking as a JSON list, in the order they were given; [] when it is not split.
create or replace function core.split_json(_user_id bigint, _transaction_id bigint)
returns json
language sql stable parallel safe
as $$
    select coalesce(
        json_agg(
            json_build_object(
                'amount', part.amount,
                'subcategory_id', part.subcategory_id,
                'subcategory', named.subcategory,
                'category', named.category,
                'comment', part.comment
            )
            order by part.id
        ),
        '[]'
    )
    from data.transaction_splits as part
    left join lateral core.category_names(_user_id, part.subcategory_id) as named on true
    where part.user_id = _user_id
      and part.transaction_id = _transaction_id;
$$;

-- Puts _parts in the place of the parts of a booking and returns its key; an empty list makes it
-- whole again. _parts: [{amount, subcategory_id, comment}], 2 to 50, none of them 0, adding up to
-- the amount. Errors: PT404 no such transaction, or splits[n].subcategory_id; PT409 it is a leg of
-- a transfer; PT412 another version; PT422 with splits or splits[n].amount.
create or replace function core.split_set(
    _user_id bigint, _transaction_id bigint, _parts jsonb, _if_match bigint default null
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_booking record;
    v_fault record;
begin
    select amount, transaction_date, version, transfer_id into v_booking
    from data.transactions
    where user_id = _user_id and id = _transaction_id
    for no key update;
    perform
        core.check_found('transaction', v_booking.version),
        core.version_check(v_booking.version, _if_match);
    if v_booking.transfer_id is not null then
        raise exception 'This booking is a leg of a transfer: it is not for several things'
            using errcode = 'PT409', column = 'transaction_id';
    end if;

    perform core.check_rule(
        'splits',
        case jsonb_typeof(_parts)
            when 'array' then jsonb_array_length(_parts) <> 1 and jsonb_array_length(_parts) <= 50
        end,
        'splits must be a list of 2 to 50 parts, or an empty one'
    );
    select
        part.place - 1 as place,
        part.subcategory_id is not null and known.id is null as is_foreign
    into v_fault
    from rows from (
        jsonb_to_recordset(_parts) as (amount numeric, subcategory_id bigint)
    ) with ordinality as part (amount, subcategory_id, place)
    left join data.subcategories as known
        on known.user_id = _user_id and known.id = part.subcategory_id
    where part.amount = 0
       or (part.subcategory_id is not null and known.id is null)
    order by part.place
    limit 1;
    if found then
        perform core.check_known(
            format('splits[%s].subcategory_id', v_fault.place), 'subcategory',
            not v_fault.is_foreign
        );
        perform core.check_rule(
            format('splits[%s].amount', v_fault.place), false, 'A part has an amount'
        );
    end if;
    perform core.check_rule(
        'splits',
        jsonb_array_length(_parts) = 0 or (
            select sum(part.amount) = v_booking.amount
            from jsonb_to_recordset(_parts) as part (amount numeric)
        ),
        format('The parts must add up to the amount of the booking, %s', v_booking.amount)
    );

    delete from data.transaction_splits
    where user_id = _user_id and transaction_id = _transaction_id;
    insert into data.transaction_splits (
        user_id, transaction_id, transaction_date, amount, subcategory_id, comment
    )
    select
        _user_id, _transaction_id, v_booking.transaction_date, part.amount, part.subcategory_id,
        part.comment
    from rows from (
        jsonb_to_recordset(_parts) as (amount numeric, subcategory_id bigint, comment text)
    ) with ordinality as part (amount, subcategory_id, comment, place)
    order by part.place;
    update data.transactions
    set subcategory_id = case when jsonb_array_length(_parts) = 0 then subcategory_id end,
        version = version + 1,
        change_no = v_change_no,
        updated_at = now()
    where user_id = _user_id
      and id = _transaction_id;
    return _transaction_id;
end;
$$;

-- Keeps the days of parts those of their bookings, after an edit of these.
create or replace function core.split_follow(_user_id bigint, _transaction_ids bigint[])
returns bigint
language sql
as $$
    with followed as (
        update data.transaction_splits as part
        set transaction_date = booking.transaction_date
        from data.transactions as booking
        where part.user_id = _user_id
          and part.transaction_id = any (_transaction_ids)
          and booking.user_id = _user_id
          and booking.id = part.transaction_id
          and booking.transaction_date <> part.transaction_date
        returning 1
    )
    select count(*) from followed;
$$;

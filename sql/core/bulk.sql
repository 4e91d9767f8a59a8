-- Many bookings of one owner edited or dropped at once: all of them or none.

-- True when every one of _ids is a booking of the owner. Errors: PT404 naming the first that is
-- not, by its place: ids[3].
create or replace function core.bulk_check(_user_id bigint, _ids bigint[])
returns boolean
language plpgsql stable
as $$
declare
    v_place bigint;
begin
    select wanted.place - 1 into v_place
    from unnest(_ids) with ordinality as wanted (id, place)
    left join data.transactions as booking
        on booking.user_id = _user_id and booking.id = wanted.id
    where booking.id is null
    order by wanted.place
    limit 1;
    return core.check_known(
        coalesce(format('ids[%s]', v_place), 'ids'), 'transaction', v_place is null
    );
end;
$$;

-- Merges one patch into many bookings: absent keeps, null clears what may be empty. What moves
-- money is not among it. Returns how many bookings there were.
-- Errors: PT404 with ids[n], subcategory_id or recurring_item_id, PT409 with subcategory_id when
-- one of them is split, PT422 with the field.
create or replace function core.bulk_edit(
    _user_id bigint,
    _ids bigint[],
    _patch jsonb,
    _description text,
    _comment text,
    _subcategory_id bigint,
    _counterparty text,
    _is_pending boolean,
    _recurring_item_id bigint,
    _tags text[]
)
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
    v_count bigint;
begin
    perform
        core.check_kept(_patch, '{description,is_pending}'),
        core.ledger_check(_user_id, _subcategory_id, _recurring_item_id),
        core.bulk_check(_user_id, _ids),
        core.hold_check(_user_id, _ids, null, null, _subcategory_id);
    update data.transactions as booking
    set version = booking.version + 1,
        description = coalesce(_description, booking.description),
        comment = case when _patch ? 'comment' then _comment else booking.comment end,
        subcategory_id = case
            when _patch ? 'subcategory_id' then _subcategory_id
            else booking.subcategory_id
        end,
        counterparty = case
            when _patch ? 'counterparty' then _counterparty
            else booking.counterparty
        end,
        is_pending = coalesce(_is_pending, booking.is_pending),
        posted_at = case
            when not coalesce(_is_pending, booking.is_pending)
                then coalesce(booking.posted_at, now())
        end,
        recurring_item_id = case
            when _patch ? 'recurring_item_id' then _recurring_item_id
            else booking.recurring_item_id
        end,
        tags = case when _patch ? 'tags' then coalesce(_tags, '{}') else booking.tags end,
        change_no = v_change_no,
        updated_at = now()
    where booking.user_id = _user_id
      and booking.id = any (_ids);
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;

-- Drops many bookings and gives their amounts back; returns how many there were.
-- Errors: PT404 with ids[n], PT422 with amount when a balance would not fit.
create or replace function core.bulk_drop(_user_id bigint, _ids bigint[])
returns bigint
language plpgsql
as $$
declare
    v_change_no constant bigint := core.clock_tick(_user_id);
begin
    perform core.bulk_check(_user_id, _ids);
    return core.removal_take(_user_id, _ids, v_change_no);
end;
$$;

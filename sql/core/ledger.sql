-- Reading the ledger: pages of bookings over the covering index, and one booking whole.

-- A page of bookings of one owner in an order, by any filters, from the place after a cursor; or
-- those of _keys, which must be in that order. Orders are those of api.ledger_order; amounts are in
-- cents and have their sign. Shape: one row per booking, in the order.
-- Newest first of all and of one account are statements whose plans are kept; the others are made
-- for what is asked and planned for its values, so that each walks the index that fits.
create or replace function core.ledger_page(
    _user_id bigint,
    _order text,
    _from date,
    _to date,
    _account_id bigint,
    _subcategory_ids bigint[],
    _least_cents bigint,
    _most_cents bigint,
    _is_pending boolean,
    _tag text,
    _cents bigint,
    _on_day date,
    _id bigint,
    _limit integer,
    _keys bigint[] default null
)
returns table (
    id bigint,
    account_id bigint,
    amount numeric,
    transaction_date date,
    description text,
    counterparty text,
    subcategory_id bigint,
    recurring_item_id bigint,
    transfer_id bigint,
    is_pending boolean
)
language plpgsql stable parallel safe
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
    v_from constant date := coalesce(_from, '1900-01-01');
    -- No cursor: the place just above the last day asked for.
    v_before_on constant date := least(coalesce(_to, '2200-12-31') + 1, _on_day);
    v_before_id constant bigint := case
        when _on_day <= coalesce(_to, '2200-12-31') then _id
        else -9223372036854775808
    end;
begin
    if _keys is not null then
        return query
        select
            booking.id, account_id, amount, transaction_date, description, counterparty,
            subcategory_id, recurring_item_id, transfer_id, is_pending
        from unnest(_keys) with ordinality as found (id, place)
        inner join data.transactions as booking
            on booking.user_id = _user_id and booking.id = found.id
        order by found.place;
    elsif _order <> 'newest'
        or _subcategory_ids is not null
        or coalesce(_least_cents, _most_cents) is not null
        or _is_pending is not null
        or _tag is not null
    then
        return query execute core.sheet_query(_order, _subcategory_ids is not null)
        using
            _user_id, _from, _to, _account_id, _subcategory_ids, _least_cents, _most_cents,
            _is_pending, _tag, _cents, _on_day, _id, _limit;
    elsif _account_id is not null then
        return query
        select
            id, account_id, amount, transaction_date, description, counterparty, subcategory_id,
            recurring_item_id, transfer_id, is_pending
        from data.transactions
        where user_id = _user_id
          and account_id = _account_id
          and transaction_date >= v_from
          and (transaction_date, id) < (v_before_on, v_before_id)
        order by transaction_date desc, id desc
        limit _limit;
    else
        return query
        select
            id, account_id, amount, transaction_date, description, counterparty, subcategory_id,
            recurring_item_id, transfer_id, is_pending
        from data.transactions
        where user_id = _user_id
          and transaction_date >= v_from
          and (transaction_date, id) < (v_before_on, v_before_id)
        order by transaction_date desc, id desc
        limit _limit;
    end if;
end;
$$;

-- What api functions say of a booking in a list, in the words of api.route.
create or replace function core.ledger_shape()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "id": "integer",
        "account_id": "integer",
        "amount": "money",
        "transaction_date": "date",
        "description": "text",
        "counterparty": "text?",
        "subcategory_id": "integer?",
        "subcategory": "text?",
        "category": "text?",
        "recurring_item_id": "integer?",
        "transfer_id": "integer?",
        "is_pending": "boolean",
        "is_split?": "boolean"
    }'::jsonb;
$$;

-- The one booking as json, with what the list leaves out, or null. plpgsql with a kept plan: told
-- to choose, PostgreSQL makes a plan for each call, for ten times the price.
create or replace function core.ledger_json(_user_id bigint, _transaction_id bigint)
returns json
language plpgsql stable parallel safe
set plan_cache_mode = force_generic_plan
as $$
begin
    return (
        select json_build_object(
            'version', booking.version,
            'id', booking.id,
            'account_id', booking.account_id,
            'amount', booking.amount,
            'transaction_date', booking.transaction_date,
            'description', booking.description,
            'counterparty', booking.counterparty,
            'subcategory_id', booking.subcategory_id,
            'subcategory', named.subcategory,
            'category', named.category,
            'recurring_item_id', booking.recurring_item_id,
            'transfer_id', booking.transfer_id,
            'is_pending', booking.is_pending,
            'comment', booking.comment,
            'tags', booking.tags,
            'splits', core.split_json(_user_id, booking.id),
            'note_count', core.note_count(_user_id, booking.id),
            'external_id', booking.external_id,
            'created_at', booking.created_at,
            'updated_at', booking.updated_at
        )
        from data.transactions as booking
        left join lateral core.category_names(_user_id, booking.subcategory_id) as named on true
        where booking.user_id = _user_id
          and booking.id = _transaction_id
    );
end;
$$;

-- What core.ledger_json adds to core.ledger_shape: not in the covering index, so not in lists.
create or replace function core.ledger_extras()
returns jsonb
language sql immutable parallel safe
as $$
    select '{
        "version": "integer",
        "comment": "text?",
        "tags": ["text"],
        "splits": [{
            "amount": "money",
            "subcategory_id": "integer?",
            "subcategory": "text?",
            "category": "text?",
            "comment": "text?"
        }],
        "note_count": "integer",
        "external_id": "text?",
        "created_at": "timestamp",
        "updated_at": "timestamp"
    }'::jsonb;
$$;

-- True when everything that a booking points at is its owner's. Errors: PT404 naming the field.
create or replace function core.ledger_check(
    _user_id bigint, _subcategory_id bigint, _recurring_item_id bigint
)
returns boolean
language plpgsql stable parallel safe
as $$
begin
    perform core.category_check(_user_id, _subcategory_id);
    return _recurring_item_id is null or core.check_known(
        'recurring_item_id',
        'recurring item',
        exists (
            select from data.recurring_items
            where user_id = _user_id and id = _recurring_item_id
        )
    );
end;
$$;

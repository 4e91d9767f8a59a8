-- A list of bookings as it is answered.

-- One page of a list as the route answers it; names of categories are looked up for its rows alone.
-- A category is all of its subcategories; text goes with orders of days. plpgsql, because text is
-- another way to the rows. Errors: PT422 with cursor or order.
create or replace function core.listing_json(
    _user_id bigint,
    _order text,
    _from date,
    _to date,
    _account_id bigint,
    _subcategory_id bigint,
    _category_id bigint,
    _text text,
    _least_cents bigint,
    _most_cents bigint,
    _is_pending boolean,
    _tag text,
    _limit integer,
    _cursor text
)
returns json
language plpgsql stable
as $$
declare
    v_tail constant text := core.place_tail(_cursor);
    v_subcategory_ids bigint[];
    v_keys bigint[];
begin
    perform
        core.place_check(_cursor, _order),
        core.check_rule(
            'order', _text is null or _order in ('newest', 'oldest'),
            'Text is searched by day: order must be newest or oldest'
        );
    if _category_id is not null or _subcategory_id is not null then
        v_subcategory_ids := array(
            select id
            from data.subcategories
            where user_id = _user_id
              and (_category_id is null or category_id = _category_id)
              and (_subcategory_id is null or id = _subcategory_id)
        );
    end if;
    if _text is not null then
        v_keys := core.search_keys(
            _user_id, _text, _order, _from, _to, _account_id, v_subcategory_ids, _least_cents,
            _most_cents, _is_pending, _tag, core.cursor_day(v_tail), core.cursor_id(v_tail),
            _limit + 1
        );
    end if;
    return (
        with page as (
            select booking.*, row_number() over () as place
            from core.ledger_page(
                _user_id, _order, _from, _to, _account_id, v_subcategory_ids, _least_cents,
                _most_cents, _is_pending, _tag, core.place_cents(_cursor),
                core.cursor_day(v_tail), core.cursor_id(v_tail), _limit + 1, v_keys
            ) as booking
        ),
        items as (
            select
                page.place,
                page.id,
                page.amount,
                page.transaction_date,
                json_build_object(
                    'id', page.id,
                    'account_id', page.account_id,
                    'amount', page.amount,
                    'transaction_date', page.transaction_date,
                    'description', page.description,
                    'counterparty', page.counterparty,
                    'subcategory_id', page.subcategory_id,
                    'subcategory', named.subcategory,
                    'category', named.category,
                    'recurring_item_id', page.recurring_item_id,
                    'transfer_id', page.transfer_id,
                    'is_pending', page.is_pending,
                    'is_split', page.subcategory_id is null and exists (
                        select from data.transaction_splits as part
                        where part.user_id = _user_id
                          and part.transaction_id = page.id
                    )
                ) as item
            from page
            left join lateral core.category_names(_user_id, page.subcategory_id) as named on true
        )
        select core.page_json(
            array_agg(item order by place),
            array_agg(  -- only the last row's is ever sent
                case
                    when place = _limit then core.place_text(
                        _order, (amount * 100)::bigint, transaction_date, id
                    )
                end
                order by place
            ),
            _limit
        )
        from items
    );
end;
$$;

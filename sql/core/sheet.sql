-- Lists of bookings in any order, by any filters: the statements.

-- The conditions of a list over a relation _place that has the day, as text. Parameters: $1 owner,
-- $2 and $3 first and last day, $4 account, $5 subcategories, $6 and $7 least and most cents,
-- $8 pending, $9 tag, $10 to $12 cents, day and key of the cursor, $13 limit. A statement of these
-- is planned for its values: a condition on nothing falls away before an index is chosen.
create or replace function core.sheet_filters(_place text, _order text)
returns text
language sql immutable parallel safe
as $$
    select format(
        $text$($2 is null or %1$s.transaction_date >= $2)
          and ($3 is null or %1$s.transaction_date <= $3)
          and ($4 is null or booking.account_id = $4)
          and ($6 is null or booking.amount_cents >= $6)
          and ($7 is null or booking.amount_cents <= $7)
          and ($8 is null or booking.is_pending = $8)
          and ($9 is null or (booking.tags <> '{}' and booking.tags @> array[$9]))
          and ($12 is null or %2$s)
          and %3$s$text$,
        _place,
        case
            when _order in ('largest', 'smallest') then format(
                '(booking.amount_cents, booking.transaction_date, booking.id) %s ($10, $11, $12)',
                case _order when 'largest' then '<' else '>' end
            )
            else format(
                '(%1$s.transaction_date, %1$s.%2$s) %3$s ($11, $12)',
                _place,
                case _place when 'part' then 'transaction_id' else 'id' end,
                case _order when 'newest' then '<' else '>' end
            )
        end,
        case _place
            when 'booking' then $text$(
              $5 is null
              or booking.subcategory_id = any ($5)
              or exists (
                  select from data.transaction_splits as part
                  where part.user_id = $1
                    and part.transaction_id = booking.id
                    and part.subcategory_id = any ($5)
              )
          )$text$
            else 'true'
        end
    );
$$;

-- The columns that an order sorts by, of a relation that has them, as text.
create or replace function core.sheet_order(_place text, _order text)
returns text
language sql immutable parallel safe
as $$
    select format(
        case
            when _order in ('largest', 'smallest')
                then 'booking.amount_cents %2$s, booking.transaction_date %2$s, booking.id %2$s'
            when _place = 'part' then 'part.transaction_date %2$s, part.transaction_id %2$s'
            else '%1$s.transaction_date %2$s, %1$s.id %2$s'
        end,
        _place,
        case when _order in ('newest', 'largest') then 'desc' else 'asc' end
    );
$$;

-- The statement of a list, as text; parameters are those of core.sheet_filters. With subcategories
-- each one is walked in order, and so are the parts of split bookings that are for it; what is read
-- is the limit for each at most.
create or replace function core.sheet_query(_order text, _has_subcategories boolean)
returns text
language sql immutable parallel safe
as $$
    select format(
        $text$
            select
                booking.id, booking.account_id, booking.amount, booking.transaction_date,
                booking.description, booking.counterparty, booking.subcategory_id,
                booking.recurring_item_id, booking.transfer_id, booking.is_pending
            from %s
            order by %s
            limit $13
        $text$,
        case
            when _has_subcategories then format(
                $text$(
                    select walked.id
                    from unnest($5) as wanted (subcategory_id)
                    cross join lateral (
                        select booking.id
                        from data.transactions as booking
                        where booking.user_id = $1
                          and booking.subcategory_id = wanted.subcategory_id
                          and %1$s
                        order by %2$s
                        limit $13
                    ) as walked
                    union
                    select walked.id
                    from unnest($5) as wanted (subcategory_id)
                    cross join lateral (
                        select booking.id
                        from data.transaction_splits as part
                        inner join data.transactions as booking
                            on booking.user_id = $1 and booking.id = part.transaction_id
                        where part.user_id = $1
                          and part.subcategory_id = wanted.subcategory_id
                          and %3$s
                          -- A booking counts once, by its first part of that subcategory.
                          and not exists (
                              select from data.transaction_splits as earlier
                              where earlier.user_id = $1
                                and earlier.transaction_id = part.transaction_id
                                and earlier.subcategory_id = part.subcategory_id
                                and earlier.id < part.id
                          )
                        order by %4$s
                        limit $13
                    ) as walked
                ) as place
                inner join data.transactions as booking
                    on booking.user_id = $1 and booking.id = place.id$text$,
                replace(core.sheet_filters('booking', _order), '$5 is null', 'true'),
                core.sheet_order('booking', _order),
                core.sheet_filters('part', _order),
                core.sheet_order('part', _order)
            )
            else format(
                $text$data.transactions as booking
                where booking.user_id = $1
                  and %s$text$,
                core.sheet_filters('booking', _order)
            )
        end,
        core.sheet_order('booking', _order)
    );
$$;

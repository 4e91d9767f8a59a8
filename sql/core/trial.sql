-- Rules tried on what is there: which bookings they look at, and what would come of it.

-- Keys of bookings to look at, the newest first, _limit at most, from the place before a cursor:
-- between two days, of a list of keys, and only those without a category (nor parts, nor legs of a
-- transfer).
create or replace function core.trial_ids(
    _user_id bigint,
    _from date,
    _to date,
    _ids bigint[],
    _only_uncategorised boolean,
    _before_on date,
    _before_id bigint,
    _limit integer
)
returns bigint[]
language sql stable parallel safe
as $$
    select coalesce(array_agg(id order by transaction_date desc, id desc), '{}')
    from (
        select booking.id, booking.transaction_date
        from data.transactions as booking
        where booking.user_id = _user_id
          and booking.transaction_date >= coalesce(_from, '1900-01-01')
          and booking.transaction_date <= coalesce(_to, '2200-12-31')
          and (
              _before_on is null
              or (booking.transaction_date, booking.id) < (_before_on, _before_id)
          )
          and (_ids is null or booking.id = any (_ids))
          and (
              not _only_uncategorised
              or (
                  booking.subcategory_id is null
                  and booking.transfer_id is null
                  and not exists (
                      select from data.transaction_splits as part
                      where part.user_id = _user_id and part.transaction_id = booking.id
                  )
              )
          )
        order by booking.transaction_date desc, booking.id desc
        limit _limit
    ) as chosen;
$$;

-- The cursor after the last of such keys, or null when there were fewer than _limit.
create or replace function core.trial_cursor(_user_id bigint, _ids bigint[], _limit integer)
returns text
language sql stable parallel safe
as $$
    select core.cursor_text(id, transaction_date)
    from data.transactions
    where cardinality(_ids) >= _limit
      and user_id = _user_id
      and id = _ids[cardinality(_ids)];
$$;

-- Changes as json, by booking, _limit at most: [{transaction_id, rule_id, rule_name, field, from,
-- to}].
create or replace function core.trial_changes(
    _user_id bigint, _transaction_ids bigint[], _limit integer
)
returns table (changed_count bigint, effect_count bigint, changes json)
language sql stable parallel safe
as $$
    with changes as materialized (
        select
            change.transaction_id, change.place, change.rule_id, change.rule_name, change.field,
            change.from_value, change.to_value,
            row_number() over (order by change.transaction_id, change.place, change.field) as number
        from core.verdict_rows(_user_id, _transaction_ids, false) as change
    )
    select
        count(distinct transaction_id),
        count(*),
        coalesce(
            json_agg(
                json_build_object(
                    'transaction_id', transaction_id,
                    'rule_id', rule_id,
                    'rule_name', rule_name,
                    'field', field,
                    'from', from_value,
                    'to', to_value
                )
                order by number
            ) filter (where number <= _limit),
            '[]'
        )
    from changes;
$$;

-- True when the booking is the user's. Errors: PT404 no such transaction.
create or replace function core.trial_check(_user_id bigint, _transaction_id bigint)
returns boolean
language sql stable parallel safe
as $$
    select core.check_found('transaction', (
        select true from data.transactions where user_id = _user_id and id = _transaction_id
    ));
$$;

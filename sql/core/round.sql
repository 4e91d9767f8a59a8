-- The rules of core.import_known's pairs beside the bank's own id, in rounds: each takes from what
-- the ones before it left.

-- The rounds in their order. key: what of both texts must be the same (core.round_key); shift: how
-- many days a booking lies before the row. The reach of three days is for what people enter by
-- hand, that of seven for how long a card payment stays pending; decision 111.
create or replace function core.round_rules()
returns table (place integer, rule text, key text, shift integer)
language sql immutable parallel safe
as $$
    select
        row_number() over (order by step.place, away.place)::integer,
        step.rule,
        step.key,
        away.days
    from (
        values
            (1, 'same', 'hash', '{0}'::integer[]),
            (2, 'same_text', 'text', '{0}'),
            (3, 'same_text', 'counterparty', '{0}'),
            (4, 'same_text', 'counterparty_as_text', '{0}'),
            (5, 'same_text', 'text_as_counterparty', '{0}'),
            (6, 'other_format', 'none', '{0}'),
            (7, 'manual', 'none', '{0,1,-1,2,-2,3,-3}'),
            (8, 'pending', 'counterparty', '{0,1,2,3,4,5,6,7,-1}'),
            (9, 'pending', 'text', '{0,1,2,3,4,5,6,7,-1}'),
            (10, 'pending', 'none', '{0,1,2,3,4,5,6,7,-1}'),
            (11, 'posted_already', 'none', '{0,-1,-2,-3,-4,-5,-6,-7}')
    ) as step (place, rule, key, shifts)
    cross join lateral unnest(step.shifts) with ordinality as away (days, place);
$$;

-- What two sides must share, for one side; null matches nothing.
create or replace function core.round_key(
    _key text, _is_row boolean, _import_hash bigint, _description text, _counterparty text
)
returns text
language sql immutable parallel safe
as $$
    select case _key
        when 'none' then 'none'
        when 'hash' then _import_hash::text
        else nullif(
            core.import_label(
                case
                    when _key = 'text' then _description
                    when _key = 'counterparty' then _counterparty
                    when (_key = 'counterparty_as_text') = _is_row then _counterparty
                    else _description
                end
            ),
            ''
        )
    end;
$$;

-- Makes pairs by one rule between rows that are still new and bookings that are no row's yet; how
-- many. Counted: of k rows and m bookings that are alike, the first min(k, m) are pairs.
-- _ids: 'row_without', or 'booking_without' for rows with the bank's id and bookings without one,
-- or 'both': different ids are different bookings, but for one that came from a file of another
-- format, whose ids are others.
-- Nested loops are off: the rows came a moment ago, nothing has counted them yet, and a plan for a
-- handful would compare each with each.
create or replace function core.round_run(
    _user_id bigint,
    _import_id bigint,
    _rule text,
    _key text,
    _shift integer,
    _ids text,
    _format text,
    _account_ids bigint[],
    _from date,
    _to date,
    _restores boolean
)
returns bigint
language plpgsql
set enable_nestloop = off
set jit = off
as $$
declare
    v_count bigint;
begin
    with rows as (
        select
            staged.row_no,
            staged.account_id,
            case when _rule = 'same' then 0 else staged.amount_cents end as amount_cents,
            case
                when _rule = 'same' then date '2000-01-01'
                else staged.transaction_date - _shift
            end as on_day,
            core.round_key(
                _key, true, staged.import_hash, staged.description, staged.counterparty
            ) as key,
            staged.is_pending
        from data.staged_rows as staged
        where staged.user_id = _user_id
          and staged.import_id = _import_id
          and staged.rule is null
          and staged.fault is null
          and (staged.external_id is null) = (_ids = 'row_without')
          and case _rule
              when 'pending' then not staged.is_pending
              when 'posted_already' then staged.is_pending
              else true
          end
    ),
    bookings as (
        select
            known.transaction_id,
            known.account_id,
            case when _rule = 'same' then 0 else known.amount_cents end as amount_cents,
            case
                when _rule = 'same' then date '2000-01-01'
                else known.transaction_date
            end as on_day,
            core.round_key(
                _key, false, known.import_hash, known.description, known.counterparty
            ) as key,
            known.is_pending,
            known.is_dropped
        from core.import_known(
            _user_id, _import_id, _account_ids, _from, _to, _restores
        ) as known
        where case _ids
            when 'row_without' then true
            when 'booking_without' then known.external_id is null
            else known.external_id is not null and known.format <> _format
        end
          and case _rule
              when 'other_format' then known.format <> _format and not known.is_dropped
              when 'manual' then known.is_manual
              when 'pending' then known.is_pending
              when 'posted_already' then not known.is_pending and not known.is_dropped
              else true
          end
    ),
    counted_rows as (
        select
            rows.*,
            row_number() over (
                partition by account_id, amount_cents, on_day, key order by is_pending, row_no
            ) as place
        from rows
        where key is not null
    ),
    counted_bookings as (
        select
            bookings.*,
            row_number() over (
                partition by account_id, amount_cents, on_day, key
                order by is_dropped, is_pending, transaction_id
            ) as place
        from bookings
        where key is not null
    )
    update data.staged_rows as staged
    set rule = _rule,
        transaction_id = pair.transaction_id,
        is_match = pair.is_match,
        is_dropped = pair.is_dropped
    from (
        select
            own.row_no,
            known.transaction_id,
            known.is_pending and not own.is_pending and not known.is_dropped as is_match,
            known.is_dropped
        from counted_rows as own
        inner join counted_bookings as known
            on known.account_id = own.account_id
            and known.amount_cents = own.amount_cents
            and known.on_day = own.on_day
            and known.key = own.key
            and known.place = own.place
    ) as pair
    where staged.user_id = _user_id
      and staged.import_id = _import_id
      and staged.row_no = pair.row_no;
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;

-- A pending card payment whose amount grew before it was posted.

-- Pairs of a posted row and a pending booking of the same counterparty (or text) whose amount grew:
-- a tip. Only money that goes out, by at most a quarter, within a week, and only where each is the
-- other's nearest; how many. A booking that is split or a leg of a transfer keeps its amount.
create or replace function core.tip_run(
    _user_id bigint, _import_id bigint, _account_ids bigint[], _from date, _to date
)
returns bigint
language plpgsql
set enable_nestloop = off
set jit = off
as $$
declare
    v_count bigint;
begin
    with pairs as (
        select
            staged.row_no,
            known.transaction_id,
            row_number() over (
                partition by staged.row_no
                order by
                    known.amount_cents - staged.amount_cents,
                    staged.transaction_date - known.transaction_date, known.transaction_id
            ) as place_of_row,
            row_number() over (
                partition by known.transaction_id
                order by
                    known.amount_cents - staged.amount_cents,
                    staged.transaction_date - known.transaction_date, staged.row_no
            ) as place_of_booking
        from data.staged_rows as staged
        inner join core.import_known(
            _user_id, _import_id, _account_ids, _from, _to, true
        ) as known
            on known.account_id = staged.account_id
            and core.import_label(coalesce(known.counterparty, known.description))
                = core.import_label(coalesce(staged.counterparty, staged.description))
        where staged.user_id = _user_id
          and staged.import_id = _import_id
          and staged.rule is null
          and staged.fault is null
          and not staged.is_pending
          and (staged.external_id is null or known.external_id is null)
          and known.is_pending
          and not known.is_bound
          and known.amount_cents < 0
          and staged.amount_cents < known.amount_cents
          and staged.amount_cents * 100 >= known.amount_cents * 125
          and staged.transaction_date between known.transaction_date and known.transaction_date + 7
    )
    update data.staged_rows as staged
    set rule = 'pending_amount',
        transaction_id = pairs.transaction_id,
        is_match = true
    from pairs
    where staged.user_id = _user_id
      and staged.import_id = _import_id
      and staged.row_no = pairs.row_no
      and pairs.place_of_row = 1
      and pairs.place_of_booking = 1;
    get diagnostics v_count = row_count;
    return v_count;
end;
$$;

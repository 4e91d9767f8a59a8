-- Pairs of rows and bookings, one rule after the other: each row is at most one booking, and each
-- booking at most one row. Counted: where a file has k rows that are alike and the ledger m, the
-- first min(k, m) are pairs.
-- Nested loops are off, for the reason that core.round_run gives.

-- Finds for every good row of an import the booking that it is already; how many rows are left, and
-- are new. A rule that nothing can satisfy is passed over.
create or replace function core.pair_all(_user_id bigint, _import_id bigint, _restores boolean)
returns bigint
language plpgsql
as $$
declare
    v_format constant text := (
        select format from data.statement_imports where user_id = _user_id and id = _import_id
    );
    v_rows record;
    v_known record;
    v_left bigint;
    v_round record;
    v_ids text;
begin
    perform core.bankid_run(_user_id, _import_id, _restores);
    select
        count(*) as row_count,
        array_agg(distinct account_id) as account_ids,
        min(transaction_date) - 8 as first_on,
        max(transaction_date) + 8 as last_on,
        bool_or(is_pending) as has_pending,
        bool_or(external_id is null) as has_without,
        bool_or(external_id is not null) as has_ids
    into v_rows
    from data.staged_rows
    where user_id = _user_id
      and import_id = _import_id
      and rule is null
      and fault is null;
    v_left := v_rows.row_count;
    if v_left = 0 then
        return 0;
    end if;
    select
        count(*) as booking_count,
        bool_or(known.is_manual) as has_manual,
        bool_or(known.is_pending) as has_pending,
        bool_or(known.external_id is null) as has_without,
        bool_or(known.format <> v_format) as has_other
    into v_known
    from core.import_known(
        _user_id, _import_id, v_rows.account_ids, v_rows.first_on, v_rows.last_on, _restores
    ) as known;

    -- A loop, because a round takes from what the one before left.
    for v_round in
        select step.rule, step.key, step.shift from core.round_rules() as step order by step.place
    loop
        exit when v_left = 0 or v_known.booking_count = 0;
        continue when not case v_round.rule
            when 'other_format' then coalesce(v_known.has_other, false)
            when 'manual' then v_known.has_manual
            when 'pending' then v_known.has_pending
            when 'posted_already' then v_rows.has_pending
            else true
        end;
        foreach v_ids in array array['row_without', 'booking_without', 'both'] loop
            continue when not case v_ids
                when 'row_without' then v_rows.has_without
                when 'booking_without' then v_rows.has_ids and v_known.has_without
                else v_rows.has_ids and coalesce(v_known.has_other, false)
                    and v_round.rule in ('same', 'same_text')
            end;
            v_left := v_left - core.round_run(
                _user_id, _import_id, v_round.rule, v_round.key, v_round.shift, v_ids, v_format,
                v_rows.account_ids, v_rows.first_on, v_rows.last_on, _restores
            );
        end loop;
    end loop;
    if v_left > 0 and v_known.has_pending then
        v_left := v_left - core.tip_run(
            _user_id, _import_id, v_rows.account_ids, v_rows.first_on, v_rows.last_on
        );
    end if;
    return v_left;
end;
$$;

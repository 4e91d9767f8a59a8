-- The end of a file: checked as a whole, then shown, booked or refused.

-- Checks all rows of an import and ends it: failed when the file broke off (_fault) or a row is bad
-- and strict was asked for, previewed for a dry run, otherwise booked. Returns its status. The
-- clock of the ledger was raised before: _change_no, null when nothing can be booked.
create or replace function core.close_run(
    _user_id bigint, _import_id bigint, _fault jsonb, _change_no bigint
)
returns text
language plpgsql
as $$
declare
    v_options constant jsonb := (
        select options from data.statement_imports where user_id = _user_id and id = _import_id
    );
    v_nothing constant text := 'nothing was booked';
    v_counts record;
    v_failure text;
    v_status text := 'booked';
begin
    perform core.settle_accounts(_user_id, _import_id);
    perform core.pair_all(_user_id, _import_id, (v_options ->> 'restore')::boolean);
    select new_count, duplicate_count, rejected_count, matched_count into v_counts
    from core.finding_counts(_user_id, _import_id);

    if jsonb_typeof(_fault) = 'object' then
        v_failure := left(
            concat_ws(': ', 'Line ' || (_fault ->> 'line'), _fault ->> 'reason', v_nothing), 500
        );
    elsif v_counts.rejected_count > 0 and (v_options ->> 'strict')::boolean then
        v_failure := format(
            '%s of %s rows are bad, and strict was asked for: %s',
            v_counts.rejected_count,
            v_counts.new_count + v_counts.duplicate_count + v_counts.rejected_count
            + v_counts.matched_count,
            v_nothing
        );
    end if;
    if v_failure is not null then
        v_status := 'failed';
    elsif (v_options ->> 'dry_run')::boolean then
        v_status := 'previewed';
    end if;
    perform core.close_keep(
        _user_id, _import_id, v_status, v_failure, _change_no,
        v_counts.new_count, v_counts.duplicate_count, v_counts.rejected_count,
        v_counts.matched_count
    );
    return v_status;
end;
$$;

-- Writes down what an import came to, with its report; when it is booked, books it. Rows are kept
-- only while they may still be booked.
create or replace function core.close_keep(
    _user_id bigint,
    _import_id bigint,
    _status text,
    _failure text,
    _change_no bigint,
    _new_count bigint,
    _duplicate_count bigint,
    _rejected_count bigint,
    _matched_count bigint
)
returns void
language plpgsql
as $$
declare
    v_report constant json := core.finding_json(_user_id, _import_id);
begin
    if _status = 'booked' then
        perform
            core.enter_run(_user_id, _import_id, _change_no),
            core.mapping_learn(_user_id, _import_id);
    end if;
    update data.statement_imports
    set status = _status,
        failure = _failure,
        new_count = _new_count,
        duplicate_count = _duplicate_count,
        rejected_count = _rejected_count,
        matched_count = _matched_count,
        change_no = case when _status = 'booked' then _change_no end,
        report = v_report,
        updated_at = now(),
        finished_at = now()
    where user_id = _user_id
      and id = _import_id;
    if _status <> 'previewed' then
        delete from data.staged_rows where user_id = _user_id and import_id = _import_id;
    end if;
end;
$$;

-- Books what a dry run showed: rows that were new and still are; one that the ledger got meanwhile
-- is a duplicate, and none becomes new that was not shown as new. Returns the status.
-- Errors: PT404 no such import, PT409 it is not a preview, or its rows are gone.
create or replace function core.close_book(_user_id bigint, _import_id bigint, _change_no bigint)
returns text
language plpgsql
as $$
declare
    v_import record;
    v_counts record;
begin
    select status, read_count, options into v_import
    from data.statement_imports
    where user_id = _user_id
      and id = _import_id
    for no key update;
    perform core.check_found('import', found or null);
    if v_import.status <> 'previewed' then
        raise exception 'Only a preview can be booked, and this import is %', v_import.status
            using errcode = 'PT409';
    end if;
    if v_import.read_count <> (
        select count(*) from data.staged_rows where user_id = _user_id and import_id = _import_id
    ) then
        raise exception 'The rows of this file are gone: send it again' using errcode = 'PT409';
    end if;

    update data.staged_rows
    set is_match = false
    where user_id = _user_id
      and import_id = _import_id
      and is_match
      and not core.bankid_posts(_user_id, transaction_id, is_pending, amount);
    perform core.settle_accounts(_user_id, _import_id);
    perform core.pair_all(_user_id, _import_id, (v_import.options ->> 'restore')::boolean);
    select new_count, duplicate_count, rejected_count, matched_count into v_counts
    from core.finding_counts(_user_id, _import_id);
    perform core.close_keep(
        _user_id, _import_id, 'booked', null, _change_no,
        v_counts.new_count, v_counts.duplicate_count, v_counts.rejected_count,
        v_counts.matched_count
    );
    return 'booked';
end;
$$;

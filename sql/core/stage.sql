-- Rows of a file on their way into the ledger: read, checked one by one, and kept until the whole
-- file is there.

-- A text on one line, of _most characters at most; null for one without anything to see.
create or replace function core.stage_line(_text text, _most integer)
returns text
language sql immutable parallel safe
as $$
    select nullif(
        btrim(
            left(
                case
                    when _text ~ '[[:cntrl:]]' then regexp_replace(_text, '[[:cntrl:]]+', ' ', 'g')
                    else _text
                end,
                _most
            )
        ),
        ''
    );
$$;

-- Key of the owner's account that a file calls _account: as _accounts says ({"name": key}), or by
-- the bank's own id, by its number, by the last four of a masked number, by its name. Null when
-- there is none, or more than one by the first of these that finds any.
create or replace function core.stage_account(_user_id bigint, _account text, _accounts jsonb)
returns bigint
language sql stable parallel safe
as $$
    with named as (
        select
            account.id,
            case
                when _accounts ? _account
                    then case when account.id::text = _accounts ->> _account then 1 end
                when account.external_id = _account then 2
                when length(wanted.number) >= 4 and own.number = wanted.number then 3
                when account.number_masked ~ '[*•xX.]' and length(own.number) >= 4
                    and right(wanted.number, 4) = right(own.number, 4) then 4
                when lower(account.name) = lower(btrim(_account)) then 5
            end as place
        from data.accounts as account
        cross join lateral (
            select lower(regexp_replace(account.number_masked, '[^0-9A-Za-z]', '', 'g')) as number
        ) as own
        cross join (
            select lower(regexp_replace(_account, '[^0-9A-Za-z]', '', 'g')) as number
        ) as wanted
        where account.user_id = _user_id
    )
    select case when count(*) = 1 then min(id) end
    from named
    where place = (select min(place) from named);
$$;

-- Adds the rows of one part behind the _row_count that came before, and returns how many there are
-- now. A row that cannot be read keeps its text and says which column is to blame. Without
-- _account_id, rows go where core.stage_account finds their account.
create or replace function core.stage_take(
    _user_id bigint,
    _import_id bigint,
    _row_count integer,
    _rows jsonb,
    _account_id bigint,
    _accounts jsonb
)
returns integer
language plpgsql
as $$
declare
    v_count bigint;
    v_names text[];
    v_ids bigint[];
begin
    if _account_id is null then
        select array_agg(places.name), array_agg(core.stage_account(_user_id, name, _accounts))
        into v_names, v_ids
        from (
            select distinct row.item ->> 'account' as name
            from jsonb_array_elements(_rows) as row (item)
        ) as places
        where places.name is not null;
    end if;

    -- Materialized: flattened, each use of a column would read its text again.
    with clean as materialized (
        select
            item.place,
            item.line,
            left(item.account, 200) as account,
            item.currency,
            nullif(left(item.external_id, 255), '') as external_id,
            case
                when item.amount ~ '^-?[0-9]{1,12}(\.[0-9]{1,2}0*)?$' then item.amount::numeric
            end as amount,
            case
                when item.transaction_date ~ '^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$'
                    and pg_input_is_valid(item.transaction_date, 'date')
                    then item.transaction_date::date
            end as transaction_date,
            case
                when pg_input_is_valid(item.posted_at, 'timestamptz')
                    then item.posted_at::timestamptz
            end as posted_at,
            coalesce(
                core.stage_line(item.description, 200),
                core.stage_line(item.counterparty, 200),
                core.stage_line(item.comment, 200),
                'No text'
            ) as description,
            core.stage_line(item.counterparty, 200) as counterparty,
            nullif(left(item.comment, 2000), '') as comment,
            core.stage_line(item.category, 200) as category,
            coalesce(item.is_pending, false) as is_pending,
            nullif(item.fault, 'null') as fault,
            item.amount as amount_text,
            item.transaction_date as date_text
        from rows from (
            jsonb_to_recordset(_rows) as (
                line integer,
                account text,
                currency text,
                external_id text,
                amount text,
                transaction_date text,
                posted_at text,
                description text,
                counterparty text,
                comment text,
                category text,
                is_pending boolean,
                fault jsonb
            )
        ) with ordinality as item (
            line, account, currency, external_id, amount, transaction_date, posted_at,
            description, counterparty, comment, category, is_pending, fault, place
        )
    )
    insert into data.staged_rows (
        user_id, import_id, row_no, line, account, currency, account_id, external_id, amount,
        amount_cents, transaction_date, posted_at, description, counterparty, comment, category,
        is_pending, import_hash, fault_column, fault, fault_text
    )
    select
        _user_id,
        _import_id,
        _row_count + clean.place,
        clean.line,
        clean.account,
        clean.currency,
        coalesce(_account_id, v_ids[array_position(v_names, clean.account)]),
        clean.external_id,
        clean.amount,
        (clean.amount * 100)::bigint,
        clean.transaction_date,
        clean.posted_at,
        clean.description,
        clean.counterparty,
        clean.comment,
        clean.category,
        clean.is_pending,
        core.import_hash(
            (clean.amount * 100)::bigint, clean.transaction_date, clean.description,
            clean.counterparty
        ),
        coalesce(
            left(clean.fault ->> 'column', 100),
            case
                when clean.amount is null then 'amount'
                when clean.transaction_date is null then 'transaction_date'
            end
        ),
        coalesce(
            left(clean.fault ->> 'reason', 200),
            case
                when clean.amount is null then 'not an amount with at most two decimals'
                when clean.transaction_date is null then 'not a day between 1900 and 2199'
            end
        ),
        case
            when clean.fault is not null then left(clean.fault ->> 'text', 500)
            when clean.amount is null then left(clean.amount_text, 500)
            when clean.transaction_date is null then left(clean.date_text, 500)
        end
    from clean;
    get diagnostics v_count = row_count;
    return _row_count + v_count;
end;
$$;

-- The files of a Czech bank (PKDD'99) into the ledger: one set-based step per kind of row. The rows
-- wait in data.berka_rows; every step leaves an outcome on each row that it looked at, so that
-- nothing is lost in silence. tideline load berka calls, in one transaction: berka_check,
-- berka_people, booking_take, standing_take, outcome_report, outcome_differences.
-- cells are those of the files: account (account_id, district_id, frequency, date), owner (disp_id,
-- client_id, account_id, type), order (order_id, account_id, bank_to, account_to, amount,
-- k_symbol), booking (trans_id, account_id, date, type, operation, amount, balance, k_symbol, bank,
-- account).

-- The address that the owner of an account signs in with; the bank itself knows clients by number.
create or replace function core.berka_email(_client text)
returns text
language sql immutable parallel safe
as $$
    select 'client-' || _client || '@berka.example';
$$;

-- Reads days and amounts, and refuses the rows that cannot be read, with the reason; returns how
-- many. A number that stands twice is refused the second time.
create or replace function core.berka_check()
returns bigint
language sql
as $$
    analyze data.berka_rows;

    with faults as materialized (
        select file, line, core.berka_fault(kind, cells) as fault from data.berka_rows
    ),
    read as (
        update data.berka_rows as row
        set outcome = faults.fault,
            on_day = case
                when faults.fault is null and row.kind in ('account', 'booking')
                    then core.czech_day(row.cells[case row.kind when 'account' then 4 else 3 end])
            end,
            amount = case
                when faults.fault is null and row.kind in ('order', 'booking')
                    then core.czech_amount(row.kind, row.cells)
            end
        from faults
        where row.file = faults.file
          and row.line = faults.line
        returning row.outcome
    )
    select count(outcome) from read;

    with twins as (
        select
            file,
            line,
            row_number() over (partition by kind, cells[1] order by file, line) as place
        from data.berka_rows
        where outcome is null
    )
    update data.berka_rows as row
    set outcome = 'the files hold this number twice'
    from twins
    where row.file = twins.file
      and row.line = twins.line
      and twins.place > 1;

    analyze data.berka_rows;

    select count(outcome) from data.berka_rows;
$$;

-- Why a row cannot be read, or null when it can.
create or replace function core.berka_fault(_kind text, _cells text[])
returns text
language sql stable
as $$
    select case
        when cardinality(_cells) <> case _kind
                when 'account' then 4
                when 'owner' then 4
                when 'order' then 6
                else 10
            end
            then format('has %s cells: the line is cut off', cardinality(_cells))
        when _cells[1] !~ '^[0-9]{1,18}$' or _cells[2] !~ '^[0-9]{1,18}$'
            then 'its number is not a number'
        when _kind = 'owner' and _cells[4] <> 'OWNER'
            then 'not the owner: one more person who may draw on the account'
        when _kind in ('account', 'booking')
            and core.czech_day(_cells[case _kind when 'account' then 4 else 3 end]) is null
            then 'there is no such day'
        when _kind in ('order', 'booking')
            and _cells[case _kind when 'order' then 5 else 6 end] !~ '^[0-9]{1,9}(\.[0-9]{1,2})?$'
            then 'its amount is not an amount'
        when _kind = 'order' and _cells[5]::numeric = 0
            then 'its amount is nothing'
        when _kind = 'booking' and _cells[7] !~ '^-?[0-9]{1,9}(\.[0-9]{1,2})?$'
            then 'its balance is not an amount'
        when _kind = 'booking' and not core.czech_knows('type', _cells[4])
            then format('unknown type %s', _cells[4])
        when _kind = 'booking' and _cells[5] <> '' and not core.czech_knows('operation', _cells[5])
            then format('unknown operation %s', _cells[5])
        when _kind = 'booking' and btrim(_cells[8]) <> ''
            and not core.czech_knows('symbol', _cells[8])
            then format('unknown symbol %s', _cells[8])
        when _kind = 'order' and btrim(_cells[6]) <> ''
            and not core.czech_knows('symbol', _cells[6])
            then format('unknown symbol %s', _cells[6])
    end;
$$;

-- Signs up the owners and opens their accounts; returns how many accounts are new, and leaves on
-- every order and booking where it belongs. One user per account: the files know no other tie. An
-- account opens empty on its day; core.booking_take gives it an opening balance when the bank had
-- one. plpgsql, because the users must be there before their accounts.
-- The planner knows nothing of what only this transaction has seen, hence the analyzes: without
-- them it joins everything by nested loops, for minutes.
create or replace function core.berka_people()
returns bigint
language plpgsql
as $$
declare
    v_count bigint;
begin
    with clients as (
        select cells[2] as client
        from data.berka_rows
        where kind = 'owner'
          and outcome is null
          and core.berka_email(cells[2]) not in (select email from data.user_emails)
        group by cells[2]
        order by cells[2]::bigint
    ),
    taken as (
        select person.email
        from core.people_take(
            (select array_agg(core.berka_email(client)) from clients),
            (select array_agg('Client ' || client) from clients),
            'CZK', 'Europe/Prague', 'CZ'
        ) as person
    )
    update data.berka_rows
    set outcome = case
        when core.berka_email(cells[2]) in (select email from taken) then 'loaded'
        else 'known'
    end
    where kind = 'owner'
      and outcome is null;

    perform core.load_analyze('{data.berka_rows,data.user_emails}');

    update data.berka_rows as row
    set user_id = address.user_id
    from data.berka_rows as owner
    inner join data.user_emails as address on address.email = core.berka_email(owner.cells[2])
    where row.kind <> 'owner'
      and owner.kind = 'owner'
      and owner.outcome in ('loaded', 'known')
      and owner.cells[3] = row.cells[case row.kind when 'account' then 1 else 2 end];

    with opened as (
        insert into data.accounts (user_id, external_id, name, type, currency, opened_on)
        select user_id, cells[1], 'Account ' || cells[1], 'checking', 'CZK', on_day
        from data.berka_rows
        where kind = 'account'
          and outcome is null
          and user_id is not null
        order by user_id
        on conflict (user_id, external_id) where external_id is not null do nothing
        returning external_id
    ),
    marked as (
        update data.berka_rows
        set outcome = case
            when user_id is null then 'its account has no owner'
            when cells[1] in (select external_id from opened) then 'loaded'
            else 'known'
        end
        where kind = 'account'
          and outcome is null
    )
    select count(*) into v_count from opened;

    perform core.load_analyze('{data.berka_rows,data.accounts,data.subcategories}');

    update data.berka_rows as row
    set account_id = account.id
    from data.accounts as account
    where row.kind in ('order', 'booking')
      and account.user_id = row.user_id
      and account.external_id = row.cells[2];

    update data.berka_rows
    set outcome = 'its account is not among the accounts'
    where kind in ('order', 'booking')
      and outcome is null
      and account_id is null;

    perform core.load_analyze('{data.berka_rows}');
    return v_count;
end;
$$;
call core.cross_owner('core.berka_people()', 'a load signs up many people at once');

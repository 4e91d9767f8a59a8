-- The files of a Czech bank (PKDD'99) into the ledger: one set-based step per kind of row. The rows
-- wait in data.berka_rows; every step leaves an outcome on each row that it looked at, so that
-- nothing is lost in silence. tideline load berka calls, in one transaction: berka_check,
-- berka_people, booking_take, standing_take, outcome_report, outcome_differences.
-- cells are those of the files: account (account_id, district_id, frequency, date), owner (disp_id,
-- client_id, account_id, type), order (order_id, account_id, bank_to, account_to, amount, k_symbol),
-- booking (trans_id, account_id, date, type, operation, amount, balance, k_symbol, bank, account).

-- The address that the owner of an account signs in with; the bank itself knows clients by number.
create or replace function core.berka_email(_client text)
returns text
language sql immutable parallel safe
as $$
    select 'client-' || _client || '@berka.example';
$$;

-- Where the accounts of the waiting rows live: one row per account that has an owner here.
create or replace function core.berka_accounts()
returns table (account text, user_id bigint, account_id bigint)
language sql stable
as $$
    select owner.cells[3], address.user_id, known.id
    from data.berka_rows as owner
    join data.user_emails as address on address.email = core.berka_email(owner.cells[2])
    join data.accounts as known
        on known.user_id = address.user_id and known.external_id = owner.cells[3]
    where owner.kind = 'owner'
      and owner.cells[4] = 'OWNER';
$$;

-- Refuses the rows that cannot be read, with the reason; returns how many.
create or replace function core.berka_check()
returns bigint
language sql
as $$
    analyze data.berka_rows;

    with words as materialized (
        select part, word from core.czech_words()
    ),
    refused as (
        update data.berka_rows
        set outcome = case
            when cardinality(cells) <> case kind
                    when 'account' then 4
                    when 'owner' then 4
                    when 'order' then 6
                    else 10
                end
                then format('has %s cells: the line is cut off', cardinality(cells))
            when cells[1] !~ '^[0-9]{1,18}$' or cells[2] !~ '^[0-9]{1,18}$'
                then 'its number is not a number'
            when kind = 'owner' and cells[4] <> 'OWNER'
                then 'not the owner: one more person who may draw on the account'
            when kind in ('account', 'booking')
                and core.czech_day(cells[case kind when 'account' then 4 else 3 end]) is null
                then 'there is no such day'
            when kind in ('order', 'booking')
                and cells[case kind when 'order' then 5 else 6 end]
                    !~ '^[0-9]{1,9}(\.[0-9]{1,2})?$'
                then 'its amount is not an amount'
            when kind = 'order' and cells[5]::numeric = 0
                then 'its amount is nothing'
            when kind = 'booking' and cells[7] !~ '^-?[0-9]{1,9}(\.[0-9]{1,2})?$'
                then 'its balance is not an amount'
            when kind = 'booking'
                and cells[4] not in (select word from words where part = 'type')
                then format('unknown type %s', cells[4])
            when kind = 'booking' and cells[5] <> ''
                and cells[5] not in (select word from words where part = 'operation')
                then format('unknown operation %s', cells[5])
            when btrim(cells[case kind when 'order' then 6 else 8 end]) <> ''
                and kind in ('order', 'booking')
                and cells[case kind when 'order' then 6 else 8 end]
                    not in (select word from words where part = 'symbol')
                then format('unknown symbol %s', cells[case kind when 'order' then 6 else 8 end])
        end
        returning outcome
    )
    select count(outcome) from refused;
$$;

-- Signs up the owners and opens their accounts; returns how many accounts are new.
-- One user per account: the files know no other tie. An account opens empty on its day;
-- core.booking_take gives it an opening balance when the bank had one. plpgsql, because the users
-- must be there before their accounts.
create or replace function core.berka_people()
returns bigint
language plpgsql
as $$
declare
    v_count bigint;
begin
    update data.berka_rows as row
    set outcome = 'its account has no owner'
    where row.kind = 'account'
      and row.outcome is null
      and not exists (
            select from data.berka_rows as owner
            where owner.kind = 'owner' and owner.outcome is null and owner.cells[3] = row.cells[1]
        );

    with people as (
        select array_agg(distinct owner.cells[2]) as clients
        from data.berka_rows as owner
        where owner.kind = 'owner'
          and owner.outcome is null
          and not exists (
                select from data.user_emails
                where email = core.berka_email(owner.cells[2])
            )
    ),
    taken as (
        select person.email
        from people
        cross join core.user_take(
            (select array_agg(core.berka_email(client)) from unnest(clients) as client),
            (select array_agg('Client ' || client) from unnest(clients) as client),
            'CZK', 'Europe/Prague', 'CZ'
        ) as person
    )
    update data.berka_rows as row
    set outcome = case
        when core.berka_email(row.cells[2]) in (select email from taken) then 'loaded'
        else 'known'
    end
    where row.kind = 'owner'
      and row.outcome is null;

    with opened as (
        insert into data.accounts (user_id, external_id, name, type, currency, opened_on)
        select distinct on (address.user_id, row.cells[1])
            address.user_id, row.cells[1], 'Account ' || row.cells[1], 'checking', 'CZK',
            core.czech_day(row.cells[4])
        from data.berka_rows as row
        join data.berka_rows as owner on owner.kind = 'owner' and owner.cells[3] = row.cells[1]
        join data.user_emails as address on address.email = core.berka_email(owner.cells[2])
        where row.kind = 'account'
          and row.outcome is null
          and owner.outcome in ('loaded', 'known')
        order by address.user_id, row.cells[1], row.line
        on conflict (user_id, external_id) where external_id is not null do nothing
        returning external_id
    ),
    marked as (
        update data.berka_rows as row
        set outcome = case
            when row.cells[1] in (select external_id from opened) then 'loaded'
            else 'known'
        end
        where row.kind = 'account'
          and row.outcome is null
    )
    select count(*) into v_count from opened;

    -- The next steps join what only this transaction has seen so far.
    analyze data.berka_rows, data.users, data.user_emails, data.accounts, data.subcategories;
    return v_count;
end;
$$;

-- Which of the owner's accounts the rows of a file go to.

-- Says which account each row goes to, once all are there, and which rows have none that fits.
-- An account_id counts for the whole file when it names one account at most; with several, each row
-- goes where core.stage_account finds it. A file that names no account goes to the only one that is
-- in use, if there is only one.
create or replace function core.settle_accounts(_user_id bigint, _import_id bigint)
returns void
language plpgsql
set enable_nestloop = off
as $$
declare
    v_accounts jsonb;
    v_account_id bigint;
    v_names text[];
begin
    select options -> 'accounts', account_id into v_accounts, v_account_id
    from data.statement_imports
    where user_id = _user_id and id = _import_id;
    select array_agg(distinct account) into v_names
    from data.staged_rows
    where user_id = _user_id and import_id = _import_id and account is not null;

    if v_account_id is not null and cardinality(v_names) > 1 then
        update data.staged_rows as staged
        set account_id = named.account_id
        from (
            select name, core.stage_account(_user_id, name, v_accounts) as account_id
            from unnest(v_names) as name
        ) as named
        where staged.user_id = _user_id
          and staged.import_id = _import_id
          and staged.account = named.name;
    elsif v_account_id is null then
        select case when count(*) = 1 then min(id) end into v_account_id
        from data.accounts
        where user_id = _user_id and is_active;
        update data.staged_rows
        set account_id = v_account_id
        where user_id = _user_id
          and import_id = _import_id
          and account is null
          and v_account_id is not null;
    end if;

    update data.staged_rows as staged
    set fault_column = case when staged.account_id is null then 'account' else 'currency' end,
        fault = case
            when staged.account_id is not null then
                format('the account is in %s', account.currency)
            when staged.account is null then
                'the file names no account: say account_id'
            else 'no account of yours has this name or number: say in accounts which it is'
        end,
        fault_text = case
            when staged.account_id is null then staged.account
            else staged.currency
        end
    from data.staged_rows as own
    left join data.accounts as account
        on account.user_id = _user_id and account.id = own.account_id
    where own.user_id = _user_id
      and own.import_id = _import_id
      and own.fault is null
      and (own.account_id is null or own.currency <> account.currency)
      and staged.user_id = _user_id
      and staged.import_id = _import_id
      and staged.row_no = own.row_no;
end;
$$;

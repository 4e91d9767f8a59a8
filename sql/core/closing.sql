-- Does the ledger come to what the bank says?

-- The last closing balance that the file tells of each account, beside what the ledger will say on
-- that day: with what is new, and with what was pending posted.
create or replace function core.closing_balances(_user_id bigint, _import_id bigint)
returns json
language sql stable
as $$
    with told as (
        select distinct on (statement.account)
            statement.account,
            round(statement.closing_balance, 2) as closing_balance,
            statement.closing_on,
            coalesce(
                (
                    select staged.account_id
                    from data.staged_rows as staged
                    where staged.user_id = _user_id
                      and staged.import_id = _import_id
                      and staged.account is not distinct from statement.account
                    order by staged.row_no
                    limit 1
                ),
                core.stage_account(_user_id, statement.account, import.options -> 'accounts')
            ) as account_id
        from data.statement_imports as import
        cross join lateral jsonb_to_recordset(import.statements) as statement (
            account text, closing_balance numeric, closing_on date  -- of any size: it is a file's
        )
        where import.user_id = _user_id
          and import.id = _import_id
          and statement.closing_balance is not null
          and statement.closing_on is not null
        order by statement.account, statement.closing_on desc
    ),
    balances as (
        select
            told.account,
            told.account_id,
            told.closing_on,
            told.closing_balance,
            account.current_balance
            - coalesce(
                (
                    select sum(booking.amount)
                    from data.transactions as booking
                    where booking.user_id = _user_id
                      and booking.account_id = told.account_id
                      and booking.transaction_date > told.closing_on
                ), 0
            )
            + coalesce(
                (
                    select sum(
                        case
                            when staged.transaction_date <= told.closing_on then staged.amount
                            else 0
                        end
                        - case
                            when not staged.is_match then 0
                            else coalesce(
                                (
                                    select booking.amount
                                    from data.transactions as booking
                                    where booking.user_id = _user_id
                                      and booking.id = staged.transaction_id
                                      and booking.transaction_date <= told.closing_on
                                ), 0
                            )
                        end
                    )
                    from data.staged_rows as staged
                    where staged.user_id = _user_id
                      and staged.import_id = _import_id
                      and staged.account_id = told.account_id
                      and staged.fault is null
                      and (staged.rule is null or staged.is_match)
                ), 0
            ) as balance
        from told
        inner join data.accounts as account
            on account.user_id = _user_id and account.id = told.account_id
    )
    select coalesce(
        json_agg(
            json_build_object(
                'account_id', account_id,
                'name', account,
                'closing_on', closing_on,
                'file_balance', closing_balance,
                'ledger_balance', balance,
                'difference', balance - closing_balance
            )
            order by account_id
        ),
        '[]'
    )
    from balances;
$$;

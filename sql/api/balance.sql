-- Does the ledger add up?

-- Reads the whole ledger of the owner. At most 200 oddities are named.
create or replace function api.balance_check(_user_id bigint)
returns json
language plpgsql stable
as $$
begin
    return (
        with accounts as (
            select
                coalesce(json_agg(to_json(account) order by account.account_id), '[]') as items,
                coalesce(bool_and(account.difference = 0), true) as is_right
            from core.balance_rows(_user_id) as account
        ),
        oddities as (
            select
                coalesce(
                    json_agg(
                        json_build_object(
                            'transaction_id', oddity.transaction_id, 'fault', oddity.fault
                        )
                        order by oddity.transaction_id
                    ) filter (where oddity.place <= 200),
                    '[]'
                ) as items,
                count(*) = 0 as is_right
            from (
                select
                    transaction_id,
                    fault,
                    row_number() over (order by transaction_id, fault) as place
                from core.balance_oddities(_user_id)
            ) as oddity
        )
        select json_build_object(
            'is_right', accounts.is_right and oddities.is_right,
            'accounts', accounts.items,
            'oddities', oddities.items
        )
        from accounts
        cross join oddities
    );
end;
$$;

call api.route(
    'GET /api/v2/users/{user_id}/balances/check', 'api.balance_check',
    summary => 'Is every balance its opening balance plus its transactions?',
    scope => 'accounts',
    timeout_ms => 5000,
    is_fast => false,
    answer => '{
        "is_right": "boolean",
        "accounts": [{
            "account_id": "integer",
            "name": "text",
            "currency": "text",
            "opening_balance": "money",
            "booked": "money",
            "pending": "money",
            "current_balance": "money",
            "difference": "money",
            "transaction_count": "integer"
        }],
        "oddities": [{"transaction_id": "integer", "fault": "text"}]
    }'
);

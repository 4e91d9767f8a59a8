-- Figures: what a forecast holds, in the words of api.route.

-- What api.forecast_read answers, in the words of api.route.
create or replace function core.figure_shape()
returns jsonb
language sql immutable
as $$
    select '{
        "as_of": "date",
        "start": "date",
        "days": "integer",
        "currency": "text",
        "format": "rows|columns",
        "initial_balance": "money",
        "summary": {
            "lowest_balance": "money",
            "lowest_on": "date",
            "first_negative_on": "date?",
            "next_income_on": "date?",
            "lowest_before_next_income": "money?",
            "safe_to_spend": "money",
            "ending_balance": "money",
            "total_income": "money",
            "total_expenses": "money",
            "months?": [{
                "month": "text",
                "income": "money",
                "expenses": "money",
                "net_change": "money",
                "closing_balance": "money",
                "lowest_balance": "money"
            }]
        },
        "columns?": {
            "date?": ["date"],
            "opening_balance?": ["money"],
            "income?": ["money"],
            "expenses?": ["money"],
            "net_change?": ["money"],
            "closing_balance?": ["money"],
            "balance_status?": ["healthy|warning|danger"],
            "plan?": ["money"],
            "p10?": ["money"],
            "p50?": ["money"],
            "p90?": ["money"],
            "below_reserve?": ["number"]
        },
        "rows?": [{
            "date?": "date",
            "opening_balance?": "money",
            "income?": "money",
            "expenses?": "money",
            "net_change?": "money",
            "closing_balance?": "money",
            "balance_status?": "healthy|warning|danger",
            "plan?": "money",
            "p10?": "money",
            "p50?": "money",
            "p90?": "money",
            "below_reserve?": "number"
        }],
        "expectation?": {
            "basis": "history|pooled|plan",
            "fitted_on": "date",
            "reserve": "money",
            "risk_7": "number",
            "risk_30": "number",
            "risk_90": "number",
            "lowest_p10": "money",
            "lowest_p10_on": "date",
            "lowest_p50": "money",
            "lowest_p50_on": "date"
        },
        "accounts?": [{
            "account_id": "integer",
            "name": "text",
            "type": "text",
            "currency": "text",
            "initial_balance": "money",
            "lowest_balance": "money",
            "lowest_on": "date",
            "closing_balance": ["money"]
        }],
        "excluded_accounts": ["integer"],
        "explain?": [{
            "date": "date",
            "items": [{
                "recurring_item_id": "integer",
                "name": "text",
                "kind": "income|expense|transfer",
                "amount": "money",
                "net_change": "money",
                "account_id": "integer",
                "to_account_id": "integer?",
                "rule": "text",
                "occurrence_on": "date",
                "reason": "scheduled|rolled|moved|other_amount|overdue"
            }]
        }]
    }'::jsonb;
$$;
